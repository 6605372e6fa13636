#include "shared/protocol/parts.h"

namespace tessera {

std::string_view code(AccountKind kind) {
  switch (kind) {
    case AccountKind::Guest:
      return "guest";
    case AccountKind::Discord:
      return "discord";
    case AccountKind::Service:
      return "service";
    case AccountKind::Imported:
      return "imported";
  }
  return "guest";
}

std::string_view code(Role role) {
  switch (role) {
    case Role::Guest:
      return "guest";
    case Role::Member:
      return "member";
    case Role::Moderator:
      return "moderator";
    case Role::Admin:
      return "admin";
    case Role::Owner:
      return "owner";
  }
  return "guest";
}

std::string_view code(Access access) {
  switch (access) {
    case Access::Open:
      return "open";
    case Access::Code:
      return "code";
    case Access::Members:
      return "members";
    case Access::Invited:
      return "invited";
  }
  return "open";
}

std::string_view code(ScheduledAction action) {
  switch (action) {
    case ScheduledAction::Pause:
      return "pause";
    case ScheduledAction::Resume:
      return "resume";
    case ScheduledAction::Resize:
      return "resize";
    case ScheduledAction::Palette:
      return "palette";
    case ScheduledAction::Policy:
      return "policy";
    case ScheduledAction::Announce:
      return "announce";
    case ScheduledAction::Reset:
      return "reset";
  }
  return "pause";
}

std::string_view code(Outcome outcome) {
  switch (outcome) {
    case Outcome::Answered:
      return "answered";
    case Outcome::Unknown:
      return "unknown";
  }
  return "unknown";
}

std::string_view code(ReportState state) {
  switch (state) {
    case ReportState::Open:
      return "open";
    case ReportState::Claimed:
      return "claimed";
    case ReportState::Resolved:
      return "resolved";
    case ReportState::Dismissed:
      return "dismissed";
  }
  return "open";
}

}  // namespace tessera
