#pragma once

#include <cstdint>

namespace tessera {

/// The first byte of a message, which says which it is: 1 … 63 from the client, 65 … 127 from the server. Never reused.
enum class Tag : std::uint8_t {
  Hello = 1,
  SignIn = 2,
  Enter = 3,
  Watch = 4,
  Place = 5,
  Inspect = 6,
  Ping = 7,
  Mismatch = 8,
  Undo = 9,
  Redo = 10,

  Welcome = 65,
  Refused = 66,
  Entered = 67,
  TileCurrent = 68,
  TileSnapshot = 69,
  Deltas = 70,
  TileHash = 71,
  PlaceResult = 72,
  Inspected = 73,
  Charges = 74,
  Online = 75,
  PauseChanged = 76,
  CanvasChanged = 77,
  Pong = 78,
  UndoResult = 79,
  AccountChanged = 80,
  Locks = 81,
  LockChanged = 82,
  LockRemoved = 83,
  Announcements = 84,
  AnnouncementChanged = 85,
  AnnouncementRemoved = 86,
  Schedule = 87,
  ScheduleChanged = 88,
  ScheduleRemoved = 89,
  ReportOutcome = 90,
  Warning = 91,
  StaffNews = 92,
};

/// What dumps, errors and PROTOCOL.md call a struct, and what PROTOCOL.md says of it.
struct About {
  const char* name;
  const char* meaning;
};

}  // namespace tessera
