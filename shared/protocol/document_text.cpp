#include "shared/protocol/document.h"
#include "shared/protocol/limits.h"

namespace tessera {
namespace {

std::string kib(std::size_t bytes) {
  return bytes >= 1u << 20 ? std::to_string(bytes >> 20) + " MiB" : std::to_string(bytes >> 10) + " KiB";
}

std::string opening() {
  return R"(# The protocol of Tessera

This is what an app speaks with a Tessera server: the binary protocol `)" +
         std::string(protocol_name) + R"(`, version )" + std::to_string(protocol_version) + R"(. Bots and
scripts may find the JSON that the same address speaks without a subprotocol, or the HTTP API, easier.

This file is written by the program `protocol_document` from the descriptions in `shared/protocol`: change those, not this.

## The connection

One WebSocket at the path `/ws`, asked for with the subprotocol `)" +
         std::string(protocol_name) + R"(`. Every message is one binary WebSocket message, in either
direction. A client's message is at most )" +
         kib(limits::client_message_bytes) + R"(, a server's at most )" + kib(limits::server_message_bytes) + R"(.

A message is its tag, one byte, then its fields in the order of its table, with nothing between, before or after them:

| type | on the wire |
|---|---|
| u8, u16, u32, u64 | unsigned, little-endian, in that many bits |
| varint | unsigned LEB128: seven bits a byte, the low ones first, the high bit set in all bytes but the last; in its shortest form |
| text | a varint with the number of bytes, then as many of UTF-8 |
| bytes | the same for any bytes |
| list | a varint with the number of elements, then the fields of each |
| a part | its fields, in place |

A value out of its range, a message cut short, one with something behind its last field and one with an unknown tag are errors:
the server closes the connection with a reason, and nothing of the message takes effect. Tags 1 to 63 are a client's, 65 to 127 a server's.

)";
}

std::string course() {
  return R"(## How it goes

1. The client opens the WebSocket and sends `Hello` with the version that it speaks. A server of another version answers `Refused`
   with `bad_version` and its own, and closes. Else `Welcome` says who the connection is signed in as.
2. `Enter` goes to a canvas. `Entered` brings everything about it but its cells. `Enter` again goes to another: no new connection is needed.
3. `Watch` names the tiles in view, with what the client holds of them. Each is answered by `TileCurrent` or `TileSnapshot`, and its
   changes follow in `Deltas`.
4. `Place` draws. What was accepted is on disk before anybody sees it in `Deltas`, and before `PlaceResult` says so.

A canvas is a grid of cells, (0, 0) at the top left. A cell holds a palette index, or 255: empty. A *tile* is a block of 256×256 cells; cell
(x, y) lies in tile (x ÷ 256, y ÷ 256), rounded down. A *seq* numbers the placements of a canvas: 1, 2, 3 … without gaps. A tile's seq is that
of its last placement. The *epoch* is a random number of the canvas's history: two different ones have nothing in common, so a client that
meets another epoch forgets its tiles and asks for all of them again.

## What may be relied on

- **A tile's stream** in a connection is: silence; the answer to `Watch`; then deltas. A delta applies to a tile whose seq is its `from`, and
  makes it `to`. Deltas of a tile that arrive before its answer are from before it: keep none of them, or apply those that join. Where `from`
  is not the tile's seq, something was missed: send `Watch` for that tile, with what is held of it.
- **One question a tile**: a tile that was asked for is not asked for again before its answer.
- **Deltas** are the same bytes for everyone on the canvas; ignore the tiles that are not watched. `first_seq` and `last_seq` count all
  placements of the batch.
- **A snapshot may come unasked.** A client that reads too slowly gets no backlog: its deltas are dropped, and each tile that it watches comes
  again as a snapshot once it has caught up. Whoever lets answers and notices pile up as well is closed.
- **`TileHash`** holds for the place in the stream where it stands: compare it with the tile as the deltas before it have left it, and without
  one's own pending cells. Where the seqs are equal and the checksums differ, send `Mismatch`, and a snapshot comes. The checksum is CRC-32C
  (Castagnoli).
- **`PlaceResult`** follows the `Deltas` that show what it accepted. The accepted cells of one request have consecutive seqs from `first_seq`,
  in the order of the request without the rejected ones. A client that draws its cells at once keeps them as pending until their request is
  refused or their tile has reached their seq.
- **`Entered`** divides the stream: nothing of the old canvas follows it.
- **Order between requests**: requests of one connection are looked at in the order in which they were sent.

## A lost answer

A connection may break after a `Place` was sent and before its answer came. The client then cannot know whether its cells are stored, and must
not guess:

1. It opens a new connection, with the same `client` number in `Hello`, and names the request in `unanswered` of its `Enter`.
2. The server closes the older connection of that number, waits for what is being stored, and answers each such request after `Entered` with a
   `PlaceResult`: `answered`, with what was stored and what refused, exactly as the lost answer was; or `unknown`: the server never had it, or had
   it over ten minutes ago, and from then on nothing of it will be stored, even should its bytes still arrive.
3. After `unknown` the client takes its cells back, or sends them as a new request.

The same request number sent again gets the same answer, and is never drawn twice. A number of 0 is not remembered: do not use it.

)";
}

}  // namespace

std::string protocol_prose() { return opening() + course(); }

}  // namespace tessera
