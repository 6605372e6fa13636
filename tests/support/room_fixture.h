#pragma once

#include <initializer_list>
#include <vector>

#include "server/core/journal.h"
#include "server/core/room.h"
#include "tests/support/core_store.h"
#include "tests/support/fake_clock.h"

namespace tessera {

inline AccountRecord account(std::uint32_t id, Role role = Role::Guest) {
  AccountRecord record;
  record.id = AccountId{id};
  record.name = "account " + std::to_string(id);
  record.kind = role == Role::Guest ? AccountKind::Guest : AccountKind::Discord;
  record.role = role;
  return record;
}

inline CanvasRecord canvas_record(Size size = {1'000, 1'000}) {
  CanvasRecord record;
  record.id = CanvasId{1};
  record.name = "main";
  record.size = size;
  record.epoch = Epoch{77};
  return record;
}

inline constexpr PlacingLimits no_limits{
    .per_second = std::nullopt, .burst = 0, .per_minute = std::nullopt, .cooldown_ms = 0};

/// A room in the test's hand: one canvas, a fake clock, and a store that is written to when the test says so.
struct RoomFixture {
  explicit RoomFixture(CanvasRecord record = canvas_record(), const RoomSettings& settings = {})
      : room(std::move(record), 0, WallTime{}, settings, counters) {}

  /// Returns what followed at once.
  RoomEvents place(const AccountRecord& author, std::uint64_t request, std::vector<WireCell> cells,
                   std::uint64_t asker = 1) {
    RoomEvents events;
    room.place(Asker{asker}, &author, Place{RequestId{request}, std::move(cells)}, clock.moment(), events);
    return events;
  }
  RoomEvents ask(const AccountRecord& author, std::uint64_t request, std::uint64_t asker = 1) {
    RoomEvents events;
    room.ask(Asker{asker}, &author, RequestId{request}, clock.moment(), events);
    return events;
  }
  RoomEvents take_back(const AccountRecord& author, PlacementKind kind, std::uint32_t count = 1, std::uint64_t asker = 1) {
    RoomEvents events;
    room.take_back(Asker{asker}, &author, kind, RequestId{asker}, count, clock.moment(), events);
    return events;
  }
  /// Flushes even if it is not yet due, by letting time pass.
  std::shared_ptr<const Batch> flush() {
    if (const auto due = room.flush_due(); due && *due > clock.now()) clock.advance(*due - clock.now());
    return room.flush(clock.moment(), flushed);
  }
  RoomEvents commit(const std::shared_ptr<const Batch>& batch) {
    RoomEvents events;
    WriteSet writes;
    writes.batches.push_back(batch);
    room.committed(settled_commit(store, writes), clock.moment(), events);
    return events;
  }
  RoomEvents flush_and_commit() { return commit(flush()); }

  FakeClock clock;
  Counters counters;
  CoreStore store;
  RoomEvents flushed;  ///< what followed from flushes that handed out nothing
  Room room;
};

inline const PlaceResult& result_of(const RoomEvent& event) { return std::get<PlaceAnswer>(event).result; }
inline Asker asker_of(const RoomEvent& event) { return std::get<PlaceAnswer>(event).asker; }
inline bool is_published(const RoomEvent& event) { return std::holds_alternative<Published>(event); }

}  // namespace tessera
