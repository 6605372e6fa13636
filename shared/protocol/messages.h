#pragma once

#include "shared/protocol/client_messages.h"
#include "shared/protocol/server_messages.h"

/// Every message is described once: `describe` names its fields with their ranges and meanings, and the writer, the
/// reader, the text dump, the random generator of the tests and PROTOCOL.md are kinds of `io`. The kinds of field, each
/// of which takes its meaning, a text for PROTOCOL.md, last:
///   number(name, value, max)   unsigned, 0 … max: LEB128
///   fixed(name, value)         unsigned integer, or enum of one, of the value's own width, little-endian
///   choice(name, value, count) enum of one byte, 0 … count-1, whose words `code` gives
///   flag(name, value)          bool: one byte, 0 or 1
///   text(name, value, max)     UTF-8, at most `max` bytes: LEB128 length, then the bytes
///   secret(name, value, max)   the same, never shown by the dump
///   bytes(name, value, max)    the same for any bytes
///   list(name, value, max)     LEB128 count, then each element's own fields
///   part(name, value)          a struct's own fields, in place
/// A message on the wire is its tag (one byte), then its fields; nothing may follow them. A new message needs a tag,
/// its struct with `tag`, `about` and `describe`, and a place in ClientMessage or ServerMessage.
