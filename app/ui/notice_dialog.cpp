#include <algorithm>
#include <cmath>

#include "app/ui/panels.h"
#include "assets/icons.h"

namespace tessera {
namespace {

constexpr const char* id = "notice";

std::string until_text(const Brush& brush, const Model& model, const StaffNotice& notice) {
  if (!notice.until) return brush.text(Text::BannedForGood);
  return brush.text({Text::BannedUntil, {format_date_time(brush.language, *notice.until, model.device.utc_offset)}});
}

/// Beneath the words: who may be asked, or where they are kept.
std::string more_text(const Brush& brush, const StaffNotice& notice) {
  if (notice.kind == NoticeKind::Ban) return brush.text(Text::BanKept);
  return brush.text({Text::WarningAsk, {notice.server}});
}

void heading(const Brush& brush, const Model& model, const StaffNotice& notice, float width) {
  const bool ban = notice.kind == NoticeKind::Ban;
  const float indent = brush.px(32);
  const ImVec2 at = ImGui::GetCursorScreenPos();
  draw_icon(brush, *ImGui::GetWindowDrawList(), {at.x + brush.px(10), at.y + line_height(brush, Type::Heading) / 2}, ban ? icons::ban : icons::warning,
            ink(ban ? brush.colors.bad : brush.colors.warn));
  ImGui::SetCursorPosX(ImGui::GetCursorPosX() + indent);
  paragraph(brush, brush.text(ban ? Text::BannedTitle : Text::WarningTitle), width - indent, Type::Heading, Tone::Text, 2);
  if (!ban) return;
  ImGui::SetCursorPosX(ImGui::GetCursorPosX() + indent);
  label(brush, until_text(brush, model, notice), Type::Text, Tone::Soft, width - indent);
}

/// Whoever has no wheel reads on with the keys.
void scroll_by_keys(const Brush& brush) {
  const float line = 2 * line_height(brush, Type::Text), page = ImGui::GetWindowHeight() * 0.8f;
  float by = 0;
  if (ImGui::IsKeyPressed(ImGuiKey_DownArrow)) by += line;
  if (ImGui::IsKeyPressed(ImGuiKey_UpArrow)) by -= line;
  if (ImGui::IsKeyPressed(ImGuiKey_PageDown)) by += page;
  if (ImGui::IsKeyPressed(ImGuiKey_PageUp)) by -= page;
  if (by != 0) ImGui::SetScrollY(std::clamp(ImGui::GetScrollY() + by, 0.0f, ImGui::GetScrollMaxY()));
}

}  // namespace

void notice_dialog(const Brush& brush, const Model& model, Actions& out) {
  const NoticeQueue& queue = model.notices;
  if (queue.waiting.empty()) return close_dialog(id);
  const StaffNotice& notice = queue.waiting.front();
  const float outer = std::min(brush.px(440), brush.screen.x - 2 * brush.edge()), width = outer - brush.px(48);
  const PanelLook look{.id = id, .at = {brush.screen.x / 2, brush.screen.y / 2}, .pivot = {0.5f, 0.5f}, .kind = PanelKind::Dialog, .from = {0, 12}};
  const Panel panel(brush, look);
  if (!panel) return;
  const std::string more = more_text(brush, notice);
  const std::string words = notice.words.empty() ? std::string(brush.text(Text::BanNoReason)) : notice.words;
  const float top = ImGui::GetCursorPosY();
  heading(brush, model, notice, width);
  space(brush, 12);
  const int more_lines = count_lines(brush, more, width, Type::Small, 3);
  const float rest = brush.px(12 + 20 + 24) + static_cast<float>(more_lines) * line_height(brush, Type::Small) + brush.target();
  begin_scrolling(brush, "words", width, std::max(brush.px(60), brush.screen.y - 2 * brush.edge() - ImGui::GetCursorPosY() - rest - std::max(0.0f, brush.px(24) - top)));
  paragraph(brush, words, width, Type::Text, Tone::Text);
  scroll_by_keys(brush);
  end_scrolling(brush);
  space(brush, 12);
  paragraph(brush, more, width, Type::Small, Tone::Soft, 3);
  space(brush, 20);
  const bool ready = model.now - queue.shown_at >= NoticeQueue::least_time;
  const std::string understood = queue.waiting.size() < 2 ? std::string(brush.text(Text::NoticeUnderstood))
                                                          : std::string(brush.text(Text::NoticeUnderstood)) + " · " + brush.text({Text::NoticeMore, {format_number(brush.language, queue.waiting.size() - 1)}});
  if (button(brush, "understood", understood, {.kind = ButtonKind::Main, .width = width, .height = brush.target(), .enabled = ready}))
    out.push_back(action::UnderstandNotice{});
}

}  // namespace tessera
