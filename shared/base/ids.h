#pragma once

#include <cstdint>

namespace tessera {

/// An account of the server: a person or a bot. 0 is nobody (a cell of an imported base picture, or never drawn).
enum class AccountId : std::uint32_t {};
inline constexpr AccountId nobody{0};

/// A canvas of one server; names may be reused after an archive, ids never are.
enum class CanvasId : std::uint32_t {};

/// Drawn at random by a client for each of its requests, so that a lost answer can be asked for again.
enum class RequestId : std::uint64_t {};

/// One open connection of the process, never reused while it runs.
enum class ConnectionId : std::uint64_t {};

/// Random number of a canvas's history: two different ones share no seq.
enum class Epoch : std::uint64_t {};

/// An invitation of one server.
enum class InviteId : std::uint32_t {};

/// What staff make on one server; all of them count on from one number, none is ever reused.
enum class LockId : std::uint32_t {};
enum class AnnouncementId : std::uint32_t {};
enum class RollbackId : std::uint32_t {};
enum class ScheduleId : std::uint32_t {};
enum class SnapshotId : std::uint32_t {};
enum class ReportId : std::uint32_t {};

/// The number of a placement on its canvas: 1, 2, 3 … without gaps; 0 is 'before the first'.
using Seq = std::uint64_t;

/// Index into a palette. 255 is 'empty': never drawn.
using ColorIndex = std::uint8_t;
inline constexpr ColorIndex empty_color = 255;

}  // namespace tessera
