#pragma once

#include <string>
#include <vector>

#include "server/core/json_text.h"
#include "server/core/records.h"
#include "server/core/staff_records.h"

/// What the audit log tells of things: `before` and `after` of a change, as canonical JSON.
namespace tessera {

/// How entries name a thing: `lock:12`, `account:7`. `kind` is its word, `id` its number.
template <typename Id>
std::string target_name(const char* kind, Id id) {
  std::string name = kind;
  name += ':';
  name += std::to_string(static_cast<std::uint32_t>(id));
  return name;
}

JsonObject area_detail(Rect area);
JsonObject lock_detail(const LockRecord& lock);
JsonObject announcement_detail(const AnnouncementRecord& announcement);
JsonObject selection_detail(const Selection& selection);
JsonObject report_detail(const ReportRecord& report);
JsonObject account_detail(const AccountRecord& account);

/// `{"after":…,"before":…}`
JsonObject change_detail(const JsonObject& before, const JsonObject& after);

/// Every part of a canvas that a change touched, with the word of its action: `canvas.resize`, `canvas.pause`, …
struct CanvasAction {
  std::string action;
  JsonObject detail;
};
std::vector<CanvasAction> canvas_actions(const CanvasRecord& before, const CanvasRecord& after);

}  // namespace tessera
