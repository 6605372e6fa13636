#include "server/http/schema_parts.h"

namespace tessera {

using namespace schema;

namespace {

Json number() { return {{"type", "number"}, {"minimum", 0}}; }
Json column(Json values) { return list(or_null(std::move(values))); }

void add_server(Json& all) {
  Json refused{{"type", "object"}, {"description", "a column for each code of a refusal that there was"}};
  all["ServerHistory"] = object({{"start", or_null(time_text())},
                                 {"step_ms", integer(1)},
                                 {"placements", column(integer())},
                                 {"refused", std::move(refused)},
                                 {"connections", column(integer())},
                                 {"online", column(integer())},
                                 {"answer_p50_ms", column(number())},
                                 {"answer_p99_ms", column(number())},
                                 {"commit_p99_ms", column(number())},
                                 {"memory_bytes", column(integer())},
                                 {"cpu", column(number())},
                                 {"bytes_out", column(integer())}});
  const Json setting = object({{"name", text()}, {"value", text("secrets: only whether they are set")}, {"from", word({"flag", "environment", "file", "default"})}});
  all["ServerState"] = object({{"name", text()},
                               {"version", text()},
                               {"started_at", time_text()},
                               {"time", time_text()},
                               {"store", text("its kind")},
                               {"database_bytes", or_null(integer())},
                               {"canvases", integer()},
                               {"accounts", integer()},
                               {"connections", object({{"binary", integer()}, {"json", integer()}})},
                               {"memory_bytes", integer()},
                               {"cpu", number()},
                               {"threads", integer()},
                               {"audit", object({{"entries", integer()}, {"head", text("the last entry's hash")}})},
                               {"settings", list(setting)}},
                              {"settings"});
}

void add_accounts(Json& all) {
  all["Activity"] = object({{"start", time_text()}, {"step_ms", integer(1)}, {"placements", list(integer())}, {"complete", boolean()}});
  Json numbers{{"type", "object"}, {"description", "what the evidence tells, for programs"}, {"additionalProperties", number()}};
  const Json sign = object({{"sign", word({"regular_timing", "no_pauses", "reading_order", "same_template", "same_address"})},
                            {"value", number()},
                            {"evidence", text("a line in English")},
                            {"numbers", std::move(numbers)},
                            {"accounts", list(integer(1))}});
  all["AutomatedAccount"] = object({{"account", ref("Account")}, {"placements", integer(1)}, {"score", number()}, {"signs", list(sign)}});
  all["Automation"] = object({{"items", list(ref("AutomatedAccount"))}, {"since", time_text()}, {"until", time_text()}, {"total", integer()}});
}

}  // namespace

void add_figure_schemas(Json& all) {
  add_server(all);
  add_accounts(all);
}

}  // namespace tessera
