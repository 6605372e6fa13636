#pragma once

#include <cmath>
#include <cstdint>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <string_view>

#include "shared/base/text.h"
#include "shared/protocol/limits.h"

/// Fields of a JSON object that somebody else has written: what is missing or of another kind is simply not there.
namespace tessera {

inline const nlohmann::json* field_in(const nlohmann::json& object, std::string_view key) {
  if (!object.is_object()) return nullptr;
  const auto found = object.find(key);
  return found == object.end() ? nullptr : &*found;
}
inline std::string text_in(const nlohmann::json& object, std::string_view key) {
  const nlohmann::json* value = field_in(object, key);
  return value && value->is_string() ? value->get<std::string>() : std::string();
}
/// As one line that can be shown; empty where nothing can be.
inline std::string line_in(const nlohmann::json& object, std::string_view key) {
  return display_name(text_in(object, key), limits::text_bytes).value_or("");
}
inline bool flag_in(const nlohmann::json& object, std::string_view key) {
  const nlohmann::json* value = field_in(object, key);
  return value && value->is_boolean() && value->get<bool>();
}
/// A whole number from 0 to `most`.
inline std::optional<std::uint64_t> number_in(const nlohmann::json& object, std::string_view key,
                                              std::uint64_t most = UINT64_MAX) {
  const nlohmann::json* value = field_in(object, key);
  if (!value || !value->is_number_unsigned() || value->get<std::uint64_t>() > most) return std::nullopt;
  return value->get<std::uint64_t>();
}
inline std::optional<double> decimal_in(const nlohmann::json& object, std::string_view key) {
  const nlohmann::json* value = field_in(object, key);
  if (!value || !value->is_number() || !std::isfinite(value->get<double>()) || value->get<double>() < 0)
    return std::nullopt;
  return value->get<double>();
}
/// The enumerator whose `code()` this is.
template <typename Enumeration>
std::optional<Enumeration> word_in(const nlohmann::json& object, std::string_view key, std::uint8_t count) {
  const std::string word = text_in(object, key);
  for (std::uint8_t i = 0; i < count; ++i)
    if (code(static_cast<Enumeration>(i)) == word) return static_cast<Enumeration>(i);
  return std::nullopt;
}
/// As it goes out: what is not UTF-8 is the server's to refuse, not a reason to end the app.
inline std::string written(const nlohmann::json& value) {
  return value.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
}

}  // namespace tessera
