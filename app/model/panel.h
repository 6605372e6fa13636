#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "app/model/panel_questions.h"
#include "app/model/questions.h"
#include "app/model/staff_panels.h"
#include "app/model/translate.h"

/// The staff panel: what stands in each of its tabs.
namespace tessera {

enum class StaffTab : std::uint8_t { Overview, Locks, People, Reports, Rollbacks, Events, Audit, Server };
inline constexpr std::uint8_t staff_tab_count = 8;

/// A list of the server's, page by page as one scrolls.
template <typename Row>
struct PagedList {
  std::vector<Row> rows;
  std::string next;                    ///< what the next page comes after; empty: there is none
  std::optional<std::uint64_t> total;  ///< how many there are, where the server says so
  bool loaded = false;
  bool adding = false;  ///< what is asked for is a further page
  std::optional<Phrase> error;
  AskId asked{};
};

/// A picture of the server's, by what was asked for.
struct PanelImage {
  AskId asked{};
  bool failed = false;
  Size size;
  Bytes rgba;
  std::uint64_t stamp = 0;  ///< another one for each picture that came; 0: none yet
};
enum class ImageSlot : std::uint8_t { Then, Now, Before, After, Placements };
/// What the renderer calls it; no canvas can have such a name.
std::string image_name(ImageSlot slot);

/// One change at a time is on its way: what the panel says until it is answered.
struct PanelTask {
  AskId asked{};
  std::optional<Phrase> error;
  bool busy() const { return asked != unasked; }
};

struct FiguresTab {
  ServerHistory history;
  AskId history_asked{};
  std::optional<Phrase> error;
  std::optional<ServerStatus> state;
  AskId state_asked{};
  std::uint32_t hours = 1;  ///< how much of it is shown
  std::string message;      ///< for everyone, while the canvas is paused
  bool pausing = false;     ///< the message is being written
  PanelTask task;
};

enum class LockSort : std::uint8_t { Newest, Area, Ends };
struct LocksTab {
  std::string text;
  LockSort sort{};
  bool rising = false;
};

struct BanForm {
  bool open = false;
  UntilForm until;
  std::string reason, appeal;
  bool roll_back = true;
  bool operator==(const BanForm&) const = default;
};
struct PeopleTab {
  AccountSearch search;
  std::optional<TimePoint> search_due;  ///< once typing has rested
  PagedList<AccountRow> list;
  bool automation = false;  ///< in place of the list: who may be a program
  PagedList<AutomationRow> suspects;
  AccountId chosen{};  ///< whose profile is open; nobody: the list
  std::optional<ProfileInfo> profile;
  AskId profile_asked{};
  std::optional<Phrase> profile_error;
  std::optional<Activity> activity;
  AskId activity_asked{};
  PanelImage placements;
  std::string note, warning;
  BanForm ban;
  std::optional<std::vector<GrantRow>> grants;  ///< on this canvas; nothing where the server has none to give
  AskId grants_asked{};
  PanelTask task;
  Text doing{};  ///< what is said once that is done
};

struct ReportsTab {
  std::optional<ReportState> state = ReportState::Open;
  PagedList<ReportRow> list;
  ReportId chosen{};  ///< 0: the list
  std::optional<ReportRow> report;
  AskId report_asked{};
  std::optional<Phrase> report_error;
  PanelImage then, now;
  std::string outcome;
  bool also = true;  ///< similar ones become the same
  bool claimed_by_other = false;
  PanelTask task;
};

enum class SinceChoice : std::uint8_t { Always, Hour, Day, Time };
inline constexpr std::uint8_t since_choice_count = 4;
struct RollbackForm {
  std::string account;  ///< its number, or a name that one account alone has
  std::string address;
  std::string x, y, width, height;  ///< all empty: the whole canvas
  SinceChoice since{};
  std::string since_time, until_time;  ///< `21:00` or with a day, by this device's clock; empty: none
  std::string reason;
  bool operator==(const RollbackForm&) const = default;
};
struct RollbacksTab {
  RollbackForm form;
  AskId account_asked{};  ///< who has that name
  std::optional<AccountRow> account;
  std::optional<RollbackWish> wish;  ///< what the forecast is of
  std::optional<RollbackForecast> forecast;
  AskId forecast_asked{};
  PanelImage before, after;
  PagedList<RollbackRow> list;
  RollbackId chosen{};  ///< the one that is shown in full; 0: none
  bool with_ban = false;  ///< what is on its way bans as well
  bool stepping = false;  ///< it undoes or redoes one of the list
  PanelTask task;
};

struct ScheduleForm {
  bool open = false;
  ScheduledAction action{};
  std::string at, width, height, text;
  bool pinned = false;
  int only_color = -1;
  bool operator==(const ScheduleForm&) const = default;
};
enum class EventsPart : std::uint8_t { Schedule, Announcements, Snapshots };
inline constexpr std::uint8_t events_part_count = 3;
struct EventsTab {
  EventsPart part{};
  PagedList<ScheduleRow> schedule;
  ScheduleId chosen{};  ///< may be taken out; 0: none
  ScheduleForm form;
  PagedList<SnapshotRow> snapshots;
  std::string snapshot_name;
  bool confirming = false;              ///< a reset, or a snapshot to restore, waits for the canvas's name
  std::optional<SnapshotId> restoring;  ///< which; nothing: all is reset
  std::string typed_name, reason;
  PanelTask task;
  Text doing{};  ///< what is said once that is done
};

struct AuditForm {
  std::string actor, action, target, text, since, until;
  bool operator==(const AuditForm&) const = default;
};
struct AuditTab {
  AuditForm form;
  std::optional<TimePoint> search_due;
  LogSearch search;
  PagedList<AuditRow> list;
  std::uint64_t chosen = 0;  ///< the entry that is shown in full; 0: none
  std::optional<Phrase> form_error;
  bool newest_only = false;  ///< the list is the overview's
  std::optional<AuditVerdict> verdict;
  AskId verdict_asked{};
  std::string export_name, exported;  ///< the file, as far as it has come
  AskId export_asked{};
  std::uint32_t export_pages = 0;
};

struct StaffPanel {
  StaffTab tab{};
  bool settled = false;  ///< has been opened on this canvas, and its verdict asked for
  FiguresTab figures;
  LocksTab locks;
  PeopleTab people;
  ReportsTab reports;
  RollbacksTab rollbacks;
  EventsTab events;
  AuditTab audit;
  std::optional<std::uint64_t> open_reports;
  AskId open_asked{};
  std::optional<TimePoint> refresh_due;
  std::uint64_t images = 0;  ///< grows with every picture that came
  bool back = false;         ///< the lock's drawer, once closed, gives way to the panel
  bool picking = false;      ///< the next rectangle that is dragged is what to roll back
  std::uint8_t tool_before = 0;  ///< the `Tool` that was used until then
};

}  // namespace tessera
