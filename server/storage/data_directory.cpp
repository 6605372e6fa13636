#include "server/storage/data_directory.h"

#include <array>
#include <cerrno>
#include <chrono>
#include <cstring>
#include <thread>

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "server/storage/seal.h"

namespace tessera {
namespace {

constexpr mode_t owner_only_directory = 0700;
constexpr mode_t owner_only_file = 0600;
/// A server that was just told to end may still be writing: whoever starts the next one need not know.
constexpr std::chrono::milliseconds patience{2'000};
constexpr std::chrono::milliseconds between_tries{20};

std::string why() {
  switch (errno) {
    case EACCES:
    case EPERM:
    case EROFS:
      return std::string("cannot be written (") + std::strerror(errno) +
             "): give this user the right to write there, or choose another data directory";
    case ENOSPC:
    case EDQUOT:
      return "cannot be written: the disk is full: make room, or choose another data directory";
    case ENOTDIR:
      return "is not a directory, or lies beneath a file";
    default:
      return std::string("cannot be opened: ") + std::strerror(errno);
  }
}

Result<OwnedFile> open_beside(const std::filesystem::path& path) {
  OwnedFile file(::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, owner_only_file));
  if (file.descriptor() < 0) return Error{path.string() + " " + why()};
  return file;
}

std::string read_start(int descriptor) {
  std::array<char, 256> buffer;
  const ssize_t size = ::pread(descriptor, buffer.data(), buffer.size(), 0);
  return size > 0 ? std::string(buffer.data(), static_cast<std::size_t>(size)) : std::string();
}

bool write_all(int descriptor, ByteSpan bytes) {
  return ::pwrite(descriptor, bytes.data(), bytes.size(), 0) == static_cast<ssize_t>(bytes.size());
}

/// Two lines: process id, address (empty before it is known).
std::string describe_holder(const std::string& content) {
  const std::size_t line = content.find('\n');
  if (line == std::string::npos || line == 0) return "by another process";
  std::string holder = "by process " + content.substr(0, line);
  const std::string address = content.substr(line + 1, content.find('\n', line + 1) - line - 1);
  if (!address.empty()) holder += ", which listens on " + address;
  return holder;
}

/// Waits for the lock as long as patience lasts; false with errno set where it was not had.
bool lock_patiently(int descriptor) {
  for (auto waited = std::chrono::milliseconds::zero();; waited += between_tries) {
    if (::flock(descriptor, LOCK_EX | LOCK_NB) == 0) return true;
    if (errno != EWOULDBLOCK || waited >= patience) return false;
    std::this_thread::sleep_for(between_tries);
  }
}

}  // namespace

OwnedFile::~OwnedFile() {
  if (descriptor_ >= 0) ::close(descriptor_);
}

OwnedFile& OwnedFile::operator=(OwnedFile&& other) noexcept {
  std::swap(descriptor_, other.descriptor_);
  return *this;
}

DataFiles DataFiles::at(const std::filesystem::path& path) {
  std::error_code ignored;
  const bool is_file = std::filesystem::is_regular_file(path, ignored) ||
                       (path.extension() == ".db" && !std::filesystem::is_directory(path, ignored));
  return of(is_file ? path : path / "tessera.db");
}

DataFiles DataFiles::of(const std::filesystem::path& database) {
  DataFiles files;
  files.database = database;
  files.directory = files.database.parent_path();
  files.audit_key = files.database.string() + ".audit-key";
  files.address_key = files.database.string() + ".address-key";
  files.lock = std::filesystem::path(files.database).replace_extension(".lock");
  files.marker = std::filesystem::path(files.database).replace_extension(".epoch");
  return files;
}

Status make_directory(const std::filesystem::path& directory) {
  if (directory.empty()) return {};
  struct stat found {};
  if (::stat(directory.c_str(), &found) == 0) {
    if (S_ISDIR(found.st_mode)) return {};
    return Error{directory.string() + " is a file, not a directory: choose another data directory"};
  }
  if (Status parent = make_directory(directory.parent_path()); !parent) return parent;
  if (::mkdir(directory.c_str(), owner_only_directory) != 0 && errno != EEXIST)
    return Error{"the data directory " + directory.string() + " " + why()};
  return {};
}

void sync_directory_of(const std::filesystem::path& file) {
  const std::filesystem::path directory = file.has_parent_path() ? file.parent_path() : ".";
  const OwnedFile opened(::open(directory.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (opened.descriptor() >= 0) ::fsync(opened.descriptor());
}

Result<DataLock> DataLock::take(const DataFiles& files) {
  auto file = open_beside(files.lock);
  if (!file) return Error{"the data directory cannot be used: " + file.error().message};
  if (!lock_patiently(file->descriptor())) {
    if (errno != EWOULDBLOCK) return Error{files.lock.string() + " cannot be locked: " + std::strerror(errno)};
    return Error{files.database.string() + " is in use " + describe_holder(read_start(file->descriptor())) +
                 ": stop that one, or choose another data directory"};
  }
  DataLock lock(std::move(*file));
  lock.announce("");
  return lock;
}

void DataLock::announce(std::string_view address) const {
  const std::string content = std::to_string(::getpid()) + "\n" + std::string(address) + "\n";
  // Only a courtesy to whoever is refused: on a full disk it stays as it was.
  if (write_all(file_.descriptor(), as_bytes(content))) [[maybe_unused]]
    const int cut = ::ftruncate(file_.descriptor(), static_cast<off_t>(content.size()));
}

Result<EpochMarker> EpochMarker::open(const DataFiles& files) {
  auto file = open_beside(files.marker);
  if (!file) return file.error();
  return EpochMarker(std::move(*file), files.marker.string());
}

std::optional<DatabaseState> EpochMarker::read() const {
  const std::string content = read_start(file_.descriptor());
  const auto body = unseal(key_crc(SealedTable::Marker, {}), as_bytes(content));
  if (!body) return std::nullopt;
  ByteReader reader(*body);
  DatabaseState state;
  state.store = reader.u64();
  state.commits = reader.u64();
  if (!reader.ok() || !reader.at_end()) return std::nullopt;
  return state;
}

Status EpochMarker::write(const DatabaseState& state) const {
  Bytes body;
  ByteWriter writer(body);
  writer.u64(state.store);
  writer.u64(state.commits);
  if (!write_all(file_.descriptor(), seal(key_crc(SealedTable::Marker, {}), body))) return Error{name_ + " " + why()};
  return {};
}

}  // namespace tessera
