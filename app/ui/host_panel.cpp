#include <algorithm>
#include <cmath>
#include <cstdlib>

#include "app/ui/drawings.h"
#include "app/ui/panels.h"
#include "assets/icons.h"

namespace tessera {
namespace {

Text state_words(HostState state) {
  switch (state) {
    case HostState::Failed:
      return Text::HostFailed;
    case HostState::Running:
      return Text::HostRunning;
    case HostState::Stopping:
      return Text::HostStopping;
    case HostState::Off:
    case HostState::Starting:
      break;
  }
  return Text::HostStarting;
}

void state_line(const Brush& brush, const Host& host, float width) {
  const float side = brush.px(16), row = brush.px(24);
  const ImVec2 at = ImGui::GetCursorScreenPos();
  const ImVec2 centre{at.x + side / 2, at.y + row / 2};
  ImDrawList& list = *ImGui::GetWindowDrawList();
  if (host.state == HostState::Running)
    draw_icon(brush, list, centre, icons::check, ink(brush.colors.good));
  else if (host.state == HostState::Failed)
    draw_icon(brush, list, centre, icons::warning, ink(brush.colors.bad));
  else
    spinner(brush, list, centre, brush.px(7), brush.colors.accent);
  ImGui::Dummy({side, row});
  same_line(brush, 8);
  label(brush, brush.text(state_words(host.state)), Type::Heading, Tone::Text, width - brush.px(24));
}

void port_field(const Brush& brush, const Host& host, float width, Actions& out) {
  label(brush, brush.text(Text::HostPort), Type::Small, Tone::Soft);
  space(brush, 4);
  std::string port = host.port == 0 ? std::string() : std::to_string(host.port);
  if (text_field(brush, "port", port, {.hint = brush.text(Text::HostPortHint), .width = width, .digits = true}).changed)
    out.push_back(action::SetHostPort{static_cast<std::uint16_t>(std::clamp(std::atol(port.c_str()), 0L, 65'535L))});
  space(brush, 12);
}

void log(const Brush& brush, const Host& host, float width) {
  space(brush, 8);
  const float padding = brush.px(12), height = brush.px(144);
  ImGui::PushStyleColor(ImGuiCol_ChildBg, style_ink(brush.colors.raised));
  ImGui::PushStyleVar(ImGuiStyleVar_ChildRounding, brush.px(measure::control_radius));
  ImGui::PushStyleVar(ImGuiStyleVar_WindowPadding, ImVec2(padding, padding));
  if (ImGui::BeginChild("log", {width, height}, ImGuiChildFlags_AlwaysUseWindowPadding, ImGuiWindowFlags_NoNavInputs)) {
    // Follows what is added, unless one has scrolled away.
    const bool at_end = ImGui::GetScrollY() >= ImGui::GetScrollMaxY() - 1;
    for (const std::string& line : host.log)
      paragraph(brush, line, width - 2 * padding - brush.px(12), Type::Small, Tone::Soft, 6);
    if (at_end) ImGui::SetScrollHereY(1);
  }
  ImGui::EndChild();
  ImGui::PopStyleVar(2);
  ImGui::PopStyleColor();
}

void buttons(const Brush& brush, const Host& host, float width, Actions& out) {
  const float half = std::floor((width - brush.px(measure::gap)) / 2), height = brush.target();
  const bool failed = host.state == HostState::Failed, running = host.state == HostState::Running;
  if (running) {
    if (button(brush, "open", brush.text(Text::HostOpen), {.kind = ButtonKind::Main, .width = width, .height = height}))
      out.push_back(action::OpenLink{host.link});
    space(brush, 8);
  }
  if (failed) {
    if (button(brush, "again", brush.text(Text::Retry), {.kind = ButtonKind::Main, .width = half, .height = height}))
      out.push_back(action::HostCanvas{});
  } else if (button(brush, "stop", brush.text(Text::StopHosting),
                    {.kind = ButtonKind::Danger,
                     .width = half,
                     .height = height,
                     .enabled = host.state != HostState::Stopping})) {
    out.push_back(action::StopHosting{});
  }
  same_line(brush, measure::gap);
  if (button(brush, "details", brush.text(failed ? Text::HostLog : Text::HostDetails),
             {.icon = host.details_open ? icons::chevron_up : icons::chevron_down, .width = half, .height = height}))
    out.push_back(action::ShowHostDetails{!host.details_open});
}

}  // namespace

void host_panel(const Brush& brush, const Model& model, float width, Actions& out) {
  const Host& host = model.host;
  state_line(brush, host, width);
  space(brush, 8);
  if (host.error) {
    paragraph(brush, brush.text(*host.error), width, Type::Text, Tone::Soft, 6);
    space(brush, 12);
  }
  if (host.state == HostState::Running) {
    std::string link = host.lan_links.empty() ? host.link : host.lan_links.front();
    text_field(brush, "link", link, {.icon = icons::link, .width = width, .fixed = true});
    space(brush, 8);
  }
  if (host.state == HostState::Failed) port_field(brush, host, width, out);
  buttons(brush, host, width, out);
  if (host.details_open) log(brush, host, width);
}

}  // namespace tessera
