#pragma once

#include <condition_variable>
#include <memory>
#include <mutex>
#include <string>
#include <thread>

#include "server/storage/sqlite.h"

namespace tessera {

/// Copies the write-ahead log into the database on a thread and a connection of its own, so that a commit need not wait
/// for it. Once all is copied, SQLite's next commit begins the log anew.
class LogKeeper {
 public:
  /// `durable`: sync what was copied, as the store does.
  static Result<std::unique_ptr<LogKeeper>> start(const std::string& database, const std::string& vfs, bool durable);
  /// Waits for the copy under way.
  ~LogKeeper();
  /// Asks for a copy. From any thread.
  void wake();
  /// Returns when no copy is asked for or under way.
  void wait();

 private:
  explicit LogKeeper(SqliteConnection connection);
  void run();
  void copy();

  SqliteConnection connection_;  // used by the thread alone
  std::mutex mutex_;
  std::condition_variable changed_;
  bool wanted_ = false;  // stays until the copy is done
  bool stopping_ = false;
  std::thread thread_;
};

}  // namespace tessera
