// Roles on one canvas alone.
#include <algorithm>

#include "server/http/etag.h"
#include "server/http/json_body.h"
#include "server/http/router.h"
#include "server/http/routes.h"
#include "server/http/services.h"
#include "server/http/shapes.h"
#include "shared/base/text.h"

namespace tessera {
namespace {

using GrantReply = Changed<GrantView>;
using GrantList = std::optional<std::vector<GrantView>>;

constexpr std::size_t most_role_bytes = 64;

Json grant_json(const GrantView& view) {
  return {{"account", account_json(view.account)},
          {"role", code(view.record.role)},
          {"granted_by", account_json(view.maker)},
          {"created", format_time(view.record.created)},
          {"version", view.record.version}};
}

AccountId account_of(const CallPtr& call) { return AccountId{static_cast<std::uint32_t>(call->number("account"))}; }

/// Goes on with the canvas's grants; 404 where there is no such canvas.
template <typename Work>
void with_grants(const HttpServices& services, const CallPtr& call, Work work) {
  services.hub.grants(call->text("canvas"), on_worker<GrantList>(services, call, [call, work](const GrantList& grants) {
                        if (grants) work(*grants);
                        else call->refuse(404, "not_found", "there is no such canvas");
                      }));
}

/// By account; `after` is the last of the page before.
void list(const HttpServices& services, const CallPtr& call) {
  with_grants(services, call, [call](std::vector<GrantView> grants) {
    const std::uint64_t after = call->number("after");
    std::erase_if(grants, [&](const GrantView& grant) { return static_cast<std::uint32_t>(grant.record.account) <= after; });
    const std::size_t count = std::min<std::size_t>(grants.size(), call->number("limit"));
    Json items = Json::array();
    for (std::size_t i = 0; i < count; ++i) items.push_back(grant_json(grants[i]));
    const bool more = count < grants.size();
    call->answer(page_json(std::move(items), more ? Json(static_cast<std::uint32_t>(grants[count - 1].record.account)) : Json(nullptr)));
  });
}

Result<Role> read_role(const nlohmann::json& body) {
  std::string error;
  JsonFields fields(body, "", error);
  const auto role = find_role(fields.text("role", most_role_bytes));
  if (!role || *role == Role::Guest || *role == Role::Owner) fields.refuse("role", "must be member, moderator or admin");
  fields.finish();
  if (!error.empty()) return Error{error};
  return *role;
}

void answer_changed(const CallPtr& call, const GrantReply& reply, unsigned status) {
  if (reply.stale) return refuse_stale(call, grant_json(*reply.current), reply.current->record.version);
  if (reply.refused) return refuse(call, *reply.refused, reply.detail);
  if (status == 204) return call->answer_nothing();
  call->answer(with_version(json_response(status, grant_json(*reply.current)), reply.current->record.version));
}

Hub::Reply<GrantReply> answering(const HttpServices& services, const CallPtr& call, unsigned status) {
  return on_worker<GrantReply>(services, call, [call, status](const GrantReply& reply) { answer_changed(call, reply, status); });
}

const GrantView* find(const std::vector<GrantView>& grants, AccountId account) {
  const auto found = std::find_if(grants.begin(), grants.end(), [&](const GrantView& grant) { return grant.record.account == account; });
  return found == grants.end() ? nullptr : &*found;
}

/// A precondition is needed where there is a grant already: then somebody else may have changed it.
void put(const HttpServices& services, const CallPtr& call) {
  const auto role = read_role(call->body);
  if (!role) return call->refuse(400, "invalid", role.error().message);
  with_grants(services, call, [&services, call, role = *role](const std::vector<GrantView>& grants) {
    const GrantView* before = find(grants, account_of(call));
    std::optional<std::uint32_t> version;
    if (before != nullptr) {
      const auto match = read_if_match(call->request);
      if (!match) return call->answer(HttpResponse(match.error()));
      version = match->expected(before->record.version).value_or(before->record.version);
    } else if (call->request.header("if-match")) {
      return call->refuse(412, "stale", "this account has no role of its own on this canvas: leave If-Match out to give it one");
    }
    services.hub.grant(call->account.id, call->text("canvas"), account_of(call), role, version, answering(services, call, before == nullptr ? 201 : 200));
  });
}

void remove(const HttpServices& services, const CallPtr& call) {
  const auto match = read_if_match(call->request);
  if (!match) return call->answer(HttpResponse(match.error()));
  with_grants(services, call, [&services, call, match = *match](const std::vector<GrantView>& grants) {
    const GrantView* before = find(grants, account_of(call));
    if (before == nullptr) return call->refuse(404, "not_found", "this account has no role of its own on this canvas");
    services.hub.end_grant(call->account.id, call->text("canvas"), account_of(call), match.expected(before->record.version), answering(services, call, 204));
  });
}

}  // namespace

void add_grant_routes(Router& router, const HttpServices& services) {
  router.add({.pattern = "/api/v1/canvases/{canvas}/grants",
              .who = Who::Moderator,
              .summary = "Who has a role on this canvas alone, by account",
              .path = {canvas_parameter()},
              .query = {{.name = "limit", .kind = ParameterKind::Number, .min = 1, .max = 1'000, .otherwise = 100, .about = "most items of a page"},
                        {.name = "after", .kind = ParameterKind::Number, .max = UINT32_MAX, .otherwise = 0, .about = "`next` of the page before"}},
              .answers = {{200, "a page", "GrantPage"}},
              .handler = [&services](const CallPtr& call) { list(services, call); }});
  router.add({.method = Method::Put,
              .pattern = "/api/v1/canvases/{canvas}/grants/{account}",
              .who = Who::Admin,
              .summary = "Gives an account a role on this canvas alone, below one's own there; its open connections follow at once. If-Match is needed where "
                         "it has one already",
              .path = {canvas_parameter(), account_parameter()},
              .body = Body::JsonOnly,
              .body_schema = "NewGrant",
              .needs_version = NeedsVersion::Sometimes,
              .answers = {{200, "changed", "Grant"},
                          {201, "given", "Grant"},
                          {412, "changed by somebody else since: `current` is what it is now; or taken away since"},
                          {428, "it has a role here already, and If-Match is missing"}},
              .handler = [&services](const CallPtr& call) { put(services, call); }});
  router.add({.method = Method::Delete,
              .pattern = "/api/v1/canvases/{canvas}/grants/{account}",
              .who = Who::Admin,
              .summary = "Takes the role away that an account has on this canvas alone",
              .path = {canvas_parameter(), account_parameter()},
              .needs_version = NeedsVersion::Always,
              .answers = {{204, "taken away", "", ""}},
              .handler = [&services](const CallPtr& call) { remove(services, call); }});
}

}  // namespace tessera
