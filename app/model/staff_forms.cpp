#include "app/model/staff_panels.h"
#include "shared/base/text.h"

/// What is typed into the staff's drawers, and what it means.
namespace tessera {
namespace {

constexpr std::int64_t minute_ms = 60'000, hour_ms = 60 * minute_ms, day_ms = 24 * hour_ms;

std::int64_t ms_of(Duration duration) { return std::chrono::duration_cast<std::chrono::milliseconds>(duration).count(); }

std::int64_t day_of(std::int64_t local_ms) { return local_ms >= 0 ? local_ms / day_ms : (local_ms - day_ms + 1) / day_ms; }

std::string digits(std::uint64_t number, std::size_t width) {
  std::string text = std::to_string(number);
  return text.size() < width ? std::string(width - text.size(), '0') + text : text;
}

/// The parts of a text between these signs; nothing where there are not as many, or one is no number.
std::optional<std::vector<std::uint64_t>> numbers(std::string_view text, char between, std::size_t count) {
  std::vector<std::uint64_t> found;
  while (true) {
    const std::size_t end = text.find(between);
    const auto number = parse_number(text.substr(0, end), 9'999);
    if (!number) return std::nullopt;
    found.push_back(*number);
    if (end == std::string_view::npos) break;
    text.remove_prefix(end + 1);
  }
  return found.size() == count ? std::optional(found) : std::nullopt;
}

/// Since midnight; `21:00`, and as the French write it: `21h00`, `21h`.
std::optional<std::int64_t> read_clock(std::string text) {
  for (char& sign : text)
    if (sign == 'h' || sign == 'H') sign = ':';
  if (text.ends_with(':')) text += "00";
  const auto parts = numbers(text, ':', 2);
  if (!parts || (*parts)[0] > 23 || (*parts)[1] > 59) return std::nullopt;
  return static_cast<std::int64_t>((*parts)[0]) * hour_ms + static_cast<std::int64_t>((*parts)[1]) * minute_ms;
}

/// Midnight of `2026-11-22` or `22/11/2026`.
std::optional<std::int64_t> read_day(std::string_view text) {
  auto parts = numbers(text, '-', 3);
  if (!parts) {
    parts = numbers(text, '/', 3);
    if (parts) std::swap((*parts)[0], (*parts)[2]);
  }
  if (!parts) return std::nullopt;
  const auto midnight = parse_time(digits((*parts)[0], 4) + "-" + digits((*parts)[1], 2) + "-" + digits((*parts)[2], 2) + "T00:00:00Z");
  if (!midnight) return std::nullopt;
  return ms(*midnight);
}

std::optional<std::int64_t> read_local(std::string_view text, std::int64_t local_now, Nearest which) {
  while (text.starts_with(' ')) text.remove_prefix(1);
  while (text.ends_with(' ')) text.remove_suffix(1);
  const std::size_t gap = text.find_last_of(' ');
  const auto clock = read_clock(std::string(gap == std::string_view::npos ? text : text.substr(gap + 1)));
  if (!clock) return std::nullopt;
  if (gap != std::string_view::npos) {
    const auto day = read_day(text.substr(0, text.find_first_of(' ')));
    if (!day) return std::nullopt;
    return *day + *clock;
  }
  const std::int64_t today = day_of(local_now) * day_ms + *clock;
  if (which == Nearest::Past) return today > local_now ? today - day_ms : today;
  return today > local_now ? today : today + day_ms;
}

}  // namespace

std::optional<WallTime> read_time(std::string_view text, WallTime now, Duration offset, Nearest which) {
  const auto local = read_local(text, ms(now) + ms_of(offset), which);
  if (!local) return std::nullopt;
  return WallTime{*local - ms_of(offset)};
}

Result<std::optional<WallTime>, Text> read_until(const UntilForm& form, WallTime now, Duration offset) {
  switch (form.choice) {
    case UntilChoice::None:
      return std::optional<WallTime>{};
    case UntilChoice::Hour:
      return std::optional(WallTime{ms(now) + hour_ms});
    case UntilChoice::Day:
      return std::optional(WallTime{ms(now) + day_ms});
    case UntilChoice::Time:
      break;
  }
  const auto time = read_time(form.time, now, offset, Nearest::Ahead);
  if (!time) return Text::UntilWrong;
  if (*time <= now) return Text::UntilOver;
  return time;
}

UntilForm until_form(Language language, std::uint64_t expires_ms, Duration offset) {
  if (expires_ms == 0) return {};
  const std::string iso = format_time(WallTime{static_cast<std::int64_t>(expires_ms) + ms_of(offset)});
  const std::string day = translate(language, Text::DateOrder, {iso.substr(8, 2), iso.substr(5, 2), iso.substr(0, 4)});
  return {UntilChoice::Time, day + " " + iso.substr(11, 5)};
}

bool is_soon(WallTime then, WallTime now, Duration offset) {
  const std::int64_t ahead = ms_of(offset);
  return day_of(ms(then) + ahead) == day_of(ms(now) + ahead) || ms(then) - ms(now) < day_ms / 2;
}

std::string format_clock(WallTime time, Duration offset) { return format_time(WallTime{ms(time) + ms_of(offset)}).substr(11, 5); }

LockWish wish_of(const LockInfo& lock) {
  LockWish wish{{lock.x, lock.y, lock.width, lock.height}, lock.reason, std::nullopt, lock.allowed};
  if (lock.expires_ms != 0) wish.until = WallTime{static_cast<std::int64_t>(lock.expires_ms)};
  return wish;
}

AnnouncementWish wish_of(const AnnouncementInfo& announcement) {
  AnnouncementWish wish{announcement.text, announcement.pinned, std::nullopt};
  if (announcement.expires_ms != 0) wish.until = WallTime{static_cast<std::int64_t>(announcement.expires_ms)};
  return wish;
}

std::vector<StaffField> differences(const LockWish& a, const LockWish& b) {
  std::vector<StaffField> fields;
  if (a.area != b.area) fields.push_back(StaffField::Area);
  if (a.reason != b.reason) fields.push_back(StaffField::Reason);
  if (a.until != b.until) fields.push_back(StaffField::Until);
  if (a.allowed != b.allowed) fields.push_back(StaffField::Allowed);
  return fields;
}

std::vector<StaffField> differences(const AnnouncementWish& a, const AnnouncementWish& b) {
  std::vector<StaffField> fields;
  if (a.words != b.words) fields.push_back(StaffField::Words);
  if (a.pinned != b.pinned) fields.push_back(StaffField::Pinned);
  if (a.until != b.until) fields.push_back(StaffField::Until);
  return fields;
}

void take(StaffField field, LockWish& to, const LockWish& from) {
  if (field == StaffField::Area) to.area = from.area;
  if (field == StaffField::Reason) to.reason = from.reason;
  if (field == StaffField::Until) to.until = from.until;
  if (field == StaffField::Allowed) to.allowed = from.allowed;
}

void take(StaffField field, AnnouncementWish& to, const AnnouncementWish& from) {
  if (field == StaffField::Words) to.words = from.words;
  if (field == StaffField::Pinned) to.pinned = from.pinned;
  if (field == StaffField::Until) to.until = from.until;
}

}  // namespace tessera
