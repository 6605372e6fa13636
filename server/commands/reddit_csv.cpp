#include <algorithm>
#include <array>
#include <charconv>
#include <optional>

#include "server/commands/dataset.h"
#include "shared/base/geometry.h"
#include "shared/base/text.h"

namespace tessera {
namespace {

constexpr std::size_t max_line = 4'096;
constexpr std::size_t max_fields = 16;

/// The fields of a CSV line (RFC 4180 without line breaks in quotes), as views into it; 0 where quotes do not match.
std::size_t split(std::string_view line, std::array<std::string_view, max_fields>& fields) {
  std::size_t count = 0;
  std::size_t at = 0;
  while (count < max_fields) {
    if (at < line.size() && line[at] == '"') {
      const std::size_t end = line.find('"', at + 1);
      if (end == std::string_view::npos) return 0;
      fields[count++] = line.substr(at + 1, end - at - 1);
      at = end + 1;
      if (at < line.size() && line[at] != ',') return 0;
    } else {
      const std::size_t end = std::min(line.find(',', at), line.size());
      fields[count++] = line.substr(at, end - at);
      at = end;
    }
    if (at >= line.size()) return count;
    ++at;
  }
  return 0;
}

bool read_integer(std::string_view& text, std::int32_t& value) {
  while (!text.empty() && text.front() == ' ') text.remove_prefix(1);
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc{}) return false;
  text.remove_prefix(static_cast<std::size_t>(end - text.data()));
  constexpr auto most = static_cast<std::int32_t>(max_canvas_side);
  return value >= -most && value <= most;
}

bool expect(std::string_view& text, std::string_view what) {
  while (!text.empty() && text.front() == ' ' && what.front() != ' ') text.remove_prefix(1);
  if (!text.starts_with(what)) return false;
  text.remove_prefix(what.size());
  return true;
}

bool read_circle(std::string_view text, DatasetRow& row) {
  row.shape = Shape::Circle;
  return expect(text, "{") && expect(text, "X:") && read_integer(text, row.x) && expect(text, ",") &&
         expect(text, "Y:") && read_integer(text, row.y) && expect(text, ",") && expect(text, "R:") &&
         read_integer(text, row.x2) && row.x2 >= 0 && expect(text, "}") && text.empty();
}

bool read_coordinate(std::string_view text, DatasetRow& row) {
  if (!text.empty() && text.front() == '{') return read_circle(text, row);
  if (!read_integer(text, row.x) || !expect(text, ",") || !read_integer(text, row.y)) return false;
  if (text.empty()) return true;
  row.shape = Shape::Rectangle;
  if (!expect(text, ",") || !read_integer(text, row.x2) || !expect(text, ",") || !read_integer(text, row.y2)) return false;
  if (row.x2 < row.x) std::swap(row.x, row.x2);
  if (row.y2 < row.y) std::swap(row.y, row.y2);
  return text.empty();
}

/// Milliseconds since 1970 (2017's files), or a date and time.
std::optional<WallTime> read_time(std::string_view text) {
  if (const auto number = parse_number(text, 253'402'300'799'999)) return WallTime{static_cast<std::int64_t>(*number)};
  return parse_time(text);
}

}  // namespace

const std::vector<Rgb>& r_place_2017_colors() {
  static const std::vector<Rgb> colors = [] {
    std::vector<Rgb> list;
    for (const char* text : {"#FFFFFF", "#E4E4E4", "#888888", "#222222", "#FFA7D1", "#E50000", "#E59500", "#A06A42",
                             "#E5D900", "#94E044", "#02BE01", "#00D3DD", "#0083C7", "#0000EA", "#CF6EE4", "#820080"})
      list.push_back(*parse_color(text));
    return list;
  }();
  return colors;
}

void RedditCsvParser::feed(std::string_view text) {
  while (!text.empty()) {
    const std::size_t end = text.find('\n');
    if (end == std::string_view::npos) {
      if (rest_.size() + text.size() > max_line) rest_too_long_ = true;
      else rest_.append(text);
      return;
    }
    if (rest_too_long_) {
      ++line_;
      skip("line too long");
    } else if (rest_.empty()) {
      line(text.substr(0, end));
    } else {
      rest_.append(text.substr(0, std::min(end, max_line + 1)));
      line(rest_);
    }
    rest_.clear();
    rest_too_long_ = false;
    text.remove_prefix(end + 1);
  }
}

Result<Dataset> RedditCsvParser::finish() {
  if (!rest_.empty() || rest_too_long_) feed("\n");
  if (!problem_.empty()) return Error{problem_};
  if (width_ == 0) return Error{"The file is empty: a dataset begins with a line that names its columns."};
  sort_by_time(out_);
  return std::move(out_);
}

void RedditCsvParser::line(std::string_view text) {
  ++line_;
  if (!text.empty() && text.back() == '\r') text.remove_suffix(1);
  if (!problem_.empty() || text.empty()) return;
  if (text.size() > max_line) return skip("line too long");
  if (width_ != 0) return row(text);
  if (!header(text))
    problem_ =
        "Line 1 does not name the columns of a known dataset. Known are 'ts,user,x_coordinate,y_coordinate,color' (2017), "
        "'timestamp,user_id,pixel_color,coordinate' (2022) and 'timestamp,user,coordinate,pixel_color' (2023).";
}

bool RedditCsvParser::header(std::string_view text) {
  if (text.starts_with("\xEF\xBB\xBF")) text.remove_prefix(3);
  std::array<std::string_view, max_fields> fields;
  const std::size_t count = split(text, fields);
  for (std::size_t i = 0; i < count; ++i) {
    const std::string_view name = fields[i];
    const auto at = static_cast<int>(i);
    if (name == "ts" || name == "timestamp") columns_[Time] = at;
    if (name == "user" || name == "user_id" || name == "user_hash") columns_[User] = at;
    if (name == "color" || name == "pixel_color") columns_[Color] = at;
    if (name == "coordinate") columns_[Coordinate] = at;
    if (name == "x_coordinate") columns_[X] = at;
    if (name == "y_coordinate") columns_[Y] = at;
    if (name == "color") {
      out_.colors = r_place_2017_colors();
      out_.fixed_palette = true;
    }
  }
  const bool place = columns_[Coordinate] >= 0 || (columns_[X] >= 0 && columns_[Y] >= 0);
  if (columns_[Time] < 0 || columns_[User] < 0 || columns_[Color] < 0 || !place) return false;
  width_ = static_cast<int>(count);
  return true;
}

void RedditCsvParser::row(std::string_view text) {
  std::array<std::string_view, max_fields> fields;
  if (split(text, fields) != static_cast<std::size_t>(width_)) return skip("not as many columns as the header");
  const auto field = [&](Column column) { return fields[static_cast<std::size_t>(columns_[column])]; };
  DatasetRow next;
  const auto time = read_time(field(Time));
  if (!time) return skip("time is not one");
  next.time = *time;
  if (columns_[Coordinate] >= 0) {
    if (!read_coordinate(field(Coordinate), next)) return skip("coordinate is not one");
  } else {
    std::string_view x = field(X), y = field(Y);
    if (!read_integer(x, next.x) || !x.empty() || !read_integer(y, next.y) || !y.empty())
      return skip("coordinate is not one");
  }
  if (!color(field(Color), next)) return skip("colour is not one");
  if (field(User).empty()) return skip("no user");
  next.user = user(field(User));
  if (!out_.rows.empty() && next.time < out_.rows.back().time) out_.was_sorted = false;
  out_.rows.push_back(next);
}

bool RedditCsvParser::color(std::string_view text, DatasetRow& row) {
  if (out_.fixed_palette) {
    const auto number = parse_number(text, out_.colors.size() - 1);
    if (number) row.color = static_cast<std::uint16_t>(*number);
    return number.has_value();
  }
  const auto rgb = parse_color(text);
  if (!rgb) return false;
  const std::uint32_t key = std::uint32_t{rgb->r} << 16 | std::uint32_t{rgb->g} << 8 | rgb->b;
  const auto known = colors_.find(key);
  if (known != colors_.end()) {
    row.color = known->second;
    return true;
  }
  if (out_.colors.size() >= DatasetRow::no_color) return false;
  row.color = static_cast<std::uint16_t>(out_.colors.size());
  colors_.emplace(key, row.color);
  out_.colors.push_back(*rgb);
  return true;
}

std::uint32_t RedditCsvParser::user(std::string_view text) {
  const auto known = users_.find(text);
  if (known != users_.end()) return known->second;
  const auto index = static_cast<std::uint32_t>(out_.users.size());
  out_.users.emplace_back(text);
  users_.emplace(text, index);
  return index;
}

void RedditCsvParser::skip(const char* reason) {
  auto& skipped = out_.skipped[reason];
  if (skipped.count++ == 0) skipped.first_line = line_;
}

void sort_by_time(Dataset& dataset) {
  if (dataset.was_sorted) return;
  std::stable_sort(dataset.rows.begin(), dataset.rows.end(),
                   [](const DatasetRow& a, const DatasetRow& b) { return a.time < b.time; });
}

}  // namespace tessera
