#include "server/http/schemas.h"

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include "server/core/problem.h"
#include "shared/canvas/canvas.h"
#include "shared/protocol/limits.h"

namespace tessera {
namespace {

using Fields = std::vector<std::pair<std::string, Json>>;

Json integer(std::int64_t min = 0) { return {{"type", "integer"}, {"minimum", min}}; }
Json text(const char* about = nullptr) {
  Json json{{"type", "string"}};
  if (about) json["description"] = about;
  return json;
}
Json time_text() { return {{"type", "string"}, {"format", "date-time"}, {"description", "RFC 3339, UTC, milliseconds"}}; }
Json boolean() { return {{"type", "boolean"}}; }
Json word(const std::vector<std::string>& words) { return {{"type", "string"}, {"enum", words}}; }
/// The words of the interfaces for every value of an enumeration.
template <typename Enumeration>
Json words_of(std::size_t count) {
  std::vector<std::string> words;
  for (std::size_t i = 0; i < count; ++i) words.emplace_back(code(static_cast<Enumeration>(i)));
  return word(words);
}
Json ref(const char* name) { return {{"$ref", std::string("#/components/schemas/") + name}}; }
Json list(Json items) { return {{"type", "array"}, {"items", std::move(items)}}; }

Json or_null(Json schema) {
  schema["type"] = Json::array({schema["type"], "null"});
  return schema;
}

/// An object with these fields and no other; all but the `optional` ones are there.
Json object(const Fields& fields, const std::vector<std::string>& optional = {}) {
  Json properties = Json::object(), required = Json::array();
  for (const auto& [name, schema] : fields) {
    properties[name] = schema;
    if (std::find(optional.begin(), optional.end(), name) == optional.end()) required.push_back(name);
  }
  return {{"type", "object"}, {"properties", std::move(properties)}, {"required", std::move(required)}, {"additionalProperties", false}};
}

Json page(const char* items, Json next) { return object({{"items", list(ref(items))}, {"next", or_null(std::move(next))}}); }

Json with_example(Json schema, Json example) {
  schema["example"] = std::move(example);
  return schema;
}

Json limits_schema() {
  return object({{"per_second", or_null({{"type", "number"}})},
                 {"burst", or_null(integer())},
                 {"per_minute", or_null(integer())},
                 {"cooldown_ms", integer()}});
}

Json policy_schema() {
  Json policy = limits_schema();
  policy["properties"]["guests"] = boolean();
  policy["properties"]["roles"] = {{"type", "object"}, {"additionalProperties", ref("Limits")}};
  policy["required"].push_back("guests");
  policy["required"].push_back("roles");
  return policy;
}

Json cell_schema() {
  return object({{"x", integer()},
                 {"y", integer()},
                 {"color", or_null(integer())},
                 {"seq", or_null(integer(1))},
                 {"time", or_null(time_text())},
                 {"account", or_null(integer(1))},
                 {"name", or_null(text())}});
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
                {"code", word({problem_codes.begin(), problem_codes.end()})}};
  std::vector<std::string> optional;
  // A placement of which nothing was accepted tells its whole result.
  for (auto& [name, schema] : result_fields()) {
    optional.push_back(name);
    fields.emplace_back(name, schema);
  }
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
                                    {"reads_per_minute", or_null(integer())}})}});
}

Json canvas_schema() {
  return object({{"name", text("1 to 64 of a-z 0-9 - _")},
                 {"width", integer(1)},
                 {"height", integer(1)},
                 {"palette", list(object({{"color", text("#RRGGBB")}, {"name", text()}, {"retired", boolean()}}))},
                 {"policy", ref("Policy")},
                 {"access", word({"open"})},
                 {"paused", boolean()},
                 {"message", text("why it is paused")},
                 {"epoch", text("16 hexadecimal digits")},
                 {"seq", integer()},
                 {"online", integer()},
                 {"version", integer(1)}},
                {"message"});
}

}  // namespace

Json schemas() {
  Json all = Json::object();
  all["Account"] = object({{"id", integer(1)},
                           {"name", text()},
                           {"kind", words_of<AccountKind>(account_kind_count)},
                           {"role", words_of<Role>(role_count)}});
  all["Canvas"] = canvas_schema();
  all["CanvasPage"] = page("Canvas", text());
  all["Cell"] = cell_schema();
  all["CellPage"] = page("Cell", integer(1));
  all["Guest"] = with_example(object({{"name", text("1 to 32 characters that can be seen")}}), {{"name", "ann"}});
  all["Health"] = object({{"status", word({"ok", "ready"})}});
  all["Limits"] = limits_schema();
  all["Palette"] = object({{"colors", list(text("#RRGGBB"))}});
  Json cells = list(object({{"x", integer()}, {"y", integer()}, {"color", integer()}}));
  cells["minItems"] = 1;
  cells["maxItems"] = limits::cells_per_request;
  all["Placements"] = with_example(object({{"cells", std::move(cells)}}), {{"cells", Json::array({{{"x", 1}, {"y", 2}, {"color", 5}}})}});
  all["PlacementResult"] = object(result_fields());
  all["Policy"] = policy_schema();
  all["Problem"] = problem_schema();
  all["Rejection"] = object({{"x", {{"type", "integer"}}},
                             {"y", {{"type", "integer"}}},
                             {"code", word({problem_codes.begin(), problem_codes.end()})},
                             {"retry_after_ms", integer()}},
                            {"retry_after_ms"});
  all["Server"] = server_schema();
  all["Session"] = object({{"token", text("told once and never kept")}, {"expires_at", time_text()}, {"account", ref("Account")}});
  return all;
}

}  // namespace tessera
