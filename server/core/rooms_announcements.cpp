// Announcements: made, changed and withdrawn by staff, ended by time; everyone on the server sees them.
#include "server/core/audit_detail.h"
#include "server/core/permissions.h"
#include "server/core/rooms.h"
#include "server/core/rooms_hall.h"

namespace tessera {
namespace {

std::string name_of(AnnouncementId id) { return target_name("announcement", id); }

}  // namespace

AnnouncementInfo Rooms::info(const AnnouncementRecord& announcement) const {
  return {.id = announcement.id,
          .text = announcement.text,
          .pinned = announcement.pinned,
          .expires_ms = announcement.expires ? static_cast<std::uint64_t>(ms(*announcement.expires)) : 0,
          .maker = shown(announcement.maker),
          .created_ms = static_cast<std::uint64_t>(ms(announcement.created)),
          .version = announcement.version};
}

std::vector<AnnouncementInfo> Rooms::all_announcements() const {
  std::vector<AnnouncementInfo> all;
  for (const auto& [id, announcement] : announcements_) all.push_back(info(announcement));
  return all;
}

void Rooms::announcements(const Reply<std::vector<AnnouncementInfo>>& reply) { reply(all_announcements()); }

void Rooms::make_announcement(AccountId actor, NewAnnouncement wanted, Reply<Changed<AnnouncementInfo>> reply) {
  in_turn([this, actor, wanted = std::move(wanted), reply = std::move(reply)] {
    const AccountRecord* maker = staff(actor, Permission::Announce);
    if (maker == nullptr) return reply(refusal<AnnouncementInfo>(Refusal::Forbidden, "only staff may announce"));
    if (announcements_.size() >= limits::announcements)
      return reply(refusal<AnnouncementInfo>(Refusal::TooLarge, "there are " + std::to_string(limits::announcements) + " announcements: withdraw some first"));
    if (wanted.expires && *wanted.expires <= clock_.wall()) return reply(refusal<AnnouncementInfo>(Refusal::Invalid, "expires_at is past"));
    const AnnouncementRecord announcement{.id = AnnouncementId{last_number_ + 1},
                                          .text = wanted.text,
                                          .pinned = wanted.pinned,
                                          .expires = wanted.expires,
                                          .maker = maker->id,
                                          .created = clock_.wall()};
    WriteSet writes;
    writes.announcements.push_back(announcement);
    writes.last_number = ++last_number_;
    writes.audit.push_back(entry(maker, "announcement.create", {}, name_of(announcement.id), announcement_detail(announcement)));
    write_in_turn(std::move(writes), [this, announcement, reply](bool stored) {
      if (!stored) return reply(busy_change<AnnouncementInfo>());
      put_announcement(announcement, true);
      reply(changed_to(info(announcement)));
    });
  });
}

void Rooms::put_announcement(const AnnouncementRecord& announcement, bool created) {
  announcements_.insert_or_assign(announcement.id, announcement);
  tell_all(AnnouncementChanged{created, info(announcement)});
}

/// The announcement that is to be changed, as a copy; otherwise why it may not be, told to `reply`.
std::optional<AnnouncementRecord> Rooms::announcement_to_change(AccountId actor, AnnouncementId id, std::optional<std::uint32_t> version,
                                                                const Reply<Changed<AnnouncementInfo>>& reply) const {
  const auto found = announcements_.find(id);
  if (staff(actor, Permission::Announce) == nullptr) {
    reply(refusal<AnnouncementInfo>(Refusal::Forbidden, "only staff may change announcements"));
  } else if (found == announcements_.end()) {
    reply(refusal<AnnouncementInfo>(Refusal::NotFound, "there is no such announcement: it may have been withdrawn, or has expired"));
  } else if (version && *version != found->second.version) {
    reply(stale_change("the announcement has changed since", info(found->second)));
  } else {
    return found->second;
  }
  return std::nullopt;
}

void Rooms::change_announcement(AccountId actor, AnnouncementId id, std::optional<std::uint32_t> version, AnnouncementChange change,
                                Reply<Changed<AnnouncementInfo>> reply) {
  in_turn([this, actor, id, version, change = std::move(change), reply = std::move(reply)] {
    const auto before = announcement_to_change(actor, id, version, reply);
    if (!before) return;
    AnnouncementRecord after = *before;
    if (change.text) after.text = *change.text;
    if (change.pinned) after.pinned = *change.pinned;
    if (change.expires) after.expires = *change.expires;
    if (after == *before) return reply(changed_to(info(after)));
    if (after.expires && *after.expires <= clock_.wall())
      return reply(refusal<AnnouncementInfo>(Refusal::Invalid, "expires_at is past", info(*before)));
    ++after.version;
    WriteSet writes;
    writes.announcements.push_back(after);
    writes.audit.push_back(entry(staff(actor, Permission::Announce), "announcement.change", {}, name_of(id),
                                 change_detail(announcement_detail(*before), announcement_detail(after))));
    write_in_turn(std::move(writes), [this, after, reply](bool stored) {
      if (!stored) return reply(busy_change<AnnouncementInfo>());
      put_announcement(after, false);
      reply(changed_to(info(after)));
    });
  });
}

void Rooms::withdraw_announcement(AccountId actor, AnnouncementId id, std::optional<std::uint32_t> version,
                                  Reply<Changed<AnnouncementInfo>> reply) {
  in_turn([this, actor, id, version, reply = std::move(reply)] {
    const auto announcement = announcement_to_change(actor, id, version, reply);
    if (!announcement) return;
    WriteSet writes;
    writes.ended_announcements.push_back(id);
    writes.audit.push_back(entry(staff(actor, Permission::Announce), "announcement.remove", {}, name_of(id), announcement_detail(*announcement)));
    write_in_turn(std::move(writes), [this, announcement = *announcement, reply](bool stored) {
      if (!stored) return reply(busy_change<AnnouncementInfo>());
      end_announcement(announcement.id);
      reply(changed_to(info(announcement)));
    });
  });
}

void Rooms::end_announcement(AnnouncementId id) {
  announcements_.erase(id);
  tell_all(AnnouncementRemoved{id});
}

/// About once a second. What cannot be written now is ended all the same, and again after a restart.
void Rooms::end_expired_announcements(WallTime now) {
  WriteSet writes;
  for (const auto& [id, announcement] : announcements_)
    if (announcement.expires && *announcement.expires <= now) writes.ended_announcements.push_back(id);
  if (writes.empty()) return;
  for (const AnnouncementId id : writes.ended_announcements) end_announcement(id);
  write(std::move(writes), [](const Written&) {});
}

}  // namespace tessera
