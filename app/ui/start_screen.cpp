#include <algorithm>
#include <cmath>

#include "app/ui/drawings.h"
#include "app/ui/panels.h"
#include "assets/icons.h"

namespace tessera {
namespace {

/// Where the two columns stand side by side.
constexpr float two_columns = 760;

void name_and_tagline(const Brush& brush, float width) {
  const float side = brush.px(42);
  const ImVec2 at = ImGui::GetCursorScreenPos();
  mark(*ImGui::GetWindowDrawList(), at, side);
  ImGui::Dummy({side, side});
  same_line(brush, 16);
  label(brush, "Tessera", Type::Title, Tone::Text, width - side - brush.px(16), side);
  space(brush, 16);
  paragraph(brush, brush.text(Text::Tagline), width);
}

void host_button(const Brush& brush, const Model& model, float width, Actions& out) {
  if (!model.host.available) return;
  space(brush, 24);
  if (model.host.state != HostState::Off) return host_panel(brush, model, width, out);
  if (button(brush, "host", brush.text(Text::HostCanvas),
             {.kind = ButtonKind::Main,
              .icon = icons::sitemap,
              .width = width,
              .height = brush.px(48),
              .size = Type::Heading}))
    out.push_back(action::HostCanvas{});
  space(brush, 8);
  paragraph(brush, brush.text(Text::HostHint), width, Type::Small);
  space(brush, 8);
  if (toggle(brush, "lan", brush.text(Text::HostLan), model.host.lan, width))
    out.push_back(action::SetHostLan{!model.host.lan});
}

void join_field(const Brush& brush, const Model& model, float width, Actions& out) {
  const float height = brush.px(48), inset = brush.px(6), inner = height - 2 * inset;
  const ButtonLook look{.width = button_width(brush, brush.text(Text::Join)), .height = inner};
  std::string text = model.join.text;
  const ImVec2 start = ImGui::GetCursorPos();
  const FieldUse use = text_field(brush, "link", text,
                                  {.icon = icons::link,
                                   .hint = brush.text(Text::JoinField),
                                   .width = width,
                                   .height = height,
                                   .wrong = model.join.error.has_value(),
                                   .room_right = look.width});
  if (use.changed) out.push_back(action::EditJoin{text});
  ImGui::SetCursorPos({start.x + width - look.width - inset, start.y + inset});
  if (button(brush, "join", brush.text(Text::Join), look) || use.enter) out.push_back(action::Join{});
  ImGui::SetCursorPos({start.x, start.y + height});
  ImGui::Dummy({width, 1});
  if (!model.join.error) return;
  space(brush, 8);
  paragraph(brush, brush.text(*model.join.error), width, Type::Small, Tone::Bad);
}

void foot(const Brush& brush, const Model& model, float width, Actions& out) {
  const ImVec2 start = ImGui::GetCursorPos();
  const auto quiet = [&](const char* icon) {
    return ButtonLook{.kind = ButtonKind::Quiet, .icon = icon, .size = Type::Text};
  };
  const char* other = brush.text(Text::OtherLanguage);
  const float other_width = button_width(brush, other, quiet(nullptr)), outside = brush.px(8);
  // Quiet buttons have no ground: their words stand at the column's edges.
  ImGui::SetCursorPosX(start.x - outside);
  if (button(brush, "settings", brush.text(Text::Settings), quiet(icons::cog)))
    out.push_back(action::OpenDrawer{Drawer::Settings});
  if (!brush.phone) {
    same_line(brush, 8);
    if (button(brush, "help", brush.text(Text::Help), quiet(icons::question)))
      out.push_back(action::OpenDrawer{Drawer::Help});
  }
  ImGui::SetCursorPos({start.x + width - other_width + outside, start.y});
  if (!button(brush, "language", other, quiet(nullptr))) return;
  Settings settings = model.settings;
  settings.language = brush.language == Language::English ? Language::French : Language::English;
  out.push_back(action::SetSettings{settings});
}

void main_column(const Brush& brush, const Model& model, float width, Actions& out) {
  ImGui::BeginGroup();
  name_and_tagline(brush, width);
  host_button(brush, model, width, out);
  space(brush, 24);
  join_field(brush, model, width, out);
  space(brush, 20);
  foot(brush, model, width, out);
  ImGui::EndGroup();
}

}  // namespace

void start_screen(const Brush& brush, const Model& model, Actions& out) {
  const bool narrow = brush.screen.x < brush.px(two_columns);
  const float pad = brush.px(narrow ? 24 : 40), gap = brush.px(40), around = brush.px(measure::gap_wide);
  const float outer = std::min(brush.px(narrow ? 440 : 880), brush.screen.x - 2 * around), inner = outer - 2 * pad;
  const float column = std::floor(narrow ? inner : (inner - gap) / 2);
  const ImVec2 middle{brush.screen.x / 2, brush.screen.y / 2};
  if (const Panel panel(brush, {.id = "start",
                                .at = middle,
                                .pivot = {0.5f, 0.5f},
                                .most = {0, brush.screen.y - 2 * around},
                                .padding = narrow ? 24.0f : 40.0f});
      panel) {
    begin_scrolling(brush, "columns", inner, brush.screen.y - 2 * around - 2 * pad);
    const ImVec2 start = ImGui::GetCursorPos();
    main_column(brush, model, column, out);
    if (!narrow) {
      ImGui::SetCursorPos({start.x + column + gap, start.y});
      recent_list(brush, model, column, out);
    } else if (!model.recent.empty()) {
      space(brush, 20);
      recent_list(brush, model, column, out);
    }
    end_scrolling(brush);
  }
}

}  // namespace tessera
