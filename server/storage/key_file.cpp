#include "server/storage/key_file.h"

#include <cerrno>
#include <cstdio>
#include <cstring>

#include <fcntl.h>
#include <unistd.h>

#include "server/storage/data_directory.h"
#include "server/storage/store_url.h"

namespace tessera {
namespace {

constexpr mode_t owner_only = 0600;

Error cannot_write(const std::filesystem::path& file) {
  return {"the key " + file.string() + " cannot be written: " + std::strerror(errno)};
}

}  // namespace

std::optional<SecretKey> read_key_file(const std::filesystem::path& file) {
  const OwnedFile opened(::open(file.c_str(), O_RDONLY | O_CLOEXEC));
  std::array<std::uint8_t, std::tuple_size_v<SecretKey> + 1> content;  // one more than there may be
  if (opened.descriptor() < 0 ||
      ::read(opened.descriptor(), content.data(), content.size()) != static_cast<ssize_t>(content.size() - 1))
    return std::nullopt;
  SecretKey key;
  std::memcpy(key.data(), content.data(), key.size());
  return key;
}

Status write_key_file(const std::filesystem::path& file, const SecretKey& key) {
  ::unlink(file.c_str());
  const OwnedFile opened(::open(file.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, owner_only));
  if (opened.descriptor() < 0 ||
      ::write(opened.descriptor(), key.data(), key.size()) != static_cast<ssize_t>(key.size()) ||
      ::fsync(opened.descriptor()) != 0)
    return cannot_write(file);
  sync_directory_of(file);
  return {};
}

Result<SecretKey> open_address_key(std::string_view store_url, RandomSource& random) {
  const auto parsed = parse_store_url(store_url);
  if (!parsed) return parsed.error();
  SecretKey key;
  random.fill(key);
  if (parsed->kind == StoreUrl::Kind::Memory) return key;
  const std::filesystem::path file = DataFiles::at(parsed->path).address_key;
  if (const auto known = read_key_file(file)) return *known;
  std::error_code ignored;
  if (std::filesystem::exists(file, ignored))
    return Error{file.string() + " is not a key: put it back from a backup, or remove it and begin anew, which nobody seen before is found by"};
  // Named only once it is whole.
  const std::filesystem::path unnamed = file.string() + ".new";
  if (Status status = write_key_file(unnamed, key); !status) return status.error();
  if (::rename(unnamed.c_str(), file.c_str()) != 0) return cannot_write(file);
  sync_directory_of(file);
  return key;
}

}  // namespace tessera
