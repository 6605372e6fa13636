#include "app/net/panel_json.h"

#include <cmath>

#include "app/net/staff_json.h"
#include "shared/base/text.h"
#include "shared/protocol/limits.h"

namespace tessera {
namespace {

using nlohmann::json;

constexpr std::size_t most_details = 64, longest_line = 4'000, most_samples = 1'441, most_hours = 24 * 31, longest_cursor = 512;

std::string line_in(const json& object, const char* key) { return display_name(text_in(object, key), longest_line).value_or(""); }

std::optional<WallTime> moment_in(const json& object, const char* key) { return parse_time(text_in(object, key)); }

std::uint32_t narrow_in(const json& object, const char* key) {
  return static_cast<std::uint32_t>(number_in(object, key, UINT32_MAX).value_or(0));
}

template <typename Id>
Id id_in(const json& object, const char* key) {
  return Id{narrow_in(object, key)};
}

std::optional<AccountInfo> account_in(const json& object, const char* key) {
  const json* account = field_in(object, key);
  if (!account || !account->is_object()) return std::nullopt;
  return read_account(*account);
}

Rect area_in(const json& object, const char* key) {
  const json* area = field_in(object, key);
  if (!area) return {};
  const auto x = number_in(*area, "x", max_canvas_side), y = number_in(*area, "y", max_canvas_side),
             width = number_in(*area, "width", max_canvas_side), height = number_in(*area, "height", max_canvas_side);
  if (!x || !y || !width || !height) return {};
  return {static_cast<std::uint32_t>(*x), static_cast<std::uint32_t>(*y), static_cast<std::uint32_t>(*width), static_cast<std::uint32_t>(*height)};
}

template <typename Id>
std::vector<Id> ids_in(const json& object, const char* key) {
  std::vector<Id> ids;
  const json* list = field_in(object, key);
  if (!list || !list->is_array()) return ids;
  for (const json& item : *list)
    if (item.is_number_unsigned() && item.get<std::uint64_t>() <= UINT32_MAX && ids.size() < 1'000) ids.push_back(Id{item.get<std::uint32_t>()});
  return ids;
}

std::vector<PlacerRow> placers_in(const json& object, const char* key) {
  std::vector<PlacerRow> placers;
  const json* list = field_in(object, key);
  if (!list || !list->is_array()) return placers;
  for (const json& item : *list) {
    if (placers.size() == 1'000) break;
    placers.push_back({id_in<AccountId>(item, "account"), line_in(item, "name"), number_in(item, "placements").value_or(0)});
  }
  return placers;
}

/// `before.reason` and what stands there, however deep; a list as it is written.
void flatten(const json& value, const std::string& name, std::vector<std::pair<std::string, std::string>>& out) {
  if (out.size() >= most_details) return;
  if (value.is_object()) {
    for (const auto& [key, each] : value.items()) flatten(each, name.empty() ? key : name + "." + key, out);
    return;
  }
  const std::string text = value.is_string() ? value.get<std::string>() : written(value);
  out.emplace_back(display_name(name, 200).value_or(""), display_name(text, longest_line).value_or(""));
}

ServerHistory::Column column_in(const json& object, const std::string& key, std::size_t size) {
  ServerHistory::Column column(size, std::nan(""));
  const json* list = field_in(object, key);
  if (!list || !list->is_array()) return column;
  for (std::size_t i = 0; i < std::min(size, list->size()); ++i)
    if ((*list)[i].is_number()) column[i] = (*list)[i].get<double>();
  return column;
}

template <typename Row, typename Read>
std::vector<Row> each_in(const json& object, const char* key, const Read& read) {
  std::vector<Row> rows;
  const json* list = field_in(object, key);
  if (!list || !list->is_array()) return rows;
  for (const json& item : *list)
    if (rows.size() < 1'000) rows.push_back(read(item));
  return rows;
}

}  // namespace

std::string read_next(const json& object) {
  const json* next = field_in(object, "next");
  if (!next || next->is_null()) return {};
  std::string text = next->is_string() ? next->get<std::string>() : written(*next);
  return text.size() <= longest_cursor ? text : std::string();
}

std::optional<AccountRow> read_row(const json& object, const AccountRow*) {
  AccountRow row;
  row.account = read_account(object);
  if (row.account.id == nobody) return std::nullopt;
  row.created = moment_in(object, "created").value_or(WallTime{});
  row.banned_until = moment_in(object, "banned_until");
  row.reason = line_in(object, "reason");
  row.note = line_in(object, "note");
  row.placements = number_in(object, "placements").value_or(0);
  row.seen = moment_in(object, "seen");
  row.version = narrow_in(object, "version");
  return row;
}

std::optional<ReportRow> read_row(const json& object, const ReportRow*) {
  ReportRow row;
  row.id = id_in<ReportId>(object, "id");
  const auto state = word_in<ReportState>(object, "state", report_state_count);
  if (row.id == ReportId{} || !state) return std::nullopt;
  row.state = *state;
  row.region = area_in(object, "region");
  row.reason = line_in(object, "reason");
  row.outcome = line_in(object, "outcome");
  row.created = moment_in(object, "created").value_or(WallTime{});
  row.changed = moment_in(object, "changed").value_or(row.created);
  row.reporter = account_in(object, "reporter").value_or(AccountInfo{});
  row.handler = account_in(object, "handler");
  row.seq = number_in(object, "seq").value_or(0);
  row.similar = ids_in<ReportId>(object, "similar");
  row.reporter_reports = narrow_in(object, "reporter_reports");
  row.reporter_dismissed = narrow_in(object, "reporter_dismissed");
  row.version = narrow_in(object, "version");
  row.drawn_by = placers_in(object, "drawn_by");
  row.drawn_by_complete = !field_in(object, "drawn_by_complete") || flag_in(object, "drawn_by_complete");
  return row;
}

std::optional<RollbackRow> read_row(const json& object, const RollbackRow*) {
  RollbackRow row;
  row.id = id_in<RollbackId>(object, "id");
  const auto state = word_in<RollbackStage>(object, "state", rollback_stage_count);
  if (row.id == RollbackId{} || !state) return std::nullopt;
  row.state = *state;
  row.cells = number_in(object, "cells").value_or(0);
  row.placements = number_in(object, "placements").value_or(0);
  row.accounts = ids_in<AccountId>(object, "accounts");
  row.region = area_in(object, "region");
  row.reason = line_in(object, "reason");
  row.maker = account_in(object, "created_by").value_or(AccountInfo{});
  row.created = moment_in(object, "created").value_or(WallTime{});
  row.drawn = number_in(object, "drawn").value_or(0);
  row.to_draw = number_in(object, "to_draw").value_or(0);
  row.version = narrow_in(object, "version");
  return row;
}

std::optional<ScheduleRow> read_row(const json& object, const ScheduleRow*) {
  ScheduleRow row;
  row.id = id_in<ScheduleId>(object, "id");
  const auto action = word_in<ScheduledAction>(object, "action", scheduled_action_count);
  const auto at = moment_in(object, "at");
  if (row.id == ScheduleId{} || !action || !at) return std::nullopt;
  row.at = *at;
  row.action = *action;
  if (const json* params = field_in(object, "params")) {
    std::vector<std::pair<std::string, std::string>> details;
    flatten(*params, "", details);
    for (const auto& [name, value] : details) {
      if (!row.params.empty()) row.params += " · ";
      row.params += name;
      row.params += ' ';
      row.params += value;
    }
  }
  row.maker = account_in(object, "created_by").value_or(AccountInfo{});
  return row;
}

std::optional<SnapshotRow> read_row(const json& object, const SnapshotRow*) {
  SnapshotRow row{id_in<SnapshotId>(object, "id"), line_in(object, "name"), number_in(object, "seq").value_or(0),
                  account_in(object, "created_by").value_or(AccountInfo{}), moment_in(object, "created").value_or(WallTime{})};
  if (row.id == SnapshotId{}) return std::nullopt;
  return row;
}

std::optional<AuditRow> read_row(const json& object, const AuditRow*) {
  AuditRow row;
  row.id = number_in(object, "id").value_or(0);
  row.action = line_in(object, "action");
  if (row.id == 0 || row.action.empty()) return std::nullopt;
  row.time = moment_in(object, "time").value_or(WallTime{});
  row.actor = account_in(object, "actor");
  row.canvas = line_in(object, "canvas");
  row.target = line_in(object, "target");
  row.hash = text_in(object, "hash").substr(0, 64);
  if (const json* detail = field_in(object, "detail")) flatten(*detail, "", row.detail);
  return row;
}

std::optional<AutomationRow> read_row(const json& object, const AutomationRow*) {
  AutomationRow row;
  row.account = account_in(object, "account").value_or(AccountInfo{});
  if (row.account.id == nobody) return std::nullopt;
  row.placements = number_in(object, "placements").value_or(0);
  row.score = std::min(1.0, decimal_in(object, "score").value_or(0));
  row.signs = each_in<SuspectSign>(object, "signs", [](const json& sign) {
    return SuspectSign{line_in(sign, "sign"), line_in(sign, "evidence"), std::min(1.0, decimal_in(sign, "value").value_or(0))};
  });
  return row;
}

std::optional<GrantRow> read_row(const json& object, const GrantRow*) {
  const auto account = account_in(object, "account");
  const auto role = word_in<Role>(object, "role", role_count);
  if (!account || account->id == nobody || !role) return std::nullopt;
  return GrantRow{*account, *role, account_in(object, "granted_by").value_or(AccountInfo{}), narrow_in(object, "version")};
}

std::optional<ProfileInfo> read_profile(const json& object) {
  auto row = read_row(object, static_cast<const AccountRow*>(nullptr));
  if (!row) return std::nullopt;
  ProfileInfo profile;
  profile.row = std::move(*row);
  profile.placed = each_in<PlacedOn>(object, "placements", [](const json& each) {
    return PlacedOn{line_in(each, "canvas"), number_in(each, "placements").value_or(0), moment_in(each, "last")};
  });
  profile.devices = each_in<DeviceRow>(object, "sessions", [](const json& each) {
    return DeviceRow{line_in(each, "label"), moment_in(each, "used").value_or(WallTime{})};
  });
  profile.prefixes = each_in<PrefixRow>(object, "prefixes", [](const json& each) {
    return PrefixRow{line_in(each, "prefix"), narrow_in(each, "bits"), narrow_in(each, "accounts"), moment_in(each, "last")};
  });
  profile.bots = each_in<AccountInfo>(object, "bots", read_account);
  profile.active = moment_in(object, "last_active");
  profile.reports_made = narrow_in(object, "reports_made");
  profile.reports_dismissed = narrow_in(object, "reports_dismissed");
  profile.about = each_in<ReportAbout>(object, "reports_about", [](const json& each) {
    return ReportAbout{id_in<ReportId>(each, "id"), word_in<ReportState>(each, "state", report_state_count).value_or(ReportState{}),
                       line_in(each, "canvas"), line_in(each, "reason"), area_in(each, "region"), number_in(each, "placements").value_or(0)};
  });
  profile.history = read_rows<AuditRow>(object, "history");
  return profile;
}

std::optional<Activity> read_activity(const json& object) {
  const auto start = moment_in(object, "start");
  const json* hours = field_in(object, "placements");
  if (!start || !hours || !hours->is_array()) return std::nullopt;
  Activity activity{*start, {}};
  for (const json& hour : *hours) {
    if (activity.hours.size() == most_hours) break;
    activity.hours.push_back(hour.is_number_unsigned() ? static_cast<std::uint32_t>(std::min<std::uint64_t>(hour.get<std::uint64_t>(), UINT32_MAX)) : 0);
  }
  return activity;
}

std::optional<RollbackForecast> read_forecast(const json& object) {
  const auto cells = number_in(object, "cells"), placements = number_in(object, "placements");
  if (!cells || !placements) return std::nullopt;
  return RollbackForecast{*cells, *placements, area_in(object, "area"), placers_in(object, "touched"), number_in(object, "accounts_touched").value_or(0)};
}

std::optional<ServerHistory> read_history(const json& object) {
  // A server that has only just begun has no sample yet, and no time of the first.
  const json* first = field_in(object, "start");
  const auto start = first && first->is_null() ? std::optional(WallTime{}) : moment_in(object, "start");
  const auto step = number_in(object, "step_ms", 86'400'000);
  const json* placements = field_in(object, "placements");
  if (!start || !step || *step == 0 || !placements || !placements->is_array()) return std::nullopt;
  const std::size_t size = std::min(placements->size(), most_samples);
  ServerHistory history;
  history.start = *start;
  history.step = std::chrono::milliseconds(*step);
  history.placements = column_in(object, "placements", size);
  history.connections = column_in(object, "connections", size);
  history.online = column_in(object, "online", size);
  history.answer_p50_ms = column_in(object, "answer_p50_ms", size);
  history.answer_p99_ms = column_in(object, "answer_p99_ms", size);
  history.commit_p99_ms = column_in(object, "commit_p99_ms", size);
  history.memory_bytes = column_in(object, "memory_bytes", size);
  history.cpu = column_in(object, "cpu", size);
  const json* refused = field_in(object, "refused");
  if (refused && refused->is_object())
    for (const auto& [reason, column] : refused->items())
      if (history.refused.size() < 64) history.refused.emplace_back(display_name(reason, 64).value_or(""), column_in(*refused, reason, size));
  return history;
}

std::optional<ServerStatus> read_server_state(const json& object) {
  const auto started = moment_in(object, "started_at");
  if (!started) return std::nullopt;
  ServerStatus state;
  state.name = line_in(object, "name");
  state.version = line_in(object, "version");
  state.store = line_in(object, "store");
  state.started = *started;
  state.time = moment_in(object, "time").value_or(*started);
  state.database_bytes = number_in(object, "database_bytes").value_or(0);
  state.memory_bytes = number_in(object, "memory_bytes").value_or(0);
  state.canvases = number_in(object, "canvases").value_or(0);
  state.accounts = number_in(object, "accounts").value_or(0);
  if (const json* connections = field_in(object, "connections")) {
    state.binary = number_in(*connections, "binary").value_or(0);
    state.json = number_in(*connections, "json").value_or(0);
  }
  if (const json* audit = field_in(object, "audit")) {
    state.entries = number_in(*audit, "entries").value_or(0);
    state.head = text_in(*audit, "head").substr(0, 64);
  }
  state.cpu = decimal_in(object, "cpu").value_or(0);
  state.threads = narrow_in(object, "threads");
  state.settings = each_in<SettingRow>(object, "settings", [](const json& each) {
    return SettingRow{line_in(each, "name"), line_in(each, "value"), line_in(each, "from")};
  });
  return state;
}

std::optional<AuditVerdict> read_verdict(const json& object) {
  const json* ok = field_in(object, "ok");
  if (!ok || !ok->is_boolean()) return std::nullopt;
  return AuditVerdict{ok->get<bool>(), number_in(object, "entries").value_or(0), text_in(object, "head").substr(0, 64), number_in(object, "bad"),
                      line_in(object, "detail")};
}

}  // namespace tessera
