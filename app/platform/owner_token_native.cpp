#include "app/platform/owner_token_native.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>

#include "shared/base/text.h"

namespace tessera {
namespace {

constexpr std::size_t token_bytes = 32;

/// What others can read too is no secret any more.
std::string read_token(const std::string& path) {
  const int file = ::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
  if (file < 0) return {};
  struct stat about {};
  const bool ours = ::fstat(file, &about) == 0 && S_ISREG(about.st_mode) && about.st_uid == ::geteuid() && (about.st_mode & 077) == 0;
  std::array<char, 2 * token_bytes + 2> text{};
  const ssize_t count = ours ? ::read(file, text.data(), text.size()) : -1;
  ::close(file);
  std::string token(text.data(), count > 0 ? static_cast<std::size_t>(count) : 0);
  if (!token.empty() && token.back() == '\n') token.pop_back();
  const auto bytes = from_hex(token);
  return bytes && bytes->size() == token_bytes ? token : std::string();
}

bool write_token(const std::string& path, const std::string& token) {
  ::unlink(path.c_str());
  const int file = ::open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0600);
  if (file < 0) return false;
  const std::string line = token + "\n";
  const bool written = ::write(file, line.data(), line.size()) == static_cast<ssize_t>(line.size()) && ::fsync(file) == 0;
  return ::close(file) == 0 && written;
}

}  // namespace

std::string owner_token(const std::string& folder, RandomSource& random) {
  const std::string path = folder + "/owner-token";
  if (std::string known = read_token(path); !known.empty()) return known;
  std::array<std::uint8_t, token_bytes> bytes{};
  random.fill(bytes);
  const std::string token = to_hex(ByteSpan(bytes));
  return write_token(path, token) ? token : std::string();
}

}  // namespace tessera
