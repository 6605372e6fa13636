#pragma once

#include <memory>
#include <string>
#include <vector>

#include "server/core/ports.h"
#include "shared/base/random.h"

/// Small pieces of stored things for the tests of the stores.
namespace tessera::sample {

inline constexpr CanvasId main_canvas{1};

inline CanvasRecord canvas(CanvasId id = main_canvas, const std::string& name = "main") {
  CanvasRecord record;
  record.id = id;
  record.name = name;
  record.size = {1000, 1000};
  record.epoch = Epoch{0x1234'5678'9abc'def0};
  record.created = WallTime{1'000};
  record.policy.limits.per_minute.reset();
  record.policy.roles[2] = PlacingLimits{.per_second = std::nullopt, .burst = 7, .per_minute = 3, .cooldown_ms = 250};
  record.pause_message = "back at nine";
  record.access = Access::Code;
  record.access_code = "KETTLE";
  return record;
}

inline AccountRecord account(std::uint32_t id, const std::string& name) {
  AccountRecord record;
  record.id = AccountId{id};
  record.name = name;
  record.kind = AccountKind::Discord;
  record.role = Role::Moderator;
  record.created = WallTime{2'000};
  record.version = 3;
  if (id % 2 == 0) {
    record.banned_until = WallTime{9'000};
    record.ban_reason = "drew over others";
    record.note = "again";
    record.discord = UINT64_MAX - id;
    record.maker = AccountId{1};
    record.charged = AccountId{1};
  }
  return record;
}

inline SessionRecord session(std::uint8_t byte, std::uint32_t account, WallTime expires) {
  SessionRecord record;
  record.hash.fill(byte);
  record.account = AccountId{account};
  record.created = WallTime{1'500};
  record.expires = expires;
  record.used = WallTime{1'600};
  record.kind = SessionKind::Service;
  record.scopes = static_cast<std::uint8_t>(Scope::Place);
  record.label = "Firefox on Linux";
  return record;
}

inline InviteRecord invite(std::uint32_t id) {
  InviteRecord record;
  record.id = InviteId{id};
  record.hash.fill(static_cast<std::uint8_t>(id));
  record.maker = AccountId{1};
  record.created = WallTime{1'700};
  if (id % 2 == 0) return record;
  record.canvas = main_canvas;
  record.role = Role::Member;
  record.uses = 3;
  record.expires = WallTime{8'000};
  return record;
}

inline LockRecord lock(std::uint32_t id) {
  LockRecord record;
  record.id = LockId{id};
  record.canvas = main_canvas;
  record.area = {10, 20, 30, id};
  record.reason = "the lighthouse stays";
  record.maker = AccountId{1};
  record.created = WallTime{1'800};
  record.version = id;
  if (id % 2 == 0) return record;
  record.expires = WallTime{9'500};
  record.allowed = Role::Owner;
  record.accounts = {AccountId{3}, AccountId{4}};
  return record;
}

inline AnnouncementRecord announcement(std::uint32_t id) {
  AnnouncementRecord record;
  record.id = AnnouncementId{id};
  record.text = "we open at nine";
  record.maker = AccountId{2};
  record.created = WallTime{1'900};
  record.version = id;
  if (id % 2 == 0) return record;
  record.pinned = true;
  record.expires = WallTime{9'600};
  return record;
}

/// Of placements that need not be there: of none.
inline RollbackRecord rollback(std::uint32_t id) {
  RollbackRecord record;
  record.id = RollbackId{id};
  record.canvas = main_canvas;
  record.state = static_cast<RollbackState>(id % rollback_state_count);
  record.reason = "drew over the lighthouse";
  record.maker = AccountId{1};
  record.created = WallTime{2'000};
  record.placements = 1'234'567;
  record.cells = 765'432;
  record.version = id;
  if (id % 2 == 0)
    record.selection.region = {1, 2, 3, 4};
  else
    record.selection.accounts = {AccountId{2}, AccountId{4}};
  record.selection.undos = id % 3 == 0;
  for (std::uint32_t other = 1; other < id % 3; ++other) record.turned.push_back({RollbackId{other}, id + other});
  return record;
}

inline ScheduleRecord schedule(std::uint32_t id) {
  ScheduleRecord record;
  record.id = ScheduleId{id};
  record.canvas = main_canvas;
  record.at = WallTime{9'000};
  record.work.action = static_cast<ScheduledAction>(id % scheduled_action_count);
  record.work.params = R"({"width":2000})";
  record.maker = AccountId{2};
  record.created = WallTime{2'100};
  if (id % 2 == 0) {
    record.work.width = 2'000;
    record.work.text = "we close at ten";
    record.work.pinned = true;
    record.work.expires = WallTime{9'700};
    return record;
  }
  record.work.palette = Palette::r_place_2022();
  PolicyChange& policy = record.work.policy;
  policy.limits.per_second.emplace(id % 3 == 0 ? std::optional(0.1) : std::nullopt);
  policy.limits.per_minute.emplace(70);
  policy.limits.burst = 5;
  policy.limits.cooldown_ms = 300;
  policy.guests = false;
  policy.only_color.emplace(id % 3 == 0 ? std::optional<ColorIndex>(31) : std::nullopt);
  policy.roles[0].emplace();
  policy.roles[2].emplace(LimitsChange{.burst = 9});
  return record;
}

inline SnapshotRecord snapshot(std::uint32_t id, Seq seq = 0) {
  std::optional<std::vector<RollbackId>> counting;
  if (id % 2 == 0) counting = {RollbackId{1}, RollbackId{id}};
  return {.id = SnapshotId{id}, .canvas = main_canvas, .name = "before the party", .seq = seq, .maker = AccountId{2}, .created = WallTime{2'200}, .counting = counting};
}

inline GrantRecord grant(std::uint32_t account) {
  return {.canvas = main_canvas, .account = AccountId{account}, .role = static_cast<Role>(1 + account % 3), .maker = AccountId{4}, .created = WallTime{2'300}, .version = account};
}

inline SeenRecord seen(std::uint32_t account) {
  SeenRecord record{.account = AccountId{account}, .prefixes = {}};
  for (std::uint8_t i = 0; i < account; ++i)
    record.prefixes.push_back({{static_cast<PrefixKind>(i % prefix_kind_count), 0x1234'5678'9abc'def0u + i}, WallTime{2'400}, WallTime{2'500 - i}});
  return record;
}

inline ReportRecord report(std::uint32_t id) {
  ReportRecord record;
  record.id = ReportId{id};
  record.canvas = main_canvas;
  record.area = {id, 7, 40, 30};
  record.reason = "<b>somebody drew over the lighthouse</b>";
  record.reporter = AccountId{2};
  record.created = WallTime{2'100};
  record.changed = WallTime{2'100};
  record.state = static_cast<ReportState>(id % report_state_count);
  record.version = id;
  if (id % 2 == 0) return record;
  record.seq = 600;
  record.handler = AccountId{1};
  record.outcome = "taken back";
  return record;
}

inline AuditRecord audit(std::int64_t time, std::uint32_t actor, const std::string& action, const std::string& target = {},
                         const std::string& canvas = "main") {
  AuditRecord record;
  record.time = WallTime{time};
  if (actor != 0) record.actor = AccountInfo{AccountId{actor}, "staff {" + std::to_string(actor) + "}", AccountKind::Discord, Role::Admin};
  record.action = action;
  record.canvas = canvas;
  record.target = target;
  record.detail = R"({"reason":"a \"quoted\" reason, Über alles } and time ","x":)" + std::to_string(time % 100) + "}";
  return record;
}

/// Draws batches that follow one another: cells over `side` × `side`, times that sometimes stand still.
class Drawing {
 public:
  explicit Drawing(std::uint64_t seed, std::uint32_t side = 600, CanvasId canvas = main_canvas)
      : random_(seed), side_(side), canvas_(canvas) {}

  std::shared_ptr<Batch> batch(std::size_t count, PlacementKind kind = PlacementKind::Place,
                               std::uint64_t reference = 0) {
    auto batch = std::make_shared<Batch>();
    batch->canvas = canvas_;
    batch->reference = reference;
    for (std::size_t i = 0; i < count; ++i) {
      Placement& placement = batch->placements.emplace_back(next());
      placement.kind = kind;
      if (kind == PlacementKind::Undo || kind == PlacementKind::Redo)
        placement.back = static_cast<std::uint32_t>(1 + random_.below(std::min<Seq>(placement.seq - 1, 70'000)));
      if (kind == PlacementKind::Rollback)  // the one that a cell shows again, or its base
        placement.back = static_cast<std::uint32_t>(1 + random_.below(std::min<Seq>(placement.seq, 70'000)));
    }
    return batch;
  }
  Placement next() {
    time_ += static_cast<std::int64_t>(random_.below(3));
    const Cell cell{static_cast<std::uint16_t>(random_.below(side_)), static_cast<std::uint16_t>(random_.below(side_))};
    return {++seq_, WallTime{time_}, AccountId{static_cast<std::uint32_t>(1 + random_.below(4))}, cell,
            static_cast<ColorIndex>(random_.below(32))};
  }
  /// Forgets a batch that was not stored.
  void take_back(const Batch& batch) { seq_ -= batch.placements.size(); }

 private:
  SeededRandom random_;
  std::uint32_t side_;
  CanvasId canvas_;
  Seq seq_ = 0;
  std::int64_t time_ = 1'649'073'600'000;
};

/// A canvas and the four accounts that `Drawing` draws as.
inline WriteSet beginning() {
  WriteSet set;
  set.canvases.push_back(canvas());
  for (std::uint32_t id = 1; id <= 4; ++id) set.accounts.push_back(account(id, "player " + std::to_string(id)));
  return set;
}

inline WriteSet with(std::shared_ptr<const Batch> batch) {
  WriteSet set;
  set.batches.push_back(std::move(batch));
  return set;
}

/// A tile as the placements up to `until` leave it, by the most simple means.
inline Tile replay(const std::vector<Placement>& placements, TileIndex tile, Seq until = UINT64_MAX, Tile base = {}) {
  for (const Placement& placement : placements)
    if (placement.seq <= until && tile_of(placement.cell) == tile) base[offset_of(placement.cell)] = placement.color;
  return base;
}

inline Seq last_on(const std::vector<Placement>& placements, TileIndex tile, Seq until = UINT64_MAX) {
  Seq last = 0;
  for (const Placement& placement : placements)
    if (placement.seq <= until && tile_of(placement.cell) == tile) last = placement.seq;
  return last;
}

}  // namespace tessera::sample
