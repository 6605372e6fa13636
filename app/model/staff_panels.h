#pragma once

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "app/model/canvases.h"
#include "app/model/staff_questions.h"
#include "app/model/translate.h"

/// What staff work with: the tool that locks a rectangle, its drawer, and the one that announces.
namespace tessera {

/// The server's clock, as its last `Pong` told it.
struct ServerClock {
  std::optional<WallTime> told;
  TimePoint at{};
};

/// A rectangle that is being drawn with the lock tool: from its first corner to where the second one would be now.
struct LockFrame {
  std::optional<Cell> from;
  std::optional<Cell> to;  ///< while it is dragged; else the marker is the other corner
};

/// Said at the top for a while, once somebody has tried to draw in a lock.
struct LockNotice {
  Phrase phrase;
  TimePoint until{};
};

enum class UntilChoice : std::uint8_t { None, Hour, Day, Time };
inline constexpr std::uint8_t until_choice_count = 4;

/// When something ends, as it is chosen and typed.
struct UntilForm {
  UntilChoice choice{};
  std::string time;  ///< `21:00`, `2026-11-22 21:00` or `22/11/2026 21:00`, by this device's clock
  bool operator==(const UntilForm&) const = default;
};

struct LockForm {
  std::string x, y, width, height, reason;
  UntilForm until;
  Role allowed = Role::Moderator;
  bool operator==(const LockForm&) const = default;
};
struct AnnouncementForm {
  std::string words;
  bool pinned = false;
  UntilForm until;
  bool operator==(const AnnouncementForm&) const = default;
};

/// A field in which one's own version and somebody else's differ.
struct StaffConflict {
  StaffField field{};
  Side side{};
};

/// One thing being made or edited: `Info` as the server has it, `Wish` as one wants it, `Form` as it is typed.
template <typename Info, typename Wish, typename Form>
struct StaffEditor {
  bool open = false;
  std::optional<Info> base;  ///< what is edited, as it was when one began; nothing: a new one
  Form form;
  bool busy = false;
  bool ending = false;  ///< it was asked to be lifted, or withdrawn
  std::optional<Phrase> error;
  std::optional<Wish> mine;    ///< as last asked for
  std::optional<Info> theirs;  ///< while a conflict is being settled
  std::vector<StaffConflict> conflicts;
  AskId asked{};
};
using LockEditor = StaffEditor<LockInfo, LockWish, LockForm>;
using AnnouncementEditor = StaffEditor<AnnouncementInfo, AnnouncementWish, AnnouncementForm>;

/// What staff told everyone.
struct AnnouncementBoard {
  std::vector<AnnouncementInfo> items;  ///< by id
  /// Put away by hand, with their servers; for as long as the app runs.
  std::vector<std::pair<std::string, AnnouncementId>> dismissed;
  AnnouncementEditor editor;
};

/// A time without a day is the next such, or the last.
enum class Nearest : std::uint8_t { Ahead, Past };
/// `21:00`, `2026-11-22 21:00` or `22/11/2026 21:00` by a clock that is `offset` ahead of UTC; nothing where it is no time.
std::optional<WallTime> read_time(std::string_view text, WallTime now, Duration offset, Nearest which);
/// The instant that a form means; `now` is the server's, `offset` how far this device's clock is ahead of UTC. A time
/// without a day is the next such.
Result<std::optional<WallTime>, Text> read_until(const UntilForm& form, WallTime now, Duration offset);
UntilForm until_form(Language language, std::uint64_t expires_ms, Duration offset);
/// `21:00` where that says enough, else with its day.
bool is_soon(WallTime then, WallTime now, Duration offset);
std::string format_clock(WallTime time, Duration offset);

LockWish wish_of(const LockInfo& lock);
AnnouncementWish wish_of(const AnnouncementInfo& announcement);
std::vector<StaffField> differences(const LockWish& a, const LockWish& b);
std::vector<StaffField> differences(const AnnouncementWish& a, const AnnouncementWish& b);
void take(StaffField field, LockWish& to, const LockWish& from);
void take(StaffField field, AnnouncementWish& to, const AnnouncementWish& from);

}  // namespace tessera
