#pragma once

#include <cstdint>
#include <memory>
#include <string>

#include "shared/base/bytes.h"
#include "shared/base/geometry.h"
#include "shared/base/result.h"
#include "shared/canvas/tile.h"

struct libdeflate_compressor;
struct libdeflate_decompressor;

namespace tessera {

/// Where a checkpoint stands.
struct CheckpointKey {
  CanvasId canvas{};
  TileIndex tile;
  Seq seq = 0;
};

/// What a checkpoint's value says beside its picture.
struct CheckpointNotes {
  bool kept = false;  ///< a base picture: stays for ever
  std::uint64_t journal_bytes =
      0;  ///< of the tile's journal up to here, roughly: some checkpoints are left at distances
};

/// Writes and reads the values of checkpoints: crc u32 · version u8 · kept u8 · journal bytes (LEB128) · the tile's
/// zlib bytes. One thread at a time.
class CheckpointCodec {
 public:
  CheckpointCodec();

  Bytes encode(const CheckpointKey& key, const CheckpointNotes& notes, const Tile& tile);
  /// Checks the checksum, but inflates nothing.
  static Result<CheckpointNotes> notes(const CheckpointKey& key, ByteSpan value);
  Result<TilePicture> picture(const CheckpointKey& key, ByteSpan value);

 private:
  struct Free {
    void operator()(libdeflate_compressor* compressor) const;
    void operator()(libdeflate_decompressor* decompressor) const;
  };
  std::unique_ptr<libdeflate_compressor, Free> compressor_;
  std::unique_ptr<libdeflate_decompressor, Free> decompressor_;
};

/// 'tile (3, 4) of canvas 1'.
std::string describe(CanvasId canvas, TileIndex tile);

}  // namespace tessera
