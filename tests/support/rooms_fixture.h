#pragma once

#include <condition_variable>
#include <deque>
#include <mutex>
#include <string>
#include <vector>

#include "server/core/rooms.h"
#include "shared/base/crc32c.h"
#include "tests/support/room_fixture.h"

namespace tessera {

/// Keeps what the hub posts, in order. Any thread.
class RecordingGate final : public Gate {
 public:
  void post(GateEvent event) override {
    {
      const std::lock_guard lock(mutex_);
      events_.push_back(std::move(event));
    }
    changed_.notify_all();
  }
  std::vector<GateEvent> take() {
    const std::lock_guard lock(mutex_);
    return std::exchange(events_, {});
  }
  /// Waits until an event of this kind has come, and returns all up to it.
  template <typename Event>
  std::vector<GateEvent> wait_for() {
    std::unique_lock lock(mutex_);
    std::size_t found = 0;
    changed_.wait(lock, [&] {
      for (found = 0; found < events_.size(); ++found) {
        if (std::holds_alternative<Event>(events_[found])) return true;
      }
      return false;
    });
    std::vector<GateEvent> taken(std::make_move_iterator(events_.begin()),
                                 std::make_move_iterator(events_.begin() + static_cast<std::ptrdiff_t>(found) + 1));
    events_.erase(events_.begin(), events_.begin() + static_cast<std::ptrdiff_t>(found) + 1);
    return taken;
  }

 private:
  std::mutex mutex_;
  std::condition_variable changed_;
  std::vector<GateEvent> events_;
};

/// The rooms of a server without threads: the test commits and compresses when it wants to.
struct RoomsFixture : RoomServices {
  explicit RoomsFixture(const std::vector<NamedCanvas>& named = {{"main", {1'000, 1'000}}},
                        const RoomsSettings& settings = {}, const PlacingLimits& limits = no_limits)
      : rooms_settings(settings) {
    opening_settings.named = named;
    opening_settings.limits = limits;
    restart();
  }

  void restart() {
    writes.clear();
    jobs.clear();
    reads.clear();
    SeededRandom random(1);
    auto opening = open_canvases(store, opening_settings, random, clock.moment());
    rooms = std::make_unique<Rooms>(rooms_settings, clock, epochs, *this, counters, *std::move(opening));
  }

  bool commit(WriteSet set, Journal::Done done) override {
    if (refuse_writes) return false;
    writes.push_back({std::move(set), std::move(done)});
    return true;
  }
  bool compress(std::shared_ptr<Snapshot> snapshot) override {
    if (refuse_jobs) return false;
    jobs.push_back(std::move(snapshot));
    return true;
  }
  bool read(std::function<std::function<void()>(StoreReader&)> work) override {
    if (refuse_reads) return false;
    reads.push_back(std::move(work));
    return true;
  }
  void fail(const std::string& message) override { failures.push_back(message); }

  /// Commits what waits, and what follows from it without time passing.
  void commit_all() {
    rooms->tick();
    while (!writes.empty() || !reads.empty()) {
      if (!writes.empty()) commit_one();
      else read_one();
    }
  }
  void commit_one() {
    auto [set, done] = std::move(writes.front());
    writes.pop_front();
    done({.result = settled_commit(store, set), .took = commit_took});
    rooms->tick();
  }
  void read_one() {
    const auto work = std::move(reads.front());
    reads.pop_front();
    work(**store.reader())();
    rooms->tick();
  }
  void compress_all() {
    while (!jobs.empty()) {
      const auto snapshot = jobs.front();
      jobs.pop_front();
      snapshot->encoded = {1, 2, 3};
      snapshot->ready = true;
      rooms->compressed(snapshot);
    }
  }
  void pass(std::chrono::microseconds time) {
    clock.advance(time);
    rooms->tick();
  }

  AccountId sign_in(const std::string& name) {
    AccountId id{};
    TokenHash token{};
    token[0] = ++tokens;
    rooms->sign_in_guest(name, {token, {}}, [&](const SignInReply& reply) { id = reply.account.id; });
    commit_all();
    return id;
  }
  ConnectionId connect(AccountId account, RecordingGate& gate, std::uint64_t client = 0) {
    const ConnectionId id{++connections};
    rooms->handle(Opened{id, &gate, ConnectionKind::Binary, ClientId{client}, account});
    return id;
  }
  void enter(ConnectionId connection, const std::string& canvas = "", std::vector<std::uint64_t> unanswered = {}) {
    Enter message{.canvas = canvas, .epoch = {}, .seq = 0, .unanswered = {}};
    for (const std::uint64_t request : unanswered) message.unanswered.push_back({RequestId{request}});
    rooms->handle(EnterCanvas{connection, message});
  }
  void place(ConnectionId connection, std::uint64_t request, std::vector<WireCell> cells) {
    rooms->handle(PlaceCells{connection, Place{RequestId{request}, std::move(cells)}});
  }

  FakeClock clock;
  SeededRandom epochs{2};
  Counters counters;
  CoreStore store;
  OpeningSettings opening_settings;
  RoomsSettings rooms_settings;
  std::deque<std::pair<WriteSet, Journal::Done>> writes;
  std::deque<std::shared_ptr<Snapshot>> jobs;
  std::deque<std::function<std::function<void()>(StoreReader&)>> reads;
  std::vector<std::string> failures;
  Duration commit_took{};
  bool refuse_writes = false;
  bool refuse_jobs = false;
  bool refuse_reads = false;
  std::uint8_t tokens = 0;
  std::uint64_t connections = 0;
  std::unique_ptr<Rooms> rooms;
};

/// One word for each event, `PlaceResult` with its request: what tests about order compare.
inline std::string word(const GateEvent& event) {
  struct {
    std::string operator()(const Published&) const { return "deltas"; }
    std::string operator()(const Announced& e) const {
      return std::holds_alternative<Online>(e.message) ? "online" : "announced";
    }
    std::string operator()(const Directed& e) const {
      if (const auto* result = std::get_if<PlaceResult>(&e.message)) {
        return "result " + std::to_string(static_cast<std::uint64_t>(result->request));
      }
      if (std::holds_alternative<Refused>(e.message)) return "refused";
      if (std::holds_alternative<TileCurrent>(e.message)) return "current";
      if (std::holds_alternative<Charges>(e.message)) return "charges";
      return "directed";
    }
    std::string operator()(const SnapshotFor&) const { return "snapshot"; }
    std::string operator()(const SnapshotReady&) const { return "ready"; }
    std::string operator()(const Joined&) const { return "entered"; }
    std::string operator()(const Close&) const { return "close"; }
  } each;
  return std::visit(each, event);
}

inline std::string words(const std::vector<GateEvent>& events) {
  std::string all;
  for (const GateEvent& event : events) all += (all.empty() ? "" : ", ") + word(event);
  return all;
}

inline const PlaceResult& result_of(const GateEvent& event) {
  return std::get<PlaceResult>(std::get<Directed>(event).message);
}

}  // namespace tessera
