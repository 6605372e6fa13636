#include "server/net/ws_frame.h"

#include <doctest/doctest.h>

#include "shared/base/random.h"
#include "tests/server/net/ws_bytes.h"

using namespace tessera;
using test::append;
using test::masked_frame;

namespace {

using Kind = WsEvent::Kind;

struct Seen {
  Kind kind{};
  std::string payload;
  std::uint16_t code = 0;
  bool operator==(const Seen&) const = default;
};

void read_into(WsReader& reader, Bytes bytes, std::vector<Seen>& seen) {
  std::span<std::uint8_t> rest(bytes);
  while (const auto event = reader.next(rest))
    seen.push_back({event->kind, std::string(as_text(event->payload)), event->code});
}

std::vector<Seen> read_all(const Bytes& bytes, WsReader::Limits limits = {}) {
  WsReader reader(limits);
  std::vector<Seen> seen;
  read_into(reader, bytes, seen);
  return seen;
}

std::vector<Seen> read_byte_by_byte(const Bytes& bytes) {
  WsReader reader;
  std::vector<Seen> seen;
  for (const std::uint8_t byte : bytes) read_into(reader, {byte}, seen);
  return seen;
}

std::uint16_t violation_of(const Bytes& bytes, WsReader::Limits limits = {}) {
  const auto seen = read_all(bytes, limits);
  REQUIRE(!seen.empty());
  REQUIRE(seen.back().kind == Kind::Violation);
  return seen.back().code;
}

Bytes frame(std::uint8_t first_byte, std::string_view payload) { return masked_frame(first_byte, as_bytes(payload)); }

Bytes close_frame(std::uint16_t code, std::string_view reason = "") {
  std::string payload{static_cast<char>(code >> 8), static_cast<char>(code)};
  return frame(0x88, payload += reason);
}

}  // namespace

TEST_CASE("WsReader: the masked hello of RFC 6455, section 5.7, is read") {
  const Bytes bytes{0x81, 0x85, 0x37, 0xfa, 0x21, 0x3d, 0x7f, 0x9f, 0x4d, 0x51, 0x58};
  CHECK(read_all(bytes) == std::vector<Seen>{{Kind::Text, "Hello"}});
}

TEST_CASE("WsReader: every length form is read, whole and byte by byte") {
  for (const std::size_t size : {0u, 1u, 7u, 8u, 9u, 125u, 126u, 127u, 65'535u, 65'536u}) {
    const std::string payload(size, 'x');
    const Bytes bytes = frame(0x82, payload);
    CHECK(read_all(bytes) == std::vector<Seen>{{Kind::Binary, payload}});
    CHECK(read_byte_by_byte(bytes) == std::vector<Seen>{{Kind::Binary, payload}});
  }
}

TEST_CASE("WsReader: all frames of a buffer are read before it asks for more") {
  Bytes bytes;
  for (int i = 0; i < 1000; ++i) append(bytes, frame(0x82, std::to_string(i)));
  const auto seen = read_all(bytes);
  REQUIRE(seen.size() == 1000);
  CHECK(seen[999] == Seen{Kind::Binary, "999"});
}

TEST_CASE("WsReader: fragments become one message, with control frames between them") {
  Bytes bytes = frame(0x01, "Hel");
  append(bytes, frame(0x89, "are you there"));
  append(bytes, frame(0x00, ""));
  append(bytes, frame(0x8a, ""));
  append(bytes, frame(0x80, "lo"));
  append(bytes, frame(0x82, "next"));
  const std::vector<Seen> wanted{
      {Kind::Ping, "are you there"}, {Kind::Pong, ""}, {Kind::Text, "Hello"}, {Kind::Binary, "next"}};
  CHECK(read_all(bytes) == wanted);
  CHECK(read_byte_by_byte(bytes) == wanted);
}

TEST_CASE("WsReader: any cut of a stream gives the same events") {
  SeededRandom random(7);
  for (int round = 0; round < 200; ++round) {
    Bytes bytes;
    for (std::uint64_t i = 0; i < 1 + random.below(6); ++i) {
      std::string payload(random.below(300), 'a');
      if (random.below(3) == 0) append(bytes, frame(0x89, payload.substr(0, 100)));
      if (random.below(2) == 0) {
        append(bytes, frame(0x02, payload));
        append(bytes, frame(0x80, payload));
      } else {
        append(bytes, frame(0x82, payload));
      }
    }
    const auto whole = read_all(bytes);
    WsReader reader;
    std::vector<Seen> cut;
    for (std::size_t at = 0; at < bytes.size();) {
      const std::size_t size = std::min<std::size_t>(1 + random.below(200), bytes.size() - at);
      read_into(reader, Bytes(bytes.begin() + static_cast<long>(at), bytes.begin() + static_cast<long>(at + size)), cut);
      at += size;
    }
    CHECK(cut == whole);
  }
}

TEST_CASE("WsReader: what breaks the framing is a protocol error") {
  SUBCASE("not masked") { CHECK(violation_of(ws_frame(WsOpcode::Text, as_bytes("hi"))) == ws_close::protocol_error); }
  SUBCASE("first reserved bit") { CHECK(violation_of(frame(0xc1, "hi")) == ws_close::protocol_error); }
  SUBCASE("second reserved bit") { CHECK(violation_of(frame(0xa1, "hi")) == ws_close::protocol_error); }
  SUBCASE("third reserved bit") { CHECK(violation_of(frame(0x91, "hi")) == ws_close::protocol_error); }
  SUBCASE("unknown data opcodes") {
    for (std::uint8_t opcode = 3; opcode <= 7; ++opcode)
      CHECK(violation_of(frame(static_cast<std::uint8_t>(0x80 | opcode), "")) == ws_close::protocol_error);
  }
  SUBCASE("unknown control opcodes") {
    for (std::uint8_t opcode = 11; opcode <= 15; ++opcode)
      CHECK(violation_of(frame(static_cast<std::uint8_t>(0x80 | opcode), "")) == ws_close::protocol_error);
  }
  SUBCASE("a fragmented ping") { CHECK(violation_of(frame(0x09, "a")) == ws_close::protocol_error); }
  SUBCASE("a ping of 126 bytes") { CHECK(violation_of(frame(0x89, std::string(126, 'a'))) == ws_close::protocol_error); }
  SUBCASE("a continuation of nothing") { CHECK(violation_of(frame(0x80, "a")) == ws_close::protocol_error); }
  SUBCASE("a new message within a message") {
    Bytes bytes = frame(0x01, "a");
    append(bytes, frame(0x81, "b"));
    CHECK(violation_of(bytes) == ws_close::protocol_error);
  }
  SUBCASE("a short length in two bytes") {
    CHECK(violation_of({0x82, 0xfe, 0, 125, 0, 0, 0, 0}) == ws_close::protocol_error);
  }
  SUBCASE("a short length in eight bytes") {
    CHECK(violation_of({0x82, 0xff, 0, 0, 0, 0, 0, 0, 0xff, 0xff, 0, 0, 0, 0}) == ws_close::protocol_error);
  }
  SUBCASE("a length with the highest bit") {
    CHECK(violation_of({0x82, 0xff, 0x80, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0}) == ws_close::protocol_error);
  }
}

TEST_CASE("WsReader: a message over the limit is refused at its header, before its bytes come") {
  CHECK(violation_of({0x82, 0xff, 0, 0, 0, 0, 0, 1, 0, 1, 0, 0, 0, 0}) == ws_close::too_large);
  CHECK(violation_of({0x82, 0xff, 0x7f, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0, 0, 0, 0}) == ws_close::too_large);
  Bytes bytes = frame(0x02, std::string(60'000, 'a'));
  append(bytes, frame(0x80, std::string(6'000, 'a')));
  CHECK(violation_of(bytes) == ws_close::too_large);
}

TEST_CASE("WsReader: fragments without end are refused, empty ones too") {
  Bytes bytes = frame(0x02, "");
  for (int i = 0; i < 300; ++i) append(bytes, frame(0x00, ""));
  CHECK(violation_of(bytes) == ws_close::policy);
}

TEST_CASE("WsReader: text that is not UTF-8 is bad data, also where fragments cut a character") {
  CHECK(violation_of(frame(0x81, "\xff")) == ws_close::bad_data);
  CHECK(violation_of(frame(0x81, "\xed\xa0\x80")) == ws_close::bad_data);
  CHECK(violation_of(frame(0x81, "\xc0\xaf")) == ws_close::bad_data);
  Bytes bytes = frame(0x01, "\xc3");
  append(bytes, frame(0x80, "\xa9"));
  CHECK(read_all(bytes) == std::vector<Seen>{{Kind::Text, "é"}});
  CHECK(read_all(frame(0x82, "\xff")) == std::vector<Seen>{{Kind::Binary, "\xff"}});
}

TEST_CASE("WsReader: close frames carry a code that may be sent, and a reason in UTF-8") {
  CHECK(read_all(frame(0x88, "")).back() == Seen{Kind::Close, "", ws_close::none});
  CHECK(read_all(close_frame(1000, "bye")).back().code == 1000);
  for (const int code : {1001, 1003, 1007, 1011, 1013, 3000, 4999}) CHECK(read_all(close_frame(static_cast<std::uint16_t>(code))).back().kind == Kind::Close);
  for (const int code : {0, 999, 1004, 1005, 1006, 1015, 1016, 2999, 5000, 65535})
    CHECK(violation_of(close_frame(static_cast<std::uint16_t>(code))) == ws_close::protocol_error);
  CHECK(violation_of(frame(0x88, "a")) == ws_close::protocol_error);
  CHECK(violation_of(close_frame(1000, "\xff")) == ws_close::bad_data);
}

TEST_CASE("WsReader: nothing is read after a close frame or a violation") {
  Bytes bytes = close_frame(1000);
  append(bytes, frame(0x81, "too late"));
  CHECK(read_all(bytes).size() == 1);
  bytes = frame(0x83, "");
  append(bytes, frame(0x81, "too late"));
  CHECK(read_all(bytes).size() == 1);
}

TEST_CASE("ws_frame: lengths are written in the fewest bytes") {
  CHECK(ws_frame(WsOpcode::Binary, Bytes(125)).size() == 2 + 125);
  CHECK(ws_frame(WsOpcode::Binary, Bytes(126)).size() == 4 + 126);
  CHECK(ws_frame(WsOpcode::Binary, Bytes(65'535)).size() == 4 + 65'535);
  const Bytes large = ws_frame(WsOpcode::Binary, Bytes(65'536));
  CHECK(large.size() == 10 + 65'536);
  CHECK(Bytes(large.begin(), large.begin() + 10) == Bytes{0x82, 127, 0, 0, 0, 0, 0, 1, 0, 0});
}

TEST_CASE("ws_close_frame: a long reason is cut at a character's end") {
  std::string reason;
  for (int i = 0; i < 100; ++i) reason += "é";
  const Bytes bytes = ws_close_frame(1008, reason);
  CHECK(bytes.size() == 2 + 2 + 122);
  CHECK(bytes[1] == 124);
}
