#include "app/ui/panels.h"
#include "assets/icons.h"

namespace tessera {

void share_drawer(const Brush& brush, const Model& model, float width, Actions& out) {
  paragraph(brush, brush.text(Text::ShareLink), width);
  space(brush, 8);
  std::string link = share_link(model);
  text_field(brush, "link", link,
             {.icon = icons::link, .width = width, .height = brush.px(measure::touch_target), .fixed = true});
  space(brush, 8);
  if (button(brush, "copy", brush.text(Text::CopyLink),
             {.kind = ButtonKind::Main, .icon = icons::copy, .width = width, .height = brush.target()}))
    out.push_back(action::CopyLink{});
  const bool hosting = model.host.state == HostState::Running && model.connection.server == model.host.link;
  if (!hosting) return;
  space(brush, 12);
  paragraph(brush, brush.text(model.host.lan_links.empty() ? Text::ShareOnlyHere : Text::ShareNetwork), width,
            Type::Small);
  space(brush, 16);
  divider(brush, width);
  space(brush, 16);
  if (button(brush, "stop", brush.text(Text::StopHosting),
             {.kind = ButtonKind::Danger, .icon = icons::stop, .width = width}))
    out.push_back(action::StopHosting{});
}

}  // namespace tessera
