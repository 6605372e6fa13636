#include <cstdlib>

#include "server/net/json_message.h"
#include "shared/base/bytes.h"

// Any text is a placement on some canvas, or an error with a code and a reason.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto update = tessera::parse_json_message(tessera::as_text({data, size}));
  if (update) {
    if (update->cell.x >= tessera::max_canvas_side || update->cell.y >= tessera::max_canvas_side) std::abort();
  } else if (update.error().code.empty() || update.error().detail.empty()) {
    std::abort();
  }
  return 0;
}
