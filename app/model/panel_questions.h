#pragma once

#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "app/model/panel_records.h"
#include "shared/base/bytes.h"

/// What the staff panel asks of a server's HTTP API, and what is read from the answers.
namespace tessera {

enum class PeopleSort : std::uint8_t { Newest, Name, Placements, Seen };
inline constexpr std::uint8_t people_sort_count = 4;

/// Which accounts are wanted, and in which order.
struct AccountSearch {
  std::string text;     ///< part of a name, or an id
  std::string address;  ///< a prefix of the profile's, or an address
  std::optional<Role> role;
  bool banned = false;
  PeopleSort sort{};
  bool rising = false;
  bool operator==(const AccountSearch&) const = default;
};

struct LogSearch {
  std::string actor, action, target, text;  ///< each empty: any
  std::optional<WallTime> since, until;
  bool operator==(const LogSearch&) const = default;
};

/// What is to be rolled back.
struct RollbackWish {
  AccountId account{};           ///< nobody: everybody's
  std::string address;           ///< in place of an account: all of this prefix
  Rect region;                   ///< empty: the whole canvas
  std::optional<WallTime> since, until;
  std::string reason;
  bool operator==(const RollbackWish&) const = default;
};

/// What is to happen at a time; which of the fields count is the action's.
struct ScheduleWish {
  WallTime at{};
  ScheduledAction action{};
  std::uint32_t width = 0, height = 0;
  std::string text;
  bool pinned = false;
  std::optional<ColorIndex> only_color;
};

struct BanWish {
  std::optional<WallTime> until;
  std::string reason, appeal;
  bool roll_back = false;
  std::optional<WallTime> since;  ///< of the rollback; nothing: all
};

/// What is to become of an account; what is absent stays.
struct AccountWish {
  std::optional<Role> role;
  std::optional<std::string> note;
  bool lift_ban = false;
};

namespace ask {

/// `GET /api/v1/server/history`: the samples from then on.
struct ReadHistory {
  std::optional<WallTime> since;
};
/// `GET /api/v1/server/state`
struct ReadServerState {};
/// `GET /api/v1/accounts`
struct FindAccounts {
  std::string canvas;
  AccountSearch search;
  std::string after;
};
/// `GET /api/v1/accounts/{id}`
struct ReadProfile {
  AccountId id{};
};
/// `GET /api/v1/canvases/{c}/accounts/{id}/activity`
struct ReadActivity {
  std::string canvas;
  AccountId id{};
};
/// `GET /api/v1/canvases/{c}/accounts/{id}/placements.png`
struct ReadPlacedImage {
  std::string canvas;
  AccountId id{};
};
/// `GET /api/v1/canvases/{c}/image.png`: those cells, now or just after that placement.
struct ReadRegion {
  std::string canvas;
  Rect area;
  std::optional<Seq> at;
};
/// `PATCH /api/v1/accounts/{id}`
struct ChangeAccount {
  AccountId id{};
  AccountWish wish;
  std::uint32_t version = 0;
};
/// `POST /api/v1/accounts/{id}/warn`
struct WarnAccount {
  AccountId id{};
  std::string text;
};
/// `POST /api/v1/accounts/{id}/ban`
struct BanAccount {
  AccountId id{};
  BanWish wish;
  std::string canvas;
};
/// `GET /api/v1/canvases/{c}/automation`
struct FindAutomation {
  std::string canvas;
};
/// `GET /api/v1/canvases/{c}/grants`
struct ListGrants {
  std::string canvas;
};
/// `PUT`, or `DELETE` where no role is wanted, `/api/v1/canvases/{c}/grants/{account}`
struct Grant {
  std::string canvas;
  AccountId id{};
  std::optional<Role> role;
  std::uint32_t version = 0;  ///< 0: there is none yet
};

/// `GET /api/v1/canvases/{c}/reports`
struct ListReports {
  std::string canvas;
  std::optional<ReportState> state;
  std::string after;
};
/// `GET /api/v1/canvases/{c}/reports/{id}`
struct ReadReport {
  std::string canvas;
  ReportId id{};
};
/// `PATCH /api/v1/canvases/{c}/reports/{id}`
struct ChangeReport {
  std::string canvas;
  ReportId id{};
  ReportState state{};
  std::string outcome;
  std::vector<ReportId> also;
  bool take_over = false;
  std::uint32_t version = 0;
};

/// `GET /api/v1/canvases/{c}/rollbacks`
struct ListRollbacks {
  std::string canvas;
  std::string after;
};
/// `POST /api/v1/canvases/{c}/rollbacks` with `dry_run`
struct ForecastRollback {
  std::string canvas;
  RollbackWish wish;
};
/// `GET /api/v1/canvases/{c}/rollbacks/preview.png`
struct ForecastImage {
  std::string canvas;
  RollbackWish wish;
  bool after = false;
};
/// `POST /api/v1/canvases/{c}/rollbacks`
struct RollBack {
  std::string canvas;
  RollbackWish wish;
};
/// `POST /api/v1/canvases/{c}/rollbacks/{id}/undo` or `/redo`
struct StepRollback {
  std::string canvas;
  RollbackId id{};
  bool redo = false;
};

/// `GET /api/v1/canvases/{c}/schedule`
struct ListSchedule {
  std::string canvas;
  std::string after;
};
/// `POST /api/v1/canvases/{c}/schedule`
struct MakeSchedule {
  std::string canvas;
  ScheduleWish wish;
};
/// `DELETE /api/v1/canvases/{c}/schedule/{id}`
struct RemoveSchedule {
  std::string canvas;
  ScheduleId id{};
};
/// `GET /api/v1/canvases/{c}/snapshots`
struct ListSnapshots {
  std::string canvas;
  std::string after;
};
/// `POST /api/v1/canvases/{c}/snapshots`
struct MakeSnapshot {
  std::string canvas, name;
};
/// `POST /api/v1/canvases/{c}/snapshots/{id}/restore`, or `/reset` where there is no snapshot; `name` is the canvas's, as it was typed.
struct Restore {
  std::string canvas;
  std::optional<SnapshotId> snapshot;
  std::string name, reason;
};
/// `PATCH /api/v1/canvases/{c}` of nothing but that.
struct Pause {
  std::string canvas;
  bool paused = false;
  std::string message;
};

/// `GET /api/v1/audit`
struct SearchAudit {
  LogSearch search;
  std::string after;
};
/// `GET /api/v1/audit?format=csv` or `ndjson`
struct ExportAudit {
  LogSearch search;
  bool csv = false;
  std::string after;
};
/// `GET /api/v1/audit/verify`
struct VerifyAudit {};

}  // namespace ask

using PanelQuestion =
    std::variant<ask::ReadHistory, ask::ReadServerState, ask::FindAccounts, ask::ReadProfile, ask::ReadActivity, ask::ReadPlacedImage, ask::ReadRegion,
                 ask::ChangeAccount, ask::WarnAccount, ask::BanAccount, ask::FindAutomation, ask::ListGrants, ask::Grant, ask::ListReports,
                 ask::ReadReport, ask::ChangeReport, ask::ListRollbacks, ask::ForecastRollback, ask::ForecastImage, ask::RollBack,
                 ask::StepRollback, ask::ListSchedule, ask::MakeSchedule, ask::RemoveSchedule, ask::ListSnapshots, ask::MakeSnapshot,
                 ask::Restore, ask::Pause, ask::SearchAudit, ask::ExportAudit, ask::VerifyAudit>;

namespace answer {

/// Of every list.
template <typename Row>
struct Page {
  std::vector<Row> rows;
  std::string next;  ///< what the next page comes after; empty: this is the last
  std::optional<std::uint64_t> total;
};
struct Image {
  Size size;
  Bytes rgba;
};
/// A page of something that is kept as a file.
struct File {
  std::string bytes;
  std::string next;
};

}  // namespace answer

using PanelAnswer =
    std::variant<answer::Page<AccountRow>, answer::Page<ReportRow>, answer::Page<RollbackRow>, answer::Page<ScheduleRow>,
                 answer::Page<SnapshotRow>, answer::Page<AuditRow>, answer::Page<AutomationRow>, answer::Page<GrantRow>, answer::Image, answer::File,
                 ServerHistory, ServerStatus, ProfileInfo, Activity, AccountRow, ReportRow, RollbackForecast, RollbackRow, AuditVerdict>;

}  // namespace tessera
