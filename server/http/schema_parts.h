#pragma once

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include "server/http/schemas.h"
#include "shared/protocol/parts.h"

/// What the schemas of the API's document are put together from.
namespace tessera::schema {

using Fields = std::vector<std::pair<std::string, Json>>;

inline Json integer(std::int64_t min = 0) { return {{"type", "integer"}, {"minimum", min}}; }
inline Json text(const char* about = nullptr) {
  Json json{{"type", "string"}};
  if (about) json["description"] = about;
  return json;
}
inline Json time_text() { return {{"type", "string"}, {"format", "date-time"}, {"description", "RFC 3339, UTC, milliseconds"}}; }
inline Json boolean() { return {{"type", "boolean"}}; }
inline Json word(const std::vector<std::string>& words) { return {{"type", "string"}, {"enum", words}}; }
/// The words of the interfaces for every value of an enumeration.
template <typename Enumeration>
Json words_of(std::size_t count) {
  std::vector<std::string> words;
  for (std::size_t i = 0; i < count; ++i) words.emplace_back(code(static_cast<Enumeration>(i)));
  return word(words);
}
inline Json ref(const char* name) { return {{"$ref", std::string("#/components/schemas/") + name}}; }
inline Json list(Json items) { return {{"type", "array"}, {"items", std::move(items)}}; }

inline Json or_null(Json schema) {
  schema["type"] = Json::array({schema["type"], "null"});
  return schema;
}

/// An object with these fields and no other; all but the `optional` ones are there.
inline Json object(const Fields& fields, const std::vector<std::string>& optional = {}) {
  Json properties = Json::object(), required = Json::array();
  for (const auto& [name, schema] : fields) {
    properties[name] = schema;
    if (std::find(optional.begin(), optional.end(), name) == optional.end()) required.push_back(name);
  }
  return {{"type", "object"}, {"properties", std::move(properties)}, {"required", std::move(required)}, {"additionalProperties", false}};
}

inline Json page(const char* items, Json next) { return object({{"items", list(ref(items))}, {"next", or_null(std::move(next))}}); }

inline Json with_example(Json schema, Json example) {
  schema["example"] = std::move(example);
  return schema;
}

}  // namespace tessera::schema

namespace tessera {

/// Adds the schemas of the staff's work.
void add_staff_schemas(Json& all);
/// Of events: schedule, snapshots, reset.
void add_event_schemas(Json& all);
/// Of the figures that staff read: of the server, of an account, of a canvas.
void add_figure_schemas(Json& all);
/// Adds those of reports, and of what staff see and do of people.
void add_report_schemas(Json& all);

}  // namespace tessera
