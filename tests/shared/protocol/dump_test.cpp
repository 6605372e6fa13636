#include <doctest/doctest.h>

#include "shared/base/text.h"
#include "shared/protocol/codec.h"
#include "tests/support/random_message.h"

namespace tessera {

TEST_CASE("Dump: one line with the names of the fields") {
  CHECK(dump(ClientMessage(Place{RequestId{12}, {{1, 2, 5}}})) ==
        "Place{request: 12, cells: [{x: 1, y: 2, color: 5}]}");
  CHECK(dump(ServerMessage(Refused{Refusal::TooSoon, "wait \"a\"\nmoment", 1})) ==
        R"(Refused{reason: too_soon, detail: "wait \"a\"\x0amoment", server_version: 1})");
  CHECK(dump(ServerMessage(PauseChanged{true, ""})) == "PauseChanged{paused: true, message: \"\"}");
  CHECK(dump(ClientMessage(Mismatch{{{1, 2}, 3, 4}})) == "Mismatch{tile: {tx: 1, ty: 2, seq: 3, crc: 4}}");
}

TEST_CASE("Dump: long lists, bytes and texts are cut") {
  Place place;
  place.cells.resize(4096);
  CHECK(dump(ClientMessage(place)).size() < 400);
  CHECK(dump(ClientMessage(place)).find(", … 4088 more]}") != std::string::npos);
  CHECK(dump(ServerMessage(TileSnapshot{{}, 0, Bytes(1000, 0xAB)})).find("zlib: 1000 bytes abab") != std::string::npos);
  std::string text;
  for (int i = 0; i < 300; ++i) text += "\xE2\x82\xAC";
  const std::string line = dump(ServerMessage(PauseChanged{false, text}));
  CHECK(is_utf8(line));
  CHECK(line.size() < 150);
}

TEST_CASE("Dump: a token is never shown") {
  CHECK(dump(ClientMessage(Hello{1, ClientId{2}, "s3cret"})) == "Hello{version: 1, client: 2, token: hidden}");
  CHECK(dump(ClientMessage(SignIn{""})) == "SignIn{token: none}");
}

TEST_CASE("Dump: any message gives one line of UTF-8") {
  SeededRandom random(9);
  for (int i = 0; i < 20'000; ++i) {
    const std::string line = dump(test::random_message<ServerMessage>(random));
    REQUIRE(is_utf8(line));
    REQUIRE(line.find('\n') == std::string::npos);
  }
}

TEST_CASE("Refusal: every reason has a word of its own") {
  for (std::uint8_t i = 0; i < refusal_count; ++i)
    for (std::uint8_t j = 0; j < i; ++j) CHECK(code(Refusal{i}) != code(Refusal{j}));
  CHECK(code(Refusal::OutOfBounds) == "out_of_bounds");
}

}  // namespace tessera
