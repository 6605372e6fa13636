#include "server/serve/values.h"

#include <algorithm>
#include <cmath>
#include <cstdlib>

#include "server/auth/site.h"
#include "shared/base/text.h"

namespace tessera {
namespace {

Error wrong(std::string_view text, const std::string& expected) { return Error{"'" + std::string(text) + "' is not " + expected}; }

/// Digits with at most one point.
std::optional<double> parse_decimal(std::string_view text) {
  const std::size_t point = text.find('.');
  const auto whole = parse_number(text.substr(0, point), 1'000'000'000);
  if (!whole) return std::nullopt;
  if (point == std::string_view::npos) return static_cast<double>(*whole);
  const std::string_view rest = text.substr(point + 1);
  const auto part = rest.size() <= 9 ? parse_number(rest, 1'000'000'000) : std::nullopt;
  if (!part) return std::nullopt;
  return static_cast<double>(*whole) + static_cast<double>(*part) / std::pow(10.0, static_cast<double>(rest.size()));
}

/// A number with its unit, at most `most` seconds.
std::optional<std::uint64_t> parse_seconds(std::string_view text, std::uint64_t most) {
  std::uint64_t unit = 0;
  switch (text.empty() ? '\0' : text.back()) {
    case 'd': unit = 86'400; break;
    case 'h': unit = 3'600; break;
    case 'm': unit = 60; break;
    case 's': unit = 1; break;
    default: return std::nullopt;
  }
  const auto number = parse_number(text.substr(0, text.size() - 1), most / unit);
  return number ? std::optional(*number * unit) : std::nullopt;
}

}  // namespace

bool ListenAddress::is_loopback() const { return address == "::1" || address.starts_with("127."); }
bool ListenAddress::is_any() const { return address == "0.0.0.0" || address == "::"; }

Result<ListenAddress> parse_listen(std::string_view text) {
  const auto refuse = [&] { return wrong(text, "an address and a port, such as 127.0.0.1:7878 or [::1]:7878"); };
  std::string_view host = "127.0.0.1";
  std::string_view port = text;
  if (const std::size_t colon = text.rfind(':'); colon != std::string_view::npos) {
    host = colon == 0 ? host : text.substr(0, colon);
    port = text.substr(colon + 1);
  }
  const auto number = parse_number(port, 65'535);
  if (!number) return refuse();
  if (host.starts_with('[') && host.ends_with(']')) host = host.substr(1, host.size() - 2);
  else if (host.find(':') != std::string_view::npos) return refuse();
  if (host == "localhost") host = "127.0.0.1";
  if (host == "*") host = "::";
  if (!is_address(host)) return refuse();
  return ListenAddress{std::string(host), static_cast<std::uint16_t>(*number)};
}

Result<NamedCanvas> parse_named_canvas(std::string_view text) {
  const std::size_t colon = text.find(':');
  const std::string_view size = colon == std::string_view::npos ? std::string_view{} : text.substr(colon + 1);
  const std::size_t cross = size.find_first_of("xX");
  const auto width = parse_number(size.substr(0, cross), max_canvas_side);
  const auto height = cross == std::string_view::npos ? std::nullopt : parse_number(size.substr(cross + 1), max_canvas_side);
  if (!width || !height) return wrong(text, "a canvas as NAME:WIDTHxHEIGHT, such as main:1000x1000");
  return NamedCanvas{std::string(text.substr(0, colon)),
                     {static_cast<std::uint32_t>(*width), static_cast<std::uint32_t>(*height)}};
}

Result<LimitSetting> parse_limit(std::string_view text) {
  LimitSetting setting;
  if (text == "off") {
    setting.off = true;
    setting.placing = {.per_second = std::nullopt, .burst = 0, .per_minute = std::nullopt, .cooldown_ms = 0};
    return setting;
  }
  const auto refuse = [&] { return wrong(text, "a limit as PER_SECOND, PER_SECOND:BURST or PER_SECOND:BURST:PER_MINUTE, or off"); };
  std::string_view parts[3];
  std::size_t count = 0;
  for (std::string_view rest = text;; ++count) {
    if (count == 3) return refuse();
    const std::size_t colon = rest.find(':');
    parts[count] = rest.substr(0, colon);
    if (colon == std::string_view::npos) break;
    rest.remove_prefix(colon + 1);
  }
  const auto per_second = parse_decimal(parts[0]);
  if (!per_second || *per_second <= 0) return refuse();
  setting.placing.per_second = *per_second;
  setting.placing.burst = static_cast<std::uint32_t>(std::min(1e9, std::max(1.0, std::ceil(*per_second * 2))));
  setting.placing.per_minute = std::nullopt;
  if (count >= 1) {
    const auto burst = parse_number(parts[1], 1'000'000'000);
    if (!burst || *burst == 0) return refuse();
    setting.placing.burst = static_cast<std::uint32_t>(*burst);
  }
  if (count >= 2) {
    const auto per_minute = parse_number(parts[2], 1'000'000'000);
    if (!per_minute || *per_minute == 0) return refuse();
    setting.placing.per_minute = static_cast<std::uint32_t>(*per_minute);
  }
  return setting;
}

Result<std::optional<std::uint32_t>> parse_per_minute(std::string_view text) {
  if (text == "off") return std::optional<std::uint32_t>{};
  const auto number = parse_number(text, 1'000'000'000);
  if (!number || *number == 0) return wrong(text, "a number a minute, or off");
  return std::optional(static_cast<std::uint32_t>(*number));
}

Result<std::chrono::seconds> parse_duration(std::string_view text) {
  const auto seconds = parse_seconds(text, 10ull * 365 * 86'400);
  if (!seconds || *seconds < 60) return wrong(text, "a time from 60s to 3650d, such as 30d, 12h or 90m");
  return std::chrono::seconds(*seconds);
}

Result<std::chrono::seconds> parse_undo_window(std::string_view text) {
  if (text == "off") return std::chrono::seconds::zero();
  const auto seconds = parse_seconds(text, 3'600);
  if (!seconds || *seconds == 0) return wrong(text, "a time from 1s to 1h, such as 60s or 5m, or off");
  return std::chrono::seconds(*seconds);
}

Result<std::uint64_t> parse_count(std::string_view text) {
  std::uint64_t unit = 1;
  std::string_view digits = text;
  if (text.ends_with('k') || text.ends_with('K')) unit = 1'000;
  if (text.ends_with('m') || text.ends_with('M')) unit = 1'000'000;
  if (unit > 1) digits.remove_suffix(1);
  const auto number = parse_number(digits, UINT64_MAX / unit);
  if (!number || *number == 0) return wrong(text, "a number such as 16000000, 500k or 16M");
  return *number * unit;
}

Result<bool> parse_switch(std::string_view text) {
  if (text == "on" || text == "true" || text == "1") return true;
  if (text == "off" || text == "false" || text == "0") return false;
  return wrong(text, "on or off");
}

}  // namespace tessera
