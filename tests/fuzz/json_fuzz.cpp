#include <cstdlib>

#include "server/http/json_body.h"

namespace {

std::size_t depth(const nlohmann::json& value) {
  std::size_t deepest = 0;
  if (value.is_structured())
    for (const auto& part : value) deepest = std::max(deepest, depth(part));
  return value.is_structured() ? deepest + 1 : 0;
}

}  // namespace

// Any body is refused with a message, or is within its bounds and comes back the same when written and read again.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace tessera;
  const auto parsed = parse_json({reinterpret_cast<const char*>(data), size});
  if (!parsed) {
    if (parsed.error().message.empty()) std::abort();
    return 0;
  }
  if (depth(*parsed) > json_depth) std::abort();
  const auto again = parse_json(parsed->dump());
  if (!again || *again != *parsed) std::abort();

  std::string error;
  JsonFields fields(*parsed, "", error);
  const auto number = fields.number("x", -5, 300);
  const auto text = fields.text("name", 8);
  const auto& list = fields.list("cells", 4);
  fields.finish();
  if (number < -5 || number > 300 || text.size() > 8 || list.size() > 4) std::abort();
  if (error.empty() && parsed->size() != 3) std::abort();
  return 0;
}
