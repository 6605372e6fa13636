#include "shared/protocol/document.h"

#include <string>

#include <doctest/doctest.h>

#include "shared/base/bytes.h"
#include "tests/support/data.h"

namespace tessera {

TEST_CASE("PROTOCOL.md: says what the messages are now") {
  const std::optional<Bytes> file = test::read_file("PROTOCOL.md");
  REQUIRE_MESSAGE(file, "PROTOCOL.md is not in the working directory; run this test in the root of the repository");
  // Not CHECK on the texts themselves: they would fill the screen.
  const bool up_to_date = as_text(*file) == protocol_document();
  CHECK_MESSAGE(
      up_to_date,
      "PROTOCOL.md is out of date; renew it: build protocol_document, then `protocol_document > PROTOCOL.md`");
}

TEST_CASE("PROTOCOL.md: every field has a meaning") {
  const std::string document = protocol_document();
  CHECK(document.find("|  |") == std::string::npos);
  CHECK(document.find("### Place\n\nTag 5. ") != std::string::npos);
  CHECK(document.find("| cells | list of [Cell](#cell), at most 4,096 |") != std::string::npos);
}

}  // namespace tessera
