#include "app/net/canvas_json.h"

#include <algorithm>

#include "app/net/json_fields.h"
#include "shared/base/text.h"
#include "shared/protocol/limits.h"

namespace tessera {
namespace {

using nlohmann::json;

constexpr std::size_t longest_code = 64;

PlacingRules read_rules(const json& rules) {
  PlacingRules out;
  out.per_second = decimal_in(rules, "per_second");
  out.burst = static_cast<std::uint32_t>(number_in(rules, "burst", UINT32_MAX).value_or(0));
  if (const auto per_minute = number_in(rules, "per_minute", UINT32_MAX))
    out.per_minute = static_cast<std::uint32_t>(*per_minute);
  out.cooldown_ms = static_cast<std::uint32_t>(number_in(rules, "cooldown_ms", UINT32_MAX).value_or(0));
  return out;
}

json rate(const PlacingRules& rules) {
  if (!rules.per_second) return nullptr;
  const double rate = *rules.per_second;
  if (rate == std::floor(rate) && rate < 1e15) return static_cast<std::uint64_t>(rate);
  return rate;
}
json burst(const PlacingRules& rules) { return rules.per_second ? json(rules.burst) : json(nullptr); }
json per_minute(const PlacingRules& rules) { return rules.per_minute ? json(*rules.per_minute) : json(nullptr); }

json write_rules(const PlacingRules& rules) {
  return {{"per_second", rate(rules)},
          {"burst", burst(rules)},
          {"per_minute", per_minute(rules)},
          {"cooldown_ms", rules.cooldown_ms}};
}

/// Null takes a role's own rules away.
json write_roles(const CanvasSetup& setup) {
  json out = json::object();
  for (std::size_t role = 0; role < role_count; ++role)
    out[std::string(code(static_cast<Role>(role)))] = setup.roles[role] ? write_rules(*setup.roles[role]) : json(nullptr);
  return out;
}

std::optional<std::vector<PaletteColor>> read_palette(const json& canvas) {
  const json* list = field_in(canvas, "palette");
  if (!list || !list->is_array() || list->size() > Palette::max_colors) return std::nullopt;
  std::vector<PaletteColor> colors;
  for (const json& item : *list) {
    const auto color = parse_color(text_in(item, "color"));
    if (!color) return std::nullopt;
    colors.push_back({*color, display_name(text_in(item, "name")).value_or(""), flag_in(item, "retired")});
  }
  return colors;
}

json write_palette(const std::vector<PaletteColor>& palette) {
  json out = json::array();
  for (const PaletteColor& entry : palette)
    out.push_back({{"color", format_color(entry.color)}, {"name", entry.name}, {"retired", entry.retired}});
  return out;
}

/// The fields of the policy lie in an object of their own.
bool write_policy_field(SetupField field, const CanvasSetup& setup, json& policy) {
  switch (field) {
    case SetupField::PerSecond:
      policy["per_second"] = rate(setup.rules);
      policy["burst"] = burst(setup.rules);
      return true;
    case SetupField::Burst:
      policy["burst"] = burst(setup.rules);
      return true;
    case SetupField::PerMinute:
      policy["per_minute"] = per_minute(setup.rules);
      return true;
    case SetupField::Cooldown:
      policy["cooldown_ms"] = setup.rules.cooldown_ms;
      return true;
    case SetupField::Guests:
      policy["guests"] = setup.guests;
      return true;
    case SetupField::Roles:
      policy["roles"] = write_roles(setup);
      return true;
    default:
      return false;
  }
}

void write_field(SetupField field, const CanvasSetup& setup, json& out) {
  switch (field) {
    case SetupField::Width:
      out["width"] = setup.width;
      return;
    case SetupField::Height:
      out["height"] = setup.height;
      return;
    case SetupField::Palette:
      out["palette"] = write_palette(setup.palette);
      return;
    case SetupField::Access:
      out["access"] = code(setup.access);
      return;
    case SetupField::Code:
      out["code"] = setup.code;
      return;
    case SetupField::Paused:
      out["paused"] = setup.paused;
      return;
    case SetupField::Message:
      out["message"] = setup.message;
      return;
    case SetupField::Archived:
      out["archived"] = setup.archived;
      return;
    default: {
      json policy = json::object();
      if (write_policy_field(field, setup, policy)) out["policy"].update(policy);
    }
  }
}

}  // namespace

std::optional<CanvasSetup> read_canvas(const json& canvas) {
  CanvasSetup out;
  out.name = text_in(canvas, "name");
  const auto width = number_in(canvas, "width", max_canvas_side), height = number_in(canvas, "height", max_canvas_side);
  auto palette = read_palette(canvas);
  if (out.name.empty() || out.name.size() > limits::canvas_name_bytes) return std::nullopt;
  if (!width || !height || *width == 0 || *height == 0 || !palette) return std::nullopt;
  out.width = static_cast<std::uint32_t>(*width);
  out.height = static_cast<std::uint32_t>(*height);
  out.palette = std::move(*palette);
  if (const json* policy = field_in(canvas, "policy")) {
    out.rules = read_rules(*policy);
    out.guests = flag_in(*policy, "guests");
    const json* roles = field_in(*policy, "roles");
    for (std::size_t role = 0; roles && role < role_count; ++role)
      if (const json* own = field_in(*roles, code(static_cast<Role>(role))); own && own->is_object()) out.roles[role] = read_rules(*own);
  }
  out.access = word_in<Access>(canvas, "access", access_count).value_or(Access::Open);
  out.code = text_in(canvas, "code").substr(0, longest_code);
  out.paused = flag_in(canvas, "paused");
  out.message = text_in(canvas, "message").substr(0, limits::text_bytes);
  out.archived = flag_in(canvas, "archived");
  out.epoch = text_in(canvas, "epoch").substr(0, 16);
  out.seq = number_in(canvas, "seq").value_or(0);
  out.online = static_cast<std::uint32_t>(number_in(canvas, "online", UINT32_MAX).value_or(0));
  out.version = static_cast<std::uint32_t>(number_in(canvas, "version", UINT32_MAX).value_or(0));
  return out;
}

json write_change(const SetupChange& change) {
  json out = json::object();
  for (const SetupField field : change.fields) write_field(field, change.wanted, out);
  return out;
}

json write_new_canvas(const CanvasSetup& setup) {
  json out{{"name", setup.name}};
  for (std::uint8_t i = 0; i < form_field_count; ++i) {
    const auto field = static_cast<SetupField>(i);
    if (field != SetupField::Code || setup.access == Access::Code) write_field(field, setup, out);
  }
  return out;
}

}  // namespace tessera
