#include <algorithm>

#include "app/ui/panels.h"
#include "assets/icons.h"

namespace tessera {
namespace {

/// With less height than this a drawer and a card have no room for each other.
constexpr float least_height = 700;

/// At the right under the bar; on phones under all that lies at the top.
float card_top(const Brush& brush, const Model& model) {
  if (brush.phone) return line_top(brush, model, brush.screen.x, {"banner", "announcements", "countdown"});
  return line_top(brush, model, brush.screen.x, {});
}

void heading(const Brush& brush, const Model& model, const ReportNews& news, const OwnReport* report, float width, Actions& out) {
  const ReportLook look = report_look(news.state);
  const float indent = brush.px(28), side = brush.px(brush.touch ? measure::touch_target : 32), words = width - indent - side;
  const ImVec2 start = ImGui::GetCursorPos(), at = ImGui::GetCursorScreenPos();
  draw_icon(brush, *ImGui::GetWindowDrawList(), {at.x + brush.px(8), at.y + brush.px(10)}, look.icon, tone_ink(brush, look.tone));
  ImGui::SetCursorPosX(start.x + indent);
  ImGui::BeginGroup();
  paragraph(brush, brush.text(news.state == ReportState::Resolved ? Text::NewsResolved : Text::NewsDismissed), words, Type::Strong, Tone::Text, 4);
  if (report) label(brush, report_place(brush, model, *report), Type::Small, Tone::Soft, words);
  ImGui::EndGroup();
  const float below = ImGui::GetCursorPosY();
  // The cross itself, not the room around it, stands at the edge.
  ImGui::SetCursorPos({start.x + width - side + brush.px(8), start.y - brush.px(6)});
  if (icon_button(brush, "close", icons::close, brush.text(Text::Close), {.size = {side, side}})) out.push_back(action::PutAwayNews{});
  ImGui::SetCursorPos({start.x, below});
}

void buttons(const Brush& brush, const ReportNews& news, bool known, std::size_t more, Actions& out) {
  if (!known && more == 0) return;
  space(brush, 12);
  if (known && button(brush, "look", brush.text(Text::LookAtPlace), {.icon = icons::crosshairs})) out.push_back(action::LookAtReport{news.id});
  if (more == 0) return;
  if (known) same_line(brush, measure::gap_wide);
  label(brush, brush.text({Text::NewsMore, {format_number(brush.language, more)}}), Type::Small, Tone::Soft, 0, brush.control());
}

}  // namespace

void outcome_card(const Brush& brush, const Model& model, Actions& out) {
  const auto& news = model.report_desk.news;
  // What one is at comes first where there is no room for both.
  const bool narrow = brush.phone || brush.screen.y < brush.px(least_height);
  if (news.empty() || model.drawer == Drawer::Staff || (narrow && model.drawer != Drawer::None)) return;
  const ReportNews& first = news.front();
  const OwnReport* report = own_report(model, first.id);
  const float edge = brush.edge(), outer = std::min(brush.px(360), brush.screen.x - 2 * edge), width = outer - 2 * brush.px(measure::padding);
  const PanelLook look{.id = "outcome", .at = {brush.screen.x - edge, card_top(brush, model)}, .pivot = {1, 0}, .from = {24, 0}};
  if (const Panel panel(brush, look); panel) {
    heading(brush, model, first, report, width, out);
    if (!first.outcome.empty()) {
      space(brush, 8);
      begin_scrolling(brush, "words", width, std::min(brush.px(150), brush.screen.y / 4));
      paragraph(brush, first.outcome, width, Type::Text, Tone::Text);
      end_scrolling(brush);
    }
    buttons(brush, first, report != nullptr, news.size() - 1, out);
  }
}

}  // namespace tessera
