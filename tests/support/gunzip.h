#pragma once

#include <doctest/doctest.h>
#include <zlib.h>

#include "shared/base/bytes.h"

namespace tessera {

/// What a gzip stream holds, up to 1 MB.
inline Bytes gunzip(ByteSpan data) {
  z_stream stream{};
  REQUIRE(inflateInit2(&stream, 16 + MAX_WBITS) == Z_OK);
  Bytes out(1u << 20);
  stream.next_in = const_cast<Bytef*>(data.data());
  stream.avail_in = static_cast<uInt>(data.size());
  stream.next_out = out.data();
  stream.avail_out = static_cast<uInt>(out.size());
  CHECK(inflate(&stream, Z_FINISH) == Z_STREAM_END);
  out.resize(stream.total_out);
  inflateEnd(&stream);
  return out;
}

}  // namespace tessera
