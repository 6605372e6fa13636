#include "server/core/audit_detail.h"

#include <charconv>

#include "shared/base/text.h"

namespace tessera {
namespace {

std::string time_or_null(const std::optional<WallTime>& time) { return time ? json_string(format_time(*time)) : "null"; }

std::string ids(const std::vector<AccountId>& accounts) {
  std::string list = "[";
  for (const AccountId account : accounts) {
    if (list.size() > 1) list += ',';
    list += std::to_string(static_cast<std::uint32_t>(account));
  }
  return list + ']';
}

/// Fractions are texts, since programs do not write numbers with a point alike.
std::string fraction(double value) {
  char digits[64];
  const auto [end, error] = std::to_chars(digits, digits + sizeof digits, value, std::chars_format::fixed);
  return {digits, error == std::errc() ? end : digits};
}

JsonObject limits_detail(const PlacingLimits& limits) {
  JsonObject detail;
  detail.number("burst", limits.burst).number("cooldown_ms", limits.cooldown_ms);
  limits.per_minute ? detail.number("per_minute", *limits.per_minute) : detail.null("per_minute");
  limits.per_second ? detail.text("per_second", fraction(*limits.per_second)) : detail.null("per_second");
  return detail;
}

JsonObject policy_detail(const Policy& policy) {
  JsonObject detail = limits_detail(policy.limits);
  detail.flag("guests", policy.guests);
  if (policy.only_color) detail.number("only_color", *policy.only_color);
  for (std::size_t role = 0; role < policy.roles.size(); ++role)
    if (policy.roles[role]) detail.json(std::string(code(static_cast<Role>(role))), limits_detail(*policy.roles[role]).str());
  return detail;
}

std::string palette_detail(const Palette& palette) {
  std::string list = "[";
  for (const PaletteColor& color : palette.colors()) {
    if (list.size() > 1) list += ',';
    list += JsonObject().text("color", format_color(color.color)).text("name", color.name).flag("retired", color.retired).str();
  }
  return list + ']';
}

JsonObject size_detail(Size size) { return JsonObject().number("width", size.width).number("height", size.height); }

}  // namespace

JsonObject area_detail(Rect area) {
  return JsonObject().number("x", area.x).number("y", area.y).number("width", area.width).number("height", area.height);
}

JsonObject lock_detail(const LockRecord& lock) {
  return area_detail(lock.area)
      .text("reason", lock.reason)
      .json("expires_at", time_or_null(lock.expires))
      .text("allowed_role", code(lock.allowed))
      .json("allowed_accounts", ids(lock.accounts));
}

JsonObject announcement_detail(const AnnouncementRecord& announcement) {
  return JsonObject()
      .text("text", announcement.text)
      .flag("pinned", announcement.pinned)
      .json("expires_at", time_or_null(announcement.expires));
}

JsonObject selection_detail(const Selection& selection) {
  return JsonObject()
      .json("accounts", ids(selection.accounts))
      .json("region", selection.region.empty() ? "null" : area_detail(selection.region).str())
      .number("after", static_cast<std::int64_t>(selection.after))
      .number("until", static_cast<std::int64_t>(selection.until));
}

JsonObject account_detail(const AccountRecord& account) {
  return JsonObject()
      .text("role", code(account.role))
      .json("banned_until", time_or_null(account.banned_until))
      .text("ban_reason", account.ban_reason)
      .text("note", account.note);
}

JsonObject report_detail(const ReportRecord& report) {
  return JsonObject()
      .json("region", area_detail(report.area).str())
      .text("reason", report.reason)
      .number("reporter", static_cast<std::uint32_t>(report.reporter))
      .text("state", code(report.state))
      .text("outcome", report.outcome);
}

JsonObject change_detail(const JsonObject& before, const JsonObject& after) {
  return JsonObject().json("before", before.str()).json("after", after.str());
}

std::vector<CanvasAction> canvas_actions(const CanvasRecord& before, const CanvasRecord& after) {
  std::vector<CanvasAction> actions;
  const auto add = [&](bool changed, std::string action, const JsonObject& old_detail, const JsonObject& new_detail) {
    if (changed) actions.push_back({std::move(action), change_detail(old_detail, new_detail)});
  };
  if (before.paused != after.paused || before.pause_message != after.pause_message)
    actions.push_back({after.paused ? "canvas.pause" : "canvas.resume", JsonObject().text("message", after.pause_message)});
  if (before.archived != after.archived) actions.push_back({after.archived ? "canvas.archive" : "canvas.restore", {}});
  add(before.size != after.size, "canvas.resize", size_detail(before.size), size_detail(after.size));
  add(!(before.palette == after.palette), "canvas.palette", JsonObject().json("palette", palette_detail(before.palette)),
      JsonObject().json("palette", palette_detail(after.palette)));
  add(before.policy != after.policy, "canvas.policy", policy_detail(before.policy), policy_detail(after.policy));
  // A code is a secret: that it changed is told, not what it is.
  const auto access = [](const CanvasRecord& record) { return JsonObject().text("access", code(record.access)); };
  const bool new_code = before.access_code != after.access_code;
  add(before.access != after.access || new_code, "canvas.access", access(before), access(after).flag("new_code", new_code));
  return actions;
}

}  // namespace tessera
