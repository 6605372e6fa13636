#include "server/net/json_message.h"

#include <nlohmann/json.hpp>

namespace tessera {
namespace {

using nlohmann::json;

constexpr int max_depth = 16;

JsonRefusal invalid(std::string detail) { return {"invalid", std::move(detail), std::nullopt}; }

bool is_too_deep(std::string_view text) {
  int depth = 0;
  bool in_string = false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char letter = text[i];
    if (in_string) {
      if (letter == '\\') ++i;
      else if (letter == '"') in_string = false;
    } else if (letter == '"') {
      in_string = true;
    } else if (letter == '{' || letter == '[') {
      if (++depth > max_depth) return true;
    } else if (letter == '}' || letter == ']') {
      --depth;
    }
  }
  return false;
}

/// An integer, or what is wrong: "x must be …".
Result<std::int64_t, JsonRefusal> integer(const json& data, const char* name) {
  const auto found = data.find(name);
  if (found == data.end()) return invalid(std::string("data.") + name + " is missing");
  if (found->is_number_unsigned()) {
    const auto value = found->get<std::uint64_t>();
    return static_cast<std::int64_t>(std::min<std::uint64_t>(value, INT64_MAX));
  }
  if (found->is_number_integer()) return found->get<std::int64_t>();
  return invalid(std::string("data.") + name + " must be a whole number");
}

Result<PixelUpdate, JsonRefusal> parse_pixel(const json& data) {
  const auto x = integer(data, "x"), y = integer(data, "y");
  if (!x) return x.error();
  if (!y) return y.error();
  if (*x < 0 || *y < 0 || *x >= max_canvas_side || *y >= max_canvas_side)
    return JsonRefusal{"out_of_bounds", "no canvas has a cell there", AskedPosition(*x, *y)};
  const Cell cell{static_cast<std::uint16_t>(*x), static_cast<std::uint16_t>(*y)};
  const auto color = data.find("color");
  if (color == data.end()) return JsonRefusal{"invalid", "data.color is missing", cell};
  if (!color->is_string()) return JsonRefusal{"invalid", "data.color must be a text such as \"#FF0000\"", cell};
  const auto rgb = parse_color(color->get_ref<const std::string&>());
  if (!rgb) return JsonRefusal{"bad_color", "data.color must look like #RRGGBB", cell};
  return PixelUpdate{cell, *rgb};
}

}  // namespace

Result<PixelUpdate, JsonRefusal> parse_json_message(std::string_view text) {
  if (is_too_deep(text)) return invalid("the JSON is nested deeper than 16 levels");
  const json message = json::parse(text.begin(), text.end(), nullptr, false);
  if (message.is_discarded()) return invalid("the message is not JSON");
  if (!message.is_object()) return invalid("the message must be an object with type and data");
  const auto type = message.find("type");
  if (type == message.end() || !type->is_string()) return invalid("type must be a text");
  if (type->get_ref<const std::string&>() != "pixel:update")
    return invalid("unknown type; this server reads pixel:update");
  const auto data = message.find("data");
  if (data == message.end() || !data->is_object()) return invalid("data must be an object");
  return parse_pixel(*data);
}

}  // namespace tessera
