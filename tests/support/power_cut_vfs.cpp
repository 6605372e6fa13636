#include "tests/support/power_cut_vfs.h"

#include <algorithm>
#include <cassert>
#include <new>

#include <fcntl.h>
#include <sqlite3.h>
#include <unistd.h>

#include "shared/base/random.h"

namespace tessera {
namespace {

constexpr std::size_t sector_bytes = 512;

struct File {
  sqlite3_file base;  // first, as SQLite asks
  PowerCutVfs* vfs;
  std::string* path;  // null for temporary files, which need no care
  sqlite3_file* real() { return reinterpret_cast<sqlite3_file*>(this + 1); }
};

File& self(sqlite3_file* file) { return *reinterpret_cast<File*>(file); }
const sqlite3_io_methods& real_methods(sqlite3_file* file) { return *self(file).real()->pMethods; }

std::uint64_t size_of(sqlite3_file* file) {
  sqlite3_int64 size = 0;
  real_methods(file).xFileSize(self(file).real(), &size);
  return static_cast<std::uint64_t>(size);
}

std::vector<std::uint8_t> content(sqlite3_file* file, std::uint64_t offset, std::uint64_t size) {
  std::vector<std::uint8_t> bytes(size);
  if (size > 0)
    real_methods(file).xRead(self(file).real(), bytes.data(), static_cast<int>(size),
                             static_cast<sqlite3_int64>(offset));
  return bytes;
}

int file_close(sqlite3_file* file) {
  const int code = real_methods(file).xClose(self(file).real());
  delete self(file).path;
  self(file).path = nullptr;
  return code;
}

int file_read(sqlite3_file* file, void* out, int size, sqlite3_int64 offset) {
  const std::lock_guard lock(self(file).vfs->mutex());
  if (self(file).vfs->cut_locked()) return SQLITE_IOERR_READ;
  return real_methods(file).xRead(self(file).real(), out, size, offset);
}

int file_write(sqlite3_file* file, const void* data, int size, sqlite3_int64 offset) {
  PowerCutVfs& vfs = *self(file).vfs;
  const std::lock_guard lock(vfs.mutex());
  if (const int code = vfs.before_change(static_cast<std::uint64_t>(size), false); code != SQLITE_OK) return code;
  if (self(file).path != nullptr) {
    PowerCutVfs::Change change;
    change.offset = static_cast<std::uint64_t>(offset);
    change.size_before = size_of(file);
    const std::uint64_t there = change.size_before > change.offset ? change.size_before - change.offset : 0;
    change.before = content(file, change.offset, std::min<std::uint64_t>(there, static_cast<std::uint64_t>(size)));
    const auto* bytes = static_cast<const std::uint8_t*>(data);
    change.after.assign(bytes, bytes + size);
    vfs.file(*self(file).path).unsynced.push_back(std::move(change));
  }
  return real_methods(file).xWrite(self(file).real(), data, size, offset);
}

int file_truncate(sqlite3_file* file, sqlite3_int64 size) {
  PowerCutVfs& vfs = *self(file).vfs;
  const std::lock_guard lock(vfs.mutex());
  if (const int code = vfs.before_change(0, false); code != SQLITE_OK) return code;
  if (self(file).path != nullptr) {
    PowerCutVfs::Change change;
    change.offset = static_cast<std::uint64_t>(size);
    change.size_before = size_of(file);
    change.truncates = true;
    if (change.size_before > change.offset)
      change.before = content(file, change.offset, change.size_before - change.offset);
    vfs.file(*self(file).path).unsynced.push_back(std::move(change));
  }
  return real_methods(file).xTruncate(self(file).real(), size);
}

int file_sync(sqlite3_file* file, int) {
  PowerCutVfs& vfs = *self(file).vfs;
  const std::lock_guard lock(vfs.mutex());
  if (const int code = vfs.before_change(0, true); code != SQLITE_OK) return code;
  if (self(file).path != nullptr) vfs.file(*self(file).path).unsynced.clear();
  return SQLITE_OK;
}

int file_size(sqlite3_file* file, sqlite3_int64* size) { return real_methods(file).xFileSize(self(file).real(), size); }
int file_lock(sqlite3_file* file, int level) { return real_methods(file).xLock(self(file).real(), level); }
int file_unlock(sqlite3_file* file, int level) { return real_methods(file).xUnlock(self(file).real(), level); }
int file_check_lock(sqlite3_file* file, int* out) {
  return real_methods(file).xCheckReservedLock(self(file).real(), out);
}
int file_control(sqlite3_file* file, int op, void* value) {
  return real_methods(file).xFileControl(self(file).real(), op, value);
}
int file_sector_size(sqlite3_file* file) { return real_methods(file).xSectorSize(self(file).real()); }
int file_characteristics(sqlite3_file* file) { return real_methods(file).xDeviceCharacteristics(self(file).real()); }
int shm_map(sqlite3_file* file, int page, int size, int extend, void volatile** out) {
  return real_methods(file).xShmMap(self(file).real(), page, size, extend, out);
}
int shm_lock(sqlite3_file* file, int offset, int count, int flags) {
  return real_methods(file).xShmLock(self(file).real(), offset, count, flags);
}
void shm_barrier(sqlite3_file* file) { real_methods(file).xShmBarrier(self(file).real()); }
int shm_unmap(sqlite3_file* file, int remove) { return real_methods(file).xShmUnmap(self(file).real(), remove); }

const sqlite3_io_methods methods = {2,
                                    file_close,
                                    file_read,
                                    file_write,
                                    file_truncate,
                                    file_sync,
                                    file_size,
                                    file_lock,
                                    file_unlock,
                                    file_check_lock,
                                    file_control,
                                    file_sector_size,
                                    file_characteristics,
                                    shm_map,
                                    shm_lock,
                                    shm_barrier,
                                    shm_unmap,
                                    nullptr,
                                    nullptr};

PowerCutVfs& own(sqlite3_vfs* vfs) { return *static_cast<PowerCutVfs*>(vfs->pAppData); }

int vfs_open(sqlite3_vfs* vfs, const char* name, sqlite3_file* file, int flags, int* out_flags) {
  file->pMethods = nullptr;
  if (own(vfs).is_cut()) return SQLITE_CANTOPEN;
  self(file).vfs = &own(vfs);
  self(file).path = nullptr;
  sqlite3_vfs* real = own(vfs).real();
  const int code = real->xOpen(real, name, self(file).real(), flags, out_flags);
  if (code != SQLITE_OK) return code;
  if (name != nullptr) self(file).path = new std::string(name);
  file->pMethods = &methods;
  return SQLITE_OK;
}

int vfs_delete(sqlite3_vfs* vfs, const char* name, int sync_directory) {
  const std::lock_guard lock(own(vfs).mutex());
  if (own(vfs).cut_locked()) return SQLITE_IOERR_DELETE;
  own(vfs).file(name).unsynced.clear();
  return own(vfs).real()->xDelete(own(vfs).real(), name, sync_directory);
}

int vfs_access(sqlite3_vfs* vfs, const char* name, int flags, int* out) {
  return own(vfs).real()->xAccess(own(vfs).real(), name, flags, out);
}
int vfs_full_pathname(sqlite3_vfs* vfs, const char* name, int size, char* out) {
  return own(vfs).real()->xFullPathname(own(vfs).real(), name, size, out);
}

}  // namespace

PowerCutVfs::PowerCutVfs(std::string name) : name_(std::move(name)), real_(sqlite3_vfs_find(nullptr)) {
  own_ = std::make_unique<sqlite3_vfs>(*real_);  // what does not touch files stays the system's
  own_->szOsFile = static_cast<int>(sizeof(File)) + real_->szOsFile;
  own_->pNext = nullptr;
  own_->zName = name_.c_str();
  own_->pAppData = this;
  own_->xOpen = vfs_open;
  own_->xDelete = vfs_delete;
  own_->xAccess = vfs_access;
  own_->xFullPathname = vfs_full_pathname;
  sqlite3_vfs_register(own_.get(), 0);
}

PowerCutVfs::~PowerCutVfs() { sqlite3_vfs_unregister(own_.get()); }

void PowerCutVfs::cut_after(std::uint64_t operations) {
  const std::lock_guard lock(mutex_);
  until_cut_ = operations;
}

bool PowerCutVfs::is_cut() const {
  const std::lock_guard lock(mutex_);
  return cut_;
}

void PowerCutVfs::leave_room(std::optional<std::uint64_t> bytes) {
  const std::lock_guard lock(mutex_);
  room_ = bytes;
}

void PowerCutVfs::fail_sync(std::uint64_t number) {
  const std::lock_guard lock(mutex_);
  until_failing_sync_ = number;
}

int PowerCutVfs::before_change(std::uint64_t bytes, bool sync) {
  if (!cut_ && until_cut_ > 0 && --until_cut_ == 0) cut_ = true;
  if (cut_) return sync ? SQLITE_IOERR_FSYNC : SQLITE_IOERR_WRITE;
  if (sync && until_failing_sync_ > 0 && --until_failing_sync_ == 0) return SQLITE_IOERR_FSYNC;
  if (room_) {
    if (bytes > *room_) return SQLITE_FULL;
    *room_ -= bytes;
  }
  return SQLITE_OK;
}

void PowerCutVfs::restore(std::uint64_t seed) {
  const std::lock_guard lock(mutex_);
  for (auto& [path, state] : files_) {
    restore_file(path, state, seed++);
    state.unsynced.clear();
    ::unlink((path + "-shm").c_str());  // memory, gone with the power
  }
  cut_ = false;
  until_cut_ = 0;
}

void PowerCutVfs::restore_file(const std::string& path, FileState& state, std::uint64_t seed) {
  if (state.unsynced.empty()) return;
  const int descriptor = ::open(path.c_str(), O_RDWR | O_CLOEXEC);
  if (descriptor < 0) return;
  const auto put = [&](const std::uint8_t* bytes, std::size_t size, std::uint64_t offset) {
    [[maybe_unused]] const ssize_t written = ::pwrite(descriptor, bytes, size, static_cast<off_t>(offset));
    assert(written == static_cast<ssize_t>(size));
  };
  for (auto change = state.unsynced.rbegin(); change != state.unsynced.rend(); ++change) {
    put(change->before.data(), change->before.size(), change->offset);
    [[maybe_unused]] const int cut = ::ftruncate(descriptor, static_cast<off_t>(change->size_before));
  }
  // Then let some of it have reached the disk after all.
  SeededRandom random(seed);
  const std::uint64_t manner = random.below(3);
  const std::uint64_t reached = random.below(state.unsynced.size() + 1);
  for (std::size_t i = 0; i < state.unsynced.size(); ++i) {
    const Change& change = state.unsynced[i];
    if (manner == 0 || (manner == 1 && i >= reached)) continue;
    if (change.truncates) {
      if (manner == 1) [[maybe_unused]]
        const int cut = ::ftruncate(descriptor, static_cast<off_t>(change.offset));
      continue;
    }
    for (std::size_t at = 0; at < change.after.size(); at += sector_bytes)
      if (manner == 1 || random.below(2) == 0)
        put(change.after.data() + at, std::min(sector_bytes, change.after.size() - at), change.offset + at);
  }
  ::close(descriptor);
}

}  // namespace tessera
