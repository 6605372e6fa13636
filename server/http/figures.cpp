// How the server itself fares: minute by minute over the last day, and now.
#include <algorithm>
#include <cmath>

#include "server/core/minute_history.h"
#include "server/core/permissions.h"
#include "server/http/router.h"
#include "server/http/routes.h"
#include "server/http/services.h"
#include "server/http/shapes.h"
#include "shared/base/text.h"

namespace tessera {
namespace {

constexpr std::size_t most_time_bytes = 40;
constexpr const char* no_entries = "0000000000000000000000000000000000000000000000000000000000000000";

Json rounded(double value) { return std::round(value * 1'000) / 1'000; }

Json milliseconds(const std::optional<std::uint32_t>& microseconds) { return microseconds ? rounded(*microseconds / 1'000.0) : Json(nullptr); }

/// One column: what `value` tells of each minute from the first sample's to the last's; null where the server did not run.
template <typename Value>
Json column(const std::vector<MinuteSample>& samples, Value value) {
  Json values = Json::array();
  for (const MinuteSample& sample : samples) {
    while (static_cast<std::int64_t>(values.size()) < sample.minute - samples.front().minute) values.push_back(nullptr);
    values.push_back(value(sample));
  }
  return values;
}

/// Only the reasons that there were.
Json refused_columns(const std::vector<MinuteSample>& samples) {
  Json columns = Json::object();
  for (std::size_t reason = 0; reason < refusal_count; ++reason) {
    const bool occurred = std::any_of(samples.begin(), samples.end(), [&](const MinuteSample& sample) { return sample.refused[reason] > 0; });
    if (occurred) columns[code(static_cast<Refusal>(reason))] = column(samples, [&](const MinuteSample& sample) { return sample.refused[reason]; });
  }
  return columns;
}

Json history_json(const std::vector<MinuteSample>& samples) {
  const Json start = samples.empty() ? Json(nullptr) : Json(format_time(WallTime{samples.front().minute * MinuteHistory::minute_ms}));
  return {{"start", start},
          {"step_ms", MinuteHistory::minute_ms},
          {"placements", column(samples, [](const auto& sample) { return sample.placements; })},
          {"refused", refused_columns(samples)},
          {"connections", column(samples, [](const auto& sample) { return sample.connections; })},
          {"online", column(samples, [](const auto& sample) { return sample.online; })},
          {"answer_p50_ms", column(samples, [](const auto& sample) { return milliseconds(sample.answer_p50_us); })},
          {"answer_p99_ms", column(samples, [](const auto& sample) { return milliseconds(sample.answer_p99_us); })},
          {"commit_p99_ms", column(samples, [](const auto& sample) { return milliseconds(sample.commit_p99_us); })},
          {"memory_bytes", column(samples, [](const auto& sample) { return sample.memory_bytes; })},
          {"cpu", column(samples, [](const auto& sample) { return rounded(sample.cpu()); })},
          {"bytes_out", column(samples, [](const auto& sample) { return sample.bytes_out; })}};
}

void answer_history(const HttpServices& services, const CallPtr& call) {
  WallTime since{0};
  if (const auto* text = call->find<std::string>("since")) {
    const auto time = parse_time(*text);
    if (!time) return call->refuse(400, "invalid", "since must be a time such as 2030-01-01T00:00:00Z");
    since = *time;
  }
  call->answer(history_json(services.history->since(since)));
}

/// As its newest entry has it: `/audit/verify` looks at all of them.
Json audit_state(const std::vector<AuditEntry>& newest) {
  if (newest.empty()) return {{"entries", 0}, {"head", no_entries}};
  return {{"entries", newest.front().id}, {"head", to_hex(ByteSpan(newest.front().hash))}};
}

Json state_json(const HttpServices& services, const ServerState& state, const HubFigures& figures, Json audit) {
  return {{"name", services.info.name},
          {"version", services.info.version},
          {"started_at", format_time(state.started)},
          {"time", format_time(services.clock.wall())},
          {"store", state.store},
          {"database_bytes", state.database_bytes ? Json(*state.database_bytes) : Json(nullptr)},
          {"canvases", figures.canvases},
          {"accounts", figures.accounts},
          {"connections", {{"binary", state.binary_connections}, {"json", state.json_connections}}},
          {"memory_bytes", state.memory_bytes},
          {"cpu", rounded(state.cpu)},
          {"threads", state.threads},
          {"audit", std::move(audit)}};
}

Json settings_json(const std::vector<ShownSetting>& settings) {
  Json list = Json::array();
  for (const ShownSetting& setting : settings) list.push_back({{"name", setting.name}, {"value", setting.value}, {"from", setting.from}});
  return list;
}

void answer_state(const HttpServices& services, const CallPtr& call) {
  services.hub.figures([&services, call](const HubFigures& figures) {
    on_reader(services, call, [&services, call, figures](StoreReader& reader) {
      AuditQuery newest;
      newest.limit = 1;
      const auto entries = reader.audit(newest);
      if (!entries) return refuse_store(call, entries.error());
      const ServerState state = services.state();
      Json json = state_json(services, state, figures, audit_state(*entries));
      if (has_permission(call->account.role, Permission::SeeSettings)) json["settings"] = settings_json(state.settings);
      call->answer(json);
    });
  });
}

}  // namespace

void add_figure_routes(Router& router, const HttpServices& services) {
  if (!services.history) return;
  router.add({.pattern = "/api/v1/server/history",
              .who = whoever_may(Permission::SeeServer),
              .summary = "How the server fared in each minute of the last day, in columns; null for a minute in which it did not run",
              .query = {{.name = "since", .max = most_time_bytes, .about = "a time as RFC 3339: only minutes that begin then or later", .example = "2024-01-01T00:00:00Z"}},
              .answers = {{200, "the columns, each as long as the others, the oldest minute first", "ServerHistory"}},
              .handler = [&services](const CallPtr& call) { answer_history(services, call); }});
  router.add({.pattern = "/api/v1/server/state",
              .who = whoever_may(Permission::SeeServer),
              .summary = "How the server fares now; for admins also the settings that it runs with",
              .answers = {{200, "the state", "ServerState"}},
              .handler = [&services](const CallPtr& call) { answer_state(services, call); }});
}

}  // namespace tessera
