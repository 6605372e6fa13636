#include <algorithm>
#include <cstdlib>
#include <string>
#include <vector>

#include "server/net/ws_frame.h"
#include "shared/base/text.h"

using namespace tessera;

namespace {

struct Seen {
  WsEvent::Kind kind{};
  std::string payload;
  std::uint16_t code = 0;
  bool operator==(const Seen&) const = default;
};

std::vector<Seen> read(Bytes bytes, std::size_t piece) {
  WsReader reader({.message_bytes = 4'096, .fragments = 16});
  std::vector<Seen> seen;
  for (std::size_t at = 0; at < bytes.size(); at += piece) {
    std::span<std::uint8_t> rest(bytes.data() + at, std::min(piece, bytes.size() - at));
    while (const auto event = reader.next(rest)) {
      seen.push_back({event->kind, std::string(as_text(event->payload)), event->code});
      if (event->kind == WsEvent::Kind::Text && !is_utf8(as_text(event->payload))) std::abort();
      if (event->payload.size() > 4'096) std::abort();
      if (event->kind == WsEvent::Kind::Violation && event->reason.empty()) std::abort();
    }
  }
  return seen;
}

}  // namespace

// The first byte says how the rest is cut into pieces: the same events must come out as from the whole.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  const Bytes bytes(data + 1, data + size);
  if (read(bytes, std::size_t{1} + data[0]) != read(bytes, SIZE_MAX / 2)) std::abort();
  return 0;
}
