#include "server/storage/journal_row.h"

#include <doctest/doctest.h>

#include "server/storage/seal.h"
#include "shared/base/crc32c.h"
#include "shared/base/random.h"

namespace tessera {
namespace {

const TileIndex tile{3, 7};

std::vector<Placement> some(std::size_t count, SeededRandom& random, std::uint32_t accounts = 60'000) {
  std::vector<Placement> placements;
  Seq seq = 1 + random.below(1'000'000);
  std::int64_t time = 1'649'073'600'000;
  for (std::size_t i = 0; i < count; ++i) {
    placements.push_back({seq, WallTime{time}, AccountId{static_cast<std::uint32_t>(random.below(accounts))},
                          cell_at(tile, static_cast<TileOffset>(random.below(65'536))),
                          static_cast<ColorIndex>(random.below(256))});
    seq += 1 + random.below(300);
    time += static_cast<std::int64_t>(random.below(2'000));
  }
  return placements;
}

std::vector<Placement> of_kind(PlacementKind kind, std::vector<Placement> placements, SeededRandom& random) {
  const bool has_target = kind == PlacementKind::Undo || kind == PlacementKind::Redo || kind == PlacementKind::Rollback;
  for (Placement& placement : placements) {
    placement.kind = kind;
    if (has_target) placement.back = static_cast<std::uint32_t>(1 + random.below(std::min<Seq>(placement.seq - 1, 5'000'000)));
  }
  return placements;
}

RowKey key_of(const std::vector<Placement>& placements) { return {CanvasId{5}, tile, placements.front().seq}; }

/// Gives a changed value a checksum that is right, so that what stands behind the checksum is tested too.
void reseal(const RowKey& key, Bytes& value) {
  const std::uint32_t crc =
      key_crc(SealedTable::Journal, {static_cast<std::uint32_t>(key.canvas), key.tile.key(), key.first_seq});
  store_crc(value, crc32c(ByteSpan(value).subspan(crc_bytes), crc));
}

TEST_CASE("Journal row: what was written comes back") {
  SeededRandom random(1);
  for (std::size_t count : {1u, 2u, 7u, 300u}) {
    const PlacementKind kind = count == 1 ? PlacementKind::Undo : count == 2 ? PlacementKind::Rollback : PlacementKind::Redo;
    const auto placements = of_kind(kind, some(count, random, count == 7 ? UINT32_MAX : 60'000), random);
    const RowKey key = key_of(placements);
    const Bytes value = encode_row(key, {kind, 77}, placements);
    const auto row = RowView::open(key, value);
    REQUIRE(row.ok());
    CHECK(row->kind() == RowKind{kind, 77});
    CHECK(row->first_seq() == placements.front().seq);
    CHECK(row->last_seq() == placements.back().seq);
    CHECK(row->first_time() == placements.front().time);
    CHECK(row->last_time() == placements.back().time);
    std::vector<Placement> read;
    row->append_to(read);
    CHECK(read == placements);
    for (const Placement& placement : placements) CHECK(row->touches(offset_of(placement.cell)));
  }
}

TEST_CASE("Journal row: a rollback may give a cell its base again, an undo may not be of what is not there") {
  SeededRandom random(7);
  for (const PlacementKind kind : {PlacementKind::Rollback, PlacementKind::Undo, PlacementKind::Redo}) {
    auto placements = of_kind(kind, some(9, random), random);
    placements[4].back = static_cast<std::uint32_t>(placements[4].seq);
    const Bytes value = encode_row(key_of(placements), {kind, 5}, placements);
    const auto row = RowView::open(key_of(placements), value);
    CHECK(row.ok() == (kind == PlacementKind::Rollback));
    if (row.ok()) {
      std::vector<Placement> read;
      row->append_to(read);
      CHECK(read == placements);
      CHECK(read[4].target() == 0);
    }
    for (const std::uint32_t back : {0u, static_cast<std::uint32_t>(placements[4].seq) + 1}) {
      placements[4].back = back;
      CHECK_FALSE(RowView::open(key_of(placements), encode_row(key_of(placements), {kind, 5}, placements)).ok());
    }
  }
}

TEST_CASE("Journal row: a part of it is read by seq") {
  SeededRandom random(2);
  const auto placements = some(50, random);
  const Bytes value = encode_row(key_of(placements), {}, placements);
  const auto row = RowView::open(key_of(placements), value);
  REQUIRE(row.ok());
  std::vector<Placement> read;
  row->append_to(read, placements[9].seq, placements[19].seq);
  CHECK(read == std::vector<Placement>(placements.begin() + 10, placements.begin() + 20));

  Tile picture, expected;
  for (std::size_t i = 10; i < 20; ++i) expected[offset_of(placements[i].cell)] = placements[i].color;
  Seq last = 0;
  row->paint(picture, placements[9].seq, placements[19].seq, last);
  CHECK(picture == expected);
  CHECK(last == placements[19].seq);
}

TEST_CASE("Journal row: every flipped bit, and every other key, gives an error") {
  SeededRandom random(3);
  const auto placements = of_kind(PlacementKind::Undo, some(12, random), random);
  const RowKey key = key_of(placements);
  const Bytes value = encode_row(key, {PlacementKind::Undo, 3}, placements);
  for (std::size_t bit = 0; bit < value.size() * 8; ++bit) {
    Bytes flipped = value;
    flipped[bit / 8] = static_cast<std::uint8_t>(flipped[bit / 8] ^ 1u << bit % 8);
    CHECK_FALSE(RowView::open(key, flipped).ok());
  }
  for (unsigned bit = 0; bit < 32; ++bit)
    CHECK_FALSE(RowView::open({CanvasId{5u ^ 1u << bit}, tile, key.first_seq}, value).ok());
  for (unsigned bit = 0; bit < 16; ++bit)
    CHECK_FALSE(
        RowView::open(
            {key.canvas, TileIndex::from_key(static_cast<std::uint16_t>(tile.key() ^ 1u << bit)), key.first_seq}, value)
            .ok());
  for (unsigned bit = 0; bit < 64; ++bit)
    CHECK_FALSE(RowView::open({key.canvas, tile, key.first_seq ^ Seq{1} << bit}, value).ok());
}

TEST_CASE("Journal row: what has a right checksum and makes no sense is refused, and never read past its end") {
  SeededRandom random(4);
  const auto placements = of_kind(PlacementKind::Undo, some(12, random), random);
  const RowKey key = key_of(placements);
  const Bytes value = encode_row(key, {PlacementKind::Undo, 0}, placements);
  for (std::size_t size = 0; size < value.size(); ++size) {
    Bytes cut(value.begin(), value.begin() + static_cast<std::ptrdiff_t>(size));
    if (size >= crc_bytes) reseal(key, cut);
    CHECK_FALSE(RowView::open(key, cut).ok());
  }
  Bytes longer = value;
  longer.push_back(0);
  reseal(key, longer);
  CHECK_FALSE(RowView::open(key, longer).ok());
  for (int round = 0; round < 20'000; ++round) {
    Bytes changed = value;
    for (std::uint64_t i = 1 + random.below(3); i > 0; --i)
      changed[crc_bytes + random.below(changed.size() - crc_bytes)] = static_cast<std::uint8_t>(random.below(256));
    reseal(key, changed);
    if (const auto row = RowView::open(key, changed); row.ok()) {  // then it is one that could have been written
      std::vector<Placement> read;
      row->append_to(read);
      CHECK(read.size() == row->count());
    }
  }
}

TEST_CASE("Journal row: a later format is named in the error") {
  SeededRandom random(5);
  const auto placements = some(3, random);
  Bytes value = encode_row(key_of(placements), {}, placements);
  value[crc_bytes] = 9;
  reseal(key_of(placements), value);
  const auto row = RowView::open(key_of(placements), value);
  REQUIRE_FALSE(row.ok());
  CHECK(row.error().message.find("format 9") != std::string::npos);
}

TEST_CASE("Journal row: placements are cut into rows that fill SQLite's pages") {
  SeededRandom random(6);
  for (std::size_t count : {1u, 50u, 120u, 500u, 1'000u, 5'000u, 9'000u}) {
    const auto placements = some(count, random);
    std::size_t rows = 0, bytes = 0;
    for (auto rest = std::span<const Placement>(placements); !rest.empty(); ++rows) {
      const std::size_t next = next_row_count(rest, 0);
      REQUIRE(next >= 1);
      REQUIRE(next <= rest.size());
      const Bytes value = encode_row({CanvasId{5}, tile, rest.front().seq}, {}, rest.first(next));
      CHECK(value.size() <= max_row_bytes);
      const std::size_t over = value.size() <= row_page ? 0 : (value.size() - row_page) % row_spill;
      const bool fills_its_pages = over == 0 || row_spill - over < 24;
      CHECK(fills_its_pages);
      bytes += value.size();
      rest = rest.subspan(next);
    }
    if (count >= 500) CHECK(static_cast<double>(bytes) / static_cast<double>(count) < 9.5);
  }
}

}  // namespace
}  // namespace tessera
