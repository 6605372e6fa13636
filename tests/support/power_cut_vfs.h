#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

struct sqlite3_vfs;

namespace tessera {

/// A disk for SQLite that remembers what was written since each file's last sync. At a simulated power cut every
/// further operation fails, as for a process that is gone; `restore` then throws away what was not synced: all of it,
/// the later part of it, or single sectors, by seed. Files are real, syncs are not. Registered with SQLite while it
/// lives. May be used from any thread.
class PowerCutVfs {
 public:
  explicit PowerCutVfs(std::string name);
  ~PowerCutVfs();
  PowerCutVfs(const PowerCutVfs&) = delete;
  PowerCutVfs& operator=(const PowerCutVfs&) = delete;

  const std::string& name() const { return name_; }

  /// The power goes at the n-th write, sync or truncation from now on; 1 is the next one.
  void cut_after(std::uint64_t operations);
  bool is_cut() const;
  /// Every connection must be closed. The power is back.
  void restore(std::uint64_t seed);

  /// So many bytes may still be written before the disk is full; nothing: as many as you like.
  void leave_room(std::optional<std::uint64_t> bytes);
  /// The n-th sync from now on fails with an I/O error, though what was written stays.
  void fail_sync(std::uint64_t number);

  // For the file operations that SQLite calls.
  struct Change {
    std::uint64_t offset = 0;
    std::vector<std::uint8_t> before;  // what stood there, as far as the file went
    std::vector<std::uint8_t> after;
    std::uint64_t size_before = 0;
    bool truncates = false;  // to `offset`
  };
  struct FileState {
    std::vector<Change> unsynced;
  };
  FileState& file(const std::string& path) { return files_[path]; }
  sqlite3_vfs* real() const { return real_; }
  /// What an operation that changes a file must answer now: SQLITE_OK to go on.
  int before_change(std::uint64_t bytes, bool sync);
  std::mutex& mutex() const { return mutex_; }
  bool cut_locked() const { return cut_; }

 private:
  void restore_file(const std::string& path, FileState& state, std::uint64_t seed);

  const std::string name_;
  sqlite3_vfs* real_ = nullptr;
  std::unique_ptr<sqlite3_vfs> own_;
  mutable std::mutex mutex_;
  std::map<std::string, FileState> files_;
  std::uint64_t until_cut_ = 0;  // 0: not armed
  std::uint64_t until_failing_sync_ = 0;
  std::optional<std::uint64_t> room_;
  bool cut_ = false;
};

}  // namespace tessera
