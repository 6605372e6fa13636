#include <algorithm>
#include <array>
#include <cmath>

#include "app/ui/panel_page.h"

/// The staff panel: at the right over the whole height, or over the whole window where that is narrow.
namespace tessera {
namespace {

constexpr float usual_width = 608;
constexpr std::array<Text, staff_tab_count> tab_names{Text::TabOverview, Text::TabLocks,  Text::TabPeople, Text::TabReports,
                                                      Text::TabRollbacks, Text::TabEvents, Text::TabAudit,  Text::TabServer};

/// Whether the audit log is as it was written; nothing where nobody knows yet.
void verdict_badge(const StaffPage& page, float left, float right, float top) {
  const AuditTab& audit = page.staff().audit;
  if (!audit.verdict) return;
  const Brush& brush = page.brush;
  const bool ok = audit.verdict->ok;
  const std::string words = ok ? page.text(Phrase{Text::LogVerified, {page.count(audit.verdict->entries)}}) : std::string(page.text(Text::LogBroken));
  const float x = right - badge_width(brush, words);
  // A phone has no room for it; the audit's tab says it too.
  if (ok && x < left) return;
  ImGui::SetCursorPos({x, top});
  badge_label(brush, words, ok ? Tone::Good : Tone::Bad);
}

void pause_button(const StaffPage& page, float height) {
  const bool paused = page.model.canvas.paused, busy = page.staff().figures.task.busy();
  if (paused) {
    if (button(page.brush, "pause", page.text(Text::CanvasResume), {.kind = ButtonKind::Main, .icon = icons::play, .height = height, .enabled = !busy}))
      page.out.push_back(action::PauseNow{false});
  } else if (button(page.brush, "pause", page.text(Text::CanvasPause), {.icon = icons::pause, .height = height, .enabled = !busy})) {
    page.out.push_back(action::OpenStaff{StaffTab::Overview});
    page.out.push_back(action::EditPause{true, {}});
  }
}

void header(const StaffPage& page) {
  const Brush& brush = page.brush;
  const float row = brush.control();
  const ImVec2 start = ImGui::GetCursorPos();
  label(brush, page.text(Text::Staff), Type::Heading, Tone::Text, 0, row);
  const float cross = row;
  float right = start.x + page.width - cross + brush.px(8);
  ImGui::SetCursorPos({right, start.y});
  if (icon_button(brush, "close", icons::close, page.text(Text::Close), {.size = {cross, cross}})) page.out.push_back(action::CloseDrawer{});
  right -= brush.px(8);
  if (is_admin(page.model)) {
    const char* words = page.text(page.model.canvas.paused ? Text::CanvasResume : Text::CanvasPause);
    right -= button_width(brush, words, {.icon = icons::pause});
    ImGui::SetCursorPos({right, start.y});
    pause_button(page, row);
    right -= brush.px(12);
  }
  verdict_badge(page, start.x + text_width(brush, page.text(Text::Staff), Type::Heading) + brush.px(12), right, start.y + std::floor((row - brush.px(20)) / 2));
  ImGui::SetCursorPos({start.x, start.y + row + brush.px(8)});
}

/// How many open reports wait: beside the tab's name.
std::string waiting_reports(const StaffPage& page) {
  const auto& open = page.staff().open_reports;
  return open && *open > 0 ? page.count(*open) : std::string();
}

/// One tab of the row; how wide it is.
void tab(const StaffPage& page, StaffTab which, float width, float height) {
  const Brush& brush = page.brush;
  const bool chosen = page.staff().tab == which;
  ImGui::PushID(static_cast<int>(which));
  const Press pressed = press(brush, "tab", {width, height});
  ImGui::PopID();
  const Box& box = pressed.box;
  ImDrawList& list = *ImGui::GetWindowDrawList();
  const std::string words = page.text(tab_names[static_cast<std::size_t>(which)]);
  const Type type = chosen ? Type::Strong : Type::Text;
  const float y = box.centre().y - line_height(brush, type) / 2;
  draw_text(brush, list, {box.min.x, y}, words, type, ink(chosen || pressed.hovered ? brush.colors.text : brush.colors.soft));
  const std::string more = which == StaffTab::Reports ? waiting_reports(page) : std::string();
  if (!more.empty())
    draw_text(brush, list, {box.min.x + text_width(brush, words, Type::Strong) + brush.px(6), box.centre().y - line_height(brush, Type::Small) / 2}, more, Type::Small,
              ink(brush.colors.warn));
  if (chosen) list.AddRectFilled({box.min.x, box.max.y - brush.px(2)}, box.max, ink(brush.colors.accent), brush.px(1));
  if (pressed.focused) focus_ring(brush, {{box.min.x - brush.px(4), box.min.y + brush.px(4)}, {box.max.x + brush.px(4), box.max.y - brush.px(4)}}, brush.px(4));
  if (pressed.used && !chosen) page.out.push_back(action::OpenStaff{which});
}

float tab_width(const StaffPage& page, StaffTab which) {
  const std::string more = which == StaffTab::Reports ? waiting_reports(page) : std::string();
  const float words = text_width(page.brush, page.text(tab_names[static_cast<std::size_t>(which)]), Type::Strong);
  return words + (more.empty() ? 0 : page.brush.px(6) + text_width(page.brush, more, Type::Small));
}

/// In one line where they fit, else in as many as they need.
void tabs(const StaffPage& page) {
  const Brush& brush = page.brush;
  float all = 0;
  for (std::uint8_t i = 0; i < staff_tab_count; ++i) all += tab_width(page, static_cast<StaffTab>(i));
  const float height = brush.px(brush.touch ? 44 : 36), fitting = std::floor((page.width - all) / (staff_tab_count - 1));
  const float gap = fitting >= brush.px(6) ? std::min(fitting, brush.px(20)) : brush.px(16);
  const ImVec2 start = ImGui::GetCursorPos();
  float x = 0, y = 0;
  for (std::uint8_t i = 0; i < staff_tab_count; ++i) {
    const auto which = static_cast<StaffTab>(i);
    const float width = tab_width(page, which);
    if (x > 0 && x + width > page.width) {
      x = 0;
      y += height;
    }
    ImGui::SetCursorPos({start.x + x, start.y + y});
    tab(page, which, width, height);
    x += width + gap;
  }
  ImGui::SetCursorPos({start.x, start.y + y + height});
  divider(brush, page.width);
  space(brush, 16);
}

void content(const StaffPage& page) {
  switch (page.staff().tab) {
    case StaffTab::Overview:
      return overview_tab(page);
    case StaffTab::Locks:
      return locks_tab(page);
    case StaffTab::People:
      return people_tab(page);
    case StaffTab::Reports:
      return reports_tab(page);
    case StaffTab::Rollbacks:
      return rollbacks_tab(page);
    case StaffTab::Events:
      return events_tab(page);
    case StaffTab::Audit:
      return audit_tab(page);
    case StaffTab::Server:
      return server_tab(page);
  }
}

float staff_width(const Brush& brush) {
  if (brush.phone) return brush.screen.x;
  return std::min(brush.px(usual_width), brush.screen.x - 2 * brush.edge());
}

}  // namespace

float free_width(const Brush& brush, const Model& model) {
  const bool beside = model.drawer == Drawer::Staff && !brush.phone;
  return beside ? brush.screen.x - staff_width(brush) - brush.edge() : brush.screen.x;
}

void staff_panel(const Brush& brush, const Model& model, Actions& out) {
  if (model.drawer != Drawer::Staff) return;
  const float edge = brush.phone ? 0 : brush.edge(), padding = brush.phone ? 16.0f : 20.0f, outer = staff_width(brush);
  const float height = brush.screen.y - 2 * edge;
  const PanelLook look{.id = "staff", .at = {brush.screen.x - edge, edge}, .pivot = {1, 0}, .size = {outer, height}, .from = {24, 0}, .padding = padding};
  if (const Panel panel(brush, look); panel) {
    const float bottom = edge + height - brush.px(padding);
    const StaffPage page{brush, model, outer - 2 * brush.px(padding), bottom, out};
    header(page);
    tabs(page);
    begin_scrolling(brush, "content", page.width, bottom - ImGui::GetCursorScreenPos().y);
    ImGui::PushID(static_cast<int>(model.staff.tab));
    content(page);
    ImGui::PopID();
    end_scrolling(brush);
  }
}

}  // namespace tessera
