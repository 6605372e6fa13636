#pragma once

#include <nlohmann/json.hpp>
#include <optional>
#include <string>

#include "app/model/panel_questions.h"
#include "app/net/json_fields.h"

/// What the staff panel shows, as the HTTP API writes it. Texts come out as lines that may be shown; what cannot be is left out.
namespace tessera {

std::optional<AccountRow> read_row(const nlohmann::json& object, const AccountRow*);
std::optional<ReportRow> read_row(const nlohmann::json& object, const ReportRow*);
std::optional<RollbackRow> read_row(const nlohmann::json& object, const RollbackRow*);
std::optional<ScheduleRow> read_row(const nlohmann::json& object, const ScheduleRow*);
std::optional<SnapshotRow> read_row(const nlohmann::json& object, const SnapshotRow*);
std::optional<AuditRow> read_row(const nlohmann::json& object, const AuditRow*);
std::optional<AutomationRow> read_row(const nlohmann::json& object, const AutomationRow*);
std::optional<GrantRow> read_row(const nlohmann::json& object, const GrantRow*);

std::optional<ProfileInfo> read_profile(const nlohmann::json& object);
std::optional<Activity> read_activity(const nlohmann::json& object);
std::optional<RollbackForecast> read_forecast(const nlohmann::json& object);
std::optional<ServerHistory> read_history(const nlohmann::json& object);
std::optional<ServerStatus> read_server_state(const nlohmann::json& object);
std::optional<AuditVerdict> read_verdict(const nlohmann::json& object);

/// The items under this key, those that can be read.
template <typename Row>
std::vector<Row> read_rows(const nlohmann::json& object, const char* key) {
  constexpr std::size_t most = 1'000;
  std::vector<Row> rows;
  const nlohmann::json* items = field_in(object, key);
  if (!items || !items->is_array()) return rows;
  for (const nlohmann::json& item : *items) {
    auto row = read_row(item, static_cast<const Row*>(nullptr));
    if (row && rows.size() < most) rows.push_back(std::move(*row));
  }
  return rows;
}

/// `next` is a number or a text: either way what the next page is asked with.
std::string read_next(const nlohmann::json& object);

template <typename Row>
std::optional<answer::Page<Row>> read_page(const nlohmann::json& object) {
  const nlohmann::json* items = field_in(object, "items");
  if (!items || !items->is_array()) return std::nullopt;
  return answer::Page<Row>{read_rows<Row>(object, "items"), read_next(object), number_in(object, "total")};
}

}  // namespace tessera
