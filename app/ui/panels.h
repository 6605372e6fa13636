#pragma once

#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "app/model/actions.h"
#include "app/model/model.h"
#include "app/ui/controls.h"
#include "app/ui/ui.h"

/// The panels, one file each: they read the model, draw, and push actions; only update() changes anything.
namespace tessera {

void start_screen(const Brush& brush, const Model& model, Actions& out);
/// Within the start screen: what this app hosts, or why it could not.
void host_panel(const Brush& brush, const Model& model, float width, Actions& out);
void recent_list(const Brush& brush, const Model& model, float width, Actions& out);
void connecting_screen(const Brush& brush, const Model& model, Actions& out);
/// Behind both: the last canvas as a quiet wall of tiles, or a made-up one.
void mosaic(const Brush& brush, const Model& model);

void canvas_bar(const Brush& brush, const Model& model, Actions& out);
void account_bar(const Brush& brush, const Model& model, Actions& out);
void tool_bar(const Brush& brush, const Model& model, Actions& out);
void zoom_bar(const Brush& brush, const Model& model, const Overview& overview, Actions& out);
void banner_line(const Brush& brush, const Model& model, Actions& out);
void toast_stack(const Brush& brush, const Model& model, Actions& out);
/// Beside the marker, where fingers hide the cell: which it is, and why it may not be placed.
void marker_tip(const Brush& brush, const Model& model);
/// Beside the marker: the lock that lies there, or the rectangle that is being drawn.
void lock_tip(const Brush& brush, const Model& model);
/// What staff tell everyone, beneath what concerns everyone now.
void announcement_lines(const Brush& brush, const Model& model, Actions& out);
/// What happens next by itself, and in what time; beneath those.
void countdown_line(const Brush& brush, const Model& model, Actions& out);
/// Where at the top centre a line begins that is twice `half` wide: between the two bars where there is room, else beneath
/// them; and beneath the panels `above` it.
float line_top(const Brush& brush, const Model& model, float half, std::initializer_list<const char*> above);
/// Whether this line would lie over the cell one is about to draw. One that is there already gives way to the keyboard's and
/// a finger's marker alone: a mouse that comes near may want to use it.
bool in_the_way(const Brush& brush, const Model& model, const char* id, const Box& box);
/// What staff have decided of something one reported, until it is put away.
void outcome_card(const Brush& brush, const Model& model, Actions& out);
/// What staff tell this person alone, in the way of everything else until it was read.
void notice_dialog(const Brush& brush, const Model& model, Actions& out);
/// Beside the marker a box of one or two lines, within the window.
void tip_at(const Brush& brush, const Model& model, Cell cell, std::string_view text, std::string_view more);
/// Whether a panel there would lie over the cell one is about to draw.
bool over_marker(const Brush& brush, const Model& model, const Box& box);
/// The one drawer that is open at the right, or over the canvas where it is narrow.
void drawer(const Brush& brush, const Model& model, Actions& out);
/// Who one is, or the canvas's code: what has to be given before one may place.
void sign_in_panel(const Brush& brush, const Model& model, Actions& out);
/// On phones, in the palette's place while the lock tool is used.
void lock_sheet(const Brush& brush, const Model& model, Actions& out);
/// On phones, above the palette: what the tool bar has elsewhere.
void undo_bar(const Brush& brush, const Model& model, Actions& out);

// ---- palette and charges ----

void palette_bar(const Brush& brush, const Model& model, Actions& out);
void palette_sheet(const Brush& brush, const Model& model, Actions& out);
/// What the charges say: in the ring, beside it, and beneath that.
struct ChargeTexts {
  std::string count, line, next;
  double share = 1;
};
ChargeTexts charge_texts(const Brush& brush, const Model& model);
float charges_width(const Brush& brush, const ChargeTexts& texts);
void charges(const Brush& brush, const ChargeTexts& texts, float height);

// ---- the drawers' content, `width` wide ----

void cell_drawer(const Brush& brush, const Model& model, float width, Actions& out);
void settings_drawer(const Brush& brush, const Model& model, float width, Actions& out);
void share_drawer(const Brush& brush, const Model& model, float width, Actions& out);
void account_drawer(const Brush& brush, const Model& model, float width, Actions& out);
void help_drawer(const Brush& brush, float width);
/// Within the account's drawer.
void device_list(const Brush& brush, const Model& model, float width, Actions& out);
void canvases_drawer(const Brush& brush, const Model& model, float width, Actions& out);
void setup_drawer(const Brush& brush, const Model& model, float width, Actions& out);
/// Within it: its parts, each of which edits the form.
void setup_general(const Brush& brush, const SetupPanel& setup, SetupForm& form, float width, Actions& out);
void setup_colors(const Brush& brush, const SetupPanel& setup, SetupForm& form, float width, Actions& out);
void setup_rules(const Brush& brush, const SetupPanel& setup, SetupForm& form, float width, Actions& out);
/// Two versions side by side, and for each field the choice between them.
void setup_conflict(const Brush& brush, const SetupPanel& setup, float width, Actions& out);
/// The parts of that, for whatever two people may change at once.
void conflict_title(const Brush& brush, float width);
/// What was chosen just now.
std::optional<Side> conflict_choice(const Brush& brush, Text name, const std::string& mine, const std::string& theirs, Side side, float width);
struct ConflictUse {
  bool save = false, back = false;
};
ConflictUse conflict_buttons(const Brush& brush, bool busy, float width);

void lock_drawer(const Brush& brush, const Model& model, float width, Actions& out);
/// Within the drawer of a cell: the lock that lies over it.
void lock_card(const Brush& brush, const Model& model, float width, Actions& out);
/// The staff panel, where it is open; it stands in the drawers' place.
void staff_panel(const Brush& brush, const Model& model, Actions& out);
/// What it leaves of the window at the left, on the screen.
float free_width(const Brush& brush, const Model& model);
void announcements_drawer(const Brush& brush, const Model& model, float width, Actions& out);
/// Within it: all that will happen on the canvas by itself.
void schedule_list(const Brush& brush, const Model& model, float width, Actions& out);
void report_drawer(const Brush& brush, const Model& model, float width, Actions& out);
/// Within it: one's own reports on this canvas, and what became of them.
void report_list(const Brush& brush, const Model& model, float width, Actions& out);
struct ReportLook {
  const char* icon;
  Tone tone;
};
ReportLook report_look(ReportState state);
/// Where it is; with its canvas where that is another.
std::string report_place(const Brush& brush, const Model& model, const OwnReport& report);
/// Where a rectangle lies and how large it is, two and two, as it is typed.
struct AreaTexts {
  std::string &x, &y, &width, &height;
};
void area_fields(const Brush& brush, const AreaTexts& area, float width);
/// 0 where it is no rectangle.
std::uint64_t cells_of(const AreaTexts& area);
/// `12, 30 · 16 × 16`
std::string area_text(const Brush& brush, const Rect& area);
/// When something ends: a few usual times, or one that is typed.
void until_field(const Brush& brush, UntilForm& form, float width);
/// A value of a lock or an announcement where two versions are compared.
std::string until_text(const Brush& brush, const Model& model, const std::optional<WallTime>& until);
/// A field with its caption above; true where it was changed.
bool form_field(const Brush& brush, const char* id, Text words, std::string& text, const FieldLook& look);

// ---- words ----

/// A server's address without its scheme; 'this computer' where it is.
std::string server_name(const Brush& brush, std::string_view server);
std::string percent(const Brush& brush, double share);

}  // namespace tessera
