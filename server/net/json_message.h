#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "shared/base/geometry.h"
#include "shared/base/result.h"
#include "shared/canvas/palette.h"

namespace tessera {

/// A `pixel:update` of the JSON interface. Coordinates may lie outside any canvas: only what fits none is refused here.
struct PixelUpdate {
  Cell cell;
  Rgb color;
};

/// Where a client asked for a placement; may lie where no canvas has a cell.
struct AskedPosition {
  AskedPosition(std::int64_t asked_x, std::int64_t asked_y) : x(asked_x), y(asked_y) {}
  AskedPosition(Cell cell) : x(cell.x), y(cell.y) {}

  std::int64_t x;
  std::int64_t y;
};

/// Why a JSON message was refused: what goes into an `error` message.
struct JsonRefusal {
  std::string code;
  std::string detail;
  std::optional<AskedPosition> position;
};

/// Reads a client's message. Refused: what is not JSON, or deeper than 16 levels; a key twice in one
/// object; an unknown type; wrong or missing fields.
Result<PixelUpdate, JsonRefusal> parse_json_message(std::string_view text);

}  // namespace tessera
