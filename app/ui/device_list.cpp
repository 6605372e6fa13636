#include <algorithm>
#include <cmath>

#include "app/ui/drawings.h"
#include "app/ui/panels.h"
#include "assets/icons.h"

namespace tessera {
namespace {

void device_row(const Brush& brush, const Model& model, const SignedInDevice& device, float width, Actions& out) {
  const float height = brush.px(48), side = brush.target(), icon = brush.px(24);
  const ImVec2 start = ImGui::GetCursorPos(), at = ImGui::GetCursorScreenPos();
  draw_icon(brush, *ImGui::GetWindowDrawList(), {at.x + brush.px(8), at.y + height / 2}, icons::desktop,
            ink(device.current ? brush.colors.text : brush.colors.soft));
  const float room = std::max(1.0f, width - icon - brush.px(4) - (device.current ? 0 : side));
  ImGui::SetCursorPos({start.x + icon + brush.px(4), start.y + brush.px(4)});
  label(brush, device.label.empty() ? std::string_view(brush.text(Text::UnknownDevice)) : device.label, Type::Text,
        Tone::Text, room);
  ImGui::SetCursorPos({start.x + icon + brush.px(4), start.y + brush.px(24)});
  if (device.current) {
    label(brush, brush.text(Text::ThisDevice), Type::Small, Tone::Good, room);
  } else {
    const std::string used = format_ago(brush.language, device.used, model.wall);
    label(brush, brush.text({Text::LastUsed, {used}}), Type::Small, Tone::Soft, room);
    ImGui::SetCursorPos({start.x + width - side + brush.px(8), start.y + (height - side) / 2});
    const bool ending = model.devices.ending != unasked;
    if (icon_button(brush, "end", icons::close, brush.text(Text::EndDevice), {.enabled = !ending, .size = {side, side}}))
      out.push_back(action::EndDevice{device.id});
  }
  ImGui::SetCursorPos({start.x, start.y + height});
  ImGui::Dummy({width, 1});
}

void others(const Brush& brush, const Model& model, float width, Actions& out) {
  const DeviceList& devices = model.devices;
  const bool some = std::any_of(devices.items.begin(), devices.items.end(),
                                [](const SignedInDevice& device) { return !device.current; });
  if (!some) return;
  space(brush, 8);
  const bool free = devices.ending == unasked;
  if (!devices.confirming) {
    if (button(brush, "others", brush.text(Text::EndOthers), {.width = width, .enabled = free}))
      out.push_back(action::EndOtherDevices{});
    return;
  }
  paragraph(brush, brush.text(Text::EndOthersSure), width, Type::Small, Tone::Text);
  space(brush, 8);
  const float half = std::floor((width - brush.px(measure::gap)) / 2);
  if (button(brush, "keep", brush.text(Text::Cancel), {.width = half})) out.push_back(action::KeepOtherDevices{});
  same_line(brush, measure::gap);
  if (button(brush, "now", brush.text(Text::EndOthersNow), {.kind = ButtonKind::Danger, .width = half, .enabled = free}))
    out.push_back(action::EndOtherDevices{});
}

}  // namespace

void device_list(const Brush& brush, const Model& model, float width, Actions& out) {
  const DeviceList& devices = model.devices;
  caption(brush, Text::Devices);
  if (!devices.loaded && !devices.failed) {
    const float side = brush.px(32);
    const ImVec2 at = ImGui::GetCursorScreenPos();
    if (devices.asked != unasked)
      spinner(brush, *ImGui::GetWindowDrawList(), {at.x + side / 2, at.y + side / 2}, brush.px(8), brush.colors.soft);
    ImGui::Dummy({width, side});
  }
  for (std::size_t i = 0; i < devices.items.size(); ++i) {
    ImGui::PushID(static_cast<int>(i));
    device_row(brush, model, devices.items[i], width, out);
    ImGui::PopID();
  }
  if (devices.failed) {
    paragraph(brush, brush.text(Text::DevicesFailed), width, Type::Small);
    space(brush, 8);
    if (button(brush, "again", brush.text(Text::Retry), {.icon = icons::refresh, .width = width}))
      out.push_back(action::ReadDevices{});
  }
  others(brush, model, width, out);
  space(brush, 16);
}

}  // namespace tessera
