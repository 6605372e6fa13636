#include "server/storage/journal_row.h"

#include <array>
#include <cassert>
#include <string>

#include "server/storage/seal.h"
#include "shared/base/crc32c.h"

namespace tessera {
namespace {

constexpr std::uint8_t format_version = 1;
constexpr std::size_t max_account_width = 4;
constexpr std::uint8_t last_kind = static_cast<std::uint8_t>(PlacementKind::Import);

std::uint32_t crc_of(const RowKey& key) {
  return key_crc(SealedTable::Journal, {static_cast<std::uint32_t>(key.canvas), key.tile.key(), key.first_seq});
}

std::size_t width_of(AccountId account) {
  const auto id = static_cast<std::uint32_t>(account);
  return id < 1u << 8 ? 1 : id < 1u << 16 ? 2 : id < 1u << 24 ? 3 : 4;
}

std::size_t varint_size(std::uint64_t value) {
  std::size_t size = 1;
  for (; value >= 128; value >>= 7) ++size;
  return size;
}

/// Whether each placement of such a row names another.
bool has_targets(PlacementKind kind) {
  return kind == PlacementKind::Undo || kind == PlacementKind::Redo || kind == PlacementKind::Rollback;
}

/// The earliest target: a rollback may give a cell its base again.
Seq first_target(PlacementKind kind) { return kind == PlacementKind::Rollback ? 0 : 1; }

std::uint64_t since(const Placement& before, const Placement& placement) {
  return static_cast<std::uint64_t>(ms(placement.time) - ms(before.time));
}

/// What `ByteReader::varint` reads, at twice its speed: a start reads two million of them.
inline bool next_number(const std::uint8_t*& at, const std::uint8_t* end, std::uint64_t& value) {
  value = 0;
  for (unsigned shift = 0; shift < 64 && at != end; shift += 7) {
    const std::uint8_t byte = *at++;
    value |= std::uint64_t{byte & 127u} << shift;
    if (byte < 128) return (shift < 63 || byte <= 1) && (byte != 0 || shift == 0);
  }
  return false;
}

std::string describe(const RowKey& key) {
  return "journal row of canvas " + std::to_string(static_cast<std::uint32_t>(key.canvas)) + ", tile (" +
         std::to_string(key.tile.tx) + ", " + std::to_string(key.tile.ty) + "), first seq " +
         std::to_string(key.first_seq);
}

}  // namespace

std::size_t next_row_count(std::span<const Placement> placements, std::uint64_t reference) {
  assert(!placements.empty());
  constexpr std::size_t fixed_bytes = 4 + 1 + 1 + 3;  // the count needs at most three
  const auto first_time = static_cast<std::uint64_t>(ms(placements.front().time));
  const bool targets = has_targets(placements.front().kind);
  std::size_t differences = fixed_bytes + varint_size(reference) + varint_size(first_time);
  std::size_t width = 1;
  std::size_t best = 0;  // where the last full budget ended
  std::size_t budget = row_page;
  for (std::size_t i = 0; i < placements.size(); ++i) {
    width = std::max(width, width_of(placements[i].account));
    if (i > 0)
      differences += varint_size(since(placements[i - 1], placements[i])) +
                     varint_size(placements[i].seq - placements[i - 1].seq - 1);
    if (targets) differences += varint_size(placements[i].back);
    if (differences + (i + 1) * (3 + width) <= budget) continue;
    best = i;
    if (budget == max_row_bytes) return best;
    budget += row_spill;
  }
  return budget == row_page ? placements.size() : best;
}

Bytes encode_row(const RowKey& key, RowKind kind, std::span<const Placement> placements) {
  assert(!placements.empty() && placements.front().seq == key.first_seq);
  std::size_t width = 1;
  for (const Placement& placement : placements) width = std::max(width, width_of(placement.account));

  Bytes out;
  out.reserve(32 + placements.size() * (7 + width));
  ByteWriter writer(out);
  writer.u32(0);
  writer.u8(format_version);
  writer.u8(static_cast<std::uint8_t>(static_cast<std::size_t>(kind.kind) | (width - 1) << 4));
  writer.varint(kind.reference);
  writer.varint(placements.size());
  writer.varint(static_cast<std::uint64_t>(ms(placements.front().time)));
  for (const Placement& placement : placements) writer.u16(offset_of(placement.cell));
  for (const Placement& placement : placements) writer.u8(placement.color);
  for (const Placement& placement : placements)
    for (std::size_t byte = 0; byte < width; ++byte)
      writer.u8(static_cast<std::uint8_t>(static_cast<std::uint32_t>(placement.account) >> (8 * byte)));
  for (std::size_t i = 1; i < placements.size(); ++i) {
    writer.varint(since(placements[i - 1], placements[i]));
    writer.varint(placements[i].seq - placements[i - 1].seq - 1);
  }
  if (has_targets(kind.kind))
    for (const Placement& placement : placements) writer.varint(placement.back);
  store_crc(out, crc32c(ByteSpan(out).subspan(crc_bytes), crc_of(key)));
  return out;
}

/// The targets stand behind all the differences: they are read beside them, from their own beginning.
ByteSpan RowView::targets() const {
  const std::uint8_t* at = differences_.data();
  const std::uint8_t* const end = at + differences_.size();
  for (std::size_t numbers = 2 * (count_ - 1); numbers > 0 && at != end; ++at) numbers -= *at < 128 ? 1 : 0;
  return ByteSpan(at, static_cast<std::size_t>(end - at));
}

template <typename Visit>
bool RowView::walk(Visit visit) const {
  const bool targeted = has_targets(kind_.kind);
  const Seq earliest = first_target(kind_.kind);
  const ByteSpan targets_bytes = targeted ? targets() : ByteSpan{};
  const std::uint8_t* target_at = targets_bytes.data();
  const std::uint8_t* const target_end = target_at + targets_bytes.size();
  std::uint64_t time = first_time_;
  Seq seq = key_.first_seq;
  std::uint64_t back = 0;
  const auto next_target = [&] {
    return !targeted || (next_number(target_at, target_end, back) && back > 0 && back <= UINT32_MAX && back <= seq && seq - back >= earliest);
  };
  if (!next_target()) return false;
  visit(std::size_t{0}, seq, time, static_cast<std::uint32_t>(back));
  const std::uint8_t* at = differences_.data();
  const std::uint8_t* const end = targeted ? targets_bytes.data() : at + differences_.size();
  for (std::size_t i = 1; i < count_; ++i) {
    std::uint64_t later = 0, further = 0;
    if (!next_number(at, end, later) || !next_number(at, end, further)) return false;
    if (later > INT64_MAX - time || further > UINT64_MAX - 1 - seq) return false;
    time += later;
    seq += further + 1;
    if (!next_target()) return false;
    visit(i, seq, time, static_cast<std::uint32_t>(back));
  }
  return at == end && target_at == target_end;
}

Result<RowView> RowView::open(const RowKey& key, ByteSpan value) {
  const auto damaged = [&](const char* why) { return Error{describe(key) + ": " + why}; };
  if (!crc_matches(value, crc_of(key))) return damaged("the checksum does not match");

  ByteReader reader(value.subspan(crc_bytes));
  if (const int version = reader.u8(); reader.ok() && version != format_version)
    return Error{describe(key) + ": written in format " + std::to_string(version) + ", this version reads format " +
                 std::to_string(format_version)};
  RowView row;
  row.key_ = key;
  const std::uint8_t kind = reader.u8();
  row.kind_.kind = static_cast<PlacementKind>(kind & 15);
  row.account_width_ = (kind >> 4) + std::size_t{1};
  row.kind_.reference = reader.varint();
  const std::uint64_t count = reader.varint();
  row.first_time_ = reader.varint();
  if (!reader.ok() || (kind & 15) > last_kind || row.account_width_ > max_account_width || key.first_seq == 0 ||
      row.first_time_ > INT64_MAX)
    return damaged("its header is not valid");
  if (count == 0 || count > reader.left() / (3 + row.account_width_)) return damaged("it is cut short");
  row.count_ = static_cast<std::size_t>(count);
  row.columns_ = reader.raw(row.count_ * (3 + row.account_width_));
  row.differences_ = reader.raw(reader.left());
  const bool whole = row.walk([&](std::size_t, Seq seq, std::uint64_t time, std::uint32_t) {
    row.last_seq_ = seq;
    row.last_time_ = time;
  });
  if (!whole) return damaged("its times and seqs are not valid");
  return row;
}

AccountId RowView::account(std::size_t i) const {
  std::uint32_t id = 0;
  const std::size_t at = 3 * count_ + i * account_width_;
  for (std::size_t byte = 0; byte < account_width_; ++byte) id |= std::uint32_t{columns_[at + byte]} << (8 * byte);
  return AccountId{id};
}

bool RowView::touches(TileOffset wanted) const {
  for (std::size_t i = 0; i < count_; ++i)
    if (offset(i) == wanted) return true;
  return false;
}

void RowView::append_to(std::vector<Placement>& out, Seq after, Seq until) const {
  walk([&](std::size_t i, Seq seq, std::uint64_t time, std::uint32_t back) {
    if (seq <= after || seq > until) return;
    out.push_back({.seq = seq,
                   .time = WallTime{static_cast<std::int64_t>(time)},
                   .account = account(i),
                   .cell = cell_at(key_.tile, offset(i)),
                   .color = color(i),
                   .kind = kind_.kind,
                   .back = back});
  });
}

void RowView::paint(Tile& tile, Seq after, Seq until, Seq& last) const {
  walk([&](std::size_t i, Seq seq, std::uint64_t, std::uint32_t) {
    if (seq > until) return;
    last = seq;
    if (seq > after) tile[offset(i)] = color(i);
  });
}

}  // namespace tessera
