#pragma once

#include "app/model/staff_panels.h"

/// What staff do: with locks and announcements.
namespace tessera::action {

struct EditLock {
  LockId id{};
};
struct EditLockForm {
  LockForm form;
};
struct SubmitLock {};
struct LiftLock {};
/// Escape, with the lock tool.
struct CancelLock {};
struct DismissAnnouncement {
  AnnouncementId id{};
};
struct WriteAnnouncement {};
struct EditAnnouncement {
  AnnouncementId id{};
};
struct EditAnnouncementForm {
  AnnouncementForm form;
};
struct SubmitAnnouncement {};
struct WithdrawAnnouncement {};
/// Back to the list.
struct LeaveAnnouncement {};
/// Of the drawer that is open.
struct ChooseStaffSide {
  StaffField field{};
  Side side{};
};
struct ResolveStaffConflict {};
struct DropStaffConflict {};

}  // namespace tessera::action
