// Invitations, and joining a canvas by its code.
#include <algorithm>

#include "server/auth/token.h"
#include "server/core/opening.h"
#include "server/core/refusal_text.h"
#include "server/http/json_body.h"
#include "server/http/refusals.h"
#include "server/http/router.h"
#include "server/http/routes.h"
#include "server/http/services.h"
#include "server/http/shapes.h"
#include "shared/base/text.h"

namespace tessera {
namespace {

constexpr std::size_t most_code_bytes = 64;
constexpr std::size_t most_word_bytes = 64;
constexpr std::int64_t most_uses = 1'000'000;

Json given_json(const InviteView& view) {
  return {{"canvas", view.canvas.empty() ? Json(nullptr) : Json(view.canvas)},
          {"role", view.invite.role == Role::Guest ? Json(nullptr) : Json(code(view.invite.role))}};
}

Json invite_json(const InviteView& view) {
  Json json{{"id", static_cast<std::uint32_t>(view.invite.id)}};
  json.update(given_json(view));
  json["uses"] = view.invite.uses ? Json(*view.invite.uses) : Json(nullptr);
  json["expires_at"] = view.invite.expires ? Json(format_time(*view.invite.expires)) : Json(nullptr);
  json["created"] = format_time(view.invite.created);
  return json;
}

Result<NewInvite> read_invite(const nlohmann::json& body) {
  std::string error;
  JsonFields fields(body, "", error);
  NewInvite invite;
  const auto is_given = [&](const char* name) { return fields.has(name) && !fields.is_null(name); };
  if (is_given("canvas")) {
    invite.canvas = fields.text("canvas", most_word_bytes);
    if (!is_canvas_name(invite.canvas)) fields.refuse("canvas", "is not a canvas's name");
  }
  if (is_given("role")) {
    const auto role = find_role(fields.text("role", most_word_bytes));
    if (!role) fields.refuse("role", "must be guest, member, moderator or admin");
    invite.role = role.value_or(Role::Guest);
  }
  if (is_given("uses")) {
    invite.uses = static_cast<std::uint32_t>(fields.number("uses", 1, most_uses));
  } else if (fields.has("uses")) {
    invite.uses = std::nullopt;
  }
  if (is_given("expires_at")) {
    invite.expires = parse_time(fields.text("expires_at", most_word_bytes));
    if (!invite.expires) fields.refuse("expires_at", "must be a time such as 2030-01-01T00:00:00Z, or null");
  }
  fields.finish();
  if (!error.empty()) return Error{error};
  return invite;
}

void make(const HttpServices& services, const CallPtr& call) {
  auto wanted = read_invite(call->body);
  if (!wanted) return call->refuse(400, "invalid", wanted.error().message);
  std::string token = make_token(services.random);
  wanted->maker = call->account.id;
  wanted->token = hash_token(token);
  services.hub.make_invite(*std::move(wanted), on_worker<Changed<InviteView>>(
                                                   services, call, [&services, call, token = std::move(token)](const Changed<InviteView>& reply) {
                                                     if (reply.refused) return refuse(call, *reply.refused, reply.detail);
                                                     Json json = invite_json(*reply.current);
                                                     json["token"] = token;
                                                     json["url"] = own_url(services, call->request) + "/#invite=" + token;
                                                     call->answer(json, 201);
                                                   }));
}

/// By id; `after` is the last of the page before.
void list(const HttpServices& services, const CallPtr& call) {
  services.hub.invites(call->account.id, on_worker<std::vector<InviteView>>(services, call, [call](std::vector<InviteView> views) {
                         const std::uint64_t after = call->number("after"), limit = call->number("limit");
                         std::erase_if(views, [&](const InviteView& view) { return static_cast<std::uint32_t>(view.invite.id) <= after; });
                         const std::size_t count = std::min<std::size_t>(views.size(), limit);
                         Json items = Json::array();
                         for (std::size_t i = 0; i < count; ++i) items.push_back(invite_json(views[i]));
                         const bool more = count < views.size();
                         call->answer(page_json(std::move(items), more ? Json(static_cast<std::uint32_t>(views[count - 1].invite.id)) : Json(nullptr)));
                       }));
}

void end(const HttpServices& services, const CallPtr& call) {
  const InviteId id{static_cast<std::uint32_t>(call->number("invite"))};
  services.hub.end_invite(call->account.id, id, on_worker<bool>(services, call, [call](bool ended) {
                            if (!ended) return call->refuse(404, "not_found", "you have made no such invitation");
                            call->answer_nothing();
                          }));
}

void accept(const HttpServices& services, const CallPtr& call) {
  if (refuse_guessing(services, call)) return;
  services.hub.accept_invite(hash_token(call->text("token")), call->account.id,
                             on_worker<Changed<InviteView>>(services, call, [call](const Changed<InviteView>& reply) {
                               if (!reply.refused) return call->answer(given_json(*reply.current));
                               if (*reply.refused == Refusal::NotFound && reply.current) return call->refuse(410, "gone", reply.detail);
                               refuse(call, *reply.refused, reply.detail);
                             }));
}

void join(const HttpServices& services, const CallPtr& call) {
  if (refuse_guessing(services, call)) return;
  std::string error;
  JsonFields fields(call->body, "", error);
  std::string code = fields.text("code", most_code_bytes);
  fields.finish();
  if (!error.empty()) return call->refuse(400, "invalid", error);
  services.hub.join(call->text("canvas"), call->account.id, std::move(code),
                    on_worker<std::optional<Refusal>>(services, call, [call](const std::optional<Refusal>& refused) {
                      if (!refused) return call->answer_nothing();
                      const bool wrong = *refused == Refusal::Forbidden;
                      refuse(call, *refused, wrong ? "this code does not open the canvas" : sentence(*refused));
                    }));
}

}  // namespace

void add_invite_routes(Router& router, const HttpServices& services) {
  router.add({.pattern = "/api/v1/invites",
              .who = Who::Moderator,
              .summary = "The invitations that one has made; for admins, everybody's",
              .query = {{.name = "limit", .kind = ParameterKind::Number, .min = 1, .max = 100, .otherwise = 50, .about = "most items of a page"},
                        {.name = "after", .kind = ParameterKind::Number, .max = UINT32_MAX, .otherwise = 0, .about = "`next` of the page before"}},
              .answers = {{200, "a page", "InvitePage"}},
              .handler = [&services](const CallPtr& call) { list(services, call); }});
  router.add({.method = Method::Post,
              .pattern = "/api/v1/invites",
              .who = Who::Moderator,
              .summary = "An invitation to a canvas, to a role below one's own, or to both; its token is told once",
              .body = Body::JsonOnly,
              .body_schema = "NewInvite",
              .answers = {{201, "the invitation, its token and its link", "InviteToken"}},
              .handler = [&services](const CallPtr& call) { make(services, call); }});
  router.add({.method = Method::Delete,
              .pattern = "/api/v1/invites/{invite}",
              .who = Who::Moderator,
              .summary = "Ends an invitation; who has accepted it keeps what it gave",
              .path = {number_in_path("invite", UINT32_MAX, "its id")},
              .answers = {{204, "ended", "", ""}},
              .handler = [&services](const CallPtr& call) { end(services, call); }});
  router.add({.method = Method::Post,
              .pattern = "/api/v1/invites/{token}/accept",
              .who = Who::Account,
              .persons_only = true,
              .summary = "Accepts an invitation",
              .path = {{.name = "token", .min = 1, .max = limits::token_bytes, .about = "of its link", .example = "token"}},
              .answers = {{200, "what it gave", "Given"}, {410, "used up, or expired"}, too_many_guesses},
              .handler = [&services](const CallPtr& call) { accept(services, call); }});
  router.add({.method = Method::Post,
              .pattern = "/api/v1/canvases/{canvas}/join",
              .who = Who::Account,
              .scope = Scope::Place,
              .asks_secret = true,
              .summary = "Joins a canvas by its code; case, blanks and dashes do not count",
              .path = {canvas_parameter()},
              .body = Body::JsonOnly,
              .body_schema = "Code",
              .answers = {{204, "joined", "", ""}, {403, "a wrong code, or one is banned"}, too_many_guesses},
              .handler = [&services](const CallPtr& call) { join(services, call); }});
}

}  // namespace tessera
