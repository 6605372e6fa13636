#include "server/http/staff_shapes.h"

#include "shared/base/text.h"

namespace tessera {
namespace {

const char* state_word(RollbackState state) {
  constexpr const char* words[] = {"applying", "applied", "undoing", "undone"};
  return words[static_cast<std::size_t>(state)];
}

Json numbers(const auto& ids) {
  Json list = Json::array();
  for (const auto id : ids) list.push_back(static_cast<std::uint32_t>(id));
  return list;
}

}  // namespace

Json area_json(Rect area) {
  if (area.empty()) return nullptr;
  return {{"x", area.x}, {"y", area.y}, {"width", area.width}, {"height", area.height}};
}

std::string picture_address(const std::string& canvas, Rect region, std::optional<Seq> at) {
  std::string query;
  if (at) query += "at=" + std::to_string(*at);
  if (!region.empty()) {
    query += std::string(query.empty() ? "" : "&") + "region=" + std::to_string(region.x) + "," + std::to_string(region.y) + "," +
             std::to_string(region.width) + "," + std::to_string(region.height);
  }
  return "/api/v1/canvases/" + canvas + "/image.png" + (query.empty() ? "" : "?" + query);
}

Json rollback_json(const std::string& canvas, const RollbackView& view) {
  const RollbackRecord& record = view.record;
  return {{"id", static_cast<std::uint32_t>(record.id)},
          {"dry_run", false},
          {"state", state_word(record.state)},
          {"cells", record.cells},
          {"placements", record.placements},
          {"image", picture_address(canvas, record.selection.region)},
          {"accounts", numbers(record.selection.accounts)},
          {"region", area_json(record.selection.region)},
          {"first_seq", record.selection.after + 1},
          {"last_seq", record.selection.until},
          {"reason", record.reason},
          {"created_by", account_json(view.maker)},
          {"created", format_time(record.created)},
          {"drawn", view.drawn},
          {"to_draw", view.to_draw},
          {"version", record.version}};
}

Json staff_account_json(const AccountRecord& account) {
  Json json = account_json(account.info());
  json["created"] = format_time(account.created);
  json["banned_until"] = account.banned_until ? Json(format_time(*account.banned_until)) : Json(nullptr);
  json["reason"] = account.ban_reason;
  json["note"] = account.note;
  json["maker"] = account.maker == nobody ? Json(nullptr) : Json(static_cast<std::uint32_t>(account.maker));
  json["version"] = account.version;
  return json;
}

Json audit_json(const AuditEntry& entry) {
  Json json = Json::parse(entry.text, nullptr, false);  // a log that somebody wrote into is shown all the same
  if (!json.is_object()) json = Json{{"id", entry.id}, {"damaged", true}};
  json["hash"] = to_hex(ByteSpan(entry.hash));
  return json;
}

Json own_report_json(const ReportRecord& record) {
  return {{"id", static_cast<std::uint32_t>(record.id)},
          {"state", code(record.state)},
          {"region", area_json(record.area)},
          {"reason", record.reason},
          {"created", format_time(record.created)},
          {"changed", format_time(record.changed)},
          {"outcome", record.outcome}};
}

Json report_json(const std::string& canvas, const ReportView& view) {
  const ReportRecord& record = view.record;
  Json json = own_report_json(record);
  json["canvas"] = canvas;
  json["reporter"] = account_json(view.reporter);
  json["handler"] = view.handler ? account_json(*view.handler) : Json(nullptr);
  json["seq"] = record.seq;
  json["image_then"] = picture_address(canvas, record.area, record.seq);
  json["image_now"] = picture_address(canvas, record.area);
  json["similar"] = numbers(view.similar);
  json["reporter_reports"] = view.reporter_reports;
  json["reporter_dismissed"] = view.reporter_dismissed;
  json["version"] = record.version;
  return json;
}

std::optional<ReportState> find_report_state(std::string_view word) {
  for (std::uint8_t state = 0; state < report_state_count; ++state)
    if (code(static_cast<ReportState>(state)) == word) return static_cast<ReportState>(state);
  return std::nullopt;
}

}  // namespace tessera
