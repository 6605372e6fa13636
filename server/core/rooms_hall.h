#pragma once

#include <deque>

#include "server/core/rooms.h"

namespace tessera {

/// One canvas's room and who is in it. Only for the bodies of `Rooms`.
struct Rooms::Hall {
  Hall(const Opening::OpenedCanvas& canvas, const RoomSettings& settings, Counters& counters)
      : room(canvas.stored.record, canvas.stored.last_seq, canvas.stored.last_time, settings, counters) {}

  CanvasId id() const { return room.record().id; }

  Room room;
  std::vector<std::pair<Gate*, std::uint32_t>> gates;  // and how many connections each has here
  std::uint32_t online = 0;
  std::uint32_t online_told = 0;
  TimePoint next_online{};
  TimePoint next_hash{};

  struct PendingChange {
    std::optional<std::uint32_t> version;
    CanvasChange change;
    Hub::Reply<Changed<CanvasView>> reply;
  };
  std::deque<PendingChange> changes;  // the first is on its way where `changing`
  bool changing = false;
};

}  // namespace tessera
