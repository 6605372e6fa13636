#include "server/net/http_target.h"

#include <algorithm>

#include "shared/base/ascii.h"
#include "shared/base/percent.h"
#include "shared/base/text.h"

namespace tessera {
namespace {

bool has_control(std::string_view text) {
  return std::any_of(text.begin(), text.end(), [](char letter) {
    const auto byte = static_cast<unsigned char>(letter);
    return byte < 0x20 || byte == 0x7f;
  });
}

std::string_view without_authority(std::string_view target) {
  for (const std::string_view scheme : {"http://", "https://"}) {
    if (!target.starts_with(scheme)) continue;
    target.remove_prefix(scheme.size());
    const std::size_t end = target.find_first_of("/?#");
    if (end == std::string_view::npos || target[end] != '/') return "/";
    return target.substr(end);
  }
  return target;
}

Result<std::string> parse_path(std::string_view raw) {
  std::string path;
  while (!raw.empty()) {
    raw.remove_prefix(1);  // the slash
    const std::size_t end = std::min(raw.find('/'), raw.size());
    const auto segment = percent_decode(raw.substr(0, end));
    if (!segment) return Error{"the path holds a '%' that is not followed by two hexadecimal digits"};
    if (*segment == "." || *segment == "..") return Error{"the path holds a '.' or '..' segment"};
    if (segment->find_first_of("/\\") != std::string::npos) return Error{"the path holds an encoded slash or a backslash"};
    if (has_control(*segment)) return Error{"the path holds a control character"};
    if (!is_utf8(*segment)) return Error{"the path is not UTF-8"};
    path += '/';
    path += *segment;
    raw.remove_prefix(end);
  }
  return path;
}

Result<std::vector<NamedValue>> parse_query(std::string_view raw) {
  auto query = parse_form(raw);
  if (!query) return Error{"the query holds a '%' that is not followed by two hexadecimal digits"};
  for (const auto& [name, value] : *query) {
    if (!is_utf8(name) || !is_utf8(value)) return Error{"the query is not UTF-8"};
    if (name.find('\0') != std::string::npos || value.find('\0') != std::string::npos)
      return Error{"the query holds a zero byte"};
  }
  return std::move(*query);
}

}  // namespace

Result<HttpTarget> parse_http_target(std::string_view target) {
  if (has_control(target)) return Error{"the target holds a control character"};
  target = without_authority(target);
  if (target.empty() || target[0] != '/') return Error{"the target must begin with '/'"};
  if (target.find('#') != std::string_view::npos) return Error{"the target holds a fragment"};
  const std::size_t question = target.find('?');
  auto path = parse_path(target.substr(0, question));
  if (!path) return path.error();
  auto query = parse_query(question == std::string_view::npos ? "" : target.substr(question + 1));
  if (!query) return query.error();
  return HttpTarget{std::move(*path), std::move(*query)};
}

void parse_cookies(std::string_view header, std::vector<NamedValue>& out) {
  while (!header.empty()) {
    const std::string_view item = next_item(header, ';');
    const std::size_t equals = item.find('=');
    if (equals == std::string_view::npos) continue;
    std::string_view value = trimmed(item.substr(equals + 1));
    if (value.size() >= 2 && value.front() == '"' && value.back() == '"') value = value.substr(1, value.size() - 2);
    out.emplace_back(trimmed(item.substr(0, equals)), value);
  }
}

}  // namespace tessera
