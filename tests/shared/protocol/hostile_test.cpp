#include <doctest/doctest.h>

#include "shared/protocol/codec.h"
#include "tests/shared/protocol/allocation_meter.h"
#include "tests/support/random_message.h"

namespace tessera {
namespace {

/// What decoding may allocate: an empty element can take this many times its least bytes on the wire, and an error its
/// text.
constexpr std::size_t most_growth = 16;
constexpr std::size_t most_overhead = 2'000;

/// Decodes, and holds the reader to its promises: an error, or a valid message of which these are the only bytes;
/// in either case without memory that the bytes do not pay for.
template <typename Variant>
bool decodes(ByteSpan bytes) {
  const test::AllocationMeter meter;
  const auto message = [&] {
    if constexpr (std::is_same_v<Variant, ClientMessage>)
      return decode_client(bytes);
    else
      return decode_server(bytes);
  }();
  REQUIRE(meter.bytes() <= bytes.size() * most_growth + most_overhead);
  if (!message) {
    REQUIRE_FALSE(message.error().message.empty());
    return false;
  }
  const Bytes again = encode(*message);
  REQUIRE(std::equal(again.begin(), again.end(), bytes.begin(), bytes.end()));
  return true;
}

template <typename Variant>
void attack(std::uint64_t seed, int messages) {
  SeededRandom random(seed);
  for (int i = 0; i < messages; ++i) {
    Bytes bytes = encode(test::random_message<Variant>(random, 30));
    REQUIRE(decodes<Variant>(bytes));
    for (std::size_t size = 0; size < bytes.size(); ++size)
      REQUIRE_FALSE(decodes<Variant>(ByteSpan(bytes).first(size)));
    for (std::uint8_t& byte : bytes) {
      const std::uint8_t before = byte;
      for (int bit = 0; bit < 8; ++bit) {
        byte = static_cast<std::uint8_t>(before ^ 1 << bit);
        decodes<Variant>(bytes);
      }
      byte = static_cast<std::uint8_t>(random.next());
      decodes<Variant>(bytes);
      byte = before;
    }
    bytes.push_back(static_cast<std::uint8_t>(random.next()));
    REQUIRE_FALSE(decodes<Variant>(bytes));
  }
}

}  // namespace

TEST_CASE("Reader: every truncation and flipped bit of a client's message is an error or another valid message") {
  attack<ClientMessage>(1, 2'000);
}

TEST_CASE("Reader: every truncation and flipped bit of a server's message is an error or another valid message") {
  attack<ServerMessage>(2, 2'000);
}

TEST_CASE("Reader: random bytes under every tag are an error or a valid message") {
  SeededRandom random(3);
  for (int i = 0; i < 200'000; ++i) {
    Bytes bytes(static_cast<std::size_t>(1 + random.below(60)));
    random.fill(bytes);
    bytes[0] = static_cast<std::uint8_t>(i);
    decodes<ClientMessage>(bytes);
    decodes<ServerMessage>(bytes);
  }
}

TEST_CASE("Reader: a length that lies makes it allocate nothing") {
  Bytes tiles{static_cast<std::uint8_t>(Tag::Deltas), 0, 0};
  ByteWriter(tiles).varint(65'536);
  tiles.resize(tiles.size() + 100);
  CHECK_FALSE(decodes<ServerMessage>(tiles));

  Bytes cells{static_cast<std::uint8_t>(Tag::Deltas), 0, 0, 1, 0, 0, 0, 0};
  ByteWriter(cells).varint(1u << 20);
  CHECK_FALSE(decodes<ServerMessage>(cells));

  Bytes endless{static_cast<std::uint8_t>(Tag::SignIn)};
  endless.resize(100, 0xFF);
  CHECK_FALSE(decodes<ClientMessage>(endless));
}

}  // namespace tessera
