#pragma once

#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "server/core/automation.h"
#include "server/core/hub.h"
#include "server/core/readers.h"
#include "server/core/workers.h"
#include "shared/base/clock.h"

namespace tessera {

/// What a look for automation on a canvas came to.
struct AutomationFindings {
  struct Found {
    AccountInfo account;
    Suspect suspect;
  };
  std::vector<Found> found;  ///< the likeliest first
  WallTime since{};
  WallTime until{};  ///< the time of the newest placement looked at
};

/// Looks for signs of automation in a canvas's journal: one canvas at a time, page by page, so that other readers' work comes
/// between; what it found is kept for a minute. Its memory is bounded by the placements that it looks at, the newest 2,097,152.
/// Any thread.
class AutomationStudies {
 public:
  struct Parts {
    Hub& hub;
    Readers& readers;
    Workers& workers;
    const Clock& clock;
  };
  using Findings = std::shared_ptr<const AutomationFindings>;
  /// Null: too much waits, or the store cannot be read.
  using Done = std::function<void(Findings)>;

  explicit AutomationStudies(Parts parts) : parts_(parts) {}

  /// `since` absent: a day before the newest placement; at most 30 days before it. Calls `done` once, from any thread.
  void ask(const CanvasView& view, std::optional<WallTime> since, Done done);

 private:
  static constexpr std::size_t page = 65'536;
  static constexpr Seq most_read = 32 * page;
  static constexpr std::size_t most_waiting = 16;
  static constexpr std::size_t most_kept = 64;
  static constexpr Duration kept_for = std::chrono::minutes{1};

  using Key = std::pair<CanvasId, std::optional<WallTime>>;
  struct Study {
    Key key;
    CanvasView view;
    std::vector<Done> waiting;  // guarded by `mutex_`
    AutomationFindings findings;
    Seq read = 0;
    std::vector<Mark> marks;
  };
  using StudyPtr = std::shared_ptr<Study>;
  struct Kept {
    TimePoint time{};
    Epoch epoch{};
    Findings findings;
  };

  void begin_next();
  void begin(const StudyPtr& study, StoreReader& reader);
  void read_page(const StudyPtr& study, StoreReader& reader);
  void read_on(const StudyPtr& study);
  void ask_addresses(const StudyPtr& study, const Roster& roster);
  void look(const StudyPtr& study, const Roster& roster, const AddressesOf& addresses);
  void on_worker(const StudyPtr& study, std::function<void()> step);
  void finish(const StudyPtr& study, Findings findings);

  const Parts parts_;
  std::mutex mutex_;  // guards what follows
  std::deque<StudyPtr> studies_;  // the first is under way where `running_`
  bool running_ = false;
  std::map<Key, Kept> kept_;
};

}  // namespace tessera
