#include "app/model/translate.h"

#include <algorithm>
#include <cmath>
#include <iterator>

#include "shared/base/text.h"
#include "shared/base/wording.h"

namespace tessera {
namespace {

struct Entry {
  const char* english;
  const char* french;
};

constexpr Entry entries[] = {
#define TEXT(name, english, french) {english, french},
#include "app/model/texts.inc"
#undef TEXT
};

const std::vector<std::string>& french_texts() {
  static const std::vector<std::string> texts = [] {
    std::vector<std::string> all;
    all.reserve(std::size(entries));
    for (const Entry& entry : entries) all.push_back(french_spaces(entry.french));
    return all;
  }();
  return texts;
}

std::string date(Language language, WallTime time) {
  const std::string iso = format_time(time);
  return translate(language, Text::DateOrder, {iso.substr(8, 2), iso.substr(5, 2), iso.substr(0, 4)});
}

}  // namespace

const std::uint16_t text_count = static_cast<std::uint16_t>(std::size(entries));

const char* translate(Language language, Text text) {
  const auto index = static_cast<std::size_t>(text);
  if (language == Language::French) return french_texts()[index].c_str();
  return entries[index].english;
}

std::string translate(Language language, Text text, const std::vector<std::string>& values) {
  return filled(translate(language, text), values);
}

std::string translate(Language language, const Phrase& phrase) {
  return translate(language, phrase.text, phrase.values);
}

Phrase plural(Language language, std::uint64_t count, Text one, Text many) {
  const bool singular = count == 1 || (count == 0 && language == Language::French);
  return {singular ? one : many, {format_number(language, count)}};
}

std::string format_number(Language language, std::uint64_t number) {
  const std::string digits = std::to_string(number);
  const std::string_view mark = language == Language::French ? narrow_no_break_space : ",";
  std::string out;
  for (std::size_t i = 0; i < digits.size(); ++i) {
    if (i > 0 && (digits.size() - i) % 3 == 0) out += mark;
    out += digits[i];
  }
  return out;
}

std::string format_decimal(Language language, double number) {
  const auto tenths = static_cast<std::uint64_t>(std::llround(std::max(0.0, number) * 10));
  if (tenths >= 100 || tenths % 10 == 0) return format_number(language, (tenths + 5) / 10);
  return std::to_string(tenths / 10) + (language == Language::French ? "," : ".") + std::to_string(tenths % 10);
}

std::string format_duration(Language language, Duration duration) {
  const double seconds = std::max(0.0, std::chrono::duration<double>(duration).count());
  if (seconds < 10) return translate(language, Text::Seconds, {format_decimal(language, seconds)});
  const auto whole = static_cast<std::uint64_t>(std::ceil(seconds));
  if (whole < 60) return translate(language, Text::Seconds, {format_number(language, whole)});
  if (whole >= 3'600) {
    const std::uint64_t minutes = (whole + 59) / 60;
    if (minutes % 60 == 0) return translate(language, Text::Hours, {format_number(language, minutes / 60)});
    return translate(language, Text::HoursMinutes, {format_number(language, minutes / 60), std::to_string(minutes % 60)});
  }
  return translate(language, Text::MinutesSeconds, {format_number(language, whole / 60), std::to_string(whole % 60)});
}

std::string format_date_time(Language language, WallTime time, Duration offset) {
  const auto ahead = std::chrono::duration_cast<std::chrono::milliseconds>(offset).count();
  const WallTime here{ms(time) + ahead};
  const std::string iso = format_time(here);
  return translate(language, Text::DateTime, {date(language, here), iso.substr(11, 2), iso.substr(14, 2)});
}

std::string format_ago(Language language, WallTime then, WallTime now) {
  const std::int64_t minutes = (ms(now) - ms(then)) / 60'000;
  const auto number = [&](std::int64_t value) { return format_number(language, static_cast<std::uint64_t>(value)); };
  if (minutes < 1) return translate(language, Text::JustNow);
  if (minutes < 60) return translate(language, Text::MinutesAgo, {number(minutes)});
  const std::int64_t hours = minutes / 60;
  if (hours < 24) return translate(language, Text::HoursAgo, {number(hours)});
  const std::int64_t days = hours / 24;
  if (days < 2) return translate(language, Text::Yesterday);
  if (days < 30) return translate(language, Text::DaysAgo, {number(days)});
  return translate(language, Text::OnDate, {date(language, then)});
}

Text role_name(Role role) {
  switch (role) {
    case Role::Guest:
      return Text::RoleGuest;
    case Role::Member:
      return Text::RoleMember;
    case Role::Moderator:
      return Text::RoleModerator;
    case Role::Admin:
      return Text::RoleAdmin;
    case Role::Owner:
      break;
  }
  return Text::RoleOwner;
}

Text why(Refusal refusal) {
  switch (refusal) {
    case Refusal::OutOfBounds:
      return Text::WhyOutOfBounds;
    case Refusal::BadColor:
      return Text::WhyBadColor;
    case Refusal::TooSoon:
      return Text::WhyTooSoon;
    case Refusal::Paused:
      return Text::WhyPaused;
    case Refusal::Locked:
      return Text::WhyLocked;
    case Refusal::Banned:
      return Text::WhyBanned;
    case Refusal::NotSignedIn:
    case Refusal::BadToken:
      return Text::WhyNotSignedIn;
    case Refusal::Forbidden:
      return Text::WhyForbidden;
    case Refusal::Busy:
      return Text::WhyBusy;
    case Refusal::Invalid:
    case Refusal::BadVersion:
    case Refusal::NotFound:
    case Refusal::TooLarge:
      return Text::WhyInvalid;
    case Refusal::NothingToUndo:
      return Text::NothingToUndo;
    case Refusal::DrawnOver:
      return Text::WhyDrawnOver;
    case Refusal::NotJoined:
      return Text::WhyNotJoined;
    case Refusal::Archived:
      return Text::WhyArchived;
  }
  return Text::WhyInvalid;
}

Language language_of(std::string_view locale) {
  const bool french = locale.size() >= 2 && (locale[0] | 32) == 'f' && (locale[1] | 32) == 'r' &&
                      (locale.size() == 2 || locale[2] == '_' || locale[2] == '-' || locale[2] == '.');
  return french ? Language::French : Language::English;
}

}  // namespace tessera
