#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "app/ui/brush.h"

/// What panels are made of. Inside, ImGui's own spacing is zero: `space` and `same_line` say what is between things.
namespace tessera {

/// ImGui's own colours and sizes, for what is drawn by it: scrollbars, text cursor, the ground behind a dialog.
void apply_style(const Brush& brush);

struct Box {
  ImVec2 min, max;
  float width() const { return max.x - min.x; }
  float height() const { return max.y - min.y; }
  ImVec2 centre() const { return {(min.x + max.x) / 2, (min.y + max.y) / 2}; }
};

/// Bar: little padding. Card: the usual. Sheet: stands on the window's lower edge. Dialog: nothing else can be used.
enum class PanelKind : std::uint8_t { Bar, Card, Sheet, Dialog };

struct PanelLook {
  const char* id = "";
  ImVec2 at = {};     ///< a point of the window …
  ImVec2 pivot = {};  ///< … and the panel's own point that lies there (0 … 1)
  ImVec2 size = {};   ///< 0: by content
  ImVec2 most = {};   ///< never larger; 0: as large as it likes
  PanelKind kind = PanelKind::Card;
  ImVec2 from = {};  ///< how far from its place it comes in, in units; none: it is there at once
  float padding = -1;
};

/// A floating rounded panel with a line around it and a soft shadow, from here to the end of the block:
/// `if (const Panel panel(brush, {…}); panel) { its content }`.
class Panel {
 public:
  Panel(const Brush& brush, const PanelLook& look);
  ~Panel();
  Panel(const Panel&) = delete;
  Panel& operator=(const Panel&) = delete;
  explicit operator bool() const { return open_; }

 private:
  const Brush& brush_;
  bool dialog_ = false;
  bool open_ = false;
};
/// Ends a dialog that is not to be there any more, where it is open.
void close_dialog(const char* id);
/// Where a panel was when it was last drawn, in this frame or the one before.
std::optional<Box> panel_box(const char* id);

/// A part of a panel, `width` wide, that scrolls where its content is higher than `most`. The scrollbar lies in the
/// panel's padding, which is at least 16.
void begin_scrolling(const Brush& brush, const char* id, float width, float most);
void end_scrolling(const Brush& brush);

void divider(const Brush& brush, float width);
/// A thin upright line between parts of a bar.
void bar_divider(const Brush& brush, float height);
void same_line(const Brush& brush, float units = 0);
void tooltip(const Brush& brush, std::string_view text);
/// Beneath this box rather than at the mouse.
void tooltip_below(const Brush& brush, std::string_view text, const Box& box);

}  // namespace tessera
