#include "server/storage/checkpoint_value.h"

#include <new>
#include <optional>

#include <libdeflate.h>

#include "server/storage/seal.h"

namespace tessera {
namespace {

constexpr std::uint8_t format_version = 1;
constexpr int fastest = 1;

struct Parts {
  CheckpointNotes notes;
  ByteSpan zlib;
};

Error damaged(const CheckpointKey& key, const char* how) {
  return {"the checkpoint of " + describe(key.canvas, key.tile) + " at seq " + std::to_string(key.seq) + ": " + how};
}

Result<Parts> take_apart(const CheckpointKey& key, ByteSpan value) {
  const std::uint32_t crc =
      key_crc(SealedTable::Checkpoints, {static_cast<std::uint32_t>(key.canvas), key.tile.key(), key.seq});
  const auto body = unseal(crc, value);
  if (!body) return damaged(key, "the checksum does not match");
  ByteReader reader(*body);
  Parts parts;
  const std::uint8_t version = reader.u8();
  const std::uint8_t kept = reader.u8();
  parts.notes.kept = kept == 1;
  parts.notes.journal_bytes = reader.varint();
  if (!reader.ok() || version != format_version || kept > 1) return damaged(key, "its header is not valid");
  parts.zlib = reader.raw(reader.left());
  return parts;
}

}  // namespace

std::string describe(CanvasId canvas, TileIndex tile) {
  return "tile (" + std::to_string(tile.tx) + ", " + std::to_string(tile.ty) + ") of canvas " +
         std::to_string(static_cast<std::uint32_t>(canvas));
}

void CheckpointCodec::Free::operator()(libdeflate_compressor* compressor) const {
  libdeflate_free_compressor(compressor);
}
void CheckpointCodec::Free::operator()(libdeflate_decompressor* decompressor) const {
  libdeflate_free_decompressor(decompressor);
}

CheckpointCodec::CheckpointCodec()
    : compressor_(libdeflate_alloc_compressor(fastest)), decompressor_(libdeflate_alloc_decompressor()) {
  if (compressor_ == nullptr || decompressor_ == nullptr) throw std::bad_alloc();
}

Bytes CheckpointCodec::encode(const CheckpointKey& key, const CheckpointNotes& notes, const Tile& tile) {
  Bytes body;
  ByteWriter writer(body);
  writer.u8(format_version);
  writer.u8(notes.kept ? 1 : 0);
  writer.varint(notes.journal_bytes);
  const std::size_t header = body.size();
  body.resize(header + libdeflate_zlib_compress_bound(compressor_.get(), tile_cells));
  const std::size_t size = libdeflate_zlib_compress(compressor_.get(), tile.cells.data(), tile_cells,
                                                    body.data() + header, body.size() - header);
  body.resize(header + size);
  return seal(key_crc(SealedTable::Checkpoints, {static_cast<std::uint32_t>(key.canvas), key.tile.key(), key.seq}),
              body);
}

Result<CheckpointNotes> CheckpointCodec::notes(const CheckpointKey& key, ByteSpan value) {
  const auto parts = take_apart(key, value);
  if (!parts) return parts.error();
  return parts->notes;
}

Result<TilePicture> CheckpointCodec::picture(const CheckpointKey& key, ByteSpan value) {
  const auto parts = take_apart(key, value);
  if (!parts) return parts.error();
  auto tile = std::make_shared<Tile>();
  // Without a place for the size, libdeflate asks for exactly as many bytes as there is room for.
  const auto result = libdeflate_zlib_decompress(decompressor_.get(), parts->zlib.data(), parts->zlib.size(),
                                                 tile->cells.data(), tile_cells, nullptr);
  if (result != LIBDEFLATE_SUCCESS) return damaged(key, "its picture cannot be inflated");
  return TilePicture(std::move(tile));
}

}  // namespace tessera
