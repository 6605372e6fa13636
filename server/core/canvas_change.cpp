#include "server/core/canvas_change.h"

#include <algorithm>

#include "server/core/letter_case.h"

namespace tessera {
namespace {

Status check_palette(const Palette& before, const Palette& after) {
  if (after.size() < before.size())
    return Error{"palette: it has " + std::to_string(before.size()) + " colours and never shrinks; retire the ones that are not to be placed"};
  for (std::size_t i = 0; i < before.size(); ++i) {
    const Rgb color = before.colors()[i].color;
    if (after.colors()[i].color != color)
      return Error{"palette[" + std::to_string(i) + "]: the colour " + format_color(color) +
                   " may be renamed or retired, but not replaced; new colours come after the last"};
  }
  return {};
}

template <typename T>
void take(T& place, const std::optional<T>& wanted) {
  if (wanted) place = *wanted;
}

Status change_limits(PlacingLimits& limits, const LimitsChange& change, const std::string& path) {
  take(limits.per_second, change.per_second);
  take(limits.burst, change.burst);
  take(limits.per_minute, change.per_minute);
  take(limits.cooldown_ms, change.cooldown_ms);
  if (limits.per_second && limits.burst == 0) return Error{path + ".burst must be at least 1 where per_second is a limit"};
  return {};
}

}  // namespace

Result<Policy> changed_policy(const Policy& policy, const PolicyChange& change) {
  Policy after = policy;
  if (const Status right = change_limits(after.limits, change.limits, "policy"); !right) return right.error();
  take(after.guests, change.guests);
  take(after.only_color, change.only_color);
  for (std::size_t role = 0; role < role_count; ++role) {
    if (!change.roles[role]) continue;
    auto& own = after.roles[role];
    if (!*change.roles[role]) {
      own.reset();
      continue;
    }
    if (!own) own = after.limits;
    const std::string path = "policy.roles." + std::string(code(static_cast<Role>(role)));
    if (const Status right = change_limits(*own, **change.roles[role], path); !right) return right.error();
  }
  return after;
}

std::string plain_code(std::string_view code) {
  std::string plain;
  for (const char letter : code)
    if (letter != ' ' && letter != '-') plain += letter;
  return capitals(plain);
}

Status check_size(Size size, std::uint64_t max_cells) {
  const std::string shown = std::to_string(size.width) + "x" + std::to_string(size.height);
  if (size.width == 0 || size.height == 0 || std::max(size.width, size.height) > max_canvas_side)
    return Error{shown + " is no size: each side is 1 to " + std::to_string(max_canvas_side) + " cells"};
  if (size.cells() > max_cells)
    return Error{shown + " has more cells than --max-cells of this server allows (" + std::to_string(max_cells) + ")"};
  return {};
}

Result<CanvasRecord, ChangeError> changed_record(const CanvasRecord& record, const CanvasChange& change, std::uint64_t max_cells) {
  if (change.size && *change.size != record.size)
    if (const Status fits = check_size(*change.size, max_cells); !fits) return ChangeError{Refusal::TooLarge, fits.error().message};
  if (change.palette)
    if (const Status kept = check_palette(record.palette, *change.palette); !kept) return ChangeError{Refusal::Invalid, kept.error().message};
  CanvasRecord after = record;
  take(after.size, change.size);
  take(after.palette, change.palette);
  take(after.policy, change.policy);
  take(after.access, change.access);
  take(after.access_code, change.access_code);
  take(after.paused, change.paused);
  take(after.pause_message, change.pause_message);
  take(after.archived, change.archived);
  if (after.policy.only_color && *after.policy.only_color >= after.palette.size())
    return ChangeError{Refusal::Invalid, "policy.only_color: the palette has no colour of that number"};
  if (!after.paused) after.pause_message.clear();
  if (after.access != Access::Code) after.access_code.clear();
  if (after.access == Access::Code && after.access_code.empty()) return ChangeError{Refusal::Invalid, "access by a code needs a code"};
  if (after != record) ++after.version;
  return after;
}

}  // namespace tessera
