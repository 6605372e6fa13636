#include <algorithm>

#include "server/auth/device_codes.h"
#include "server/auth/token.h"
#include "server/http/address_limit.h"
#include "server/http/device.h"
#include "server/http/form_body.h"
#include "server/http/json_body.h"
#include "server/http/router.h"
#include "server/http/routes.h"
#include "server/http/services.h"
#include "server/http/shapes.h"
#include "shared/base/text.h"

namespace tessera {
namespace {

constexpr std::size_t longest_value = 256;
constexpr std::size_t longest_label = 64;
constexpr std::string_view device_grant = "urn:ietf:params:oauth:grant-type:device_code";

/// A label that an app gives itself, made fit to be shown and kept.
std::string shown_label(std::string_view text) {
  std::string label = display_name(text, longest_value).value_or(std::string{});
  while (label.size() > longest_label || !is_utf8(label)) label.pop_back();
  return label;
}

std::string optional_text(JsonFields& fields, const char* name) {
  return fields.has(name) ? fields.text(name, longest_value) : std::string{};
}

/// OAuth has its clients' forms hold fields that a server need not know (RFC 6749, 3.1); in JSON one is a mistake.
void finish(JsonFields& fields, const CallPtr& call) {
  if (!is_form(call->request)) fields.finish();
}

/// A problem that an OAuth client understands too (RFC 6749, 5.2; RFC 8628, 3.5).
void refuse_oauth(const CallPtr& call, ProblemCode code, const char* error, const std::string& detail) {
  call->answer(problem_with(400, code, detail, {{"error", error}}));
}

/// Where people reach this server: as it says itself, else as this request did.
std::string own_address(const HttpServices& services, const HttpRequest& request) {
  if (const auto& is_public = services.site.public_url()) return is_public->text();
  const std::string* host = request.header("host");
  const auto here = parse_host(host ? *host : "", request.is_secure ? "https" : "http");
  return here ? here->text() : std::string{};
}

void begin(const HttpServices& services, const CallPtr& call) {
  if (refuse_often(services.sign_ins, services.clock, call)) return;
  std::string error;
  JsonFields fields(call->body, "", error);
  const std::string client = optional_text(fields, "client");
  optional_text(fields, "client_id");
  optional_text(fields, "scope");
  finish(fields, call);
  if (!error.empty()) return refuse_oauth(call, "invalid", "invalid_request", error);
  std::string label = shown_label(client);
  if (label.empty()) label = device_label(call->request);
  const auto begun = services.devices.begin(std::move(label));
  if (!begun) return refuse_busy(call);
  const std::string page = own_address(services, call->request) + "/auth/device/verify";
  call->answer(Json{{"device_code", begun->device_code},
                    {"user_code", begun->user_code},
                    {"verification_uri", page},
                    {"verification_uri_complete", page + "?user_code=" + begun->user_code},
                    {"expires_in", std::chrono::seconds(DeviceCodes::lifetime).count()},
                    {"interval", DeviceCodes::interval.count()}});
}

void refuse_yet(const CallPtr& call, DeviceCodes::NotYet why) {
  switch (why) {
    case DeviceCodes::NotYet::Pending: return refuse_oauth(call, "authorization_pending", "authorization_pending", "nobody has confirmed the code yet: ask again");
    case DeviceCodes::NotYet::SlowDown: return refuse_oauth(call, "slow_down", "slow_down", "wait 5 seconds longer between two questions from now on");
    case DeviceCodes::NotYet::Denied: return refuse_oauth(call, "access_denied", "access_denied", "somebody refused the code");
    case DeviceCodes::NotYet::Expired: break;
  }
  refuse_oauth(call, "expired_token", "expired_token", "the code is not known here, or has expired: begin again");
}

void answer_token(const HttpServices& services, const CallPtr& call, const std::string& device_code, const std::string& token,
                  const SignInReply& reply) {
  const bool is_final = !reply.refused || *reply.refused != Refusal::Busy;
  services.devices.settle(device_code, is_final);
  if (!is_final) return refuse_busy(call);
  if (reply.refused) return refuse_oauth(call, "access_denied", "access_denied", reply.detail);
  note_address(services, call, reply.account.id);
  const std::int64_t left_ms = ms(reply.session.expires) - ms(reply.session.created);
  call->answer(Json{{"access_token", token},
                    {"token_type", "Bearer"},
                    {"expires_in", std::max<std::int64_t>(1, left_ms / 1'000)},
                    {"token", token},
                    {"expires_at", format_time(reply.session.expires)},
                    {"account", account_json(reply.account.info())}});
}

void poll(const HttpServices& services, const CallPtr& call) {
  std::string error;
  JsonFields fields(call->body, "", error);
  std::string device_code = fields.text("device_code", longest_value);
  const std::string grant_type = optional_text(fields, "grant_type");
  optional_text(fields, "client_id");
  finish(fields, call);
  if (!error.empty()) return refuse_oauth(call, "invalid", "invalid_request", error);
  if (!grant_type.empty() && grant_type != device_grant)
    return refuse_oauth(call, "invalid", "unsupported_grant_type", "grant_type can only be " + std::string(device_grant));
  const auto grant = services.devices.poll(device_code);
  if (!grant) return refuse_yet(call, grant.error());
  std::string token = make_token(services.random);
  NewSession session{hash_token(token), grant.value().label};
  services.hub.begin_session(
      grant.value().account, std::move(session),
      on_worker<SignInReply>(services, call, [&services, call, device_code = std::move(device_code), token = std::move(token)](const SignInReply& reply) {
        answer_token(services, call, device_code, token, reply);
      }));
}

}  // namespace

void add_device_routes(Router& router, const HttpServices& services) {
  router.add({.method = Method::Post,
              .pattern = "/auth/device",
              .who = Who::Regardless,
              .summary = "An app asks to be signed in by somebody's browser (RFC 8628): its codes",
              .body = Body::JsonOrForm,
              .body_schema = "DeviceRequest",
              .answers = {{200, "the codes", "DeviceCode"}, {429, "too many sign-ins from this address: see Retry-After"}},
              .handler = [&services](const CallPtr& call) { begin(services, call); }});
  router.add({.method = Method::Post,
              .pattern = "/auth/device/token",
              .who = Who::Regardless,
              .summary = "The app's session, once somebody has confirmed its code; to be asked every 5 seconds",
              .body = Body::JsonOrForm,
              .body_schema = "DeviceTokenRequest",
              .answers = {{200, "the session", "DeviceToken"},
                          {400, "not yet (`authorization_pending`), too often (`slow_down`), refused (`access_denied`) or too late (`expired_token`)"}},
              .handler = [&services](const CallPtr& call) { poll(services, call); }});
}

}  // namespace tessera
