#include "server/http/shapes.h"

#include <cmath>

#include "server/core/problem.h"
#include "shared/base/text.h"

namespace tessera {
namespace {

/// 10 rather than 10.0.
Json number_json(double value) {
  if (value == std::floor(value) && std::abs(value) < 1e15) return static_cast<std::int64_t>(value);
  return value;
}

Json limits_json(const PlacingLimits& limits) {
  Json json;
  json["per_second"] = limits.per_second ? number_json(*limits.per_second) : Json(nullptr);
  json["burst"] = limits.per_second ? Json(limits.burst) : Json(nullptr);
  json["per_minute"] = limits.per_minute ? Json(*limits.per_minute) : Json(nullptr);
  json["cooldown_ms"] = limits.cooldown_ms;
  return json;
}

Json policy_json(const Policy& policy) {
  Json json = limits_json(policy.limits);
  json["guests"] = policy.guests;
  if (policy.only_color) json["only_color"] = *policy.only_color;
  json["roles"] = Json::object();
  for (std::size_t role = 0; role < role_count; ++role)
    if (policy.roles[role]) json["roles"][code(static_cast<Role>(role))] = limits_json(*policy.roles[role]);
  return json;
}

}  // namespace

std::string epoch_text(Epoch epoch) { return to_hex(static_cast<std::uint64_t>(epoch)); }

Json account_json(const AccountInfo& account) {
  return {{"id", static_cast<std::uint32_t>(account.id)},
          {"name", account.name},
          {"kind", code(account.kind)},
          {"role", code(account.role)}};
}

Json canvas_json(const CanvasView& view, Role role) {
  const CanvasRecord& record = view.record;
  Json palette = Json::array();
  for (const PaletteColor& entry : record.palette.colors())
    palette.push_back({{"color", format_color(entry.color)}, {"name", entry.name}, {"retired", entry.retired}});
  Json json{{"name", record.name},
            {"width", record.size.width},
            {"height", record.size.height},
            {"palette", std::move(palette)},
            {"policy", policy_json(record.policy)},
            {"access", code(record.access)},
            {"paused", record.paused},
            {"epoch", epoch_text(record.epoch)},
            {"seq", view.seq},
            {"online", view.online},
            {"version", record.version}};
  if (record.paused) json["message"] = record.pause_message;
  if (record.archived) json["archived"] = true;
  if (role >= Role::Admin && record.access == Access::Code) json["code"] = record.access_code;
  return json;
}

Json cell_json(Cell cell, ColorIndex color, const Placement* placement, const ShownName& name) {
  Json json{{"x", cell.x}, {"y", cell.y}};
  json["color"] = color == empty_color ? Json(nullptr) : Json(color);
  json["seq"] = placement ? Json(placement->seq) : Json(nullptr);
  json["time"] = placement ? Json(format_time(placement->time)) : Json(nullptr);
  json["account"] = placement ? Json(static_cast<std::uint32_t>(name.account)) : Json(nullptr);
  json["name"] = placement ? Json(name.name) : Json(nullptr);
  if (placement && !kind_word(placement->kind).empty()) json["kind"] = kind_word(placement->kind);
  return json;
}

void add_charges(Json& json, const ChargeState& charges) {
  json["charges"] = charges.max > 0 ? Json(charges.charges) : Json(nullptr);
  json["next_charge_ms"] = charges.next_ms;
}

std::string_view kind_word(PlacementKind kind) {
  switch (kind) {
    case PlacementKind::Undo: return "undo";
    case PlacementKind::Redo: return "redo";
    case PlacementKind::Rollback: return "rollback";
    default: return {};
  }
}

std::string journal_line(const Placement& placement, const ShownName& name) {
  const std::string_view kind = kind_word(placement.kind);
  return "{\"seq\":" + std::to_string(placement.seq) + ",\"time\":\"" + format_time(placement.time) +
         "\",\"x\":" + std::to_string(placement.cell.x) + ",\"y\":" + std::to_string(placement.cell.y) +
         ",\"color\":" + std::to_string(placement.color) +
         ",\"account\":" + std::to_string(static_cast<std::uint32_t>(name.account)) +
         ",\"name\":" + json_string(name.name) + (kind.empty() ? "" : ",\"kind\":\"" + std::string(kind) + "\"") + "}";
}

std::optional<Role> find_role(std::string_view word) {
  for (std::size_t role = 0; role < role_count; ++role)
    if (code(static_cast<Role>(role)) == word) return static_cast<Role>(role);
  return std::nullopt;
}

Json page_json(Json items, Json next) { return {{"items", std::move(items)}, {"next", std::move(next)}}; }

}  // namespace tessera
