#include <nlohmann/json.hpp>

#include "server/commands/dataset.h"
#include "shared/base/geometry.h"
#include "shared/base/text.h"

namespace tessera {

void NdjsonParser::feed(std::string_view text) {
  constexpr std::size_t max_line = 4'096;
  while (!text.empty()) {
    const std::size_t end = text.find('\n');
    if (end == std::string_view::npos) {
      rest_.append(text.substr(0, max_line + 1 - std::min(rest_.size(), max_line + 1)));
      return;
    }
    rest_.append(text.substr(0, std::min(end, max_line + 1)));
    ++line_;
    if (rest_.size() > max_line) skip("line too long");
    else if (!rest_.empty() && rest_ != "\r") line(rest_);
    rest_.clear();
    text.remove_prefix(end + 1);
  }
}

Result<Dataset> NdjsonParser::finish() {
  if (!rest_.empty()) feed("\n");
  out_.color_indices = true;
  sort_by_time(out_);
  return std::move(out_);
}

void NdjsonParser::line(std::string_view text) {
  const auto json = nlohmann::json::parse(text, nullptr, false);
  if (!json.is_object()) return skip("not a JSON object");
  const auto number = [&](const char* key, std::uint64_t max) -> std::optional<std::uint64_t> {
    const auto found = json.find(key);
    if (found == json.end() || !found->is_number_unsigned()) return std::nullopt;
    const auto value = found->get<std::uint64_t>();
    return value <= max ? std::optional(value) : std::nullopt;
  };
  const auto x = number("x", max_canvas_side - 1), y = number("y", max_canvas_side - 1), color = number("color", 255);
  if (!x || !y) return skip("coordinate is not one");
  if (!color) return skip("colour is not one");
  const auto time_field = json.find("time"), name_field = json.find("name");
  if (time_field == json.end() || !time_field->is_string()) return skip("time is not one");
  const auto time = parse_time(time_field->get_ref<const std::string&>());
  if (!time) return skip("time is not one");
  if (name_field == json.end() || !name_field->is_string()) return skip("no user");

  DatasetRow row;
  row.time = *time;
  row.x = static_cast<std::int32_t>(*x);
  row.y = static_cast<std::int32_t>(*y);
  row.color = *color == empty_color ? DatasetRow::no_color : static_cast<std::uint16_t>(*color);
  const auto [user, is_new] =
      users_.try_emplace(name_field->get<std::string>(), static_cast<std::uint32_t>(out_.users.size()));
  if (is_new) out_.users.push_back(user->first);
  row.user = user->second;
  if (!out_.rows.empty() && row.time < out_.rows.back().time) out_.was_sorted = false;
  out_.rows.push_back(row);
}

void NdjsonParser::skip(const char* reason) {
  auto& skipped = out_.skipped[reason];
  if (skipped.count++ == 0) skipped.first_line = line_;
}

}  // namespace tessera
