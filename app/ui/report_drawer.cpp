#include <cmath>

#include "app/ui/panels.h"
#include "assets/icons.h"

namespace tessera {
namespace {

/// With less room than this the reasons stand one below the other.
constexpr float two_columns = 340;

bool choice(const Brush& brush, std::string_view words, bool chosen, ImVec2 size) {
  const Press pressed = press(brush, "choice", size);
  const Box& box = pressed.box;
  const float radius = brush.px(measure::control_radius), dot = brush.px(7);
  ImDrawList& list = *ImGui::GetWindowDrawList();
  list.AddRectFilled(box.min, box.max, ink(pressed.hovered ? brush.colors.hovered : brush.colors.raised), radius);
  list.AddRect(box.min, box.max, ink(chosen ? brush.colors.accent : brush.colors.line), radius, 0, chosen ? brush.px(2) : brush.hair());
  const ImVec2 centre{box.min.x + brush.px(18), box.centre().y};
  list.AddCircle(centre, dot, ink(chosen ? brush.colors.accent : brush.colors.faint), 0, brush.px(2));
  if (chosen) list.AddCircleFilled(centre, dot / 2, ink(brush.colors.accent));
  const float before = brush.px(34);
  const std::string shown = cut(brush, words, Type::Text, size.x - before - brush.px(8));
  draw_text(brush, list, {box.min.x + before, box.centre().y - line_height(brush, Type::Text) / 2}, shown, Type::Text, ink(brush.colors.text));
  if (pressed.focused) focus_ring(brush, box, radius);
  if (shown != words) hint(brush, pressed, words);
  return pressed.used;
}

void reason_choice(const Brush& brush, ReportForm& form, float width) {
  caption(brush, Text::ReportWhy);
  const int columns = width >= brush.px(two_columns) ? 2 : 1;
  const float gap = brush.px(measure::gap), each = std::floor((width - gap * static_cast<float>(columns - 1)) / static_cast<float>(columns));
  for (int i = 0; i < report_reason_count; ++i) {
    const auto reason = static_cast<ReportReason>(i);
    if (i % columns != 0) same_line(brush, measure::gap);
    ImGui::PushID(i);
    if (choice(brush, brush.text(report_reason_text(reason)), form.reason == reason, {each, brush.control()})) form.reason = reason;
    ImGui::PopID();
    if (i % columns == columns - 1) space(brush, measure::gap);
  }
}

void area_choice(const Brush& brush, const ReportDesk& desk, ReportForm& form, float width, Actions& out) {
  area_fields(brush, {form.x, form.y, form.width, form.height}, width);
  space(brush, 8);
  if (!desk.marking) {
    if (button(brush, "mark", brush.text(Text::ReportMark), {.icon = icons::select, .width = width, .enabled = !desk.busy}))
      out.push_back(action::MarkReportArea{true});
    return;
  }
  paragraph(brush, brush.text(Text::ReportMarking), width, Type::Text, Tone::Text);
  space(brush, 8);
  if (button(brush, "mark", brush.text(Text::Cancel), {.width = width})) out.push_back(action::MarkReportArea{false});
}

void form_part(const Brush& brush, const ReportDesk& desk, float width, Actions& out) {
  ReportForm form = desk.form;
  paragraph(brush, brush.text(Text::ReportHint), width);
  space(brush, 16);
  reason_choice(brush, form, width);
  space(brush, 4);
  form_field(brush, "words", Text::ReportWords, form.words, {.icon = icons::comment, .hint = brush.text(Text::ReportWordsHint), .width = width});
  space(brush, 12);
  area_choice(brush, desk, form, width, out);
  space(brush, 16);
  if (desk.error) {
    paragraph(brush, brush.text(*desk.error), width, Type::Small, Tone::Bad, 4);
    space(brush, 12);
  }
  const std::uint64_t cells = cells_of({form.x, form.y, form.width, form.height});
  const std::string words = brush.text(plural(brush.language, cells, Text::ReportNowOne, Text::ReportNowMany));
  if (button(brush, "send", words, {.kind = ButtonKind::Main, .icon = icons::flag, .width = width, .height = brush.target(), .enabled = !desk.busy && cells > 0}))
    out.push_back(action::SubmitReport{});
  if (!(form == desk.form)) out.push_back(action::EditReportForm{form});
}

void sent_line(const Brush& brush, float width) {
  const float indent = brush.px(28);
  const ImVec2 at = ImGui::GetCursorScreenPos();
  draw_icon(brush, *ImGui::GetWindowDrawList(), {at.x + brush.px(8), at.y + brush.px(10)}, icons::check, ink(brush.colors.good));
  ImGui::SetCursorPosX(ImGui::GetCursorPosX() + indent);
  paragraph(brush, brush.text(Text::ReportSent), width - indent, Type::Text, Tone::Text);
}

}  // namespace

void report_drawer(const Brush& brush, const Model& model, float width, Actions& out) {
  const ReportDesk& desk = model.report_desk;
  if (desk.writing) form_part(brush, desk, width, out);
  else if (desk.sent) sent_line(brush, width);
  if (desk.writing || desk.sent) {
    space(brush, 20);
    divider(brush, width);
    space(brush, 16);
  }
  if (desk.writing) {
    label(brush, brush.text(Text::OwnReports), Type::Strong, Tone::Text, width);
    space(brush, 12);
  }
  report_list(brush, model, width, out);
}

}  // namespace tessera
