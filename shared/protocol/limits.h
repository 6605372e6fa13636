#pragma once

#include <cstddef>
#include <cstdint>

namespace tessera {

/// The one version this build speaks; `Hello` names the client's, and another is refused with the server's.
inline constexpr std::uint16_t protocol_version = 3;
/// The WebSocket subprotocol of the binary messages.
inline constexpr const char* protocol_name = "tessera.v1";

namespace limits {

inline constexpr std::size_t cells_per_request = 4'096;
inline constexpr std::size_t undo_count = 1'024;  ///< placements of one `Undo` or `Redo`
inline constexpr std::size_t tiles_per_watch = 4'096;
inline constexpr std::size_t tiles_per_canvas = 65'536;
inline constexpr std::size_t placements_per_batch = 1u << 20;
inline constexpr std::size_t unanswered_requests = 64;
inline constexpr std::size_t token_bytes = 128;
inline constexpr std::size_t name_bytes = 160;  ///< 32 code points and room for four bytes each
inline constexpr std::size_t canvas_name_bytes = 64;
inline constexpr std::size_t text_bytes = 1'024;  ///< notices and reasons
inline constexpr std::size_t history_items = 64;
inline constexpr std::size_t canvases_listed = 1'024;
inline constexpr std::size_t lock_accounts = 64;  ///< that one lock lets draw by name
inline constexpr std::size_t locks_per_message = 1'000;
inline constexpr std::size_t announcements = 64;  ///< of a server at once
inline constexpr std::size_t scheduled = 1'000;  ///< entries of one canvas's schedule
inline constexpr std::size_t snapshot_bytes = 66'000;  ///< zlib of 65,536 bytes never needs more
/// A client's message is at most this long; a longer frame closes the connection with 1009.
inline constexpr std::size_t client_message_bytes = 64u << 10;
/// A server's message is at most this long.
inline constexpr std::size_t server_message_bytes = 8u << 20;

}  // namespace limits
}  // namespace tessera
