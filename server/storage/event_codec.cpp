#include "server/storage/event_codec.h"

#include "server/storage/packing.h"
#include "server/storage/palette_codec.h"

namespace tessera {
namespace {

/// Snapshots with the rollbacks that counted. The first is still read, and stays as it is.
constexpr std::uint8_t second_format = 2;

template <typename Value>
void pack_optional(Packer& out, const std::optional<Value>& value, const auto& pack) {
  out.byte(value ? 1 : 0);
  if (value) pack(*value);
}

template <typename Value>
void unpack_optional(Unpacker& in, std::optional<Value>& value, const auto& unpack) {
  if (in.flag()) value = unpack();
}

void pack_limits_change(Packer& out, const LimitsChange& change) {
  pack_optional(out, change.per_second, [&](const auto& value) { pack_optional(out, value, [&](double rate) { pack_fraction(out, rate); }); });
  pack_optional(out, change.burst, [&](std::uint32_t value) { out.number(value); });
  pack_optional(out, change.per_minute, [&](const auto& value) { pack_optional(out, value, [&](std::uint32_t count) { out.number(count); }); });
  pack_optional(out, change.cooldown_ms, [&](std::uint32_t value) { out.number(value); });
}

LimitsChange unpack_limits_change(Unpacker& in) {
  LimitsChange change;
  const auto number = [&] { return in.number32(); };
  unpack_optional(in, change.per_second, [&] {
    std::optional<double> value;
    unpack_optional(in, value, [&] { return unpack_fraction(in); });
    return value;
  });
  unpack_optional(in, change.burst, number);
  unpack_optional(in, change.per_minute, [&] {
    std::optional<std::uint32_t> value;
    unpack_optional(in, value, number);
    return value;
  });
  unpack_optional(in, change.cooldown_ms, number);
  return change;
}

void pack_policy_change(Packer& out, const PolicyChange& change) {
  pack_limits_change(out, change.limits);
  pack_optional(out, change.guests, [&](bool value) { out.byte(value ? 1 : 0); });
  pack_optional(out, change.only_color, [&](const auto& value) { pack_optional(out, value, [&](ColorIndex color) { out.byte(color); }); });
  for (const auto& role : change.roles)
    pack_optional(out, role, [&](const auto& own) { pack_optional(out, own, [&](const LimitsChange& limits) { pack_limits_change(out, limits); }); });
}

PolicyChange unpack_policy_change(Unpacker& in) {
  PolicyChange change;
  change.limits = unpack_limits_change(in);
  unpack_optional(in, change.guests, [&] { return in.flag(); });
  unpack_optional(in, change.only_color, [&] {
    std::optional<ColorIndex> value;
    unpack_optional(in, value, [&] { return in.byte(); });
    return value;
  });
  for (auto& role : change.roles)
    unpack_optional(in, role, [&] {
      std::optional<LimitsChange> own;
      unpack_optional(in, own, [&] { return unpack_limits_change(in); });
      return own;
    });
  return change;
}

void pack_work(Packer& out, const ScheduledWork& work) {
  out.byte(static_cast<std::uint8_t>(work.action));
  out.number(work.width);
  out.number(work.height);
  pack_optional(out, work.palette, [&](const Palette& palette) { pack_palette(out, palette); });
  pack_policy_change(out, work.policy);
  out.text(work.text);
  out.byte(work.pinned ? 1 : 0);
  pack_optional(out, work.expires, [&](WallTime time) { out.time(time); });
  out.text(work.params);
}

std::optional<ScheduledWork> unpack_work(Unpacker& in) {
  ScheduledWork work;
  work.action = static_cast<ScheduledAction>(in.choice(scheduled_action_count));
  work.width = static_cast<std::uint32_t>(in.number(max_canvas_side));
  work.height = static_cast<std::uint32_t>(in.number(max_canvas_side));
  if (in.flag()) {
    work.palette = unpack_palette(in);
    if (!work.palette) return std::nullopt;
  }
  work.policy = unpack_policy_change(in);
  work.text = in.text();
  work.pinned = in.flag();
  unpack_optional(in, work.expires, [&] { return in.time(); });
  work.params = in.text();
  return work;
}

}  // namespace

Bytes pack_schedule(const ScheduleRecord& record) {
  Packer out;
  out.number(static_cast<std::uint32_t>(record.canvas));
  out.time(record.at);
  pack_work(out, record.work);
  out.number(static_cast<std::uint32_t>(record.maker));
  out.time(record.created);
  return out.take();
}

std::optional<ScheduleRecord> unpack_schedule(ScheduleId id, ByteSpan body) {
  Unpacker in(body);
  ScheduleRecord record;
  record.id = id;
  record.canvas = CanvasId{in.number32()};
  record.at = in.time();
  auto work = unpack_work(in);
  if (!work) return std::nullopt;
  record.work = *std::move(work);
  record.maker = AccountId{in.number32()};
  record.created = in.time();
  if (!in.done()) return std::nullopt;
  return record;
}

Bytes pack_snapshot(const SnapshotRecord& record) {
  Packer out(record.counting ? second_format : first_format);
  out.number(static_cast<std::uint32_t>(record.canvas));
  out.text(record.name);
  out.number(record.seq);
  out.number(static_cast<std::uint32_t>(record.maker));
  out.time(record.created);
  if (record.counting) {
    out.number(record.counting->size());
    for (const RollbackId id : *record.counting) out.number(static_cast<std::uint32_t>(id));
  }
  return out.take();
}

std::optional<SnapshotRecord> unpack_snapshot(SnapshotId id, ByteSpan body) {
  Unpacker in(body, second_format);
  SnapshotRecord record;
  record.id = id;
  record.canvas = CanvasId{in.number32()};
  record.name = in.text();
  record.seq = in.number(UINT64_MAX);
  record.maker = AccountId{in.number32()};
  record.created = in.time();
  if (in.format() >= second_format) {
    record.counting.emplace(static_cast<std::size_t>(in.number(body.size())));
    for (RollbackId& counting : *record.counting) counting = RollbackId{in.number32()};
  }
  if (!in.done()) return std::nullopt;
  return record;
}

}  // namespace tessera
