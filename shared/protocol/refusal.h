#pragma once

#include <cstdint>
#include <string_view>

namespace tessera {

/// Why a cell, a request or a connection was refused. Values are part of the protocol: add at the end, never renumber.
enum class Refusal : std::uint8_t {
  OutOfBounds = 0,
  BadColor = 1,
  TooSoon = 2,
  Paused = 3,
  Locked = 4,
  Banned = 5,
  NotSignedIn = 6,
  Forbidden = 7,
  Busy = 8,
  Invalid = 9,
  BadToken = 10,
  BadVersion = 11,
  NotFound = 12,
  TooLarge = 13,
  NothingToUndo = 14,
  DrawnOver = 15,
  NotJoined = 16,
  Archived = 17,
};
inline constexpr std::uint8_t refusal_count = 18;

/// The stable word of the HTTP and JSON interfaces: `out_of_bounds`, `too_soon`, …
std::string_view code(Refusal refusal);

/// The same as a sentence for people: "That cell is outside the canvas."
std::string_view meaning(Refusal refusal);

}  // namespace tessera
