#pragma once

#include <array>
#include <cstdint>
#include <deque>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

#include "server/core/hub.h"
#include "server/core/readers.h"
#include "server/core/workers.h"

namespace tessera {

/// The figures of each canvas: who placed how much, how many a minute, how many cells of each colour. It reads on in the journal
/// from where it was, so that a call costs what was placed since the last one. Any thread. Knows nothing of HTTP.
class Stats {
 public:
  static constexpr std::size_t minutes = 60;
  static constexpr std::size_t top_placers = 20;

  struct Placer {
    AccountId account{};
    std::string name;
    std::uint64_t placements = 0;
  };
  struct Figures {
    Seq seq = 0;  ///< of the last placement counted; less than the canvas's while a long journal is being read
    std::size_t accounts = 0;
    std::vector<Placer> top;                                   ///< most first
    std::vector<std::uint64_t> colors;                         ///< cells now, by palette index
    std::vector<std::pair<WallTime, std::uint64_t>> per_minute;  ///< the last hour's minutes with placements, oldest first
  };
  using Done = std::function<void(std::optional<Figures>)>;

  /// What one account, with those that stand for it, has placed.
  struct Placed {
    Seq seq = 0;  ///< of the last placement counted, as above
    std::uint64_t placements = 0;
    std::optional<WallTime> last;
  };
  using PlacedDone = std::function<void(std::optional<Placed>)>;

  /// What every account has placed; aliases stand for themselves here.
  struct PlacedByAll {
    struct Each {
      AccountId account{};
      std::uint64_t placements = 0;
      WallTime last{};
    };
    Seq seq = 0;  ///< of the last placement counted, as above
    std::vector<Each> accounts;  ///< in no order
  };
  using PlacedByAllDone = std::function<void(std::optional<PlacedByAll>)>;

  Stats(Hub& hub, Readers& readers, Workers& workers) : hub_(hub), readers_(readers), workers_(workers) {}

  /// Calls `done` once, from any thread; nothing where too much waits or the store cannot be read.
  void ask(const CanvasView& view, WallTime now, Done done);
  /// The same, of these accounts alone.
  void ask_placed(const CanvasView& view, std::vector<AccountId> accounts, PlacedDone done);
  void ask_placed_by_all(const CanvasView& view, PlacedByAllDone done);

 private:
  static constexpr std::size_t page = 65'536;
  static constexpr int pages_waited_for = 16;  // a call waits no longer: what is counted by then is told

  struct Count {
    Epoch epoch{};
    Seq seq = 0;
    struct Placer {
      std::uint64_t placements = 0;
      WallTime last{};
    };
    std::unordered_map<AccountId, Placer> placers;
    std::deque<std::pair<std::int64_t, std::uint64_t>> per_minute;  // minute since 1970, and how many
  };
  struct Waiting {
    CanvasView view;
    WallTime now{};
    Done done;
    int pages = 0;
    /// In place of `done`, where what is asked for is in the count alone: takes it, under its lock, and returns what then tells it.
    /// Null: it could not be read.
    std::function<std::function<void()>(const Count*)> take{};

    void refuse() const { take ? take(nullptr)() : done(std::nullopt); }
  };
  struct Canvas {
    std::mutex mutex;  // guards what follows
    Count count;
    std::vector<Waiting> waiting;
    bool reading = false;
  };

  std::shared_ptr<Canvas> canvas(CanvasId id);
  void ask(Waiting waiting);
  void read_on(const std::shared_ptr<Canvas>& canvas, CanvasId id);
  void read_page(const std::shared_ptr<Canvas>& canvas, CanvasId id, StoreReader& reader);
  void finish(StoreReader& reader, const std::shared_ptr<Canvas>& canvas, Waiting waiting);
  static void take_count(Canvas& canvas, const Waiting& waiting);
  static Placed placed_by(const Count& count, const std::vector<AccountId>& accounts);
  void count_colors(const Waiting& waiting, Figures figures);
  static void add(Count& count, const std::vector<Placement>& placements);

  Hub& hub_;
  Readers& readers_;
  Workers& workers_;
  std::mutex mutex_;
  std::map<CanvasId, std::shared_ptr<Canvas>> canvases_;
};

}  // namespace tessera
