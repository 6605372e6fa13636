#pragma once

#include <optional>
#include <string>

#include <nlohmann/json.hpp>

#include "server/core/hub.h"
#include "server/core/ports.h"

/// The values of the API as JSON, each in one place.
namespace tessera {

using Json = nlohmann::ordered_json;

/// `{"id":7,"name":"ann","kind":"guest","role":"guest"}`
Json account_json(const AccountInfo& account);
/// `role`: whose eyes it is for; staff that may change it sees its code.
Json canvas_json(const CanvasView& view, Role role);
/// A cell, or one of its placements; `placement` null: never drawn, though it may have a colour from a base picture.
Json cell_json(Cell cell, ColorIndex color, const Placement* placement, const ShownName& name);
/// Adds `charges`, null where nothing limits them, and `next_charge_ms`.
void add_charges(Json& json, const ChargeState& charges);
/// `undo`, `redo`, …; nothing for what was simply placed.
std::string_view kind_word(PlacementKind kind);
/// A line of the journal, without its end.
std::string journal_line(const Placement& placement, const ShownName& name);
/// One page of a list; `next` null where it is the last.
Json page_json(Json items, Json next);

/// `guest`, `member`, …; nothing for any other word.
std::optional<Role> find_role(std::string_view word);

/// 16 hexadecimal digits.
std::string epoch_text(Epoch epoch);

}  // namespace tessera
