#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "app/ui/drawings.h"
#include "app/ui/panels.h"
#include "app/ui/table.h"
#include "assets/icons.h"

/// What the tabs of the staff panel are drawn with.
namespace tessera {

/// Where a tab is drawn: so wide, and down to `bottom` of the window before it scrolls.
struct StaffPage {
  const Brush& brush;
  const Model& model;
  float width;
  float bottom;
  Actions& out;

  const StaffPanel& staff() const { return model.staff; }
  template <typename Words>
  auto text(const Words& words) const {
    return brush.text(words);
  }
  std::string count(std::uint64_t number) const { return format_number(brush.language, number); }
  /// What is left below the cursor, and at least so many units.
  float rest(float least) const;
};

void overview_tab(const StaffPage& page);
void locks_tab(const StaffPage& page);
void people_tab(const StaffPage& page);
void profile_page(const StaffPage& page);
void reports_tab(const StaffPage& page);
void rollbacks_tab(const StaffPage& page);
void events_tab(const StaffPage& page);
void audit_tab(const StaffPage& page);
void server_tab(const StaffPage& page);

// ---- the parts they share ----

/// `21:04`, or with its day where that is another one than today.
std::string moment_text(const StaffPage& page, WallTime time);
std::string ago_text(const StaffPage& page, std::optional<WallTime> time);
/// `612, 804 · 84 × 56`; the whole canvas where it is empty.
std::string area_text(const StaffPage& page, const Rect& area);
std::string bytes_text(const Brush& brush, double bytes);
/// An action of the audit log as people say it; the word itself where there is no other.
std::string action_text(const Brush& brush, std::string_view action);
/// A refusal's code as people say it.
std::string reason_text(const Brush& brush, std::string_view reason);
bool is_banned(const StaffPage& page, const AccountRow& row);
std::string ban_text(const StaffPage& page, const AccountRow& row);

/// Why something did not work, above what can be tried again.
void problem_line(const StaffPage& page, const std::optional<Phrase>& problem);
/// A name and what stands there, side by side.
void fact(const StaffPage& page, Text name, std::string_view value, Tone tone = Tone::Text);
/// A heading within a tab, with something quiet at its right.
void section(const StaffPage& page, std::string_view title, std::string_view aside = {});
/// Back to the list.
bool back_button(const StaffPage& page, Text words);
void spinner_line(const StaffPage& page);

struct FigureCard {
  Text name{};
  std::string value;
  Tone tone = Tone::Text;
};
/// Figures side by side, as many in a row as there is room for.
void figure_cards(const StaffPage& page, const std::vector<FigureCard>& cards);

/// A picture, whole, within a box of this size; says so while it comes, or that it cannot be had.
void image_box(const StaffPage& page, ImageSlot slot, const PanelImage& image, ImVec2 size);
/// Two of them side by side, or one above the other on a phone, with their captions.
void image_pair(const StaffPage& page, std::pair<Text, Text> names, std::pair<ImageSlot, ImageSlot> slots, const PanelImage& left, const PanelImage& right);

/// The latest entries of the audit log, as rows of a table; clicked, they open in full.
void audit_rows(const StaffPage& page, const char* id, const std::vector<AuditRow>& rows, bool more, bool waits, float height);

/// Hours or a day of the server's figures.
void hours_choice(const StaffPage& page);
enum class Figure : std::uint8_t { Placements, Refused, Connections, Answers, Memory, Cpu, Commits };
void figure_plot(const StaffPage& page, Figure figure, float units);

}  // namespace tessera
