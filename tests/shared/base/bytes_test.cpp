#include "shared/base/bytes.h"

#include <doctest/doctest.h>

#include "shared/base/random.h"

namespace tessera {

TEST_CASE("Bytes: what was written is read back, little-endian") {
  Bytes bytes;
  ByteWriter writer(bytes);
  writer.u8(0x01);
  writer.u16(0x0203);
  writer.u32(0x04050607);
  writer.u64(0x08090A0B0C0D0E0Fu);
  writer.raw(as_bytes("abc"));
  CHECK(bytes == Bytes{1, 3, 2, 7, 6, 5, 4, 15, 14, 13, 12, 11, 10, 9, 8, 'a', 'b', 'c'});

  ByteReader reader(bytes);
  CHECK(reader.u8() == 0x01);
  CHECK(reader.u16() == 0x0203);
  CHECK(reader.u32() == 0x04050607);
  CHECK(reader.u64() == 0x08090A0B0C0D0E0Fu);
  CHECK(as_text(reader.raw(3)) == "abc");
  CHECK(reader.at_end());
  CHECK(reader.ok());
}

TEST_CASE("Bytes: varints of every magnitude come back") {
  SeededRandom random(1);
  for (unsigned shift = 0; shift < 64; ++shift) {
    for (std::uint64_t value : {std::uint64_t{1} << shift, (std::uint64_t{1} << shift) - 1, random.next() >> shift}) {
      Bytes bytes;
      ByteWriter(bytes).varint(value);
      ByteReader reader(bytes);
      CHECK(reader.varint() == value);
      CHECK(reader.at_end());
      CHECK(reader.ok());
    }
  }
}

TEST_CASE("Bytes: a varint over 64 bits, or longer than it need be, is an error") {
  const Bytes too_big{255, 255, 255, 255, 255, 255, 255, 255, 255, 2};
  const Bytes too_long{255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 1};
  const Bytes padded{0x81, 0x00};
  for (const Bytes& bytes : {too_big, too_long, padded}) {
    ByteReader reader(bytes);
    CHECK(reader.varint() == 0);
    CHECK_FALSE(reader.ok());
  }
}

TEST_CASE("Bytes: the first read past the end fails for good") {
  const Bytes bytes{1, 2, 3};
  ByteReader reader(bytes);
  CHECK(reader.u16() == 0x0201);
  CHECK(reader.u32() == 0);
  CHECK_FALSE(reader.ok());
  CHECK(reader.u8() == 0);
  CHECK(reader.raw(0).empty());
  CHECK(reader.left() == 0);
  CHECK_FALSE(reader.ok());
}

}  // namespace tessera
