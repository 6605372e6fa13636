#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "server/core/records.h"
#include "shared/base/bytes.h"
#include "shared/base/result.h"

namespace tessera {

/// Where a row stands in the journal.
struct RowKey {
  CanvasId canvas{};
  TileIndex tile;
  Seq first_seq = 0;
};

/// What all placements of a row have in common.
struct RowKind {
  PlacementKind kind = PlacementKind::Place;
  std::uint64_t reference = 0;
  bool operator==(const RowKind&) const = default;
};

/// The most bytes a value may have and still lie within SQLite's page of 4,096 bytes, and those of a page it spills to:
/// values of `row_page + n · row_spill` bytes waste nothing, a little more wastes a page. (SQLite file format, 1.6: an
/// index cell keeps 489 to 1,002 bytes; up to 24 of them are the key and the record's header.)
inline constexpr std::size_t row_page = 972;
inline constexpr std::size_t row_spill = 4'092;
inline constexpr std::size_t max_row_bytes = row_page + 4 * row_spill;

/// How many of the first placements to put into the next row, so that its value wastes no page and has at most
/// `max_row_bytes`; at least 1. All of one tile, in seq order.
std::size_t next_row_count(std::span<const Placement> placements, std::uint64_t reference);

/// The value of one row: placements of one tile and kind, in seq order, the first being the key's.
///   crc u32 (CRC-32C of the key, then of what follows) · version u8 · kind + 16 · (w - 1) u8 · reference · count ·
///   time of the first in ms · offsets u16 … · colours u8 … · accounts of w bytes … ·
///   of each but the first: time less the one before, seq less the one before less 1 … ·
///   of undos, redos and rollbacks alone: how far back each one's target is …
/// Numbers without a width are LEB128. Columns, so that finding a cell reads offsets alone.
Bytes encode_row(const RowKey& key, RowKind kind, std::span<const Placement> placements);

/// A checked row over bytes that it borrows.
class RowView {
 public:
  /// An error for whatever `encode_row` would not have written under this key: one flipped byte is always found.
  static Result<RowView> open(const RowKey& key, ByteSpan value);

  RowKind kind() const { return kind_; }
  std::size_t count() const { return count_; }
  Seq first_seq() const { return key_.first_seq; }
  Seq last_seq() const { return last_seq_; }
  WallTime first_time() const { return WallTime{static_cast<std::int64_t>(first_time_)}; }
  WallTime last_time() const { return WallTime{static_cast<std::int64_t>(last_time_)}; }

  TileOffset offset(std::size_t i) const { return static_cast<TileOffset>(columns_[2 * i] | columns_[2 * i + 1] << 8); }
  ColorIndex color(std::size_t i) const { return columns_[2 * count_ + i]; }
  AccountId account(std::size_t i) const;
  /// Whether a placement of the row is on this cell of the tile.
  bool touches(TileOffset offset) const;
  /// Appends the placements with `after` < seq ≤ `until`, in seq order.
  void append_to(std::vector<Placement>& out, Seq after = 0, Seq until = UINT64_MAX) const;
  /// Paints the placements with `after` < seq ≤ `until`. `last` becomes the seq of the row's last placement up to
  /// `until`, painted or not; it stays where there is none.
  void paint(Tile& tile, Seq after, Seq until, Seq& last) const;

 private:
  RowView() = default;
  /// Visits (i, seq, time, back) of each placement; false where the differences are not what was written.
  template <typename Visit>
  bool walk(Visit visit) const;
  ByteSpan targets() const;

  RowKey key_;
  RowKind kind_;
  std::size_t count_ = 0;
  std::size_t account_width_ = 0;
  std::uint64_t first_time_ = 0;
  std::uint64_t last_time_ = 0;
  Seq last_seq_ = 0;
  ByteSpan columns_;      // offsets, colours, accounts
  ByteSpan differences_;  // of time and seq
};

}  // namespace tessera
