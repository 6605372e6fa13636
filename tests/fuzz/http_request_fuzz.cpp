#include <cstdlib>
#include <string>

#include "server/net/http_parser.h"

using namespace tessera;

namespace {

/// What became of the bytes when they come `piece` at a time: method, path and body, or the status of the refusal.
std::string read(ByteSpan input, std::size_t piece) {
  HttpParser parser(1'024);
  Bytes unread;
  std::size_t at = 0;
  for (;;) {
    ByteSpan rest(unread);
    const bool in_head = parser.state() == HttpParser::State::Head;
    auto state = parser.read(rest);
    if (in_head && state == HttpParser::State::Body) {
      parser.limit_body(100);
      state = parser.read(rest);
    }
    unread.erase(unread.begin(), unread.end() - static_cast<std::ptrdiff_t>(rest.size()));
    if (state == HttpParser::State::Failed) {
      if (parser.failure().detail.empty() || parser.failure().status < 400) std::abort();
      return "refused";
    }
    if (state == HttpParser::State::Complete) {
      const HttpRequest request = parser.take();
      if (request.path.empty() || request.path[0] != '/' || request.body.size() > 100) std::abort();
      return request.method + ' ' + request.path + ' ' + request.body;
    }
    if (at == input.size() || unread.size() > 8'192) return "unfinished";
    const std::size_t count = std::min(piece, input.size() - at);
    unread.insert(unread.end(), input.begin() + static_cast<std::ptrdiff_t>(at), input.begin() + static_cast<std::ptrdiff_t>(at + count));
    at += count;
  }
}

}  // namespace

// The first byte says how the rest is cut into pieces: whatever the cut, the same request or a refusal.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  const ByteSpan bytes(data + 1, size - 1);
  const std::string cut = read(bytes, std::size_t{1} + data[0]), whole = read(bytes, SIZE_MAX);
  const bool both_read = cut != "refused" && cut != "unfinished" && whole != "refused" && whole != "unfinished";
  if (both_read && cut != whole) std::abort();
  return 0;
}
