#include <algorithm>
#include <cstdlib>

#include "shared/protocol/codec.h"

namespace {

template <typename Variant>
void check(const tessera::Result<Variant>& message, tessera::ByteSpan bytes) {
  if (!message) {
    if (message.error().message.empty()) std::abort();
    return;
  }
  const tessera::Bytes again = encode(*message);
  if (!std::equal(again.begin(), again.end(), bytes.begin(), bytes.end())) std::abort();
  if (dump(*message).empty()) std::abort();
}

}  // namespace

// Any bytes are an error, or one message of which they are the only form.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const tessera::ByteSpan bytes(data, size);
  check(tessera::decode_client(bytes), bytes);
  check(tessera::decode_server(bytes), bytes);
  return 0;
}
