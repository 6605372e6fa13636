#include "server/core/rooms.h"

#include <doctest/doctest.h>

#include "tests/support/rooms_fixture.h"

namespace tessera {
namespace {

using namespace std::chrono_literals;

const std::vector<NamedCanvas> two_canvases{{"main", {1'000, 1'000}}, {"other", {300, 300}}};

}  // namespace

TEST_CASE("Rooms: who entered sees a placement after its commit: deltas first, then the author's result") {
  RoomsFixture f;
  RecordingGate one, two;
  const ConnectionId ann = f.connect(f.sign_in("ann"), one);
  const ConnectionId ben = f.connect(nobody, two);
  f.enter(ann);
  f.enter(ben);
  CHECK(words(one.take()) == "entered");
  CHECK(words(two.take()) == "entered");
  f.place(ann, 1, {{1, 2, 3}});
  f.rooms->tick();
  CHECK(words(one.take()) == "online");
  f.commit_all();
  CHECK(words(one.take()) == "deltas, result 1");
  CHECK(words(two.take()) == "online, deltas");
}

TEST_CASE("Rooms: a gate gets each batch once, however many of its connections are there, and none for others") {
  RoomsFixture f(two_canvases);
  RecordingGate gate, other;
  const AccountId account = f.sign_in("ann");
  const ConnectionId first = f.connect(account, gate, 1);
  f.enter(first);
  f.enter(f.connect(account, gate, 2));
  f.enter(f.connect(account, other, 3), "other");
  f.rooms->tick();
  gate.take();
  other.take();
  f.place(first, 1, {{1, 2, 3}});
  f.commit_all();
  CHECK(words(gate.take()) == "deltas, result 1");
  CHECK(other.take().empty());
}

TEST_CASE("Rooms: nothing of the old canvas follows an Entered") {
  RoomsFixture f(two_canvases);
  RecordingGate gate;
  const ConnectionId ann = f.connect(f.sign_in("ann"), gate);
  f.enter(ann, "main");
  f.place(ann, 1, {{1, 2, 3}});
  f.rooms->tick();
  f.enter(ann, "other");
  gate.take();
  f.commit_all();
  for (const GateEvent& event : gate.take()) CHECK(word(event) == "online");
  f.enter(ann, "main", {1});
  const auto events = gate.take();
  CHECK(words(events) == "entered, result 1");
  CHECK(result_of(events[1]).accepted == 1);
}

TEST_CASE("Rooms: an unknown canvas is refused, and its connection stays where it was") {
  RoomsFixture f;
  RecordingGate gate;
  const ConnectionId ann = f.connect(f.sign_in("ann"), gate);
  f.place(ann, 9, {{1, 2, 3}});
  f.enter(ann, "nowhere");
  CHECK(words(gate.take()) == "refused, refused");
  f.enter(ann);
  f.enter(ann, "nowhere");
  f.place(ann, 1, {{1, 2, 3}});
  f.commit_all();
  CHECK(words(gate.take()) == "entered, refused, online, deltas, result 1");
}

TEST_CASE("Rooms: a client that comes back closes its older connection, and every lost answer comes after Entered") {
  RoomsFixture f;
  RecordingGate old_gate, new_gate;
  const AccountId account = f.sign_in("ann");
  const ConnectionId older = f.connect(account, old_gate, 42);
  f.enter(older);
  f.place(older, 1, {{1, 1, 1}});
  f.commit_all();
  f.clock.advance(1s);
  f.place(older, 2, {{2, 2, 2}});
  f.place(older, 3, {{5'000, 0, 0}});
  f.rooms->tick();  // 2 is in flight, 3 was refused
  old_gate.take();

  const ConnectionId newer = f.connect(account, new_gate, 42);
  f.enter(newer, "", {1, 2, 3, 4});
  CHECK(words(old_gate.take()) == "close");
  auto events = new_gate.take();
  CHECK(words(events) == "entered, result 1, result 3, result 4");
  CHECK(result_of(events[1]).first_seq == 1);
  CHECK(result_of(events[2]).rejected.at(0).reason == Refusal::OutOfBounds);
  CHECK(result_of(events[3]).outcome == Outcome::Unknown);

  f.place(older, 4, {{4, 4, 4}});  // frames of the old connection that arrive late
  f.place(older, 5, {{5, 5, 5}});
  f.place(newer, 4, {{4, 4, 4}});
  f.commit_all();
  CHECK(old_gate.take().empty());
  events = new_gate.take();
  CHECK(words(events) == "result 4, deltas, result 2");
  CHECK(result_of(events[0]).outcome == Outcome::Unknown);
  CHECK(f.store.journal(CanvasId{1}).size() == 2);
  f.rooms->handle(Closed{older});
  f.place(newer, 6, {{6, 6, 6}});
  f.clock.advance(1s);
  f.commit_all();
  CHECK(f.store.journal(CanvasId{1}).size() == 3);
}

TEST_CASE("Rooms: only the same client of the same account is replaced") {
  RoomsFixture f;
  RecordingGate gate;
  const AccountId ann = f.sign_in("ann");
  const AccountId ben = f.sign_in("ben");
  f.enter(f.connect(ann, gate, 1));
  f.enter(f.connect(ann, gate, 2));
  f.enter(f.connect(ben, gate, 1));
  f.enter(f.connect(ann, gate, 0));
  f.enter(f.connect(ann, gate, 0));
  for (const GateEvent& event : gate.take()) CHECK(word(event) == "entered");
  const ConnectionId guest = f.connect(nobody, gate, 3);
  f.enter(guest);
  f.rooms->handle(SignedIn{guest, ann});
  f.enter(f.connect(ann, gate, 3));
  CHECK(words(gate.take()) == "entered, charges, close, entered");
}

TEST_CASE("Rooms: answers lost with the server are given again after its restart") {
  RoomsFixture f;
  RecordingGate gate;
  const AccountId account = f.sign_in("ann");
  const ConnectionId before = f.connect(account, gate, 42);
  f.enter(before);
  f.place(before, 1, {{1, 1, 1}, {2, 2, 2}});
  f.commit_all();
  f.clock.advance(1s);
  f.place(before, 2, {{3, 3, 3}});
  f.rooms->tick();
  f.restart();  // before the second commit
  gate.take();
  const ConnectionId after = f.connect(account, gate, 42);
  f.enter(after, "", {1, 2});
  const auto events = gate.take();
  CHECK(words(events) == "entered, result 1, result 2");
  CHECK(std::get<Joined>(events[0]).message.seq == 2);
  CHECK(result_of(events[1]).accepted == 2);
  CHECK(result_of(events[2]).outcome == Outcome::Unknown);
  const auto& tiles = f.store.journal(CanvasId{1});
  CHECK(tiles.size() == 2);
}

TEST_CASE("Rooms: a watched tile is current where seq and checksum fit, else a snapshot that all share") {
  RoomsFixture f;
  RecordingGate gate, other;
  const ConnectionId ann = f.connect(f.sign_in("ann"), gate);
  const ConnectionId ben = f.connect(nobody, other);
  f.enter(ann);
  f.enter(ben);
  f.place(ann, 1, {{1, 1, 1}});
  f.commit_all();
  gate.take();
  other.take();
  Tile expected;
  expected[offset_of({1, 1})] = 1;
  const std::uint32_t crc = crc32c(expected.bytes());
  f.rooms->handle(WatchTiles{ann, Watch{{{{0, 0}, 1, crc}, {{1, 0}, 0, 0}, {{9, 9}, 0, 0}}, {}}});
  CHECK(words(gate.take()) == "current, snapshot, refused");
  f.rooms->handle(WatchTiles{ann, Watch{{{{0, 0}, 1, crc + 1}}, {}}});
  f.rooms->handle(WatchTiles{ben, Watch{{{{0, 0}, 2, crc}}, {}}});
  const auto mine = gate.take();
  const auto hers = other.take();
  CHECK(words(mine) == "snapshot");
  CHECK(words(hers) == "snapshot");
  CHECK(std::get<SnapshotFor>(mine[0]).snapshot == std::get<SnapshotFor>(hers[0]).snapshot);
  CHECK(*std::get<SnapshotFor>(mine[0]).snapshot->picture == expected);
  CHECK(f.jobs.size() == 2);
  f.compress_all();
  CHECK(words(gate.take()) == "ready, ready");
  CHECK(words(other.take()) == "ready");
  f.rooms->handle(Refresh{ben, {{0, 0}, {9, 9}}});
  f.rooms->handle(ReportMismatch{ben, {{0, 0}, 1, 7}});
  const auto again = other.take();
  CHECK(words(again) == "snapshot, snapshot");
  CHECK(std::get<SnapshotFor>(again[0]).snapshot->ready);
  CHECK(f.jobs.empty());
  CHECK(f.counters.mismatches == 1);
}

TEST_CASE("Rooms: a thousand who enter at once share one compression for each tile") {
  RoomsFixture f;
  RecordingGate gate;
  for (int i = 0; i < 1'000; ++i) {
    const ConnectionId connection = f.connect(nobody, gate);
    f.enter(connection);
    f.rooms->handle(WatchTiles{connection, Watch{{{{0, 0}, 0, 0}, {{1, 0}, 0, 0}}, {}}});
  }
  CHECK(f.jobs.size() == 2);
  gate.take();
  f.compress_all();
  CHECK(words(gate.take()) == "ready, ready");
}

TEST_CASE("Rooms: a compression that the workers had no room for is asked for again") {
  RoomsFixture f;
  RecordingGate gate;
  const ConnectionId connection = f.connect(nobody, gate);
  f.enter(connection);
  f.rooms->handle(WatchTiles{connection, Watch{{{{0, 0}, 0, 0}}, {}}});
  f.refuse_jobs = true;
  f.rooms->handle(WatchTiles{connection, Watch{{{{1, 0}, 0, 0}}, {}}});
  f.refuse_jobs = false;
  gate.take();
  f.compress_all();
  CHECK(words(gate.take()) == "ready, ready");
}

TEST_CASE("Rooms: a snapshot stands in the stream between what it holds and what follows") {
  RoomsFixture f;
  RecordingGate gate;
  const ConnectionId ann = f.connect(f.sign_in("ann"), gate);
  f.enter(ann);
  f.place(ann, 1, {{1, 1, 1}});
  f.rooms->tick();
  gate.take();
  f.rooms->handle(WatchTiles{ann, Watch{{{{0, 0}, 0, 0}}, {}}});
  f.commit_all();
  const auto events = gate.take();
  CHECK(words(events) == "snapshot, deltas, result 1");
  CHECK(std::get<SnapshotFor>(events[0]).snapshot->seq == 0);
}

TEST_CASE("Rooms: the online count is told when it changed, at most once a second") {
  RoomsFixture f;
  RecordingGate gate;
  const ConnectionId first = f.connect(nobody, gate);
  f.enter(first);
  f.rooms->tick();
  CHECK(words(gate.take()) == "entered, online");
  const ConnectionId second = f.connect(nobody, gate);
  f.enter(second);
  f.rooms->tick();
  f.rooms->tick();
  const auto entered = gate.take();
  CHECK(words(entered) == "entered");
  CHECK(std::get<Joined>(entered[0]).message.online == 2);
  CHECK(f.rooms->next_due() <= f.clock.now() + 1s);
  f.pass(1s);
  auto told = gate.take();
  REQUIRE(words(told) == "online");
  CHECK(std::get<Online>(std::get<Announced>(told[0]).message).count == 2);
  f.pass(5s);
  CHECK(gate.take().empty());
  f.rooms->handle(Closed{second});
  f.rooms->handle(Closed{second});
  f.rooms->tick();
  CHECK(std::get<Online>(std::get<Announced>(gate.take().at(0)).message).count == 1);
}

TEST_CASE("Rooms: the hash of a tile that changed is told in the stream, later and once") {
  RoomsFixture f;
  RecordingGate gate;
  const ConnectionId ann = f.connect(f.sign_in("ann"), gate);
  f.enter(ann);
  f.place(ann, 1, {{1, 1, 1}});
  f.commit_all();
  gate.take();
  f.pass(10s);
  const auto events = gate.take();
  REQUIRE(words(events) == "announced");
  const TileHash hash = std::get<TileHash>(std::get<Announced>(events[0]).message);
  CHECK(hash.tile.seq == 1);
  Tile expected;
  expected[offset_of({1, 1})] = 1;
  CHECK(hash.tile.crc == crc32c(expected.bytes()));
  f.pass(10s);
  CHECK(gate.take().empty());
}

TEST_CASE("Rooms: a placement by HTTP is answered after its commit, and a refused one at once") {
  RoomsFixture f;
  const AccountId ann = f.sign_in("ann");
  std::vector<PlaceReply> replies;
  const auto reply = [&](const PlaceReply& r) { replies.push_back(r); };
  f.rooms->place("", ann, {{1, 2, 3}, {5'000, 0, 0}}, reply);
  f.rooms->tick();
  CHECK(replies.empty());
  f.commit_all();
  REQUIRE(replies.size() == 1);
  CHECK(replies[0].result.accepted == 1);
  CHECK(replies[0].result.first_seq == 1);
  CHECK(replies[0].result.rejected.size() == 1);
  CHECK_FALSE(replies[0].refused);
  f.rooms->place("nowhere", ann, {{1, 2, 3}}, reply);
  f.rooms->place("main", nobody, {{1, 2, 3}}, reply);
  REQUIRE(replies.size() == 3);
  CHECK(replies[1].refused == Refusal::NotFound);
  CHECK(replies[2].refused == Refusal::NotSignedIn);
}

TEST_CASE("Rooms: pictures and views show committed state only") {
  RoomsFixture f;
  const AccountId ann = f.sign_in("ann");
  f.rooms->place("", ann, {{1, 2, 3}}, [](const PlaceReply&) {});
  f.rooms->tick();
  std::optional<Hub::CanvasPicture> before, after;
  f.rooms->picture("main", [&](auto answer) { before = answer; });
  f.commit_all();
  f.rooms->picture("", [&](auto answer) { after = answer; });
  REQUIRE(before);
  REQUIRE(after);
  CHECK(before->view.seq == 0);
  CHECK(before->picture->at({1, 2}) == empty_color);
  CHECK(after->view.seq == 1);
  CHECK(after->picture->at({1, 2}) == 3);
  std::optional<CanvasView> none;
  f.rooms->canvas("nowhere", [&](auto answer) { none = answer; });
  CHECK_FALSE(none);
}

TEST_CASE("Rooms: a guest is signed in once that is stored, and refused where it cannot be") {
  RoomsFixture f;
  TokenHash token{9};
  std::optional<SignInReply> answer;
  std::optional<FoundSession> found;
  const auto look = [&] { f.rooms->find_session(token, [&](auto account) { found = account; }); };
  f.rooms->sign_in_guest("ann", {token, {}}, [&](const SignInReply& reply) { answer = reply; });
  look();
  CHECK_FALSE(answer);
  CHECK_FALSE(found);
  f.commit_all();
  REQUIRE(answer);
  CHECK(answer->account.name == "ann");
  look();
  REQUIRE(found);
  CHECK(found->account.id == answer->account.id);
  f.restart();
  look();
  CHECK(found);

  f.store.next(CoreStore::Next::RefuseCleanly);
  f.rooms->sign_in_guest("ben", {TokenHash{8}, {}}, [&](const SignInReply& reply) { answer = reply; });
  f.commit_all();
  CHECK(answer->refused == Refusal::Busy);
  f.refuse_writes = true;
  answer.reset();
  f.rooms->sign_in_guest("ben", {TokenHash{8}, {}}, [&](const SignInReply& reply) { answer = reply; });
  CHECK(answer->refused == Refusal::Busy);
  f.refuse_writes = false;
  CHECK(f.sign_in("cid") != found->account.id);
}

TEST_CASE("Rooms: an ended session stays ended, even where the store refuses at first") {
  RoomsFixture f;
  f.sign_in("ann");
  const TokenHash token{1};
  f.store.next(CoreStore::Next::RefuseCleanly);
  std::vector<bool> ended;
  f.rooms->end_session(token, [&](bool was) { ended.push_back(was); });
  f.commit_all();
  f.rooms->end_session(token, [&](bool was) { ended.push_back(was); });
  CHECK(ended == std::vector<bool>{true, false});
  f.pass(2s);
  f.commit_all();
  f.restart();
  std::optional<FoundSession> found;
  f.rooms->find_session(token, [&](auto account) { found = account; });
  CHECK_FALSE(found);
}

TEST_CASE("Rooms: a batch that the journal has no room for is refused, not lost") {
  RoomsFixture f;
  RecordingGate gate;
  const ConnectionId ann = f.connect(f.sign_in("ann"), gate);
  f.enter(ann);
  f.rooms->tick();
  gate.take();
  f.refuse_writes = true;
  f.place(ann, 1, {{1, 2, 3}});
  f.rooms->tick();
  const auto events = gate.take();
  REQUIRE(words(events) == "result 1");
  CHECK(result_of(events[0]).rejected.at(0).reason == Refusal::Busy);
}

TEST_CASE("Rooms: a lost store ends everything with its message, and acknowledges nothing") {
  RoomsFixture f;
  RecordingGate gate;
  const ConnectionId ann = f.connect(f.sign_in("ann"), gate);
  f.enter(ann);
  f.rooms->tick();
  gate.take();
  f.store.next(CoreStore::Next::StoreThenUnknown);
  f.store.break_reopen();
  f.place(ann, 1, {{1, 2, 3}});
  f.commit_all();
  CHECK(f.failures == std::vector<std::string>{"input/output error; opening the store anew failed: the disk is gone"});
  CHECK(gate.take().empty());
  CHECK(f.rooms->stopped());
}

TEST_CASE("Rooms: an orderly stop flushes, checkpoints every changed tile, and refuses what comes meanwhile") {
  RoomsFixture f(two_canvases);
  RecordingGate gate;
  const ConnectionId ann = f.connect(f.sign_in("ann"), gate);
  f.enter(ann);
  f.place(ann, 1, {{1, 1, 1}, {300, 1, 1}});
  f.commit_all();
  f.place(ann, 2, {{900, 900, 2}});
  f.rooms->begin_stop();
  f.place(ann, 3, {{1, 1, 3}});
  CHECK_FALSE(f.rooms->stopped());
  gate.take();
  f.commit_all();
  CHECK(words(gate.take()) == "deltas, result 2");
  CHECK(f.rooms->stopped());
  std::vector<std::pair<TileIndex, Seq>> tiles;
  for (const WriteSet& set : f.store.writes()) {
    for (const TileCheckpoint& tile : set.checkpoints) tiles.emplace_back(tile.tile, tile.seq);
  }
  CHECK(tiles == std::vector<std::pair<TileIndex, Seq>>{{{0, 0}, 1}, {{1, 0}, 2}, {{3, 3}, 3}});
  CHECK(f.store.journal(CanvasId{1}).size() == 3);
}

TEST_CASE("Rooms: checkpoints leave the writer nine tenths of its time") {
  RoomsSettings settings;
  settings.room.checkpoints.placements = 1;
  settings.checkpoint_tiles = 1;
  RoomsFixture f({{"main", {1'000, 1'000}}}, settings);
  f.commit_took = 10ms;
  const AccountId ann = f.sign_in("ann");
  f.rooms->place("", ann, {{1, 1, 1}, {300, 1, 1}, {600, 1, 1}}, [](const PlaceReply&) {});
  f.commit_all();
  CHECK(f.counters.checkpoints == 1);
  CHECK(f.rooms->next_due() == f.clock.now() + 90ms);
  f.clock.advance(89ms);
  f.commit_all();
  CHECK(f.counters.checkpoints == 1);
  f.clock.advance(1ms);
  f.commit_all();
  CHECK(f.counters.checkpoints == 2);
}

}  // namespace tessera
