#include "server/storage/store_url.h"

#include <string>

#include "server/storage/open_store.h"
#include "shared/base/percent.h"
#include "shared/base/text.h"

namespace tessera {
namespace {

constexpr std::string_view sqlite_scheme = "sqlite://";

bool is_plain(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
         std::string_view("/-._~").find(c) != std::string_view::npos;
}

}  // namespace

Result<StoreUrl> parse_store_url(std::string_view url) {
  if (url == "memory:") return StoreUrl{StoreUrl::Kind::Memory, {}};
  if (url.substr(0, sqlite_scheme.size()) == sqlite_scheme) {
    const auto path = percent_decode(url.substr(sqlite_scheme.size()));
    if (!path || path->size() < 2 || path->front() != '/' || path->find('\0') != std::string::npos)
      return Error{"the store " + std::string(url) + " needs an absolute path, as in sqlite:///srv/tessera"};
    return StoreUrl{StoreUrl::Kind::Sqlite, *path};
  }
  return Error{"the store " + std::string(url) + " is of no known kind: use sqlite:///path/to/directory or memory:"};
}

std::string data_directory_url(const std::filesystem::path& directory) {
  std::string url(sqlite_scheme);
  for (char c : std::filesystem::absolute(directory).lexically_normal().string()) {
    if (is_plain(c))
      url += c;
    else
      url += '%' + to_hex(ByteSpan(reinterpret_cast<const std::uint8_t*>(&c), 1));
  }
  while (url.size() > sqlite_scheme.size() + 1 && url.back() == '/') url.pop_back();
  return url;
}

}  // namespace tessera
