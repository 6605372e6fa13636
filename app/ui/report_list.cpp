#include <algorithm>

#include "app/ui/panels.h"
#include "assets/icons.h"

namespace tessera {
namespace {

constexpr std::size_t most_reports = 20;

void item(const Brush& brush, const Model& model, const OwnReport& report, float width, Actions& out) {
  ImGui::PushID(static_cast<int>(report.id));
  const ReportLook look = report_look(report.state);
  const float side = brush.target(), indent = brush.px(28), words = width - indent - side;
  const ImVec2 start = ImGui::GetCursorPos(), at = ImGui::GetCursorScreenPos();
  draw_icon(brush, *ImGui::GetWindowDrawList(), {at.x + brush.px(8), at.y + brush.px(10)}, look.icon, tone_ink(brush, look.tone));
  ImGui::SetCursorPosX(start.x + indent);
  ImGui::BeginGroup();
  paragraph(brush, report.reason, words, Type::Text, Tone::Text, 4);
  label(brush, std::string(brush.text(own_report_state(report.state))) + " · " + format_ago(brush.language, report.created, server_now(model)), Type::Small, look.tone, words);
  label(brush, report_place(brush, model, report), Type::Small, Tone::Soft, words);
  if (!report.outcome.empty()) {
    space(brush, 4);
    paragraph(brush, report.outcome, words, Type::Small, Tone::Text);
  }
  ImGui::EndGroup();
  const float bottom = ImGui::GetCursorPosY();
  ImGui::SetCursorPos({start.x + width - side + brush.px(8), start.y - brush.px(8)});
  if (icon_button(brush, "look", icons::crosshairs, brush.text(Text::LookAtPlace), {})) out.push_back(action::LookAtReport{report.id});
  ImGui::SetCursorPos({start.x, std::max(bottom, start.y + side - brush.px(8))});
  ImGui::Dummy({width, brush.px(16)});
  ImGui::PopID();
}

}  // namespace

ReportLook report_look(ReportState state) {
  switch (state) {
    case ReportState::Resolved:
      return {icons::check, Tone::Good};
    case ReportState::Claimed:
      return {icons::eye, Tone::Info};
    case ReportState::Open:
      return {icons::flag, Tone::Soft};
    case ReportState::Dismissed:
      break;
  }
  return {icons::minus, Tone::Soft};
}

std::string report_place(const Brush& brush, const Model& model, const OwnReport& report) {
  const std::string area = area_text(brush, report.area);
  return report.canvas == model.canvas.name ? area : report.canvas + " · " + area;
}

void report_list(const Brush& brush, const Model& model, float width, Actions& out) {
  const auto own = own_reports(model);
  if (model.report_desk.failed) {
    paragraph(brush, brush.text(Text::OwnReportsFailed), width);
    space(brush, 8);
    if (button(brush, "again", brush.text(Text::Retry), {.icon = icons::refresh, .width = width})) out.push_back(action::ReadOwnReports{});
    space(brush, 16);
  } else if (own.empty()) {
    paragraph(brush, brush.text(Text::OwnReportsNone), width);
  }
  for (std::size_t i = 0; i < std::min(own.size(), most_reports); ++i) item(brush, model, *own[i], width, out);
}

}  // namespace tessera
