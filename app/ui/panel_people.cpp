#include <algorithm>
#include <array>

#include "app/ui/panel_page.h"

namespace tessera {
namespace {

Tone role_tone(Role role) {
  if (role >= Role::Admin) return Tone::Accent;
  return role == Role::Moderator ? Tone::Info : Tone::Soft;
}

/// All, banned, staff: the quick ones; and who may be a program.
void filters(const StaffPage& page) {
  const PeopleTab& people = page.staff().people;
  const std::array<std::string, 4> names{page.text(Text::PeopleAll), page.text(Text::PeopleBanned), page.text(Text::PeopleStaff), page.text(Text::PeopleBots)};
  const int now = people.automation ? 3 : people.search.banned ? 1 : people.search.role == Role::Moderator ? 2 : 0;
  const int use = segments(page.brush, "filter", names, now, page.width);
  if (use == now) return;
  AccountSearch search = people.search;
  search.banned = use == 1;
  search.role = use == 2 ? std::optional(Role::Moderator) : std::nullopt;
  if (!(search == people.search)) page.out.push_back(action::EditSearch{search});
  page.out.push_back(action::ShowAutomation{use == 3});
}

void draw_cell(const StaffPage& page, const AccountRow& row, std::size_t column, const Box& box) {
  const Brush& brush = page.brush;
  switch (column) {
    case 0: {
      const float side = brush.px(12);
      avatar(brush, *ImGui::GetWindowDrawList(), {box.min.x + side, box.centre().y}, side, row.account.name);
      return cell_text(brush, {{box.min.x + 2 * side + brush.px(8), box.min.y}, box.max}, row.account.name, Tone::Text, Type::Strong);
    }
    case 1:
      if (is_banned(page, row)) return cell_text(brush, box, page.text(Text::PeopleBannedMark), Tone::Bad, Type::Small);
      return cell_text(brush, box, page.text(role_name(row.account.role)), role_tone(row.account.role), Type::Small);
    case 2:
      return cell_text(brush, box, page.count(row.placements), Tone::Text, Type::Text, true);
    default:
      return cell_text(brush, box, ago_text(page, row.seen), Tone::Soft, Type::Small, true);
  }
}

void account_list(const StaffPage& page) {
  const Brush& brush = page.brush;
  const PeopleTab& people = page.staff().people;
  const PagedList<AccountRow>& list = people.list;
  problem_line(page, list.error);
  if (list.error && list.rows.empty()) return;
  if (list.total) {
    label(brush, page.text(plural(brush.language, *list.total, Text::PeopleFoundOne, Text::PeopleFoundMany)), Type::Small, Tone::Soft, page.width);
    space(brush, 4);
  }
  const std::array<Column, 4> columns{Column{Text::ColumnName, 0, false, static_cast<int>(PeopleSort::Name)}, Column{Text::ColumnRole, 88},
                                      Column{Text::ColumnPlacements, brush.phone ? 80.0f : 96.0f, true, static_cast<int>(PeopleSort::Placements)},
                                      Column{Text::ColumnSeen, 112, true, static_cast<int>(PeopleSort::Seen)}};
  const TableLook look{.id = "accounts", .columns = std::span(columns).first(brush.phone ? 3 : 4), .rows = list.rows.size(), .width = page.width,
                       .height = page.rest(240), .sort = static_cast<int>(people.search.sort), .rising = people.search.rising, .more = !list.next.empty(),
                       .waits = list.asked != unasked && (list.adding || !list.loaded), .empty = Text::NothingFound};
  const TableUse use = table(brush, look, [&](std::size_t row, std::size_t column, const Box& box) { draw_cell(page, list.rows[row], column, box); });
  if (use.wants_more) page.out.push_back(action::ReadMoreRows{});
  if (use.opened) page.out.push_back(action::OpenProfile{list.rows[*use.opened].account.id});
  if (!use.sorted) return;
  AccountSearch search = people.search;
  const auto sort = static_cast<PeopleSort>(*use.sorted);
  search.rising = sort == search.sort ? !search.rising : sort == PeopleSort::Name;
  search.sort = sort;
  page.out.push_back(action::EditSearch{search});
}

std::string sign_text(const Brush& brush, const std::string& sign) {
  if (sign == "regular_timing") return brush.text(Text::SignRegular);
  if (sign == "no_pauses") return brush.text(Text::SignNoPauses);
  if (sign == "reading_order") return brush.text(Text::SignReading);
  if (sign == "same_template") return brush.text(Text::SignTemplate);
  if (sign == "same_address") return brush.text(Text::SignAddress);
  return sign;
}

std::string signs_text(const Brush& brush, const AutomationRow& row) {
  std::string text;
  for (const SuspectSign& sign : row.signs) {
    if (!text.empty()) text += " · ";
    text += sign_text(brush, sign.sign);
  }
  return text;
}

/// Ranked, with what speaks for it; nothing is ever done by itself.
void suspect_list(const StaffPage& page) {
  const Brush& brush = page.brush;
  const PagedList<AutomationRow>& list = page.staff().people.suspects;
  paragraph(brush, page.text(Text::BotsHint), page.width, Type::Small);
  space(brush, 8);
  problem_line(page, list.error);
  if (list.error && list.rows.empty()) return;
  const std::array<Column, 4> columns{Column{Text::ColumnName, brush.phone ? 120.0f : 152.0f}, Column{Text::ColumnScore, 56, true}, Column{Text::ColumnSigns}, Column{Text::ColumnPlacements, 96, true}};
  const TableLook look{.id = "suspects", .columns = std::span(columns).first(brush.phone ? 3 : 4), .rows = list.rows.size(), .width = page.width,
                       .height = page.rest(240), .waits = list.asked != unasked && !list.loaded, .empty = Text::BotsNone};
  const TableUse use = table(brush, look, [&](std::size_t row, std::size_t column, const Box& box) {
    const AutomationRow& each = list.rows[row];
    if (column == 0) cell_text(brush, box, each.account.name, Tone::Text, Type::Strong);
    else if (column == 1) cell_text(brush, box, percent(brush, each.score), each.score >= 0.8 ? Tone::Warn : Tone::Text, Type::Text, true);
    else if (column == 2) cell_text(brush, box, signs_text(brush, each), Tone::Soft, Type::Small);
    else cell_text(brush, box, page.count(each.placements), Tone::Text, Type::Text, true);
  });
  if (use.opened) page.out.push_back(action::OpenProfile{list.rows[*use.opened].account.id});
}

}  // namespace

void people_tab(const StaffPage& page) {
  const Brush& brush = page.brush;
  const PeopleTab& people = page.staff().people;
  if (people.chosen != nobody) return profile_page(page);
  AccountSearch search = people.search;
  std::string& typed = search.address.empty() ? search.text : search.address;
  text_field(brush, "search", typed, {.icon = search.address.empty() ? icons::search : icons::sitemap, .hint = page.text(Text::PeopleSearch), .width = page.width});
  if (!(search == people.search)) page.out.push_back(action::EditSearch{search});
  space(brush, 8);
  filters(page);
  space(brush, 8);
  if (people.automation) suspect_list(page);
  else account_list(page);
}

}  // namespace tessera
