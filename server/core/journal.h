#pragma once

#include <condition_variable>
#include <deque>
#include <functional>
#include <mutex>
#include <thread>

#include "server/core/counters.h"
#include "server/core/ports.h"
#include "shared/base/clock.h"

namespace tessera {

/// What became of a posted write. Its outcome is `Unknown` only where the store could not be asked: stop, then.
struct Written {
  CommitResult result;
  Duration took{};  ///< of the whole group it was committed with
};

/// Commits, and where the outcome is unknown opens the store anew and reads the last seqs to learn it. What has no
/// batch to tell by is written again, which changes nothing if it was there. Unknown only where even that failed.
CommitResult settled_commit(Store& store, const WriteSet& set);

/// The writer thread: everything durable passes it. What waits while a commit runs shares the next one. The only user
/// of `Store::commit`. Knows nothing of what it writes.
class Journal {
 public:
  struct Settings {
    std::size_t max_waiting = 4'096;  ///< writes; past it `post` refuses
    std::size_t max_group = 256;      ///< writes in one commit
    /// Told why the store refused a commit; on the writer thread, where it must not wait.
    std::function<void(const std::string& why)> on_refusal = nullptr;
  };
  /// Called on the writer thread; must only post.
  using Done = std::function<void(const Written&)>;

  Journal(Store& store, const Clock& clock, Counters& counters, Settings settings);
  Journal(Store& store, const Clock& clock, Counters& counters) : Journal(store, clock, counters, Settings{}) {}
  ~Journal();  ///< commits what waits, then ends the thread

  /// From any thread, never waits. False: too much waits, and `done` will not be called.
  [[nodiscard]] bool post(WriteSet set, Done done);

 private:
  struct Write {
    WriteSet set;
    Done done;
  };

  void run();
  void commit(std::vector<Write>& group);

  Store& store_;
  const Clock& clock_;
  Counters& counters_;
  const Settings settings_;
  CommitResult lost_;  // writer thread; what every later write is answered once the store is lost

  std::mutex mutex_;
  std::condition_variable work_;
  std::deque<Write> waiting_;
  bool stopping_ = false;
  std::thread thread_;
};

}  // namespace tessera
