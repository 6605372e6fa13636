#include <algorithm>
#include <array>

#include "app/ui/panel_page.h"
#include "shared/base/ascii.h"

namespace tessera {
namespace {

bool found(const LockInfo& lock, const std::string& text) {
  if (text.empty()) return true;
  const std::string wanted = lower_case(text);
  return lower_case(lock.reason).find(wanted) != std::string::npos || lower_case(lock.maker.name).find(wanted) != std::string::npos;
}

std::uint64_t order(const LockInfo& lock, LockSort sort) {
  if (sort == LockSort::Area) return std::uint64_t{lock.width} * lock.height;
  if (sort == LockSort::Ends) return lock.expires_ms == 0 ? UINT64_MAX : lock.expires_ms;
  return static_cast<std::uint64_t>(lock.id);
}

/// Those that are searched for, in their order.
std::vector<const LockInfo*> shown(const StaffPage& page) {
  const LocksTab& tab = page.staff().locks;
  std::vector<const LockInfo*> locks;
  for (const LockInfo& lock : page.model.locks.all())
    if (found(lock, tab.text)) locks.push_back(&lock);
  std::stable_sort(locks.begin(), locks.end(), [&](const LockInfo* a, const LockInfo* b) {
    const std::uint64_t first = order(*a, tab.sort), second = order(*b, tab.sort);
    return tab.rising ? first < second : first > second;
  });
  return locks;
}

void draw_cell(const StaffPage& page, const LockInfo& lock, std::size_t column, const Box& box) {
  const Brush& brush = page.brush;
  switch (column) {
    case 0:
      return cell_text(brush, box, area_text(page, area_of(lock)));
    case 1:
      return cell_text(brush, box, lock.reason.empty() ? std::string("–") : lock.reason, lock.reason.empty() ? Tone::Soft : Tone::Text);
    case 2:
      return cell_text(brush, box, lock.maker.name, Tone::Soft);
    default:
      break;
  }
  if (lock.expires_ms == 0) return cell_text(brush, box, page.text(Text::UntilNone), Tone::Soft, Type::Small);
  cell_text(brush, box, moment_text(page, WallTime{static_cast<std::int64_t>(lock.expires_ms)}), Tone::Text, Type::Small);
}

}  // namespace

void locks_tab(const StaffPage& page) {
  const Brush& brush = page.brush;
  LocksTab tab = page.staff().locks;
  bool changed = false;
  const char* words = page.text(Text::LockNew);
  const float side = brush.phone ? 0 : button_width(brush, words, {.icon = icons::plus}) + brush.px(8);
  changed |= text_field(brush, "search", tab.text, {.icon = icons::search, .hint = page.text(Text::LocksSearch), .width = page.width - side}).changed;
  if (brush.phone) space(brush, 8);
  else same_line(brush, 8);
  if (button(brush, "new", words, {.kind = ButtonKind::Main, .icon = icons::plus, .width = brush.phone ? page.width : 0})) {
    page.out.push_back(action::SelectTool{Tool::Lock});
    if (brush.phone) page.out.push_back(action::CloseDrawer{});
    else page.out.push_back(action::OpenStaff{StaffTab::Locks});
  }
  space(brush, 4);
  if (!brush.phone) paragraph(brush, page.text(page.model.tool.tool == Tool::Lock ? Text::LocksDragNow : Text::LocksHint), page.width, Type::Small);
  space(brush, 8);
  const std::vector<const LockInfo*> locks = shown(page);
  const std::array<Column, 4> columns{Column{Text::LockArea, 168, false, static_cast<int>(LockSort::Area)}, Column{Text::LockReason},
                                      Column{Text::ColumnBy, brush.phone ? 72.0f : 96.0f, false, static_cast<int>(LockSort::Newest)},
                                      Column{Text::Until, 96, false, static_cast<int>(LockSort::Ends)}};
  const TableLook look{.id = "locks", .columns = std::span(columns).first(brush.phone ? 2 : 4), .rows = locks.size(), .width = page.width, .height = page.rest(240),
                       .sort = static_cast<int>(tab.sort), .rising = tab.rising, .empty = tab.text.empty() ? Text::LocksNone : Text::NothingFound};
  const TableUse use = table(brush, look, [&](std::size_t row, std::size_t column, const Box& box) { draw_cell(page, *locks[row], column, box); });
  if (use.sorted) {
    const auto sort = static_cast<LockSort>(*use.sorted);
    tab.rising = sort == tab.sort && !tab.rising;
    tab.sort = sort;
    changed = true;
  }
  if (changed) page.out.push_back(action::EditLocksTab{tab});
  if (!use.opened) return;
  page.out.push_back(action::LookAt{area_of(*locks[*use.opened])});
  page.out.push_back(action::EditLock{locks[*use.opened]->id});
}

}  // namespace tessera
