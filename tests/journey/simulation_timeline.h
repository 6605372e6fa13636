#pragma once

#include <deque>
#include <functional>
#include <memory>
#include <queue>
#include <utility>
#include <vector>

#include "shared/base/bytes.h"
#include "shared/base/random.h"
#include "tests/support/fake_clock.h"

/// Time, order and a faulty network for the simulation, all of one seed.
namespace tessera::simulation {

using std::chrono::milliseconds;

/// What happens when; the clock stands still between two happenings.
class Timeline {
 public:
  explicit Timeline(std::uint64_t seed) : random_(seed) {}

  const FakeClock& clock() const { return clock_; }
  TimePoint now() const { return clock_.now(); }
  SeededRandom& random() { return random_; }
  bool chance(double share) { return static_cast<double>(random_.below(1'000'000)) < share * 1'000'000; }
  /// Uniform in 0 … `most`.
  Duration up_to(milliseconds most) {
    return Duration{static_cast<std::int64_t>(random_.below(static_cast<std::uint64_t>(most.count()) * 1'000 + 1))};
  }

  void at(TimePoint when, std::function<void()> what) {
    events_.push({std::max(when, now()), next_++, std::move(what)});
  }
  void after(Duration delay, std::function<void()> what) { at(now() + delay, std::move(what)); }
  /// Everything up to `end`, which is the time then.
  void run_until(TimePoint end) {
    while (!events_.empty() && events_.top().when <= end) {
      const Event event = events_.top();
      events_.pop();
      clock_.advance(event.when - now());
      event.what();
    }
    clock_.advance(end - now());
  }

 private:
  struct Event {
    TimePoint when;
    std::uint64_t order;
    std::function<void()> what;
    bool operator<(const Event& other) const { return std::tie(other.when, other.order) < std::tie(when, order); }
  };

  FakeClock clock_;
  SeededRandom random_;
  std::priority_queue<Event> events_;
  std::uint64_t next_ = 0;
};

/// A queue between two threads, or a wire: what is posted happens later, in order. Nothing happens once it is gone.
class Lane {
 public:
  Lane(Timeline& timeline, milliseconds most_delay) : timeline_(timeline), most_delay_(most_delay) {}

  void post(std::function<void()> what) {
    last_ = std::max(last_, timeline_.now() + timeline_.up_to(most_delay_));
    timeline_.at(last_, [alive = std::weak_ptr<int>(alive_), what = std::move(what)] {
      if (!alive.expired()) what();
    });
  }

 private:
  Timeline& timeline_;
  milliseconds most_delay_;
  TimePoint last_{};
  std::shared_ptr<int> alive_ = std::make_shared<int>(0);
};

/// Bytes one way, in pieces of any size. A cut lets only some of what is under way arrive, however late.
class Pipe {
 public:
  Pipe(Timeline& timeline, milliseconds most_delay, std::function<void(ByteSpan)> arrive)
      : timeline_(timeline), most_delay_(most_delay), arrive_(std::move(arrive)) {}

  std::size_t under_way() const { return pieces_.size() == 0 ? 0 : bytes_; }
  bool is_cut() const { return cut_; }

  void send(ByteSpan bytes) {
    if (cut_ || bytes.empty()) return;
    const std::size_t at = timeline_.chance(0.2) ? timeline_.random().below(bytes.size()) : 0;
    if (at > 0) put(bytes.first(at));
    put(bytes.subspan(at));
  }

  /// Of what is under way a part arrives within `late`, cut at any byte; then `ended` is called.
  void cut(milliseconds late, std::function<void()> ended) {
    if (cut_) return;
    cut_ = true;
    Bytes left;
    for (const Bytes& piece : pieces_) left.insert(left.end(), piece.begin(), piece.end());
    pieces_.clear();
    left.resize(timeline_.random().below(left.size() + 1));
    timeline_.after(timeline_.up_to(late),
                    [this, alive = std::weak_ptr<int>(alive_), left = std::move(left), ended = std::move(ended)] {
                      if (alive.expired()) return;
                      if (!left.empty()) arrive_(left);
                      ended();
                    });
  }

 private:
  void put(ByteSpan bytes) {
    pieces_.emplace_back(bytes.begin(), bytes.end());
    bytes_ += bytes.size();
    last_ = std::max(last_, timeline_.now() + timeline_.up_to(most_delay_));
    timeline_.at(last_, [this, alive = std::weak_ptr<int>(alive_)] {
      if (alive.expired() || pieces_.empty()) return;
      const Bytes piece = std::move(pieces_.front());
      pieces_.pop_front();
      bytes_ -= piece.size();
      arrive_(piece);
    });
  }

  Timeline& timeline_;
  milliseconds most_delay_;
  std::function<void(ByteSpan)> arrive_;
  std::deque<Bytes> pieces_;
  std::size_t bytes_ = 0;
  TimePoint last_{};
  bool cut_ = false;
  std::shared_ptr<int> alive_ = std::make_shared<int>(0);
};

}  // namespace tessera::simulation
