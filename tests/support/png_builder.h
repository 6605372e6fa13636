#pragma once

#include <string_view>

#include <zlib.h>

#include "shared/base/bytes.h"

namespace tessera::test {

/// Puts PNG files together chunk by chunk, right or wrong as a test wants them.
class PngBuilder {
 public:
  PngBuilder() { bytes_ = {137, 'P', 'N', 'G', '\r', '\n', 26, '\n'}; }

  PngBuilder& chunk(std::string_view type, const Bytes& data, std::uint32_t crc_error = 0) {
    big_endian(bytes_, static_cast<std::uint32_t>(data.size()));
    const std::size_t start = bytes_.size();
    bytes_.insert(bytes_.end(), type.begin(), type.end());
    bytes_.insert(bytes_.end(), data.begin(), data.end());
    const auto crc = ::crc32(0, bytes_.data() + start, static_cast<uInt>(bytes_.size() - start));
    big_endian(bytes_, static_cast<std::uint32_t>(crc) ^ crc_error);
    return *this;
  }
  PngBuilder& header(std::uint32_t width, std::uint32_t height, std::uint8_t depth, std::uint8_t type,
                     std::uint8_t interlace = 0) {
    Bytes data;
    big_endian(data, width);
    big_endian(data, height);
    data.insert(data.end(), {depth, type, 0, 0, interlace});
    return chunk("IHDR", data);
  }
  /// `rows`: each row's filter byte and data, not compressed yet.
  PngBuilder& picture(const Bytes& rows) { return chunk("IDAT", deflated(rows)); }
  Bytes end() { return chunk("IEND", {}).bytes_; }
  const Bytes& bytes() const { return bytes_; }

  static Bytes deflated(const Bytes& bytes) {
    uLongf size = compressBound(static_cast<uLong>(bytes.size()));
    Bytes out(size);
    compress2(out.data(), &size, bytes.data(), static_cast<uLong>(bytes.size()), 9);
    out.resize(size);
    return out;
  }

 private:
  static void big_endian(Bytes& out, std::uint32_t value) {
    for (int shift = 24; shift >= 0; shift -= 8) out.push_back(static_cast<std::uint8_t>(value >> shift));
  }

  Bytes bytes_;
};

}  // namespace tessera::test
