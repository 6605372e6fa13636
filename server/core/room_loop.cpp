#include "server/core/room_loop.h"

#include <condition_variable>
#include <span>
#include <variant>
#include <vector>

#include "shared/canvas/deflate.h"
#include "shared/protocol/codec.h"

namespace tessera {
namespace {

constexpr std::size_t tasks_between_ticks = 128;  // so that a long queue delays no flush
constexpr int fallback_level = 6;

/// A `Place` whose cells were dropped because too much waited.
struct Overflow {
  PlaceCells place;
  std::size_t cells = 0;
};
struct Stop {};
using Call = std::function<void(Rooms&)>;
using Task = std::variant<Command, Overflow, Call, Stop>;

}  // namespace

/// What is posted to the loop. Any thread puts, the loop takes all at once; it is woken only when it sleeps.
class RoomLoop::Inbox {
 public:
  explicit Inbox(std::size_t max_cells) : max_cells_(max_cells) {}

  void put(Task task) {
    bool wake = false;
    {
      const std::lock_guard lock(mutex_);
      if (closed_) return;
      tasks_.push_back(std::move(task));
      wake = std::exchange(sleeping_, false);
    }
    if (wake) wake_.notify_one();
  }

  void put_all(std::span<Command> commands) {
    bool wake = false;
    {
      const std::lock_guard lock(mutex_);
      if (closed_) return;
      for (Command& command : commands) tasks_.push_back(bounded(std::move(command)));
      wake = std::exchange(sleeping_, false);
    }
    if (wake) wake_.notify_one();
  }

  /// Everything that was put, waiting up to `longest` where there is nothing; `tasks` comes empty.
  void take(std::vector<Task>& tasks, Duration longest) {
    std::unique_lock lock(mutex_);
    if (tasks_.empty() && longest > Duration::zero()) {
      sleeping_ = true;
      wake_.wait_for(lock, longest, [this] { return !tasks_.empty(); });
      sleeping_ = false;
    }
    tasks.swap(tasks_);
    cells_ = 0;
  }

  void close() {
    std::vector<Task> dropped;
    const std::lock_guard lock(mutex_);
    closed_ = true;
    dropped.swap(tasks_);
  }

 private:
  /// The command, or only how large it was where the cells that wait leave it no place.
  Task bounded(Command command) {
    if (auto* place = std::get_if<PlaceCells>(&command)) {
      const std::size_t cells = place->message.cells.size();
      if (cells_ + cells > max_cells_) {
        place->message.cells = {};
        return Overflow{std::move(*place), cells};
      }
      cells_ += cells;
    }
    return command;
  }

  const std::size_t max_cells_;
  std::mutex mutex_;
  std::condition_variable wake_;
  std::vector<Task> tasks_;
  std::size_t cells_ = 0;
  bool sleeping_ = false;
  bool closed_ = false;
};

RoomLoop::RoomLoop(const Settings& settings, Parts parts, Opening opening)
    : parts_(std::move(parts)),
      inbox_(std::make_shared<Inbox>(settings.max_queued_cells)),
      rooms_(settings.rooms, parts_.clock, parts_.random, *this, parts_.counters, std::move(opening)),
      thread_([this] { run(); }) {}

RoomLoop::~RoomLoop() { stop(); }

void RoomLoop::stop() {
  std::call_once(stop_once_, [this] {
    inbox_->put(Stop{});
    thread_.join();
    inbox_->close();
  });
}

void RoomLoop::run() {
  struct {
    Rooms& rooms;
    void operator()(Command& command) const { rooms.handle(std::move(command)); }
    void operator()(Overflow& over) const { rooms.refuse_busy(std::move(over.place), over.cells); }
    void operator()(const Call& call) const { call(rooms); }
    void operator()(Stop) const { rooms.begin_stop(); }
  } each{rooms_};
  std::vector<Task> tasks;
  while (!rooms_.stopped()) {
    inbox_->take(tasks, rooms_.next_due() - parts_.clock.now());
    for (std::size_t i = 0; i < tasks.size(); ++i) {
      std::visit(each, tasks[i]);
      if (i % tasks_between_ticks == tasks_between_ticks - 1) rooms_.tick();
    }
    tasks.clear();
    rooms_.tick();
  }
  inbox_->close();
}

// ---- what the rooms ask of other threads ----

bool RoomLoop::commit(WriteSet set, Journal::Done done) {
  const auto shared_done = std::make_shared<Journal::Done>(std::move(done));
  return parts_.journal.post(std::move(set), [inbox = inbox_, shared_done](const Written& written) {
    inbox->put(Call{[shared_done, written](Rooms&) { (*shared_done)(written); }});
  });
}

bool RoomLoop::compress(std::shared_ptr<Snapshot> snapshot) {
  return parts_.workers.post(Workers::Urgency::Tile, [inbox = inbox_, compress = parts_.compress, snapshot] {
    TileSnapshot message{.tile = snapshot->tile, .seq = snapshot->seq, .zlib = compress(snapshot->picture->bytes())};
    if (message.zlib.empty()) message.zlib = compress_tile(*snapshot->picture, fallback_level);
    snapshot->encoded = encode(message);
    snapshot->ready.store(true, std::memory_order_release);
    inbox->put(Call{[snapshot](Rooms& rooms) { rooms.compressed(snapshot); }});
  });
}

bool RoomLoop::read(std::function<std::function<void()>(StoreReader&)> work) {
  return parts_.readers.post([inbox = inbox_, work = std::move(work)](StoreReader& reader) {
    inbox->put(Call{[answer = work(reader)](Rooms&) { answer(); }});
  });
}

void RoomLoop::fail(const std::string& message) {
  if (parts_.fatal) parts_.fatal(message);
}

// ---- the Hub ----

void RoomLoop::post(Command command) { inbox_->put_all({&command, 1}); }

void RoomLoop::post_all(std::vector<Command>& commands) {
  inbox_->put_all(commands);
  commands.clear();
}

void RoomLoop::ask(std::function<void(Rooms&)> call) { inbox_->put(Call{std::move(call)}); }

void RoomLoop::canvases(Reply<std::vector<CanvasView>> reply) { forward(&Rooms::canvases, std::move(reply)); }
void RoomLoop::figures(Reply<HubFigures> reply) { forward(&Rooms::figures, std::move(reply)); }
void RoomLoop::canvas(std::string name, Reply<std::optional<CanvasView>> reply) {
  forward(&Rooms::canvas, std::move(name), std::move(reply));
}
void RoomLoop::picture(std::string name, Reply<std::optional<CanvasPicture>> reply) {
  forward(&Rooms::picture, std::move(name), std::move(reply));
}
void RoomLoop::place(std::string canvas, AccountId account, std::vector<WireCell> cells, Reply<PlaceReply> reply) {
  forward(&Rooms::place, std::move(canvas), account, std::move(cells), std::move(reply));
}
void RoomLoop::take_back(std::string canvas, AccountId account, PlacementKind kind, std::uint32_t count,
                         Reply<TakeBackReply> reply) {
  ask([canvas = std::move(canvas), account, kind, count, reply = std::move(reply)](Rooms& rooms) {
    rooms.take_back(canvas, account, kind, count, reply);
  });
}
void RoomLoop::create_canvas(AccountId actor, NewCanvas canvas, Reply<Changed<CanvasView>> reply) {
  forward(&Rooms::create_canvas, actor, std::move(canvas), std::move(reply));
}
void RoomLoop::change_canvas(AccountId actor, std::string name, std::optional<std::uint32_t> version, CanvasChange change,
                             Reply<Changed<CanvasView>> reply) {
  forward(&Rooms::change_canvas, actor, std::move(name), version, std::move(change), std::move(reply));
}

}  // namespace tessera
