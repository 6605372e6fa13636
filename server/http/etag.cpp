#include "server/http/etag.h"

#include <algorithm>

namespace tessera {

bool names_tag(std::string_view text, std::string_view tag) {
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

}  // namespace tessera
