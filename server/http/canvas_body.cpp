#include "server/http/canvas_body.h"

#include <algorithm>

#include "server/core/canvas_change.h"
#include "server/core/opening.h"
#include "server/http/json_body.h"
#include "shared/base/text.h"

namespace tessera {
namespace {

using nlohmann::json;

constexpr std::size_t code_length = 6;
constexpr std::size_t most_code_bytes = 32;
constexpr std::uint32_t most_burst = 1'000'000;
constexpr std::uint32_t most_per_minute = 60'000;  // what a sliding minute can count
constexpr std::int64_t longest_cooldown_ms = 7 * 86'400'000;
// Without 0 and O, 1, I and L, 5 and S, 2 and Z, 8 and B, and what sounds alike.
constexpr std::string_view code_letters = "ACDEFGHJKMNPQRTUVWXY34679";

LimitsChange read_limits(JsonFields& fields) {
  LimitsChange limits;
  if (fields.is_null("per_second")) limits.per_second.emplace();
  else if (fields.has("per_second")) limits.per_second = fields.real("per_second", 0.000'001, 100'000);
  if (fields.is_null("burst")) limits.burst = 0;
  else if (fields.has("burst")) limits.burst = static_cast<std::uint32_t>(fields.number("burst", 1, most_burst));
  if (fields.is_null("per_minute")) limits.per_minute.emplace();
  else if (fields.has("per_minute")) limits.per_minute = static_cast<std::uint32_t>(fields.number("per_minute", 1, most_per_minute));
  if (fields.has("cooldown_ms")) limits.cooldown_ms = static_cast<std::uint32_t>(fields.number("cooldown_ms", 0, longest_cooldown_ms));
  return limits;
}

std::optional<Role> role_named(const std::string& name) {
  for (std::uint8_t role = 0; role < role_count; ++role)
    if (code(static_cast<Role>(role)) == name) return static_cast<Role>(role);
  return std::nullopt;
}

/// null takes a role's own limits away.
void read_roles(const json& roles, PolicyChange& change, std::string& error) {
  for (const auto& [name, value] : roles.items()) {
    if (!error.empty()) return;
    const auto role = role_named(name);
    if (!role) {
      error = "policy.roles: there is no role '" + name.substr(0, 32) + "'; known: guest, member, moderator, admin, owner";
      return;
    }
    auto& own = change.roles[static_cast<std::size_t>(*role)].emplace();
    if (value.is_null()) continue;
    JsonFields fields(value, "policy.roles." + name, error);
    own = read_limits(fields);
    fields.finish();
  }
}

/// The policy as the body changes it; as it was where that is wrong.
Policy read_changed_policy(const json& body, const Policy& policy, std::string& error) {
  const PolicyChange change = read_policy(body, error);
  const auto after = changed_policy(policy, change);
  if (error.empty() && !after) error = after.error().message;
  return after ? *after : policy;
}

std::optional<Access> access_named(const std::string& name) {
  for (std::uint8_t access = 0; access < access_count; ++access)
    if (code(static_cast<Access>(access)) == name) return static_cast<Access>(access);
  return std::nullopt;
}

/// Access and its code: a code alone means access by it, and access by a code without one draws it.
struct AskedAccess {
  std::optional<Access> access;
  std::optional<std::string> code;
};
AskedAccess read_access(JsonFields& fields, const std::string& known_code, RandomSource& random) {
  AskedAccess asked;
  if (fields.has("access")) {
    asked.access = access_named(fields.text("access", 16));
    if (fields.ok() && !asked.access) fields.refuse("access", "must be open, code, members or invited");
  }
  if (fields.is_null("code")) {
    asked.code = draw_code(random);
    asked.access = asked.access.value_or(Access::Code);
  } else if (fields.has("code")) {
    const std::string text = fields.text("code", most_code_bytes);
    const auto shown = display_name(text);
    asked.code = plain_code(shown.value_or(""));
    if (fields.ok() && asked.code->size() < 4) fields.refuse("code", "must have at least 4 letters or digits");
    asked.access = asked.access.value_or(Access::Code);
  }
  if (asked.access == Access::Code && !asked.code && known_code.empty()) asked.code = draw_code(random);
  return asked;
}

std::uint32_t read_side(JsonFields& fields, const char* name) {
  return static_cast<std::uint32_t>(fields.number(name, 1, max_canvas_side));
}

}  // namespace

PolicyChange read_policy(const json& body, std::string& error) {
  JsonFields fields(body, "policy", error);
  PolicyChange change;
  change.limits = read_limits(fields);
  if (fields.has("guests")) change.guests = fields.boolean("guests");
  if (fields.is_null("only_color")) change.only_color.emplace();
  else if (fields.has("only_color")) change.only_color = static_cast<ColorIndex>(fields.number("only_color", 0, Palette::max_colors - 1));
  if (fields.has("roles")) read_roles(fields.object("roles"), change, error);
  fields.finish();
  return change;
}

std::optional<Palette> read_palette(const json& list, std::string& error) {
  std::vector<PaletteColor> colors;
  for (std::size_t i = 0; i < list.size() && error.empty(); ++i) {
    const std::string path = "palette[" + std::to_string(i) + "]";
    JsonFields fields(list[i], path, error);
    PaletteColor& entry = colors.emplace_back();
    const auto color = parse_color(fields.text("color", 7));
    if (fields.ok() && !color) fields.refuse("color", "must be written as #RRGGBB");
    if (color) entry.color = *color;
    if (fields.has("name")) {
      const std::string text = fields.text("name", 256);
      const auto name = text.empty() ? std::optional(text) : display_name(text);
      if (!name) fields.refuse("name", "must have at most 32 characters that can be seen");
      entry.name = name.value_or("");
    }
    if (fields.has("retired")) entry.retired = fields.boolean("retired");
    fields.finish();
  }
  if (!error.empty()) return std::nullopt;
  auto palette = Palette::make(std::move(colors));
  if (palette) return *std::move(palette);
  error = palette.error().message;  // it names the palette
  return std::nullopt;
}

std::string draw_code(RandomSource& random) {
  std::string code;
  for (std::size_t i = 0; i < code_length; ++i) code += code_letters[random.next_u64() % code_letters.size()];
  return code;
}

Result<NewCanvas> read_new_canvas(const json& body, const Policy& policy, RandomSource& random) {
  std::string error;
  JsonFields fields(body, "", error);
  NewCanvas canvas;
  canvas.name = fields.text("name", limits::canvas_name_bytes);
  if (fields.ok() && !is_canvas_name(canvas.name)) fields.refuse("name", "must have 1 to 64 of a-z, 0-9, - and _, and begin with a letter or a digit");
  canvas.size = {read_side(fields, "width"), read_side(fields, "height")};
  if (fields.has("palette"))
    if (auto palette = read_palette(fields.list("palette", Palette::max_colors), error)) canvas.palette = std::move(*palette);
  canvas.policy = fields.has("policy") ? read_changed_policy(fields.object("policy"), policy, error) : policy;
  if (error.empty() && canvas.policy.only_color.value_or(0) >= canvas.palette.size()) error = "policy.only_color: the palette has no colour of that number";
  const AskedAccess asked = read_access(fields, {}, random);
  canvas.access = asked.access.value_or(Access::Open);
  canvas.access_code = asked.code.value_or("");
  fields.finish();
  if (!error.empty()) return Error{error};
  return canvas;
}

Result<CanvasChange> read_canvas_change(const json& body, const CanvasRecord& record, RandomSource& random) {
  std::string error;
  JsonFields fields(body, "", error);
  CanvasChange change;
  if (fields.has("width") || fields.has("height")) {
    change.size = record.size;
    if (fields.has("width")) change.size->width = read_side(fields, "width");
    if (fields.has("height")) change.size->height = read_side(fields, "height");
  }
  if (fields.has("palette")) change.palette = read_palette(fields.list("palette", Palette::max_colors), error);
  if (fields.has("policy")) change.policy = read_changed_policy(fields.object("policy"), record.policy, error);
  const AskedAccess asked = read_access(fields, record.access_code, random);
  change.access = asked.access;
  change.access_code = asked.code;
  if (fields.has("paused")) change.paused = fields.boolean("paused");
  if (fields.is_null("message")) change.pause_message.emplace();
  else if (fields.has("message")) {
    const std::string text = fields.text("message", limits::text_bytes);
    change.pause_message = text.empty() ? text : display_name(text, limits::text_bytes).value_or("");
  }
  if (fields.has("archived")) change.archived = fields.boolean("archived");
  fields.finish();
  if (!error.empty()) return Error{error};
  return change;
}

}  // namespace tessera
