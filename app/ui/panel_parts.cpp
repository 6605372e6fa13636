#include <algorithm>
#include <array>
#include <cmath>

#include "app/ui/panel_page.h"

namespace tessera {
namespace {

struct Named {
  std::string_view action;
  Text words;
};
constexpr std::array<Named, 45> actions{{{"account.ban", Text::ActAccountBan},
                                         {"account.note", Text::ActAccountNote},
                                         {"account.owner", Text::ActAccountOwner},
                                         {"account.role", Text::ActAccountRole},
                                         {"account.unban", Text::ActAccountUnban},
                                         {"account.warn", Text::ActAccountWarn},
                                         {"announcement.change", Text::ActAnnouncementChange},
                                         {"announcement.create", Text::ActAnnouncementCreate},
                                         {"announcement.remove", Text::ActAnnouncementRemove},
                                         {"auth.denied", Text::ActAuthDenied},
                                         {"auth.sign_in", Text::ActAuthSignIn},
                                         {"bot.create", Text::ActBotCreate},
                                         {"bot.remove", Text::ActBotRemove},
                                         {"canvas.access", Text::ActCanvasAccess},
                                         {"canvas.archive", Text::ActCanvasArchive},
                                         {"canvas.create", Text::ActCanvasCreate},
                                         {"canvas.palette", Text::ActCanvasPalette},
                                         {"canvas.pause", Text::ActCanvasPause},
                                         {"canvas.policy", Text::ActCanvasPolicy},
                                         {"canvas.reset", Text::ActCanvasReset},
                                         {"canvas.resize", Text::ActCanvasResize},
                                         {"canvas.restore", Text::ActCanvasRestore},
                                         {"canvas.resume", Text::ActCanvasResume},
                                         {"grant.change", Text::ActGrantChange},
                                         {"grant.create", Text::ActGrantCreate},
                                         {"grant.remove", Text::ActGrantRemove},
                                         {"invite.create", Text::ActInviteCreate},
                                         {"invite.remove", Text::ActInviteRemove},
                                         {"lock.change", Text::ActLockChange},
                                         {"lock.create", Text::ActLockCreate},
                                         {"lock.remove", Text::ActLockRemove},
                                         {"report.change", Text::ActReportChange},
                                         {"report.claim", Text::ActReportClaim},
                                         {"report.dismiss", Text::ActReportDismiss},
                                         {"report.reopen", Text::ActReportReopen},
                                         {"report.resolve", Text::ActReportResolve},
                                         {"rollback.apply", Text::ActRollbackApply},
                                         {"rollback.redo", Text::ActRollbackRedo},
                                         {"rollback.undo", Text::ActRollbackUndo},
                                         {"schedule.create", Text::ActScheduleCreate},
                                         {"schedule.failed", Text::ActScheduleFailed},
                                         {"schedule.remove", Text::ActScheduleRemove},
                                         {"setting.change", Text::ActSettingChange},
                                         {"snapshot.create", Text::ActSnapshotCreate},
                                         {"snapshot.restore", Text::ActSnapshotRestore}}};

}  // namespace

float StaffPage::rest(float least) const { return std::max(brush.px(least), bottom - ImGui::GetCursorScreenPos().y); }

std::string moment_text(const StaffPage& page, WallTime time) {
  const Duration offset = page.model.device.utc_offset;
  const std::string whole = format_date_time(page.brush.language, time, offset);
  const std::string today = format_date_time(page.brush.language, server_now(page.model), offset);
  const std::size_t clock = 5;
  const bool same_day = whole.substr(0, whole.size() - clock) == today.substr(0, today.size() - clock);
  return same_day ? format_clock(time, offset) : whole;
}

std::string ago_text(const StaffPage& page, std::optional<WallTime> time) {
  return time ? format_ago(page.brush.language, *time, server_now(page.model)) : std::string("–");
}

std::string area_text(const StaffPage& page, const Rect& area) {
  const Size size = page.model.replica.size();
  if (area.empty() || (area.x == 0 && area.y == 0 && area.width >= size.width && area.height >= size.height)) return page.text(Text::WholeCanvas);
  return page.text(Phrase{Text::LockAreaText, {page.count(area.x), page.count(area.y), page.count(area.width), page.count(area.height)}});
}

std::string bytes_text(const Brush& brush, double bytes) {
  constexpr std::array<Text, 4> units{Text::UnitKb, Text::UnitMb, Text::UnitGb, Text::UnitTb};
  std::size_t unit = 0;
  double value = bytes / 1'000;
  for (; value >= 1'000 && unit + 1 < units.size(); ++unit) value /= 1'000;
  return brush.text({units[unit], {value < 10 ? format_decimal(brush.language, value) : format_number(brush.language, static_cast<std::uint64_t>(std::llround(value)))}});
}

std::string action_text(const Brush& brush, std::string_view action) {
  for (const Named& each : actions)
    if (each.action == action) return brush.text(each.words);
  return std::string(action);
}

std::string reason_text(const Brush& brush, std::string_view reason) {
  constexpr std::array<Named, 8> reasons{{{"too_soon", Text::ReasonTooSoon},
                                          {"locked", Text::ReasonLocked},
                                          {"paused", Text::ReasonPaused},
                                          {"banned", Text::ReasonBanned},
                                          {"not_signed_in", Text::ReasonNotSignedIn},
                                          {"out_of_bounds", Text::ReasonOutOfBounds},
                                          {"bad_color", Text::ReasonBadColor},
                                          {"forbidden", Text::ReasonForbidden}}};
  for (const Named& each : reasons)
    if (each.action == reason) return brush.text(each.words);
  return std::string(reason);
}

bool is_banned(const StaffPage& page, const AccountRow& row) { return row.banned_until && *row.banned_until > server_now(page.model); }

std::string ban_text(const StaffPage& page, const AccountRow& row) {
  constexpr std::int64_t for_good_ms = 10 * 365 * 86'400'000LL;
  if (!row.banned_until || ms(*row.banned_until) - ms(server_now(page.model)) > for_good_ms) return page.text(Text::BannedForGood);
  return page.text(Phrase{Text::BannedUntil, {format_date_time(page.brush.language, *row.banned_until, page.model.device.utc_offset)}});
}

void problem_line(const StaffPage& page, const std::optional<Phrase>& problem) {
  if (!problem) return;
  paragraph(page.brush, page.text(*problem), page.width, Type::Small, Tone::Bad, 4);
  space(page.brush, 12);
}

void fact(const StaffPage& page, Text name, std::string_view value, Tone tone) {
  const Brush& brush = page.brush;
  const float row = brush.px(28), names = std::min(brush.px(200), page.width * 0.42f);
  const ImVec2 start = ImGui::GetCursorPos();
  label(brush, page.text(name), Type::Text, Tone::Soft, names, row);
  ImGui::SetCursorPos({start.x + names + brush.px(12), start.y});
  label(brush, value, Type::Text, tone, page.width - names - brush.px(12), row);
  ImGui::SetCursorPos({start.x, start.y + row});
}

void section(const StaffPage& page, std::string_view title, std::string_view aside) {
  const Brush& brush = page.brush;
  const ImVec2 start = ImGui::GetCursorPos();
  const float width = aside.empty() ? 0 : text_width(brush, aside, Type::Small);
  label(brush, title, Type::Strong, Tone::Text, page.width - width - brush.px(aside.empty() ? 0 : 12), brush.px(24));
  if (!aside.empty()) {
    ImGui::SetCursorPos({start.x + page.width - width, start.y});
    label(brush, aside, Type::Small, Tone::Soft, 0, brush.px(24));
  }
  ImGui::SetCursorPos({start.x, start.y + brush.px(24)});
  space(brush, 4);
}

bool back_button(const StaffPage& page, Text words) {
  const bool used = button(page.brush, "back", page.text(words), {.kind = ButtonKind::Quiet, .icon = icons::chevron_left, .height = page.brush.control()});
  space(page.brush, 8);
  return used;
}

void spinner_line(const StaffPage& page) {
  const float side = page.brush.px(48);
  const ImVec2 at = ImGui::GetCursorScreenPos();
  spinner(page.brush, *ImGui::GetWindowDrawList(), {at.x + page.width / 2, at.y + side / 2}, page.brush.px(10), page.brush.colors.soft);
  ImGui::Dummy({page.width, side});
}

void figure_cards(const StaffPage& page, const std::vector<FigureCard>& cards) {
  const Brush& brush = page.brush;
  const float gap = brush.px(8), least = brush.px(104), height = brush.px(64);
  const auto in_row = static_cast<std::size_t>(std::clamp((page.width + gap) / (least + gap), 1.0f, static_cast<float>(cards.size())));
  const float width = std::floor((page.width + gap) / static_cast<float>(in_row) - gap);
  const ImVec2 start = ImGui::GetCursorPos(), at = ImGui::GetCursorScreenPos();
  ImDrawList& list = *ImGui::GetWindowDrawList();
  for (std::size_t i = 0; i < cards.size(); ++i) {
    const float x = at.x + static_cast<float>(i % in_row) * (width + gap), y = at.y + static_cast<float>(i / in_row) * (height + gap);
    const float radius = brush.px(measure::control_radius), inset = brush.px(12);
    list.AddRectFilled({x, y}, {x + width, y + height}, ink(brush.colors.raised), radius);
    list.AddRect({x, y}, {x + width, y + height}, ink(brush.colors.line), radius, 0, brush.hair());
    const std::string name = cut(brush, page.text(cards[i].name), Type::Small, width - 2 * inset), value = cut(brush, cards[i].value, Type::Heading, width - 2 * inset);
    draw_text(brush, list, {x + inset, y + brush.px(10)}, name, Type::Small, ink(brush.colors.soft));
    draw_text(brush, list, {x + inset, y + brush.px(30)}, value, Type::Heading, tone_ink(brush, cards[i].tone));
  }
  const std::size_t rows = (cards.size() + in_row - 1) / in_row;
  ImGui::SetCursorPos(start);
  ImGui::Dummy({page.width, static_cast<float>(rows) * (height + gap) - gap});
}

// ---- pictures ----

void image_box(const StaffPage& page, ImageSlot slot, const PanelImage& image, ImVec2 size) {
  const Brush& brush = page.brush;
  const ImVec2 at = ImGui::GetCursorScreenPos(), far{at.x + size.x, at.y + size.y};
  ImDrawList& list = *ImGui::GetWindowDrawList();
  const float radius = brush.px(measure::control_radius);
  list.AddRectFilled(at, far, ink(brush.colors.ground), radius);
  const auto texture = brush.state.pictures.find(image_name(slot));
  const ImVec2 middle{(at.x + far.x) / 2, (at.y + far.y) / 2};
  if (image.stamp != 0 && texture != brush.state.pictures.end()) {
    const auto width = static_cast<float>(std::max(1u, image.size.width)), height = static_cast<float>(std::max(1u, image.size.height));
    const float factor = std::min(size.x / width, size.y / height);
    const ImVec2 half{std::round(width * factor / 2), std::round(height * factor / 2)};
    const ImVec2 min{std::round(middle.x - half.x), std::round(middle.y - half.y)}, max{std::round(middle.x + half.x), std::round(middle.y + half.y)};
    list.AddRectFilled(min, max, ink(Rgb{0xf3, 0xf2, 0xee}), radius);
    list.AddImageRounded(reinterpret_cast<ImTextureID>(texture->second), min, max, {0, 0}, {1, 1}, ink(Rgb{255, 255, 255}), radius);
  } else if (image.failed) {
    draw_centred(brush, list, at, far, cut(brush, page.text(Text::NoPicture), Type::Small, size.x - brush.px(16)), Type::Small, ink(brush.colors.soft));
  } else if (image.asked != unasked) {
    spinner(brush, list, middle, brush.px(10), brush.colors.soft);
  }
  list.AddRect(at, far, ink(brush.colors.line), radius, 0, brush.hair());
  ImGui::Dummy(size);
}

void image_pair(const StaffPage& page, std::pair<Text, Text> names, std::pair<ImageSlot, ImageSlot> slots, const PanelImage& left, const PanelImage& right) {
  const Brush& brush = page.brush;
  const float gap = brush.px(measure::gap_wide), half = std::floor((page.width - gap) / 2);
  const float height = brush.px(brush.phone ? 120 : 148);
  ImGui::BeginGroup();
  caption(brush, names.first);
  image_box(page, slots.first, left, {half, height});
  ImGui::EndGroup();
  ImGui::SameLine(0, gap);
  ImGui::BeginGroup();
  caption(brush, names.second);
  image_box(page, slots.second, right, {page.width - half - gap, height});
  ImGui::EndGroup();
}

}  // namespace tessera
