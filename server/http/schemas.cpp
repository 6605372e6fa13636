#include "server/http/schemas.h"

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include "server/core/problem.h"
#include "server/http/schema_parts.h"
#include "shared/canvas/canvas.h"
#include "shared/protocol/limits.h"

namespace tessera {

using namespace schema;

namespace {

Json limits_schema() {
  return object({{"per_second", or_null({{"type", "number"}})},
                 {"burst", or_null(integer())},
                 {"per_minute", or_null(integer())},
                 {"cooldown_ms", integer()}});
}

Json policy_schema() {
  Json policy = limits_schema();
  policy["properties"]["guests"] = boolean();
  policy["properties"]["roles"] = {{"type", "object"},
                                   {"description", "a role's own limits, all four of them: what a change leaves out of new ones is as the canvas has it then; null takes them away"},
                                   {"additionalProperties", ref("Limits")}};
  policy["required"].push_back("guests");
  policy["required"].push_back("roles");
  policy["properties"]["only_color"] = integer();
  return policy;
}

Json cell_schema() {
  return object({{"x", integer()},
                 {"y", integer()},
                 {"color", or_null(integer())},
                 {"seq", or_null(integer(1))},
                 {"time", or_null(time_text())},
                 {"account", or_null(integer(1))},
                 {"name", or_null(text())},
                 {"kind", word({"undo", "redo", "rollback"})}},
                {"kind"});
}

Fields result_fields() {
  return {{"first_seq", or_null(integer(1))},
          {"accepted", integer()},
          {"rejected", list(ref("Rejection"))},
          {"charges", or_null(integer())},
          {"next_charge_ms", integer()}};
}

Json problem_schema() {
  Fields fields{{"type", text()}, {"title", text()}, {"status", integer(400)}, {"detail", text("what was wrong, for a person")},
                {"code", word({problem_codes.begin(), problem_codes.end()})},
                {"error", text("of the device flow: the word of RFC 8628")}};
  fields.emplace_back("retry_after_ms", integer(1));
  std::vector<std::string> optional{"error", "retry_after_ms"};
  // A placement of which nothing was accepted tells its whole result.
  for (auto& [name, schema] : result_fields()) {
    optional.push_back(name);
    fields.emplace_back(name, schema);
  }
  optional.emplace_back("current");
  fields.emplace_back("current", Json{{"type", "object"}});
  return object(fields, optional);
}

Json server_schema() {
  return object({{"name", text()},
                 {"version", text()},
                 {"protocol", integer(1)},
                 {"sign_in", list(word({"guest", "discord"}))},
                 {"canvases", list(object({{"name", text()}, {"width", integer(1)}, {"height", integer(1)}, {"online", integer()}}))},
                 {"default_canvas", or_null(text())},
                 {"limits", object({{"cells_per_request", integer()},
                                    {"picture_dots", integer()},
                                    {"plain_reads_per_minute", or_null(integer())},
                                    {"reads_per_minute", or_null(integer())},
                                    {"undo_window_ms", integer()}})}});
}

Json canvas_schema() {
  return object({{"name", text("1 to 64 of a-z 0-9 - _")},
                 {"width", integer(1)},
                 {"height", integer(1)},
                 {"palette", list(object({{"color", text("#RRGGBB")}, {"name", text()}, {"retired", boolean()}}))},
                 {"policy", ref("Policy")},
                 {"access", words_of<Access>(access_count)},
                 {"paused", boolean()},
                 {"message", text("why it is paused")},
                 {"epoch", text("16 hexadecimal digits")},
                 {"seq", integer()},
                 {"online", integer()},
                 {"version", integer(1)},
                 {"archived", boolean()},
                 {"code", text("for admins, where access is by code")},
                 {"hidden_cells", integer()}},
                {"message", "archived", "code", "hidden_cells"});
}

/// What may stand in bodies that make and change canvases, all of it optional.
Fields canvas_fields() {
  Json policy = object({{"per_second", or_null({{"type", "number"}})}, {"burst", or_null(integer(1))}, {"per_minute", or_null(integer(1))},
                        {"cooldown_ms", integer()}, {"guests", boolean()}, {"only_color", or_null(integer())}, {"roles", {{"type", "object"}}}},
                       {"per_second", "burst", "per_minute", "cooldown_ms", "guests", "only_color", "roles"});
  return {{"palette", list(object({{"color", text("#RRGGBB")}, {"name", text()}, {"retired", boolean()}}, {"name", "retired"}))},
          {"policy", std::move(policy)},
          {"access", words_of<Access>(access_count)},
          {"code", or_null(text("at least 4 letters or digits; null draws one"))}};
}

Json new_canvas_schema() {
  Fields fields{{"name", text("1 to 64 of a-z 0-9 - _")}, {"width", integer(1)}, {"height", integer(1)}};
  for (auto& field : canvas_fields()) fields.push_back(field);
  return with_example(object(fields, {"palette", "policy", "access", "code"}), {{"name", "second"}, {"width", 64}, {"height", 64}});
}

Json canvas_change_schema() {
  Fields fields{{"width", integer(1)}, {"height", integer(1)}, {"paused", boolean()}, {"message", or_null(text())}, {"archived", boolean()}};
  for (auto& field : canvas_fields()) fields.push_back(field);
  std::vector<std::string> all;
  for (const auto& [name, schema] : fields) all.push_back(name);
  return with_example(object(fields, all), {{"policy", {{"cooldown_ms", 0}}}});
}

Json stats_schema() {
  return object({{"placements", integer()},
                 {"accounts", integer()},
                 {"online", integer()},
                 {"top", list(object({{"account", integer(1)}, {"name", text()}, {"placements", integer(1)}}))},
                 {"colors", list(object({{"color", integer()}, {"cells", integer()}}))},
                 {"per_minute", list(object({{"time", time_text()}, {"placements", integer(1)}}))},
                 {"counted_seq", integer()}});
}

/// Fields of an account as staff sees it.
Fields staff_account_fields() {
  return {{"id", integer(1)},
          {"name", text()},
          {"kind", words_of<AccountKind>(account_kind_count)},
          {"role", words_of<Role>(role_count)},
          {"created", time_text()},
          {"banned_until", or_null(time_text())},
          {"reason", text("shown to whoever is banned")},
          {"note", text("of staff, for staff")},
          {"maker", or_null(integer(1))},
          {"version", integer(1)}};
}

Json listed_account_schema() {
  Fields fields = staff_account_fields();
  fields.emplace_back("placements", integer());
  fields.emplace_back("seen", or_null(time_text()));
  return object(fields);
}

Json account_change_schema() {
  const Fields fields{{"role", words_of<Role>(role_count)}, {"banned_until", or_null(time_text())}, {"reason", text()}, {"note", text()}};
  return with_example(object(fields, {"role", "banned_until", "reason", "note"}), {{"note", "drew a fine cat"}});
}

Fields bot_fields() {
  return {{"account", ref("Account")}, {"scopes", list(word({"read", "place", "manage"}))}, {"created", time_text()}, {"used", time_text()}};
}

Fields invite_fields() {
  return {{"id", integer(1)},
          {"canvas", or_null(text())},
          {"role", or_null(text("given to whoever has a lower one"))},
          {"uses", or_null(integer())},
          {"expires_at", or_null(time_text())},
          {"created", time_text()}};
}

Json with(Fields fields, Fields more) {
  for (auto& field : more) fields.push_back(std::move(field));
  return object(fields);
}

void add_people(Json& all) {
  all["AccountChange"] = account_change_schema();
  all["Bot"] = object(bot_fields());
  all["BotPage"] = page("Bot", text());
  all["Code"] = with_example(object({{"code", text("as the host tells it")}}), {{"code", "KETTLE"}});
  all["Device"] = object({{"id", text("16 hexadecimal digits")}, {"label", text()}, {"created", time_text()}, {"used", time_text()},
                          {"expires_at", time_text()}, {"current", boolean()}});
  all["DevicePage"] = page("Device", text());
  all["Ended"] = object({{"ended", integer()}});
  all["Given"] = object({{"canvas", or_null(text())}, {"role", or_null(text())}});
  all["Invite"] = object(invite_fields());
  all["InvitePage"] = page("Invite", integer(1));
  all["InviteToken"] = with(invite_fields(), {{"token", text("told once and never kept")}, {"url", text("the link to send")}});
  all["Me"] = object({{"id", integer(1)}, {"name", text()}, {"kind", words_of<AccountKind>(account_kind_count)},
                      {"role", words_of<Role>(role_count)}, {"banned_until", time_text()}, {"reason", text()}},
                     {"banned_until", "reason"});
  all["NewBot"] = with_example(object({{"name", text("1 to 32 characters that can be seen")}, {"scopes", list(word({"read", "place", "manage"}))}}),
                               {{"name", "clock"}, {"scopes", Json::array({"place"})}});
  all["NewBotToken"] = with(bot_fields(), {{"token", text("told once and never kept")}});
  all["NewInvite"] = with_example(object({{"canvas", or_null(text())}, {"role", or_null(text())}, {"uses", or_null(integer(1))},
                                          {"expires_at", or_null(time_text())}},
                                         {"canvas", "role", "uses", "expires_at"}),
                                  {{"canvas", "main"}, {"uses", 5}});
  all["Secret"] = with_example(object({{"secret", text()}}), {{"secret", "of the link"}});
  all["StaffAccount"] = object(staff_account_fields());
  all["ListedAccount"] = listed_account_schema();
  all["ListedAccountPage"] = object({{"items", list(ref("ListedAccount"))}, {"next", or_null(text())}, {"total", integer()}, {"complete", boolean()}});
}

Json undo_schema(const char* what) {
  return object({{what, list(object({{"x", integer()}, {"y", integer()}, {"color", or_null(integer())}, {"seq", integer(1)}}))},
                 {"skipped", list(object({{"x", integer()}, {"y", integer()}, {"code", word({problem_codes.begin(), problem_codes.end()})}}))},
                 {"charges", or_null(integer())},
                 {"next_charge_ms", integer()}});
}

}  // namespace

Json schemas() {
  Json all = Json::object();
  all["Account"] = object({{"id", integer(1)},
                           {"name", text()},
                           {"kind", words_of<AccountKind>(account_kind_count)},
                           {"role", words_of<Role>(role_count)}});
  all["Canvas"] = canvas_schema();
  all["CanvasChange"] = canvas_change_schema();
  all["CanvasPage"] = page("Canvas", text());
  all["Cell"] = cell_schema();
  all["CellPage"] = page("Cell", integer(1));
  all["Count"] = with_example(object({{"count", integer(1)}}, {"count"}), {{"count", 1}});
  all["DeviceRequest"] = with_example(object({{"client", text("how the app calls itself and its device")}, {"client_id", text("ignored")}, {"scope", text("ignored")}},
                                      {"client", "client_id", "scope"}),
                               {{"client", "Tessera on Linux"}});
  all["DeviceCode"] = object({{"device_code", text("for the app alone")},
                              {"user_code", text("XXXX-XXXX, to be shown")},
                              {"verification_uri", text("where the person goes with it")},
                              {"verification_uri_complete", text("the same with the code in it")},
                              {"expires_in", integer(1)},
                              {"interval", integer(1)}});
  all["DeviceDecision"] = with_example(object({{"do", word({"sign_in", "sign_out", "confirm", "refuse"})},
                                               {"user_code", text()},
                                               {"name", text("a nickname, to sign in with")}},
                                              {"user_code", "name"}),
                                       {{"do", "confirm"}, {"user_code", "BCDF-GHJK"}});
  all["DeviceTokenRequest"] = with_example(object({{"device_code", text()}, {"grant_type", text()}, {"client_id", text("ignored")}}, {"grant_type", "client_id"}),
                                           {{"device_code", "as given"}});
  all["DeviceToken"] = object({{"access_token", text("told once and never kept")},
                               {"token_type", word({"Bearer"})},
                               {"expires_in", integer(1)},
                               {"token", text("the same as access_token")},
                               {"expires_at", time_text()},
                               {"account", ref("Account")}});
  Json color = text("#RRGGBB, or an index of the palette");
  color["type"] = Json::array({"string", "integer"});
  all["Draw"] = with_example(object({{"x", integer()}, {"y", integer()}, {"color", std::move(color)}}), {{"x", 1}, {"y", 2}, {"color", "#FF4500"}});
  all["Drawn"] = object({{"seq", integer(1)}, {"x", integer()}, {"y", integer()}, {"color", text("#RRGGBB")}, {"charges", or_null(integer())},
                         {"next_charge_ms", integer()}});
  all["Guest"] = with_example(object({{"name", text("1 to 32 characters that can be seen")}}), {{"name", "ann"}});
  all["Health"] = object({{"status", word({"ok", "ready"})}});
  all["Limits"] = limits_schema();
  all["NewCanvas"] = new_canvas_schema();
  all["Palette"] = object({{"colors", list(text("#RRGGBB"))}});
  Json cells = list(object({{"x", integer()}, {"y", integer()}, {"color", integer()}}));
  cells["minItems"] = 1;
  cells["maxItems"] = limits::cells_per_request;
  all["Placements"] = with_example(object({{"cells", std::move(cells)}}), {{"cells", Json::array({{{"x", 1}, {"y", 2}, {"color", 5}}})}});
  all["PlacementResult"] = object(result_fields());
  all["Policy"] = policy_schema();
  all["Problem"] = problem_schema();
  all["Redone"] = undo_schema("redone");
  all["Rejection"] = object({{"x", {{"type", "integer"}}},
                             {"y", {{"type", "integer"}}},
                             {"code", word({problem_codes.begin(), problem_codes.end()})},
                             {"retry_after_ms", integer()}},
                            {"retry_after_ms"});
  all["Server"] = server_schema();
  all["Session"] = object({{"token", text("told once and never kept")}, {"expires_at", time_text()}, {"account", ref("Account")}});
  all["State"] = object({{"name", text()}, {"width", integer(1)}, {"height", integer(1)}, {"colors", list(text("#RRGGBB"))}, {"seq", integer()},
                         {"epoch", text("16 hexadecimal digits")}, {"online", integer()}, {"paused", boolean()}, {"message", text()}});
  all["Stats"] = stats_schema();
  all["Undone"] = undo_schema("undone");
  add_people(all);
  add_staff_schemas(all);
  add_event_schemas(all);
  add_report_schemas(all);
  add_figure_schemas(all);
  return all;
}

}  // namespace tessera
