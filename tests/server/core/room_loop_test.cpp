#include "server/core/room_loop.h"

#include <future>
#include <latch>

#include <doctest/doctest.h>

#include "server/core/readers.h"
#include "shared/canvas/deflate.h"
#include "shared/protocol/codec.h"
#include "tests/support/rooms_fixture.h"

namespace tessera {
namespace {

using namespace std::chrono_literals;

/// A whole core with its real threads over a fake store.
struct Fixture {
  explicit Fixture(const RoomLoop::Settings& settings = {}) {
    opening_settings.named = {{"main", {1'000, 1'000}}};
    opening_settings.limits = no_limits;
    auto opening = open_canvases(store, opening_settings, random, Moment::of(clock));
    loop = std::make_unique<RoomLoop>(settings,
                                      RoomLoop::Parts{clock, random, journal, workers, *readers, counters, zlib_compressor(1),
                                                      [this](const std::string& message) { fatal.set_value(message); }},
                                      *std::move(opening));
  }

  AccountId sign_in(const std::string& name) {
    std::promise<AccountId> id;
    loop->sign_in_guest(name, {TokenHash{++tokens}, {}}, [&](const SignInReply& reply) { id.set_value(reply.account.id); });
    return id.get_future().get();
  }
  void connect(ConnectionId id, AccountId account, RecordingGate& gate) {
    loop->post(Opened{id, &gate, ConnectionKind::Binary, ClientId{}, account});
    loop->post(EnterCanvas{id, {}});
  }
  PlaceReply place(AccountId account, std::vector<WireCell> cells) {
    std::promise<PlaceReply> reply;
    loop->place("", account, std::move(cells), [&](const PlaceReply& r) { reply.set_value(r); });
    return reply.get_future().get();
  }

  SystemClock clock;
  SeededRandom random{1};
  Counters counters;
  CoreStore store;
  std::unique_ptr<Readers> readers = *Readers::open(store);
  OpeningSettings opening_settings;
  std::promise<std::string> fatal;
  Journal journal{store, clock, counters};
  Workers workers{1, 64};
  std::unique_ptr<RoomLoop> loop;
  std::uint8_t tokens = 0;
};

}  // namespace

TEST_CASE("RoomLoop: a placement goes from one connection through the store to another") {
  RecordingGate one, two;
  Fixture f;
  const AccountId ann = f.sign_in("ann");
  f.connect(ConnectionId{1}, ann, one);
  f.connect(ConnectionId{2}, nobody, two);
  two.wait_for<Joined>();
  f.loop->post(PlaceCells{ConnectionId{1}, Place{RequestId{1}, {{1, 2, 3}}}});
  const auto seen = two.wait_for<Published>();
  CHECK(std::get<Published>(seen.back()).batch->placements.size() == 1);
  CHECK(f.store.journal(CanvasId{1}).size() == 1);
  one.wait_for<Published>();
  CHECK(result_of(one.wait_for<Directed>().back()).first_seq == 1);
}

TEST_CASE("RoomLoop: a request that cannot come again is named in its answer, but not remembered") {
  RecordingGate gate;
  Fixture f;
  f.connect(ConnectionId{1}, f.sign_in("ann"), gate);
  for (const Seq seq : {Seq{1}, Seq{2}}) {
    f.loop->post(PlaceCells{.connection = ConnectionId{1}, .message = Place{RequestId{7}, {{1, 2, 3}}}, .once = true});
    const PlaceResult result = result_of(gate.wait_for<Directed>().back());
    CHECK(result.request == RequestId{7});
    CHECK(result.first_seq == seq);
  }
}

TEST_CASE("RoomLoop: a commit in flight blocks nobody who watches or asks") {
  RecordingGate gate;
  Fixture f;
  const AccountId ann = f.sign_in("ann");
  f.store.hold();
  f.connect(ConnectionId{1}, ann, gate);
  f.loop->post(PlaceCells{ConnectionId{1}, Place{RequestId{1}, {{1, 2, 3}}}});
  f.store.wait_for_commits(3);  // the canvas, the sign-in, the batch
  f.loop->post(WatchTiles{ConnectionId{1}, Watch{{{{0, 0}, 0, 0}}, {}}});
  gate.wait_for<SnapshotFor>();
  std::promise<Seq> seq;
  f.loop->canvas("main", [&](const std::optional<CanvasView>& view) { seq.set_value(view->seq); });
  CHECK(seq.get_future().get() == 0);
  f.store.release();
  gate.wait_for<Published>();
}

TEST_CASE("RoomLoop: a snapshot is filled by a worker before it is said to be ready") {
  RecordingGate gate;
  Fixture f;
  const AccountId ann = f.sign_in("ann");
  CHECK(f.place(ann, {{1, 2, 3}}).result.accepted == 1);
  f.connect(ConnectionId{1}, nobody, gate);
  f.loop->post(WatchTiles{ConnectionId{1}, Watch{{{{0, 0}, 0, 0}}, {}}});
  const auto events = gate.wait_for<SnapshotReady>();
  const auto snapshot = std::get<SnapshotReady>(events.back()).snapshot;
  CHECK(snapshot->ready);
  const auto message = decode_server(snapshot->encoded);
  REQUIRE(message);
  const auto& tile = std::get<TileSnapshot>(*message);
  CHECK(tile.seq == 1);
  const auto inflated = inflate_tile(tile.zlib);
  REQUIRE(inflated);
  CHECK((*inflated)[offset_of({1, 2})] == 3);
}

TEST_CASE("RoomLoop: stopping stores and answers what was accepted, and checkpoints it") {
  Fixture f;
  const AccountId ann = f.sign_in("ann");
  f.store.hold();
  std::vector<std::future<PlaceReply>> replies;
  for (std::uint16_t i = 0; i < 50; ++i) {
    auto reply = std::make_shared<std::promise<PlaceReply>>();
    replies.push_back(reply->get_future());
    f.loop->place("", ann, {{i, 0, 1}}, [reply](const PlaceReply& r) { reply->set_value(r); });
  }
  std::thread releasing([&] {
    f.store.wait_for_commits(3);
    f.store.release();
  });
  f.loop->stop();
  releasing.join();
  for (auto& reply : replies) CHECK(reply.get().result.accepted == 1);
  CHECK(f.store.journal(CanvasId{1}).size() == 50);
  CHECK(f.store.writes().back().checkpoints.size() == 1);
  CHECK(f.store.writes().back().checkpoints[0].seq == 50);
  f.loop->post(Closed{ConnectionId{1}});  // ignored
}

TEST_CASE("RoomLoop: a lost store is said once, and the loop ends without acknowledging") {
  Fixture f;
  const AccountId ann = f.sign_in("ann");
  f.store.next(CoreStore::Next::StoreThenUnknown);
  f.store.break_reopen();
  bool told = false;
  f.loop->place("", ann, {{1, 2, 3}}, [&](const PlaceReply&) { told = true; });
  CHECK(f.fatal.get_future().get().find("the disk is gone") != std::string::npos);
  f.loop->stop();
  CHECK_FALSE(told);
}

TEST_CASE("RoomLoop: placements that would pile up in its queue are refused as busy") {
  RecordingGate gate;
  RoomLoop::Settings settings;
  settings.max_queued_cells = 100;
  Fixture f(settings);
  const AccountId ann = f.sign_in("ann");
  f.connect(ConnectionId{1}, ann, gate);
  gate.wait_for<Joined>();
  std::latch reached(1), go(1);
  f.loop->canvases([&](const auto&) {
    reached.count_down();
    go.wait();
  });
  reached.wait();
  const std::vector<WireCell> cells(60, WireCell{1, 1, 1});
  f.loop->post(PlaceCells{ConnectionId{1}, Place{RequestId{1}, cells}});
  f.loop->post(PlaceCells{ConnectionId{1}, Place{RequestId{2}, cells}});
  go.count_down();
  CHECK(result_of(gate.wait_for<Directed>().back()).rejected.size() == 60);
  CHECK(result_of(gate.wait_for<Directed>().back()).accepted == 60);
}

TEST_CASE("RoomLoop: many threads place at once, and every answer is true") {
  Fixture f;
  const AccountId ann = f.sign_in("ann");
  std::vector<std::thread> threads;
  std::vector<std::vector<std::pair<Seq, std::uint32_t>>> stored(4);
  for (std::size_t t = 0; t < stored.size(); ++t) {
    threads.emplace_back([&, t] {
      for (std::uint16_t i = 0; i < 50; ++i) {
        const std::vector<WireCell> cells(1 + i % 7,
                                          WireCell{i, static_cast<std::uint16_t>(t), static_cast<ColorIndex>(t)});
        const PlaceReply reply = f.place(ann, cells);
        stored[t].emplace_back(reply.result.first_seq, reply.result.accepted);
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  const auto journal = f.store.journal(CanvasId{1});
  std::size_t total = 0;
  for (std::size_t t = 0; t < stored.size(); ++t) {
    for (std::uint16_t i = 0; i < 50; ++i) {
      const auto [first, count] = stored[t][i];
      total += count;
      REQUIRE(count == 1u + i % 7);
      for (Seq seq = first; seq < first + count; ++seq) {
        REQUIRE(journal[seq - 1].seq == seq);
        REQUIRE(journal[seq - 1].cell == Cell{i, static_cast<std::uint16_t>(t)});
      }
    }
  }
  CHECK(total == journal.size());
}

TEST_CASE("Workers: tiles come before pictures, too much is refused, a stop drops what waits") {
  std::latch started(1), go(1);
  std::vector<int> order;
  std::promise<void> done;
  Workers workers(1, 2);
  REQUIRE(workers.post(Workers::Urgency::Picture, [&] {
    started.count_down();
    go.wait();
  }));
  started.wait();
  REQUIRE(workers.post(Workers::Urgency::Picture, [&] {
    order.push_back(2);
    done.set_value();
  }));
  REQUIRE(workers.post(Workers::Urgency::Tile, [&] { order.push_back(1); }));
  REQUIRE(workers.post(Workers::Urgency::Tile, [&] { order.push_back(1); }));
  CHECK_FALSE(workers.post(Workers::Urgency::Tile, [] {}));
  go.count_down();
  done.get_future().wait();
  CHECK(order == std::vector<int>{1, 1, 2});
  workers.stop();
  CHECK_FALSE(workers.post(Workers::Urgency::Tile, [] {}));
}

TEST_CASE("Readers: each job gets a reader of its thread's own, too many are refused") {
  CoreStore store;
  auto readers = Readers::open(store, 1, 1);
  REQUIRE(readers);
  std::latch started(1), go(1);
  std::promise<bool> read;
  REQUIRE((*readers)->post([&](StoreReader&) {
    started.count_down();
    go.wait();
  }));
  started.wait();
  REQUIRE((*readers)->post([&](StoreReader& reader) { read.set_value(reader.load_tiles(CanvasId{1}).ok()); }));
  CHECK_FALSE((*readers)->post([](StoreReader&) {}));
  go.count_down();
  CHECK(read.get_future().get());
  (*readers)->stop();
  CHECK_FALSE((*readers)->post([](StoreReader&) {}));
}

}  // namespace tessera
