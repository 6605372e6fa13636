#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "shared/canvas/palette.h"
#include "shared/protocol/parts.h"

namespace tessera {

/// How fast one may place; what is absent has no limit.
struct PlacingRules {
  std::optional<double> per_second;
  std::uint32_t burst = 0;  ///< of no meaning without `per_second`
  std::optional<std::uint32_t> per_minute;
  std::uint32_t cooldown_ms = 0;
  bool operator==(const PlacingRules&) const = default;
};

/// A canvas as its admins set it up: what the HTTP API says of one.
struct CanvasSetup {
  std::string name;
  std::uint32_t width = 0;
  std::uint32_t height = 0;
  std::vector<PaletteColor> palette;
  PlacingRules rules;
  bool guests = true;
  std::array<std::optional<PlacingRules>, role_count> roles;  ///< a role's own rules in place of the canvas's
  Access access{};
  std::string code;  ///< only told to admins
  bool paused = false;
  std::string message;
  bool archived = false;
  std::string epoch;
  std::uint64_t seq = 0;
  std::uint32_t online = 0;
  std::uint32_t version = 0;
  bool operator==(const CanvasSetup&) const = default;
};

/// What can be changed of a canvas, each by itself.
enum class SetupField : std::uint8_t {
  Width,
  Height,
  Palette,
  PerSecond,
  Burst,
  PerMinute,
  Cooldown,
  Guests,
  Roles,
  Access,
  Code,
  Paused,
  Message,
  Archived,
};
inline constexpr std::uint8_t setup_field_count = 14;
/// Those that a form holds; the others are changed by a button, at once.
inline constexpr std::uint8_t form_field_count = 11;

bool same(SetupField field, const CanvasSetup& a, const CanvasSetup& b);
void take(SetupField field, CanvasSetup& to, const CanvasSetup& from);
/// The form's fields in which they differ.
std::vector<SetupField> differences(const CanvasSetup& a, const CanvasSetup& b);

/// A change to ask for: only these fields of `wanted` are sent.
struct SetupChange {
  CanvasSetup wanted;
  std::vector<SetupField> fields;
  bool operator==(const SetupChange&) const = default;
};

/// One's own changes of `base` (renamed, retired, added) made on `theirs` instead: entries keep their index, and what
/// both added is there once.
std::vector<PaletteColor> merge_palettes(const std::vector<PaletteColor>& base, const std::vector<PaletteColor>& mine,
                                         const std::vector<PaletteColor>& theirs);

}  // namespace tessera
