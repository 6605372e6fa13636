#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "shared/base/clock.h"
#include "shared/base/geometry.h"
#include "shared/protocol/parts.h"

/// What staff ask of a server's HTTP API: locks and announcements.
namespace tessera {

/// What can be changed of a lock or an announcement, each by itself.
enum class StaffField : std::uint8_t { Area, Reason, Until, Allowed, Words, Pinned };

/// A lock as somebody wants it.
struct LockWish {
  Rect area;
  std::string reason;
  std::optional<WallTime> until;  ///< nothing: until it is lifted
  Role allowed = Role::Moderator;
  bool operator==(const LockWish&) const = default;
};
struct AnnouncementWish {
  std::string words;
  bool pinned = false;
  std::optional<WallTime> until;  ///< nothing: until it is withdrawn
  bool operator==(const AnnouncementWish&) const = default;
};

namespace ask {

/// `POST /api/v1/canvases/{c}/locks`
struct MakeLock {
  std::string canvas;
  LockWish wish;
};
/// `PATCH /api/v1/canvases/{c}/locks/{id}`: these fields alone.
struct ChangeLock {
  std::string canvas;
  LockId id{};
  LockWish wish;
  std::vector<StaffField> fields;
  std::uint32_t version = 0;
};
/// `DELETE /api/v1/canvases/{c}/locks/{id}`
struct LiftLock {
  std::string canvas;
  LockId id{};
  std::uint32_t version = 0;
};
/// `POST /api/v1/announcements`
struct MakeAnnouncement {
  AnnouncementWish wish;
};
/// `PATCH /api/v1/announcements/{id}`: these fields alone.
struct ChangeAnnouncement {
  AnnouncementId id{};
  AnnouncementWish wish;
  std::vector<StaffField> fields;
  std::uint32_t version = 0;
};
/// `DELETE /api/v1/announcements/{id}`
struct WithdrawAnnouncement {
  AnnouncementId id{};
  std::uint32_t version = 0;
};

}  // namespace ask

namespace answer {

/// With status 412: as it now is.
struct Lock {
  LockInfo lock;
};
/// With status 412: as it now is.
struct Announcement {
  AnnouncementInfo announcement;
};

}  // namespace answer

}  // namespace tessera
