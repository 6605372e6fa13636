#include "server/http/router.h"

#include <algorithm>
#include <array>
#include <cassert>

#include "server/core/opening.h"
#include "server/core/problem.h"
#include "shared/base/text.h"

namespace tessera {
namespace {

std::vector<std::string_view> split(std::string_view text, char separator) {
  std::vector<std::string_view> parts;
  for (;;) {
    const std::size_t end = text.find(separator);
    parts.push_back(text.substr(0, end));
    if (end == std::string_view::npos) return parts;
    text.remove_prefix(end + 1);
  }
}

std::vector<std::string_view> segments_of(std::string_view path) {
  if (path.starts_with('/')) path.remove_prefix(1);
  return split(path, '/');
}

Result<Call::Value> parse_region(std::string_view text) {
  const auto parts = split(text, ',');
  std::array<std::uint32_t, 4> numbers{};
  bool good = parts.size() == numbers.size();
  for (std::size_t i = 0; good && i < numbers.size(); ++i) {
    const auto number = parse_number(parts[i], max_canvas_side);
    good = number && (i < 2 || *number > 0);
    if (good) numbers[i] = static_cast<std::uint32_t>(*number);
  }
  if (!good) return Error{"must be x,y,width,height in cells, such as 0,0,256,256"};
  return Call::Value{Rect{numbers[0], numbers[1], numbers[2], numbers[3]}};
}

Result<Call::Value> parse_instant(std::string_view text) {
  if (const auto seq = parse_number(text)) return Call::Value{PointInTime{Seq{*seq}}};
  // '+' in an address is a blank: take "…T12:00:00 02:00" for what was meant.
  std::string time(text);
  if (const std::size_t blank = time.rfind(' '); blank != std::string::npos && blank > time.find('T')) time[blank] = '+';
  if (const auto wall = parse_time(time)) return Call::Value{PointInTime{*wall}};
  return Error{"must be the number of a placement, or a time such as 2022-04-04T12:00:00Z"};
}

HttpResponse wrong_parameter(const Parameter& parameter, const std::string& why) {
  return problem(400, "invalid", parameter.name + " " + why);
}

/// `16 bytes`, `at least 1 byte`, `at most 16 bytes`, `1 to 64 bytes`.
std::string byte_range(std::uint64_t min, std::uint64_t max) {
  const std::uint64_t last = max == UINT64_MAX ? min : max;
  const std::string bytes = std::to_string(last) + (last == 1 ? " byte" : " bytes");
  if (min == max) return bytes;
  if (max == UINT64_MAX) return "at least " + bytes;
  return (min == 0 ? "at most " : std::to_string(min) + " to ") + bytes;
}

}  // namespace

std::string_view name_of(Method method) {
  switch (method) {
    case Method::Get: return "GET";
    case Method::Post: return "POST";
    case Method::Put: return "PUT";
    case Method::Patch: return "PATCH";
    case Method::Delete: return "DELETE";
  }
  return "";
}

RouteAnswer page_answer(unsigned status, std::string about) { return {status, std::move(about), "", "text/html; charset=utf-8"}; }

std::optional<Scope> scope_of(const Route& route) {
  if (route.scope) return route.scope;
  if (route.who >= Who::Moderator) return Scope::Manage;
  return std::nullopt;
}

Who whoever_may(Permission permission) {
  switch (least_roles[static_cast<std::size_t>(permission)]) {
    case Role::Guest:
    case Role::Member: return Who::Account;
    case Role::Moderator: return Who::Moderator;
    case Role::Admin: return Who::Admin;
    case Role::Owner: break;
  }
  return Who::Owner;
}

Parameter canvas_parameter(std::string example) {
  return {.name = "canvas", .kind = ParameterKind::Name, .about = "the canvas's name", .example = std::move(example)};
}

Parameter account_parameter() { return number_in_path("account", UINT32_MAX, "the account's id"); }

Parameter number_in_path(std::string name, std::uint64_t max, std::string about) {
  return {.name = std::move(name), .kind = ParameterKind::Number, .max = max, .about = std::move(about)};
}

Result<Call::Value> parse_parameter(const Parameter& parameter, std::string_view text) {
  switch (parameter.kind) {
    case ParameterKind::Number: {
      const auto number = parse_number(text, parameter.max);
      if (number && *number >= parameter.min) return Call::Value{*number};
      return Error{"must be a whole number from " + std::to_string(parameter.min) +
                   (parameter.max == UINT64_MAX ? " on" : " to " + std::to_string(parameter.max))};
    }
    case ParameterKind::Text:
      if (text.size() >= parameter.min && text.size() <= parameter.max) return Call::Value{std::string(text)};
      return Error{"must have " + byte_range(parameter.min, parameter.max)};
    case ParameterKind::Name:
      if (is_canvas_name(text)) return Call::Value{std::string(text)};
      return Error{"is not a canvas's name: 1 to 64 of a-z, 0-9, - and _"};
    case ParameterKind::Epoch: {
      const auto bytes = text.size() == 16 ? from_hex(text) : std::nullopt;
      if (!bytes) return Error{"must be 16 hexadecimal digits"};
      std::uint64_t value = 0;
      for (const std::uint8_t byte : *bytes) value = value << 8 | byte;
      return Call::Value{value};
    }
    case ParameterKind::Region: return parse_region(text);
    case ParameterKind::Instant: return parse_instant(text);
    case ParameterKind::Flag:
      if (text == "true" || text == "1") return Call::Value{std::uint64_t{1}};
      if (text == "false" || text == "0") return Call::Value{std::uint64_t{0}};
      return Error{"must be true or false"};
  }
  return Error{"is of no known kind"};
}

void Router::add(Route route) {
  Pattern pattern;
  std::size_t parameters = 0;
  for (const std::string_view segment : segments_of(route.pattern)) {
    const bool is_parameter = segment.starts_with('{');
    assert(!is_parameter || (parameters < route.path.size() &&
                             segment.substr(1, segment.size() - 2) == route.path[parameters].name));
    if (is_parameter && route.path[parameters].name == "canvas") route.of_canvas = true;
    if (is_parameter) ++parameters;
    pattern.segments.emplace_back(is_parameter ? std::string_view{} : segment);
  }
  assert(parameters == route.path.size());
  routes_.push_back(std::move(route));
  patterns_.push_back(std::move(pattern));
}

bool Router::fits(std::size_t index, const std::vector<std::string_view>& segments) const {
  const auto& wanted = patterns_[index].segments;
  return std::equal(wanted.begin(), wanted.end(), segments.begin(), segments.end(),
                    [](const std::string& pattern, std::string_view segment) {
                      return pattern.empty() ? !segment.empty() : pattern == segment;
                    });
}

bool Router::knows(std::string_view path) const {
  const auto segments = segments_of(path);
  for (std::size_t i = 0; i < routes_.size(); ++i)
    if (fits(i, segments)) return true;
  return false;
}

const Route* Router::find(std::string_view method, std::string_view path) const {
  const auto segments = segments_of(path);
  for (std::size_t i = 0; i < routes_.size(); ++i)
    if (name_of(routes_[i].method) == method && fits(i, segments)) return &routes_[i];
  return nullptr;
}

namespace {

/// What stands between the slashes where the pattern has braces.
std::optional<HttpResponse> take_path(const Route& route, const std::vector<std::string>& pattern,
                                      const std::vector<std::string_view>& segments, Call& call) {
  std::size_t next = 0;
  for (std::size_t i = 0; i < segments.size(); ++i) {
    if (!pattern[i].empty()) continue;
    const Parameter& parameter = route.path[next++];
    auto value = parse_parameter(parameter, segments[i]);
    if (!value && parameter.kind == ParameterKind::Name)
      return problem(404, "not_found", "there is no such canvas: " + parameter.name + " " + value.error().message);
    if (!value) return wrong_parameter(parameter, value.error().message);
    call.parameters.insert_or_assign(parameter.name, std::move(*value));
  }
  return std::nullopt;
}

std::optional<HttpResponse> take_query(const Route& route, Call& call) {
  for (const auto& [name, text] : call.request.query) {
    const auto known = std::find_if(route.query.begin(), route.query.end(),
                                    [&, &key = name](const Parameter& parameter) { return parameter.name == key; });
    if (known == route.query.end()) {
      if (route.unknown == Unknown::Ignored) continue;
      std::string names;
      for (const Parameter& parameter : route.query) names += (names.empty() ? "" : ", ") + parameter.name;
      return problem(400, "invalid", "this address takes no such parameter; known: " + (names.empty() ? "none" : names));
    }
    if (call.parameters.contains(known->name)) return wrong_parameter(*known, "is given twice");
    auto value = parse_parameter(*known, text);
    if (!value) return wrong_parameter(*known, value.error().message);
    call.parameters.emplace(known->name, std::move(*value));
  }
  for (const Parameter& parameter : route.query)
    if (parameter.otherwise) call.parameters.emplace(parameter.name, *parameter.otherwise);
  return std::nullopt;
}

}  // namespace

Result<const Route*, HttpResponse> Router::match(Call& call) const {
  const auto segments = segments_of(call.request.path);
  std::string allowed;
  for (std::size_t i = 0; i < routes_.size(); ++i) {
    const Route& route = routes_[i];
    if (!fits(i, segments)) continue;
    if (name_of(route.method) == call.request.method) {
      call.route = &route;
      if (auto refusal = take_path(route, patterns_[i].segments, segments, call)) return std::move(*refusal);
      if (auto refusal = take_query(route, call)) return std::move(*refusal);
      return &route;
    }
    allowed += (allowed.empty() ? "" : ", ") + std::string(name_of(route.method));
    if (route.method == Method::Get) allowed += ", HEAD";
  }
  if (allowed.empty()) return problem(404, "not_found", "there is nothing at this address");
  HttpResponse refusal = problem(405, "method", "this address takes " + allowed);
  refusal.add("Allow", allowed);
  return refusal;
}

}  // namespace tessera
