#include "server/http/api.h"

#include <algorithm>
#include <thread>

#include "server/auth/session_authenticator.h"
#include "server/auth/token.h"
#include "server/core/problem.h"
#include "server/core/refusal_text.h"
#include "server/http/etag.h"
#include "server/http/form_body.h"
#include "server/http/json_body.h"
#include "server/http/openapi.h"
#include "server/http/packing.h"
#include "server/http/routes.h"
#include "shared/base/ascii.h"
#include "shared/base/text.h"

namespace tessera {
namespace {

/// Nothing where this caller may call this route.
std::optional<HttpResponse> refuse_caller(const Route& route, const Identity& caller, Role role) {
  const Who who = route.who;
  const AccountInfo& account = caller.account;
  if (who == Who::Anyone || who == Who::Regardless) return std::nullopt;
  if (account.id == nobody) {
    HttpResponse response = problem(401, "not_signed_in", "sign in first: POST /auth/guest with a name, then send its token");
    response.add("WWW-Authenticate", "Bearer");
    return response;
  }
  const Role least = who == Who::Owner       ? Role::Owner
                     : who == Who::Admin     ? Role::Admin
                     : who == Who::Moderator ? Role::Moderator
                                             : Role::Guest;
  if (role < least) return problem(403, "forbidden", "your role may not do this");
  if (route.persons_only && caller.kind != SessionKind::Person)
    return problem(403, "forbidden", "a bot's token may not do this");
  const auto scope = scope_of(route);
  if (scope && !caller.may(*scope)) return problem(403, "forbidden", "this token was not made for that");
  if (!caller.banned_until || (who == Who::Account && scope != Scope::Place)) return std::nullopt;
  return problem(403, "banned", banned_sentence(caller.ban_reason));
}

/// The caller's role that counts for this call.
Role role_for(const Route& route, const Call& call) {
  if (!route.of_canvas) return call.account.role;
  const std::string* canvas = call.find<std::string>("canvas");
  return call.caller.role_on(canvas ? *canvas : std::string());
}

bool is_public_read(const Route& route) {
  return route.is_public && route.method == Method::Get && (route.who == Who::Anyone || route.who == Who::Regardless);
}

/// What a browser asks before a page of another origin reads with headers of its own; nothing where it may not.
std::optional<HttpResponse> answer_preflight(const Router& router, const HttpRequest& request) {
  const std::string* method = request.header("access-control-request-method");
  if (request.method != "OPTIONS" || !method) return std::nullopt;
  const Route* route = router.find(*method == "HEAD" ? "GET" : *method, request.path);
  if (!route || !is_public_read(*route)) return std::nullopt;
  HttpResponse response;
  response.status = 204;
  response.add("Access-Control-Allow-Origin", "*");
  response.add("Access-Control-Allow-Methods", "GET, HEAD");
  response.add("Access-Control-Allow-Headers", "Authorization, If-None-Match");
  response.add("Access-Control-Max-Age", "86400");
  return response;
}

/// Nothing where there is no body to speak of, or it says that it is JSON.
bool is_json(const HttpRequest& request) {
  const std::string* type = request.header("content-type");
  if (!type) return true;
  std::string_view media = std::string_view(*type).substr(0, type->find(';'));
  while (media.ends_with(' ')) media.remove_suffix(1);
  const std::string lower = lower_case(media);
  return lower == "application/json" || lower.ends_with("+json");
}

/// Nothing packed is read: a small body could hold far more than its limit.
bool is_packed(const HttpRequest& request) {
  return std::any_of(request.headers.begin(), request.headers.end(), [](const NamedValue& header) {
    return header.first == "content-encoding" && !header.second.empty() && lower_case(header.second) != "identity";
  });
}

std::optional<HttpResponse> take_body(const Route& route, Call& call) {
  if (call.request.body.size() > route.body_limit)
    return problem(413, "too_large", "the body may have " + std::to_string(route.body_limit) + " bytes");
  if (route.body == Body::None) return std::nullopt;
  if (is_packed(call.request)) {
    HttpResponse response = problem(415, "unsupported", "send the body as it is, without Content-Encoding");
    response.add("Accept-Encoding", "identity");  // RFC 7694: it is the coding that is not taken, not the kind
    return response;
  }
  const bool as_form = route.body != Body::JsonOnly && is_form(call.request);
  if (route.body == Body::Form && !as_form) return problem(415, "unsupported", "send a form, as browsers do");
  if (!as_form && !is_json(call.request)) return problem(415, "unsupported", "send JSON, with Content-Type: application/json");
  auto body = as_form ? parse_form_body(call.request.body) : parse_json(call.request.body);
  if (!body) return problem(400, "invalid", body.error().message);
  call.body = std::move(*body);
  return std::nullopt;
}

}  // namespace

Api::Api(HttpServices services) : services_(std::move(services)), first_request_(services_.random.next_u64()) {
  add_health_routes(router_, services_);
  add_server_routes(router_, services_);
  add_figure_routes(router_, services_);
  add_canvas_routes(router_, services_);
  add_picture_routes(router_, services_);
  add_tile_routes(router_, services_);
  add_placement_routes(router_, services_);
  add_stats_route(router_, services_);
  add_undo_routes(router_, services_);
  add_cell_routes(router_, services_);
  add_sign_in_routes(router_, services_);
  add_session_routes(router_, services_);
  add_account_routes(router_, services_);
  add_bot_routes(router_, services_);
  add_invite_routes(router_, services_);
  add_discord_routes(router_, services_);
  add_device_routes(router_, services_);
  add_device_page(router_, services_);
  add_lock_routes(router_, services_);
  add_grant_routes(router_, services_);
  add_announcement_routes(router_, services_);
  add_rollback_routes(router_, services_);
  add_audit_routes(router_, services_);
  add_schedule_routes(router_, services_);
  add_snapshot_routes(router_, services_);
  add_report_routes(router_, services_);
  add_profile_routes(router_, services_);
  add_activity_route(router_, services_);
  add_automation_route(router_, services_);
  add_plain_routes(router_, services_);
  add_metrics_route(router_, services_);
  add_document();
  counts_ = std::vector<StatusCounts>(router_.routes().size());
}

/// Last of all: it describes every route, itself included.
void Api::add_document() {
  struct Document {
    std::shared_ptr<const Bytes> text;
    std::string tag;
  };
  const auto document = std::make_shared<Document>();
  router_.add({.pattern = "/api/v1/openapi.json",
               .who = Who::Regardless,
               .summary = "This document",
               .unknown = Unknown::Ignored,
               .answers = {{200, "OpenAPI 3.1", "", "application/json"}, not_changed},
               .handler = [document](const CallPtr& call) {
                 HttpResponse response;
                 response.add("Content-Type", "application/json");
                 response.add("Cache-Control", "no-cache");
                 response.body = document->text;
                 call->answer(with_tag(call->request, std::move(response), document->tag));
               }});
  const std::string text = json_text(openapi(router_, services_.info));
  document->text = shared_bytes(text);
  document->tag = "W/\"" + to_hex(ByteSpan(hash_token(text)).first(8)) + '"';
}

void Api::each_count(const std::function<void(const Route&, unsigned, std::uint64_t)>& each) const {
  for (std::size_t i = 0; i < counts_.size(); ++i)
    for (std::size_t status = 0; status < counts_[i].size(); ++status)
      if (const auto number = counts_[i][status].load(std::memory_order_relaxed)) each(router_.routes()[i], lowest_status + static_cast<unsigned>(status), number);
}

bool Api::owns(std::string_view path) const {
  return path.starts_with("/api/") || path.starts_with("/auth/") || path == "/api" || path == "/auth" || router_.knows(path);
}

std::size_t Api::body_limit(const HttpRequest& head) const {
  const Route* route = router_.find(head.method, head.path);
  return route ? route->body_limit : Route{}.body_limit;
}

void Api::handle(HttpRequest request, Respond respond) {
  Respond packed = packed_for(request, services_.workers, std::move(respond));
  const auto call = std::make_shared<Call>(std::move(request), std::move(packed));
  call->id = first_request_ + last_request_.fetch_add(1, std::memory_order_relaxed);
  call->since = services_.clock.now();
  call->note = [this](const Call& answered, unsigned status) { note(answered, status); };
  if (auto refusal = refuse_host(call->request, services_.site)) return call->answer(std::move(*refusal));
  if (auto answer = answer_preflight(router_, call->request)) return call->answer(std::move(*answer));
  auto route = router_.match(*call);
  if (call->route) {
    call->is_public_read = is_public_read(*call->route);
    call->counts = &counts_[static_cast<std::size_t>(call->route - router_.routes().data())];
  }
  if (!route) return call->answer(HttpResponse(route.error()));
  if ((*route)->who == Who::Regardless) return proceed(**route, call);
  services_.authenticator.authenticate(
      call->request,
      [this, route = *route, call, thread = std::this_thread::get_id()](Result<Identity, HttpResponse> caller) {
        if (!caller) return call->answer(HttpResponse(caller.error()));
        call->caller = std::move(*caller);
        call->role = role_for(*route, *call);
        if (std::this_thread::get_id() == thread) return proceed(*route, call);
        // The room loop found the session: what follows reads a body, and must not keep it.
        const bool posted = services_.workers.post(Workers::Urgency::Tile, [this, route, call] { proceed(*route, call); });
        if (!posted) refuse_busy(call);
      });
}

void Api::note(const Call& call, unsigned status) {
  const Route* route = call.route;
  const bool is_kept = route && (route->asks_secret || route->who == Who::Moderator || route->who == Who::Admin || route->who == Who::Owner);
  if (status == 403 && is_kept && call.is_signed_in())
    services_.hub.note_denied(call.account.id, std::string(name_of(call.route->method)) + " " + call.route->pattern);
  if (services_.note) services_.note(call, status);
}

void Api::proceed(const Route& route, const CallPtr& call) {
  if (auto refusal = refuse_caller(route, call->caller, call->role)) return call->answer(std::move(*refusal));
  if (auto refusal = take_body(route, *call)) return call->answer(std::move(*refusal));
  route.handler(call);
}

}  // namespace tessera
