#include "server/http/etag.h"

#include <algorithm>

#include "server/core/problem.h"
#include "shared/base/text.h"

namespace tessera {

bool names_tag(std::string_view text, std::string_view tag) {
  if (tag.starts_with("W/")) tag.remove_prefix(2);
  const auto skip = [&text](std::string_view what) {
    const std::size_t end = text.find_first_not_of(what);
    text.remove_prefix(end == std::string_view::npos ? text.size() : end);
  };
  for (skip(" \t,"); !text.empty(); skip(" \t,")) {
    if (text.starts_with('*')) return true;
    if (text.starts_with("W/")) text.remove_prefix(2);
    if (!text.starts_with('"')) return false;
    const std::size_t end = text.find('"', 1);
    if (end == std::string_view::npos) return false;
    if (text.substr(0, end + 1) == tag) return true;
    text.remove_prefix(end + 1);
  }
  return false;
}

HttpResponse with_tag(const HttpRequest& request, HttpResponse response, const std::string& tag) {
  response.add("ETag", tag);
  const std::string* known = request.header("if-none-match");
  if (response.status != 200 || !known || !names_tag(*known, tag)) return response;
  response.status = 304;
  response.body = nullptr;
  std::erase_if(response.headers, [](const NamedValue& header) {
    return header.first == "Content-Type" || header.first == "Content-Encoding";
  });
  return response;
}

std::optional<std::uint32_t> IfMatch::expected(std::uint32_t current) const {
  if (any) return std::nullopt;
  const bool named = std::find(versions.begin(), versions.end(), current) != versions.end();
  return named ? current : versions.empty() ? 0 : versions.front();
}

Result<IfMatch, HttpResponse> read_if_match(const HttpRequest& request) {
  const std::string* header = request.header("if-match");
  if (!header)
    return problem(428, "precondition_required", "send If-Match with the ETag of what you change, so that nobody else's change is lost");
  IfMatch match;
  std::string_view text = *header;
  const auto skip = [&text] { text.remove_prefix(std::min(text.find_first_not_of(" \t,"), text.size())); };
  for (skip(); !text.empty(); skip()) {
    if (text.starts_with('*')) {
      match.any = true;
      text.remove_prefix(1);
      continue;
    }
    const bool weak = text.starts_with("W/");
    if (weak) text.remove_prefix(2);
    const std::size_t end = text.starts_with('"') ? text.find('"', 1) : std::string_view::npos;
    if (end == std::string_view::npos) return problem(400, "invalid", "If-Match must hold tags such as \"5\"");
    const auto version = parse_number(text.substr(1, end - 1), UINT32_MAX);
    if (version && !weak) match.versions.push_back(static_cast<std::uint32_t>(*version));
    text.remove_prefix(end + 1);
  }
  return match;
}

std::string version_tag(std::uint32_t version) { return '"' + std::to_string(version) + '"'; }

HttpResponse with_version(HttpResponse response, std::uint32_t version) {
  response.add("ETag", version_tag(version));
  return response;
}

}  // namespace tessera
