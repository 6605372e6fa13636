#include "server/net/outbox.h"

#include <cstring>
#include <map>

#include <doctest/doctest.h>

#include "shared/base/random.h"

using namespace tessera;

namespace {

constexpr TileIndex tile_a{1, 1}, tile_b{2, 1};

FramePtr deltas(std::size_t size, std::vector<TileIndex> tiles, std::uint8_t fill = 'd') {
  return std::make_shared<const Frame>(Frame{Bytes(size, fill), nullptr, std::move(tiles)});
}

std::shared_ptr<Snapshot> snapshot(TileIndex tile, std::string_view encoded = "") {
  auto made = std::make_shared<Snapshot>();
  made->tile = tile;
  made->encoded.assign(encoded.begin(), encoded.end());
  made->ready = !encoded.empty();
  return made;
}

/// Everything that can be sent now, at most `room` bytes.
std::string drain(Outbox& outbox, std::size_t room = SIZE_MAX) {
  std::string out;
  std::array<iovec, 8> parts;
  while (const std::size_t count = outbox.gather(parts)) {
    std::size_t sent = 0;
    for (std::size_t i = 0; i < count && room > sent; ++i) {
      const std::size_t size = std::min(parts[i].iov_len, room - sent);
      out.append(static_cast<const char*>(parts[i].iov_base), size);
      sent += size;
    }
    if (sent == 0) break;
    outbox.sent(sent);
    room -= sent;
  }
  return out;
}

const Outbox::Limits small{.deltas_bytes = 100, .drained_bytes = 10, .refresh_tiles = 2, .answers_bytes = 64, .answers_end = 256};

}  // namespace

TEST_CASE("Outbox: deltas reach only a connection that watches something") {
  Outbox outbox(small);
  outbox.push_deltas(deltas(3, {tile_a}));
  CHECK(outbox.empty());
  outbox.watch(tile_b);
  outbox.push_deltas(deltas(3, {tile_a}));
  CHECK(drain(outbox) == "ddd");
  outbox.unwatch(tile_b);
  outbox.push_deltas(deltas(3, {tile_b}));
  CHECK(outbox.empty());
}

TEST_CASE("Outbox: one frame is shared by all who have yet to send it") {
  const FramePtr frame = deltas(5, {tile_a});
  Outbox first(small), second(small);
  for (Outbox* outbox : {&first, &second}) {
    outbox->watch(tile_a);
    outbox->push_deltas(frame);
  }
  CHECK(frame.use_count() == 3);
  std::array<iovec, 2> parts;
  REQUIRE(first.gather(parts) == 1);
  CHECK(parts[0].iov_base == frame->own.data());
}

TEST_CASE("Outbox: whatever the socket takes at a time, the bytes come out in order") {
  SeededRandom random(3);
  for (int round = 0; round < 50; ++round) {
    const Outbox::Limits wide{};
    Outbox outbox(wide);
    outbox.watch(tile_a);
    std::string wanted, got;
    for (int i = 0; i < 40; ++i) {
      const auto fill = static_cast<std::uint8_t>('a' + i % 26);
      const std::size_t size = 1 + random.below(50);
      switch (random.below(3)) {
        case 0: {
          outbox.push_deltas(deltas(size, {tile_a}, fill));
          wanted += std::string(size, static_cast<char>(fill));
          break;
        }
        case 1: {
          const Bytes payload(size, fill);
          outbox.push_answer(WsOpcode::Binary, payload);
          wanted += as_text(ws_frame(WsOpcode::Binary, payload));
          break;
        }
        default: {
          const std::string payload(size, static_cast<char>(fill));
          outbox.push_snapshot(snapshot(tile_a, payload));
          wanted += as_text(ws_frame(WsOpcode::Binary, as_bytes(payload)));
        }
      }
      if (random.below(2) == 0) got += drain(outbox, random.below(60));
    }
    got += drain(outbox);
    CHECK((got == wanted));
    CHECK(outbox.empty());
    CHECK(outbox.bytes() == 0);
    CHECK(outbox.snapshots() == 0);
  }
}

TEST_CASE("Outbox: what follows a snapshot waits until it is ready") {
  Outbox outbox(small);
  outbox.watch(tile_a);
  const auto late = snapshot(tile_a);
  outbox.push_answer(WsOpcode::Text, as_bytes("1"));
  outbox.push_snapshot(late);
  outbox.push_deltas(deltas(2, {tile_a}));
  CHECK(drain(outbox) == "\x81\x01" "1");
  CHECK(drain(outbox).empty());
  late->encoded = {'S'};
  late->ready = true;
  CHECK(drain(outbox) == "\x82\x01" "Sdd");
}

TEST_CASE("Outbox: past the limit deltas are dropped and their watched tiles asked for once it has drained") {
  Outbox outbox(small);
  outbox.watch(tile_a);
  outbox.push_deltas(deltas(60, {tile_a}, '1'));
  REQUIRE(drain(outbox, 10).size() == 10);
  outbox.push_deltas(deltas(30, {tile_a}, '2'));
  outbox.push_answer(WsOpcode::Text, as_bytes("answer"));
  CHECK(outbox.take_refresh().empty());
  outbox.push_deltas(deltas(30, {tile_a, tile_b}, '3'));
  CHECK(outbox.is_behind());
  CHECK(outbox.take_refresh().empty());  // not drained yet

  // The frame under way is finished, the queued deltas are gone, the answer is not.
  CHECK(drain(outbox) == std::string(50, '1') + "\x81\x06" "answer");
  CHECK(outbox.take_refresh() == std::vector<TileIndex>{tile_a});
  CHECK(outbox.take_refresh().empty());  // asked once

  outbox.push_deltas(deltas(5, {tile_a}, '4'));  // older than the snapshot that comes
  CHECK(outbox.empty());
  outbox.push_snapshot(snapshot(tile_a, "S"));
  outbox.push_deltas(deltas(5, {tile_a}, '5'));
  CHECK(drain(outbox) == "\x82\x01" "S55555");
  CHECK_FALSE(outbox.is_behind());
}

TEST_CASE("Outbox: another tile that changes while one is awaited is asked for in its turn") {
  Outbox outbox(small);
  outbox.watch(tile_a);
  outbox.watch(tile_b);
  outbox.push_deltas(deltas(90, {tile_a}));
  outbox.push_deltas(deltas(90, {tile_a}));
  drain(outbox);
  REQUIRE(outbox.take_refresh() == std::vector<TileIndex>{tile_a});
  outbox.push_deltas(deltas(5, {tile_a, tile_b}));
  outbox.push_snapshot(snapshot(tile_a, "A"));
  drain(outbox);
  CHECK(outbox.take_refresh() == std::vector<TileIndex>{tile_b});
  outbox.push_snapshot(snapshot(tile_b, "B"));
  outbox.push_deltas(deltas(1, {tile_a, tile_b}));
  CHECK(drain(outbox) == "\x82\x01" "Bd");
}

TEST_CASE("Outbox: a tile no longer watched is neither asked for nor sent") {
  Outbox outbox(small);
  outbox.watch(tile_a);
  outbox.watch(tile_b);
  outbox.push_deltas(deltas(90, {tile_a, tile_b}));
  outbox.push_deltas(deltas(90, {tile_a, tile_b}));
  outbox.unwatch(tile_a);
  drain(outbox);
  CHECK(outbox.take_refresh() == std::vector<TileIndex>{tile_b});
  outbox.unwatch(tile_b);
  outbox.push_snapshot(snapshot(tile_b, "B"));
  CHECK(outbox.empty());
  CHECK_FALSE(outbox.is_behind());
}

TEST_CASE("Outbox: a tile that is not answered is asked for again") {
  Outbox outbox(small);
  outbox.watch(tile_a);
  outbox.push_deltas(deltas(90, {tile_a}));
  outbox.push_deltas(deltas(90, {tile_a}));
  drain(outbox);
  REQUIRE(outbox.take_refresh().size() == 1);
  outbox.retry_refresh();
  CHECK(outbox.take_refresh() == std::vector<TileIndex>{tile_a});
}

TEST_CASE("Outbox: a hash of a stale tile would lie, and is dropped") {
  Outbox outbox(small);
  outbox.watch(tile_a);
  outbox.push_hash(deltas(3, {}, 'h'), tile_a);
  CHECK(drain(outbox) == "hhh");
  outbox.push_hash(deltas(3, {}, 'h'), tile_b);
  CHECK(outbox.empty());
  outbox.push_deltas(deltas(90, {tile_a}));
  outbox.push_deltas(deltas(90, {tile_a}));
  drain(outbox);
  outbox.push_hash(deltas(3, {}, 'h'), tile_a);
  CHECK(outbox.empty());
}

TEST_CASE("Outbox: answers and notices have a cap of their own") {
  Outbox outbox(small);
  CHECK_FALSE(outbox.has_too_many_answers());
  while (!outbox.has_too_many_answers()) outbox.push_answer(WsOpcode::Binary, Bytes(20));
  CHECK_FALSE(outbox.is_hopeless());
  while (!outbox.is_hopeless()) outbox.push_notice(deltas(20, {}));
  drain(outbox);
  CHECK_FALSE(outbox.has_too_many_answers());
}

TEST_CASE("Outbox: nothing follows a close frame, and what is dropped for it is whole frames") {
  Outbox outbox(small);
  outbox.watch(tile_a);
  outbox.push_deltas(deltas(10, {tile_a}, '1'));
  outbox.push_deltas(deltas(10, {tile_a}, '2'));
  REQUIRE(drain(outbox, 3) == "111");
  outbox.drop_queued();
  outbox.push_close({'C'});
  outbox.push_answer(WsOpcode::Text, as_bytes("late"));
  outbox.push_deltas(deltas(10, {tile_a}, '3'));
  CHECK(drain(outbox) == "1111111C");
  CHECK(outbox.is_closing());
}

// A model of hub and client over random streams: the promise in the class comment, and that a reader who drains gets all.
TEST_CASE("Outbox: at whatever pace a client reads, its tiles see silence, snapshot, then deltas without a gap") {
  for (std::uint64_t seed = 1; seed <= 300; ++seed) {
    SeededRandom random(seed);
    Outbox outbox(small);
    constexpr std::size_t tiles = 5;
    std::array<std::uint32_t, tiles> truth{};               // each tile's seq at the hub
    std::map<std::size_t, std::uint32_t> held;              // … and at the client
    std::vector<TileIndex> to_refresh;
    std::string stream;
    for (std::size_t i = 0; i < tiles; ++i) {
      outbox.watch({static_cast<std::uint8_t>(i), 0});
      held[i] = 0;
    }
    // One record: 'D' tile from to …; 'S' tile seq; fixed size 5 words, so that the client can read on.
    const auto record = [](char kind, std::size_t tile, std::uint32_t from, std::uint32_t to) {
      std::array<std::uint32_t, 4> words{static_cast<std::uint32_t>(kind), static_cast<std::uint32_t>(tile), from, to};
      return std::string(reinterpret_cast<const char*>(words.data()), sizeof words);
    };
    const auto client_reads = [&](std::size_t room) {
      stream += drain(outbox, room);
      while (stream.size() >= 16) {
        const bool framed = static_cast<unsigned char>(stream[0]) == 0x82;
        if (framed && stream.size() < 18) break;
        if (framed) stream.erase(0, 2);
        std::array<std::uint32_t, 4> words;
        std::memcpy(words.data(), stream.data(), 16);
        stream.erase(0, 16);
        if (words[0] == 'D') REQUIRE(held[words[1]] == words[2]);
        REQUIRE(held[words[1]] <= words[3]);
        held[words[1]] = words[3];
      }
      for (const TileIndex tile : outbox.take_refresh()) to_refresh.push_back(tile);
    };
    const auto hub_answers = [&] {
      for (const TileIndex tile : to_refresh) outbox.push_snapshot(snapshot(tile, record('S', tile.tx, 0, truth[tile.tx])));
      to_refresh.clear();
    };
    for (int step = 0; step < 300; ++step) {
      const std::size_t tile = random.below(tiles);
      const std::uint32_t from = truth[tile];
      const std::string bytes = record('D', tile, from, ++truth[tile]);
      outbox.push_deltas(std::make_shared<const Frame>(
          Frame{Bytes(bytes.begin(), bytes.end()), nullptr, {TileIndex{static_cast<std::uint8_t>(tile), 0}}}));
      if (random.below(4) == 0) client_reads(random.below(200));
      if (random.below(3) == 0) hub_answers();
    }
    for (int round = 0; round < 20; ++round) {
      client_reads(SIZE_MAX);
      hub_answers();
    }
    client_reads(SIZE_MAX);
    for (std::size_t i = 0; i < tiles; ++i) REQUIRE(held[i] == truth[i]);
    CHECK_FALSE(outbox.is_behind());
  }
}
