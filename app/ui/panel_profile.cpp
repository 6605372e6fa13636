#include <algorithm>
#include <array>
#include <cmath>

#include "app/ui/panel_page.h"
#include "shared/base/text.h"

/// An account as staff see it, and what they may do about it.
namespace tessera {
namespace {

/// A person's own role reaches further than this one's.
bool may_act(const StaffPage& page, const AccountRow& row) {
  return row.account.id != page.model.account.id && row.account.role < page.model.account.role;
}

void who(const StaffPage& page, const AccountRow& row) {
  const Brush& brush = page.brush;
  const float side = brush.px(40), gap = brush.px(measure::gap_wide);
  const ImVec2 start = ImGui::GetCursorPos(), at = ImGui::GetCursorScreenPos();
  avatar(brush, *ImGui::GetWindowDrawList(), {at.x + side / 2, at.y + side / 2}, side / 2, row.account.name);
  ImGui::SetCursorPos({start.x + side + gap, start.y});
  label(brush, row.account.name, Type::Heading, Tone::Text, page.width - side - gap, brush.px(22));
  ImGui::SetCursorPos({start.x + side + gap, start.y + brush.px(22)});
  const std::string line = page.text(role_name(row.account.role)) + std::string(" · #") + std::to_string(static_cast<std::uint32_t>(row.account.id)) + " · " +
                           page.text(Phrase{Text::SinceDay, {moment_text(page, row.created)}});
  label(brush, line, Type::Small, Tone::Soft, page.width - side - gap);
  ImGui::SetCursorPos({start.x, start.y + side});
  ImGui::Dummy({page.width, brush.px(12)});
  if (is_banned(page, row)) {
    label(brush, ban_text(page, row), Type::Strong, Tone::Bad, page.width);
    if (!row.reason.empty()) paragraph(brush, row.reason, page.width, Type::Text, Tone::Text, 6);
    space(brush, 12);
  }
}

/// A week: a row for each day, a box for each hour; the more was placed, the stronger.
void heat(const StaffPage& page, const Activity& activity) {
  const Brush& brush = page.brush;
  constexpr std::size_t a_day = 24;
  const std::size_t days = activity.hours.size() / a_day;
  if (days == 0) return;
  const auto most = std::max<std::uint32_t>(1, *std::max_element(activity.hours.begin(), activity.hours.end()));
  const float names = brush.px(44), each = std::floor((page.width - names) / a_day), high = brush.px(14);
  const ImVec2 at = ImGui::GetCursorScreenPos();
  ImDrawList& list = *ImGui::GetWindowDrawList();
  for (std::size_t day = 0; day < days; ++day) {
    const float y = at.y + static_cast<float>(day) * (high + brush.px(2));
    const WallTime first{ms(activity.start) + static_cast<std::int64_t>(day * a_day) * 3'600'000};
    const std::string date = format_time(WallTime{ms(first) + std::chrono::duration_cast<std::chrono::milliseconds>(page.model.device.utc_offset).count()});
    const std::string name = page.text(Phrase{Text::DayMonth, {date.substr(8, 2), date.substr(5, 2)}});
    draw_text(brush, list, {at.x, y - brush.px(1)}, name, Type::Small, ink(brush.colors.soft));
    for (std::size_t hour = 0; hour < a_day; ++hour) {
      const std::uint32_t count = activity.hours[day * a_day + hour];
      const float x = at.x + names + static_cast<float>(hour) * each;
      const Box box{{x, y}, {x + each - brush.px(2), y + high}};
      list.AddRectFilled(box.min, box.max, ink(brush.colors.raised), brush.px(3));
      if (count > 0) list.AddRectFilled(box.min, box.max, ink(brush.colors.accent, 0.25 + 0.75 * count / most), brush.px(3));
      if (!ImGui::IsMouseHoveringRect(box.min, box.max) || !ImGui::IsWindowHovered()) continue;
      const WallTime when{ms(first) + static_cast<std::int64_t>(hour) * 3'600'000};
      tooltip(brush, moment_text(page, when) + " · " + page.text(plural(brush.language, count, Text::PlacementsOne, Text::PlacementsMany)));
    }
  }
  ImGui::Dummy({page.width, static_cast<float>(days) * (high + brush.px(2))});
}

void placed(const StaffPage& page, const ProfileInfo& profile) {
  const Brush& brush = page.brush;
  const PeopleTab& people = page.staff().people;
  std::uint64_t here = 0;
  for (const PlacedOn& each : profile.placed)
    if (each.canvas == page.model.canvas.name) here = each.placements;
  section(page, page.text(plural(brush.language, here, Text::PlacementsOne, Text::PlacementsMany)), page.text(Phrase{Text::LastSeen, {ago_text(page, profile.active)}}));
  image_box(page, ImageSlot::Placements, people.placements, {page.width, brush.px(brush.phone ? 160 : 200)});
  if (people.activity) {
    space(brush, 12);
    heat(page, *people.activity);
  }
}

void facts(const StaffPage& page, const ProfileInfo& profile) {
  const Brush& brush = page.brush;
  for (const PlacedOn& each : profile.placed)
    if (each.canvas != page.model.canvas.name)
      fact(page, Text::ColumnCanvas, each.canvas + " · " + page.text(plural(brush.language, each.placements, Text::PlacementsOne, Text::PlacementsMany)));
  if (profile.reports_made > 0)
    fact(page, Text::FactReports, page.text(Phrase{Text::FactReportsText, {page.count(profile.reports_made), page.count(profile.reports_dismissed)}}));
  std::string devices;
  for (const DeviceRow& each : profile.devices) {
    if (!devices.empty()) devices += ", ";
    devices += each.label.empty() ? std::string(page.text(Text::DeviceUnknownShort)) : each.label;
  }
  if (!devices.empty()) fact(page, Text::FactDevices, devices);
  for (const AccountInfo& bot : profile.bots) fact(page, Text::FactBot, bot.name);
}

/// Others from the same parts of the network; what they are called says nothing of the address.
void prefixes(const StaffPage& page, const ProfileInfo& profile) {
  const Brush& brush = page.brush;
  for (const PrefixRow& each : profile.prefixes) {
    if (each.accounts < 2) continue;
    ImGui::PushID(each.name.c_str());
    const std::string words = page.text(Phrase{Text::PrefixOthers, {std::to_string(each.bits), page.count(each.accounts)}});
    if (button(brush, "prefix", words, {.icon = icons::sitemap, .width = page.width})) {
      AccountSearch search;
      search.address = each.name;
      page.out.push_back(action::OpenProfile{});
      page.out.push_back(action::EditSearch{search});
    }
    ImGui::PopID();
    space(brush, 4);
  }
}

/// Changes of what was typed go out once for each frame.
struct Typed {
  std::string note, warning;
  BanForm ban;
};

void notes(const StaffPage& page, Typed& typed, const AccountRow& row) {
  const Brush& brush = page.brush;
  const bool busy = page.staff().people.task.busy();
  caption(brush, Text::StaffNote);
  const char* words = page.text(Text::Save);
  const float side = button_width(brush, words) + brush.px(8);
  text_field(brush, "note", typed.note, {.icon = icons::pencil, .hint = page.text(Text::StaffNoteHint), .width = page.width - side});
  same_line(brush, 8);
  if (button(brush, "save", words, {.enabled = !busy && typed.note != row.note})) page.out.push_back(action::SaveNote{});
  space(brush, 12);
  if (!may_act(page, row)) return;
  caption(brush, Text::WarnThem);
  const char* warn = page.text(Text::WarnNow);
  const float room = button_width(brush, warn) + brush.px(8);
  text_field(brush, "warning", typed.warning, {.icon = icons::bullhorn, .hint = page.text(Text::WarnHint), .width = page.width - room});
  same_line(brush, 8);
  if (button(brush, "warn", warn, {.enabled = !busy && !typed.warning.empty()})) page.out.push_back(action::SendWarning{});
  space(brush, 12);
}

void ban_form(const StaffPage& page, BanForm& ban, const AccountRow& row) {
  const Brush& brush = page.brush;
  const bool busy = page.staff().people.task.busy();
  section(page, page.text(Phrase{Text::BanTitle, {row.account.name}}));
  until_field(brush, ban.until, page.width);
  space(brush, 12);
  form_field(brush, "reason", Text::BanReason, ban.reason, {.icon = icons::comment, .hint = page.text(Text::BanReasonHint), .width = page.width});
  space(brush, 12);
  form_field(brush, "appeal", Text::BanAppeal, ban.appeal, {.icon = icons::question, .hint = page.text(Text::BanAppealHint), .width = page.width});
  space(brush, 8);
  const Phrase all = plural(brush.language, row.placements, Text::BanRollBackOne, Text::BanRollBackMany);
  if (toggle(brush, "roll back", page.text(all), ban.roll_back, page.width)) ban.roll_back = !ban.roll_back;
  space(brush, 12);
  const char* words = page.text(ban.roll_back ? Text::BanAndRollBack : Text::BanNow);
  if (button(brush, "ban now", words, {.kind = ButtonKind::Danger, .icon = icons::ban, .enabled = !busy && !ban.reason.empty()})) page.out.push_back(action::SubmitBan{});
  same_line(brush, 8);
  if (button(brush, "no ban", page.text(Text::Cancel))) ban = {};
}

/// Apart from the rest.
void dangerous(const StaffPage& page, Typed& typed, const AccountRow& row) {
  const Brush& brush = page.brush;
  const bool busy = page.staff().people.task.busy();
  if (!may_act(page, row)) return;
  space(brush, 8);
  divider(brush, page.width);
  space(brush, 16);
  if (typed.ban.open) return ban_form(page, typed.ban, row);
  const std::string id = std::to_string(static_cast<std::uint32_t>(row.account.id));
  if (button(brush, "roll back", page.text(Text::RollBackTheirs), {.icon = icons::history})) {
    RollbackForm form;
    form.account = id;
    page.out.push_back(action::BeginRollback{form});
  }
  same_line(brush, 8);
  if (is_banned(page, row)) {
    if (button(brush, "lift", page.text(Text::LiftBan), {.icon = icons::unlock, .enabled = !busy})) page.out.push_back(action::LiftBan{});
  } else if (button(brush, "ban", page.text(Text::Ban), {.kind = ButtonKind::Danger, .icon = icons::ban, .enabled = !busy})) {
    typed.ban.open = true;
  }
}

std::optional<Role> granted(const std::vector<GrantRow>& grants, AccountId id) {
  for (const GrantRow& each : grants)
    if (each.account.id == id) return each.role;
  return std::nullopt;
}

/// On the whole server, and on this canvas alone.
void roles(const StaffPage& page, const AccountRow& row) {
  const Brush& brush = page.brush;
  if (!is_admin(page.model) || !may_act(page, row) || row.account.kind == AccountKind::Imported) return;
  space(brush, 16);
  caption(brush, Text::RoleOnServer);
  std::vector<std::string> names;
  for (std::uint8_t role = 0; role < static_cast<std::uint8_t>(page.model.account.role); ++role) names.push_back(page.text(role_name(static_cast<Role>(role))));
  const int now = static_cast<int>(row.account.role);
  const int use = segments(brush, "role", names, now, page.width);
  if (use != now && !page.staff().people.task.busy()) page.out.push_back(action::GiveRole{static_cast<Role>(use)});
  const auto& grants = page.staff().people.grants;
  if (!grants) return;
  space(brush, 12);
  label(brush, page.text(Phrase{Text::RoleOnCanvas, {page.model.canvas.name}}), Type::Small, Tone::Soft, page.width);
  space(brush, 4);
  const std::array<std::string, 3> here{page.text(Text::RoleAsServer), page.text(role_name(Role::Member)), page.text(role_name(Role::Moderator))};
  const auto grant = granted(*grants, row.account.id);
  const int given = !grant ? 0 : *grant == Role::Member ? 1 : *grant == Role::Moderator ? 2 : -1;
  const int wanted = segments(brush, "grant", here, given, page.width);
  if (wanted == given || page.staff().people.task.busy()) return;
  page.out.push_back(action::GiveGrant{wanted == 0 ? std::nullopt : std::optional(wanted == 1 ? Role::Member : Role::Moderator)});
}

Text state_name(ReportState state) {
  switch (state) {
    case ReportState::Open:
      return Text::ReportIsOpen;
    case ReportState::Claimed:
      return Text::ReportIsClaimed;
    case ReportState::Resolved:
      return Text::ReportIsResolved;
    case ReportState::Dismissed:
      break;
  }
  return Text::ReportIsDismissed;
}

void reports_about(const StaffPage& page, const ProfileInfo& profile) {
  if (profile.about.empty()) return;
  const Brush& brush = page.brush;
  space(brush, 20);
  section(page, page.text(Text::ReportsAbout));
  const std::array<Column, 3> columns{Column{Text::ColumnWhat}, Column{Text::ColumnPlacements, 96, true}, Column{Text::ColumnState, 88}};
  const TableLook look{.id = "about", .columns = columns, .rows = profile.about.size(), .width = page.width, .height = brush.px(240)};
  const TableUse use = table(brush, look, [&](std::size_t row, std::size_t column, const Box& box) {
    const ReportAbout& each = profile.about[row];
    if (column == 0) cell_text(brush, box, each.reason);
    else if (column == 1) cell_text(brush, box, page.count(each.placements), Tone::Text, Type::Text, true);
    else cell_text(brush, box, page.text(state_name(each.state)), Tone::Soft, Type::Small);
  });
  if (!use.opened || profile.about[*use.opened].canvas != page.model.canvas.name) return;
  page.out.push_back(action::OpenStaff{StaffTab::Reports});
  page.out.push_back(action::OpenReport{profile.about[*use.opened].id});
}

void past_actions(const StaffPage& page, const ProfileInfo& profile) {
  if (profile.history.empty()) return;
  space(page.brush, 20);
  section(page, page.text(Text::PastActions));
  const std::array<Column, 3> columns{Column{Text::ColumnWhen, 112}, Column{Text::ColumnWho, 112}, Column{Text::ColumnWhat}};
  const TableLook look{.id = "past", .columns = columns, .rows = profile.history.size(), .width = page.width, .height = page.brush.px(320)};
  const TableUse use = table(page.brush, look, [&](std::size_t row, std::size_t column, const Box& box) {
    const AuditRow& each = profile.history[row];
    if (column == 0) cell_text(page.brush, box, moment_text(page, each.time), Tone::Soft, Type::Small);
    else if (column == 1) cell_text(page.brush, box, each.actor ? each.actor->name : std::string(page.text(Text::ServerItself)));
    else cell_text(page.brush, box, action_text(page.brush, each.action));
  });
  if (!use.opened) return;
  page.out.push_back(action::OpenStaff{StaffTab::Audit});
  page.out.push_back(action::OpenEntry{profile.history[*use.opened].id});
}

}  // namespace

void profile_page(const StaffPage& page) {
  const Brush& brush = page.brush;
  const PeopleTab& people = page.staff().people;
  if (back_button(page, Text::BackToPeople)) page.out.push_back(action::OpenProfile{});
  problem_line(page, people.profile_error);
  if (!people.profile) {
    if (!people.profile_error) spinner_line(page);
    return;
  }
  const ProfileInfo& profile = *people.profile;
  Typed typed{people.note, people.warning, people.ban};
  who(page, profile.row);
  placed(page, profile);
  space(brush, 12);
  facts(page, profile);
  prefixes(page, profile);
  space(brush, 12);
  problem_line(page, people.task.error);
  notes(page, typed, profile.row);
  dangerous(page, typed, profile.row);
  roles(page, profile.row);
  reports_about(page, profile);
  past_actions(page, profile);
  space(brush, 8);
  const bool changed = typed.note != people.note || typed.warning != people.warning || !(typed.ban == people.ban);
  if (changed) page.out.push_back(action::EditProfile{typed.note, typed.warning, typed.ban});
}

}  // namespace tessera
