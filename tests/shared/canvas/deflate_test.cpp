#include "shared/canvas/deflate.h"

#include <doctest/doctest.h>
#include <zlib.h>

#include "shared/base/random.h"

namespace tessera {
namespace {

Tile random_tile(std::uint64_t seed) {
  Tile tile;
  SeededRandom(seed).fill(tile.cells);
  return tile;
}

Bytes compress_bytes(const Bytes& bytes) {
  uLongf size = compressBound(static_cast<uLong>(bytes.size()));
  Bytes out(size);
  REQUIRE(compress(out.data(), &size, bytes.data(), static_cast<uLong>(bytes.size())) == Z_OK);
  out.resize(size);
  return out;
}

}  // namespace

TEST_CASE("Deflate: tiles come back at every level, noise within the protocol's limit") {
  for (int level = 1; level <= 9; ++level) {
    const Tile noise = random_tile(static_cast<std::uint64_t>(level));
    const Bytes bytes = compress_tile(noise, level);
    CHECK(bytes.size() <= 66'000);
    CHECK(*inflate_tile(bytes) == noise);
    CHECK(*inflate_tile(compress_tile(Tile{}, level)) == Tile{});
  }
  CHECK(compress_tile(Tile{}, 6).size() < 200);
}

TEST_CASE("Deflate: anything but exactly 65,536 bytes is refused") {
  CHECK(inflate_tile(compress_bytes(Bytes(65'535))).error().message.find("65535 bytes once inflated") !=
        std::string::npos);
  CHECK(inflate_tile(compress_bytes(Bytes(65'537))).error().message.find("longer than 65,536") != std::string::npos);
  CHECK_FALSE(inflate_tile(compress_bytes(Bytes(50'000'000))));
  CHECK_FALSE(inflate_tile({}));
  CHECK_FALSE(inflate_tile(as_bytes("not zlib at all")));
}

TEST_CASE("Deflate: cut short, with a tail, or damaged is refused") {
  Bytes bytes = compress_tile(random_tile(1), 6);
  for (std::size_t size : {std::size_t{1}, std::size_t{100}, bytes.size() / 2, bytes.size() - 1})
    CHECK_FALSE(inflate_tile(ByteSpan(bytes).first(size)));
  bytes.push_back(0);
  CHECK(inflate_tile(bytes).error().message.find("1 bytes too many") != std::string::npos);
  bytes.pop_back();
  bytes[bytes.size() / 2] ^= 1;
  CHECK_FALSE(inflate_tile(bytes));
}

}  // namespace tessera
