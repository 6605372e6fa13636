#pragma once

#include <algorithm>
#include <cstdint>
#include <span>
#include <string>

#include "shared/base/bytes.h"
#include "shared/base/clock.h"

/// How the bodies of stored values are written and read: a format number, then fields one after another.
namespace tessera {

inline constexpr std::uint8_t first_format = 1;

class Packer {
 public:
  explicit Packer(std::uint8_t format = first_format) : out_(bytes_) { out_.u8(format); }

  void number(std::uint64_t value) { out_.varint(value); }
  void fixed(std::uint64_t value) { out_.u64(value); }
  void byte(std::uint8_t value) { out_.u8(value); }
  void time(WallTime value) { out_.varint(static_cast<std::uint64_t>(ms(value))); }
  void text(const std::string& value) {
    out_.varint(value.size());
    out_.raw(as_bytes(value));
  }
  void raw(ByteSpan value) { out_.raw(value); }
  Bytes take() { return std::move(bytes_); }

 private:
  Bytes bytes_;
  ByteWriter out_;
};

/// Reads what `Packer` wrote. The first field that cannot be as written makes it fail for good.
class Unpacker {
 public:
  explicit Unpacker(ByteSpan body, std::uint8_t newest = first_format) : in_(body), format_(in_.u8()) {
    if (format_ < first_format || format_ > newest) in_.fail();
  }

  std::uint8_t format() const { return format_; }

  std::uint64_t number(std::uint64_t max) {
    const std::uint64_t value = in_.varint();
    if (value > max) in_.fail();
    return in_.ok() ? value : 0;
  }
  std::uint32_t number32() { return static_cast<std::uint32_t>(number(UINT32_MAX)); }
  std::uint64_t fixed() { return in_.u64(); }
  bool flag() { return choice(2) == 1; }
  std::uint8_t choice(std::uint8_t count) {
    const std::uint8_t value = in_.u8();
    if (value >= count) in_.fail();
    return in_.ok() ? value : std::uint8_t{0};
  }
  std::uint8_t byte() { return in_.u8(); }
  WallTime time() { return WallTime{static_cast<std::int64_t>(in_.varint())}; }
  std::string text() { return std::string(as_text(in_.raw(static_cast<std::size_t>(in_.varint())))); }
  void raw(std::span<std::uint8_t> out) {
    const ByteSpan bytes = in_.raw(out.size());
    if (bytes.size() == out.size()) std::copy(bytes.begin(), bytes.end(), out.begin());
  }
  void fail() { in_.fail(); }
  bool ok() const { return in_.ok(); }
  bool done() const { return in_.ok() && in_.at_end(); }

 private:
  ByteReader in_;
  std::uint8_t format_;
};

}  // namespace tessera
