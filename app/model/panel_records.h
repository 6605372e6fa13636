#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "shared/base/clock.h"
#include "shared/base/geometry.h"
#include "shared/protocol/parts.h"

/// What the staff panel shows of a server: rows of its lists, and figures. As the HTTP API tells them; texts are lines that may be
/// shown as they are.
namespace tessera {

/// A role that was given on one canvas alone.
struct GrantRow {
  AccountInfo account;
  Role role{};
  AccountInfo giver;
  std::uint32_t version = 0;
};

struct AccountRow {
  AccountInfo account;
  WallTime created{};
  std::optional<WallTime> banned_until;  ///< nothing, or past: it is not banned
  std::string reason, note;
  std::uint64_t placements = 0;  ///< on the canvas one is on
  std::optional<WallTime> seen;
  std::uint32_t version = 0;
};

struct PlacerRow {
  AccountId account{};
  std::string name;
  std::uint64_t placements = 0;
};

struct ReportRow {
  ReportId id{};
  ReportState state{};
  Rect region;
  std::string reason, outcome;
  WallTime created{}, changed{};
  AccountInfo reporter;
  std::optional<AccountInfo> handler;
  Seq seq = 0;  ///< of the newest placement as it was made
  std::vector<ReportId> similar;      ///< by others, of an overlapping region
  std::uint32_t reporter_reports = 0, reporter_dismissed = 0;
  std::uint32_t version = 0;
  std::vector<PlacerRow> drawn_by;  ///< only of a report that is read by itself
  bool drawn_by_complete = true;
};

enum class RollbackStage : std::uint8_t { Applying, Applied, Undoing, Undone };
inline constexpr std::uint8_t rollback_stage_count = 4;
std::string_view code(RollbackStage state);

struct RollbackRow {
  RollbackId id{};
  RollbackStage state{};
  std::uint64_t cells = 0, placements = 0;
  std::vector<AccountId> accounts;
  Rect region;  ///< empty: the whole canvas
  std::string reason;
  AccountInfo maker;
  WallTime created{};
  std::uint64_t drawn = 0, to_draw = 0;
  std::uint32_t version = 0;
};

/// What a rollback would change.
struct RollbackForecast {
  std::uint64_t cells = 0, placements = 0;
  Rect area;
  std::vector<PlacerRow> touched;  ///< whose placements; without names
  std::uint64_t accounts_touched = 0;
};

struct ScheduleRow {
  ScheduleId id{};
  WallTime at{};
  ScheduledAction action{};
  std::string params;  ///< for people: `width 2000`
  AccountInfo maker;
};

struct SnapshotRow {
  SnapshotId id{};
  std::string name;
  Seq seq = 0;
  AccountInfo maker;
  WallTime created{};
};

struct AuditRow {
  std::uint64_t id = 0;
  WallTime time{};
  std::optional<AccountInfo> actor;  ///< nothing: the server itself
  std::string action, canvas, target;
  std::vector<std::pair<std::string, std::string>> detail;  ///< `after.reason` and what stands there
  std::string hash;
};

struct AuditVerdict {
  bool ok = false;
  std::uint64_t entries = 0;
  std::string head;
  std::optional<std::uint64_t> bad;
  std::string detail;
};

/// A sign that an account is a program's, and what speaks for it.
struct SuspectSign {
  std::string sign, evidence;
  double value = 0;  ///< 0 … 1
};
struct AutomationRow {
  AccountInfo account;
  std::uint64_t placements = 0;
  double score = 0;  ///< 0 … 1
  std::vector<SuspectSign> signs;
};

/// When an account placed: for each hour, how often.
struct Activity {
  WallTime start{};
  std::vector<std::uint32_t> hours;
};

struct PlacedOn {
  std::string canvas;
  std::uint64_t placements = 0;
  std::optional<WallTime> last;
};
struct DeviceRow {
  std::string label;
  WallTime used{};
};
/// A part of the network that an account came from; `name` says nothing of the address.
struct PrefixRow {
  std::string name;
  std::uint32_t bits = 0, accounts = 0;
  std::optional<WallTime> last;
};
struct ReportAbout {
  ReportId id{};
  ReportState state{};
  std::string canvas, reason;
  Rect region;
  std::uint64_t placements = 0;
};
struct ProfileInfo {
  AccountRow row;
  std::vector<PlacedOn> placed;
  std::vector<DeviceRow> devices;
  std::vector<PrefixRow> prefixes;
  std::vector<AccountInfo> bots;
  std::optional<WallTime> active;
  std::uint32_t reports_made = 0, reports_dismissed = 0;
  std::vector<ReportAbout> about;
  std::vector<AuditRow> history;  ///< what staff did about it, the newest first
};

/// The server's figures over time, a sample each `step`; NaN where it did not run or has nothing to tell.
struct ServerHistory {
  using Column = std::vector<double>;
  WallTime start{};
  Duration step{};
  Column placements, connections, online, answer_p50_ms, answer_p99_ms, commit_p99_ms, memory_bytes, cpu;
  std::vector<std::pair<std::string, Column>> refused;  ///< by a refusal's code
  std::size_t size() const { return placements.size(); }
};

struct SettingRow {
  std::string name, value, from;
};
struct ServerStatus {
  std::string name, version, store;
  WallTime started{}, time{};
  std::uint64_t database_bytes = 0, memory_bytes = 0, canvases = 0, accounts = 0, binary = 0, json = 0, entries = 0;
  double cpu = 0;
  std::uint32_t threads = 0;
  std::string head;
  std::vector<SettingRow> settings;  ///< for admins alone
};

}  // namespace tessera
