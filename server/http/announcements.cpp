// What staff tell everyone.
#include <algorithm>

#include "server/core/staff_text.h"
#include "server/http/etag.h"
#include "server/http/router.h"
#include "server/http/routes.h"
#include "server/http/services.h"
#include "server/http/shapes.h"
#include "server/http/staff_body.h"

namespace tessera {
namespace {

using AnnouncementReply = Changed<AnnouncementInfo>;

Json announcement_json(const AnnouncementInfo& announcement) { return Json::parse(announcement_text(announcement)); }

void list(const HttpServices& services, const CallPtr& call) {
  services.hub.announcements(on_worker<std::vector<AnnouncementInfo>>(services, call, [call](const std::vector<AnnouncementInfo>& all) {
    Json items = Json::array();
    for (const AnnouncementInfo& announcement : all) items.push_back(announcement_json(announcement));
    call->answer(page_json(std::move(items), nullptr));
  }));
}

void answer_changed(const CallPtr& call, const AnnouncementReply& reply, unsigned status) {
  if (reply.stale) return refuse_stale(call, announcement_json(*reply.current), reply.current->version);
  if (reply.refused) return refuse(call, *reply.refused, reply.detail);
  if (status == 204) return call->answer_nothing();
  call->answer(with_version(json_response(status, announcement_json(*reply.current)), reply.current->version));
}

Hub::Reply<AnnouncementReply> answering(const HttpServices& services, const CallPtr& call, unsigned status) {
  return on_worker<AnnouncementReply>(services, call, [call, status](const AnnouncementReply& reply) { answer_changed(call, reply, status); });
}

void make(const HttpServices& services, const CallPtr& call) {
  const auto wanted = read_new_announcement(call->body);
  if (!wanted) return call->refuse(400, "invalid", wanted.error().message);
  services.hub.make_announcement(call->account.id, *wanted, answering(services, call, 201));
}

/// Goes on with the announcement of the address and the version that it must have.
template <typename Work>
void with_announcement(const HttpServices& services, const CallPtr& call, Work work) {
  const auto match = read_if_match(call->request);
  if (!match) return call->answer(HttpResponse(match.error()));
  services.hub.announcements(on_worker<std::vector<AnnouncementInfo>>(
      services, call, [call, match = *match, work](const std::vector<AnnouncementInfo>& all) {
        const AnnouncementId id{static_cast<std::uint32_t>(call->number("announcement"))};
        const auto found = std::find_if(all.begin(), all.end(), [&](const AnnouncementInfo& each) { return each.id == id; });
        if (found == all.end()) return call->refuse(404, "not_found", "there is no such announcement: it may have been withdrawn, or has expired");
        work(id, match.expected(found->version));
      }));
}

void change(const HttpServices& services, const CallPtr& call) {
  const auto wanted = read_announcement_change(call->body);
  if (!wanted) return call->refuse(400, "invalid", wanted.error().message);
  with_announcement(services, call, [&services, call, wanted = *wanted](AnnouncementId id, std::optional<std::uint32_t> version) {
    services.hub.change_announcement(call->account.id, id, version, wanted, answering(services, call, 200));
  });
}

void withdraw(const HttpServices& services, const CallPtr& call) {
  with_announcement(services, call, [&services, call](AnnouncementId id, std::optional<std::uint32_t> version) {
    services.hub.withdraw_announcement(call->account.id, id, version, answering(services, call, 204));
  });
}

}  // namespace

void add_announcement_routes(Router& router, const HttpServices& services) {
  const Parameter announcement = number_in_path("announcement", UINT32_MAX, "its id");
  router.add({.pattern = "/api/v1/announcements",
              .summary = "What staff tell everyone, by id",
              .answers = {{200, "all of them", "AnnouncementPage"}},
              .handler = [&services](const CallPtr& call) { list(services, call); }});
  router.add({.method = Method::Post,
              .pattern = "/api/v1/announcements",
              .who = Who::Moderator,
              .summary = "Tells everyone on the server something, at once",
              .body = Body::JsonOnly,
              .body_schema = "NewAnnouncement",
              .answers = {{201, "the announcement", "Announcement"}},
              .handler = [&services](const CallPtr& call) { make(services, call); }});
  router.add({.method = Method::Patch,
              .pattern = "/api/v1/announcements/{announcement}",
              .who = Who::Moderator,
              .summary = "Changes an announcement; what is left out stays",
              .path = {announcement},
              .body = Body::JsonOnly,
              .body_schema = "AnnouncementChange",
              .needs_version = NeedsVersion::Always,
              .answers = {{200, "the announcement as it now is", "Announcement"}},
              .handler = [&services](const CallPtr& call) { change(services, call); }});
  router.add({.method = Method::Delete,
              .pattern = "/api/v1/announcements/{announcement}",
              .who = Who::Moderator,
              .summary = "Withdraws an announcement",
              .path = {announcement},
              .needs_version = NeedsVersion::Always,
              .answers = {{204, "withdrawn", "", ""}},
              .handler = [&services](const CallPtr& call) { withdraw(services, call); }});
}

}  // namespace tessera
