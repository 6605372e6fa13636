#include "shared/base/text.h"

#include <algorithm>
#include <cassert>
#include <cstring>

namespace tessera {
namespace {

/// A code point and how many bytes it took; 0 bytes: not UTF-8.
struct Decoded {
  char32_t code = 0;
  std::size_t bytes = 0;
};

Decoded decode_one(std::string_view text, std::size_t at) {
  const auto byte = [&](std::size_t i) { return static_cast<std::uint8_t>(text[at + i]); };
  const std::uint8_t lead = byte(0);
  if (lead < 0x80) return {lead, 1};
  const std::size_t count = lead >= 0xF0 ? 4 : lead >= 0xE0 ? 3 : 2;
  if (lead < 0xC2 || lead > 0xF4 || text.size() - at < count) return {};
  char32_t code = lead & (0x7Fu >> count);
  for (std::size_t i = 1; i < count; ++i) {
    if ((byte(i) & 0xC0u) != 0x80) return {};
    code = code << 6 | (byte(i) & 0x3Fu);
  }
  const bool overlong = (count == 3 && code < 0x800) || (count == 4 && code < 0x10000);
  const bool surrogate = code >= 0xD800 && code <= 0xDFFF;
  if (overlong || surrogate || code > 0x10FFFF) return {};
  return {code, count};
}

struct Range {
  char32_t first;
  char32_t last;
};

template <std::size_t N>
bool within(const Range (&ranges)[N], char32_t code) {
  return std::any_of(std::begin(ranges), std::end(ranges),
                     [&](const Range& range) { return code >= range.first && code <= range.last; });
}

// Unicode property White_Space.
constexpr Range white_space[] = {{0x09, 0x0D},     {0x20, 0x20},     {0x85, 0x85},     {0xA0, 0xA0},
                                 {0x1680, 0x1680}, {0x2000, 0x200A}, {0x2028, 0x2029}, {0x202F, 0x202F},
                                 {0x205F, 0x205F}, {0x3000, 0x3000}};

// Controls, Default_Ignorable_Code_Point, Bidi_Control, blanks that are not White_Space, private use and noncharacters.
constexpr Range unshown[] = {
    {0x00, 0x1F},     {0x7F, 0x9F},       {0xAD, 0xAD},       {0x34F, 0x34F},     {0x61C, 0x61C},     {0x115F, 0x1160},
    {0x17B4, 0x17B5}, {0x180B, 0x180F},   {0x200B, 0x200F},   {0x202A, 0x202E},   {0x2060, 0x206F},   {0x2800, 0x2800},
    {0x3164, 0x3164}, {0xE000, 0xF8FF},   {0xFDD0, 0xFDEF},   {0xFE00, 0xFE0F},   {0xFEFF, 0xFEFF},   {0xFFA0, 0xFFA0},
    {0xFFF0, 0xFFFB}, {0x1BCA0, 0x1BCA3}, {0x1D173, 0x1D17A}, {0xE0000, 0xE0FFF}, {0xF0000, 0x10FFFF}};

bool is_unshown(char32_t code) { return within(unshown, code) || (code & 0xFFFE) == 0xFFFE; }

void append_digits(std::string& out, std::uint64_t value, int digits) {
  for (std::uint64_t unit = digits == 4 ? 1000 : digits == 3 ? 100 : 10; unit > 0; unit /= 10)
    out += static_cast<char>('0' + value / unit % 10);
}

// Days since 1970-01-01 and back: Howard Hinnant, "chrono-Compatible Low-Level Date Algorithms".
constexpr std::int64_t days_from_civil(std::int64_t year, unsigned month, unsigned day) {
  year -= month <= 2;
  const std::int64_t era = year / 400;
  const auto year_of_era = static_cast<unsigned>(year - era * 400);
  const unsigned day_of_year = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1;
  const unsigned day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
  return era * 146'097 + static_cast<std::int64_t>(day_of_era) - 719'468;
}

struct Date {
  std::int64_t year;
  unsigned month;
  unsigned day;
};

constexpr Date civil_from_days(std::int64_t days) {
  days += 719'468;
  const std::int64_t era = days / 146'097;
  const auto day_of_era = static_cast<unsigned>(days - era * 146'097);
  const unsigned year_of_era = (day_of_era - day_of_era / 1460 + day_of_era / 36'524 - day_of_era / 146'096) / 365;
  const unsigned day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
  const unsigned shifted = (5 * day_of_year + 2) / 153;
  const unsigned month = shifted < 10 ? shifted + 3 : shifted - 9;
  return {static_cast<std::int64_t>(year_of_era) + era * 400 + (month <= 2), month,
          day_of_year - (153 * shifted + 2) / 5 + 1};
}

constexpr std::int64_t ms_per_day = 86'400'000;
constexpr WallTime last_time{days_from_civil(10'000, 1, 1) * ms_per_day - 1};

constexpr unsigned days_in_month(std::int64_t year, unsigned month) {
  if (month == 2) return year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) ? 29 : 28;
  return month == 4 || month == 6 || month == 9 || month == 11 ? 30 : 31;
}

/// Takes a text apart from its start; the first thing missing makes it fail for good.
class Scanner {
 public:
  explicit Scanner(std::string_view text) : text_(text) {}

  bool ok() const { return ok_; }
  bool at_end() const { return at_ == text_.size(); }
  bool accept(std::string_view any_of) {
    if (!ok_ || at_end() || any_of.find(text_[at_]) == std::string_view::npos) return false;
    ++at_;
    return true;
  }
  void expect(std::string_view any_of) { ok_ = accept(any_of); }
  char last() const { return text_[at_ - 1]; }
  /// Exactly `count` digits, `least` … `most`.
  unsigned number(int count, unsigned least, unsigned most) {
    unsigned value = 0;
    for (int i = 0; i < count; ++i) {
      expect("0123456789");
      if (!ok_) return 0;
      value = value * 10 + static_cast<unsigned>(last() - '0');
    }
    ok_ = value >= least && value <= most;
    return value;
  }
  /// 1 to 9 digits after the point, cut to milliseconds.
  unsigned milliseconds() {
    unsigned value = 0;
    int digits = 0;
    for (; digits < 9 && accept("0123456789"); ++digits)
      if (digits < 3) value = value * 10 + static_cast<unsigned>(last() - '0');
    ok_ = ok_ && digits > 0;
    for (; digits < 3; ++digits) value *= 10;
    return value;
  }
  bool rest_is(std::string_view text) {
    if (!ok_ || text_.substr(at_) != text) return false;
    at_ = text_.size();
    return true;
  }

 private:
  std::string_view text_;
  std::size_t at_ = 0;
  bool ok_ = true;
};

/// Minutes east of UTC.
int parse_offset(Scanner& in) {
  if (in.accept("Zz") || in.rest_is(" UTC")) return 0;
  in.expect("+-");
  if (!in.ok()) return 0;
  const int sign = in.last() == '-' ? -1 : 1;
  const unsigned hours = in.number(2, 0, 23);
  in.expect(":");
  const unsigned minutes = in.number(2, 0, 59);
  return sign * static_cast<int>(hours * 60 + minutes);
}

int hex_digit(char digit) {
  if (digit >= '0' && digit <= '9') return digit - '0';
  if (digit >= 'a' && digit <= 'f') return digit - 'a' + 10;
  if (digit >= 'A' && digit <= 'F') return digit - 'A' + 10;
  return -1;
}

/// Eight bytes of ASCII, as most text is.
bool are_ascii(std::string_view eight) {
  std::uint64_t bytes = 0;
  if (eight.size() != sizeof bytes) return false;
  std::memcpy(&bytes, eight.data(), sizeof bytes);
  return (bytes & 0x8080808080808080u) == 0;
}

}  // namespace

bool is_utf8(std::string_view text) {
  for (std::size_t at = 0; at < text.size();) {
    if (are_ascii(text.substr(at, 8))) {
      at += 8;
      continue;
    }
    const std::size_t bytes = decode_one(text, at).bytes;
    if (bytes == 0) return false;
    at += bytes;
  }
  return true;
}

std::size_t code_points(std::string_view text) {
  return static_cast<std::size_t>(std::count_if(
      text.begin(), text.end(), [](char byte) { return (static_cast<std::uint8_t>(byte) & 0xC0u) != 0x80; }));
}

std::optional<std::string> display_name(std::string_view text, std::size_t max_code_points) {
  std::string name;
  std::size_t count = 0;
  bool blank = false;
  for (std::size_t at = 0; at < text.size();) {
    const Decoded decoded = decode_one(text, at);
    if (decoded.bytes == 0) return std::nullopt;
    const std::string_view bytes = text.substr(at, decoded.bytes);
    at += decoded.bytes;
    if (within(white_space, decoded.code)) {
      blank = true;
      continue;
    }
    if (is_unshown(decoded.code)) continue;
    if (blank && count > 0) {
      name += ' ';
      ++count;
    }
    blank = false;
    name += bytes;
    if (++count > max_code_points) return std::nullopt;
  }
  if (name.empty()) return std::nullopt;
  return name;
}

std::string format_time(WallTime time) {
  const std::int64_t clamped = std::clamp<std::int64_t>(ms(time), 0, ms(last_time));
  const Date date = civil_from_days(clamped / ms_per_day);
  const auto of_day = static_cast<std::uint64_t>(clamped % ms_per_day);
  std::string out;
  append_digits(out, static_cast<std::uint64_t>(date.year), 4);
  out += '-';
  append_digits(out, date.month, 2);
  out += '-';
  append_digits(out, date.day, 2);
  out += 'T';
  append_digits(out, of_day / 3'600'000, 2);
  out += ':';
  append_digits(out, of_day / 60'000 % 60, 2);
  out += ':';
  append_digits(out, of_day / 1000 % 60, 2);
  out += '.';
  append_digits(out, of_day % 1000, 3);
  out += 'Z';
  return out;
}

std::optional<WallTime> parse_time(std::string_view text) {
  Scanner in(text);
  const unsigned year = in.number(4, 1970, 9999);
  in.expect("-");
  const unsigned month = in.number(2, 1, 12);
  in.expect("-");
  const unsigned day = in.number(2, 1, 31);
  in.expect("Tt ");
  const unsigned hour = in.number(2, 0, 23);
  in.expect(":");
  const unsigned minute = in.number(2, 0, 59);
  in.expect(":");
  const unsigned second = in.number(2, 0, 60);  // 60: a leap second, which counts as the next
  const unsigned millisecond = in.accept(".") ? in.milliseconds() : 0;
  const int offset_minutes = parse_offset(in);
  if (!in.ok() || !in.at_end() || day > days_in_month(year, month)) return std::nullopt;
  const std::int64_t minutes = std::int64_t{hour} * 60 + minute - offset_minutes;
  const std::int64_t time =
      days_from_civil(year, month, day) * ms_per_day + (minutes * 60 + second) * 1000 + millisecond;
  if (time < 0 || time > ms(last_time)) return std::nullopt;
  return WallTime{time};
}

std::string to_hex(ByteSpan bytes) {
  constexpr char digits[] = "0123456789abcdef";
  std::string out;
  out.reserve(bytes.size() * 2);
  for (std::uint8_t byte : bytes) {
    out += digits[byte >> 4];
    out += digits[byte & 15];
  }
  return out;
}

std::string to_hex(std::uint64_t value) {
  std::uint8_t bytes[8];
  for (int i = 0; i < 8; ++i) bytes[i] = static_cast<std::uint8_t>(value >> (56 - 8 * i));
  return to_hex(ByteSpan(bytes));
}

std::optional<Bytes> from_hex(std::string_view text) {
  if (text.size() % 2 != 0) return std::nullopt;
  Bytes bytes;
  bytes.reserve(text.size() / 2);
  for (std::size_t i = 0; i < text.size(); i += 2) {
    const int high = hex_digit(text[i]), low = hex_digit(text[i + 1]);
    if (high < 0 || low < 0) return std::nullopt;
    bytes.push_back(static_cast<std::uint8_t>(high << 4 | low));
  }
  return bytes;
}

std::optional<std::uint64_t> parse_number(std::string_view text, std::uint64_t max) {
  if (text.empty()) return std::nullopt;
  std::uint64_t value = 0;
  for (char character : text) {
    if (character < '0' || character > '9') return std::nullopt;
    const auto digit = static_cast<std::uint64_t>(character - '0');
    if (value > (max - std::min(digit, max)) / 10 || digit > max) return std::nullopt;
    value = value * 10 + digit;
  }
  return value;
}

}  // namespace tessera
