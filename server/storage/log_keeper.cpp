#include "server/storage/log_keeper.h"

#include <sqlite3.h>

namespace tessera {

Result<std::unique_ptr<LogKeeper>> LogKeeper::start(const std::string& database, const std::string& vfs, bool durable) {
  auto connection = SqliteConnection::open(database, SqliteConnection::Mode::Write, vfs);
  if (!connection) return connection.error();
  if (Status status = connection->run(durable ? "PRAGMA synchronous = FULL" : "PRAGMA synchronous = OFF"); !status)
    return status.error();
  return std::unique_ptr<LogKeeper>(new LogKeeper(std::move(*connection)));
}

LogKeeper::LogKeeper(SqliteConnection connection) : connection_(std::move(connection)), thread_([this] { run(); }) {}

LogKeeper::~LogKeeper() {
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  changed_.notify_all();
  thread_.join();
}

void LogKeeper::wake() {
  {
    const std::lock_guard lock(mutex_);
    wanted_ = true;
  }
  changed_.notify_all();
}

void LogKeeper::wait() {
  std::unique_lock lock(mutex_);
  changed_.wait(lock, [&] { return !wanted_; });
}

void LogKeeper::run() {
  std::unique_lock lock(mutex_);
  for (;;) {
    changed_.wait(lock, [&] { return wanted_ || stopping_; });
    if (stopping_) return;
    lock.unlock();
    copy();
    lock.lock();
    wanted_ = false;
    changed_.notify_all();
  }
}

void LogKeeper::copy() {
  // Commits go on meanwhile: what they add is copied by the next turn, each shorter than the one before. A failure is
  // no loss, since the log itself is on disk: the next wake tries again.
  constexpr int most_turns = 4;
  for (int turn = 0; turn < most_turns; ++turn) {
    int pages = 0, copied = 0;
    if (sqlite3_wal_checkpoint_v2(connection_.handle(), nullptr, SQLITE_CHECKPOINT_PASSIVE, &pages, &copied) !=
        SQLITE_OK)
      return;
    if (pages == copied) return;
  }
}

}  // namespace tessera
