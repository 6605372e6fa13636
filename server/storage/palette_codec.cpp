#include "server/storage/palette_codec.h"

#include <cstring>

namespace tessera {

void pack_fraction(Packer& out, double value) {
  std::uint64_t bits;
  std::memcpy(&bits, &value, sizeof bits);
  out.fixed(bits);
}

double unpack_fraction(Unpacker& in) {
  const std::uint64_t bits = in.fixed();
  double value;
  std::memcpy(&value, &bits, sizeof value);
  return value;
}

void pack_palette(Packer& out, const Palette& palette) {
  out.number(palette.size());
  for (const PaletteColor& color : palette.colors()) {
    out.byte(color.color.r);
    out.byte(color.color.g);
    out.byte(color.color.b);
    out.byte(color.retired ? 1 : 0);
    out.text(color.name);
  }
}

std::optional<Palette> unpack_palette(Unpacker& in) {
  std::vector<PaletteColor> colors(static_cast<std::size_t>(in.number(Palette::max_colors)));
  for (PaletteColor& color : colors) {
    color.color = {in.byte(), in.byte(), in.byte()};
    color.retired = in.flag();
    color.name = in.text();
  }
  if (!in.ok()) return std::nullopt;
  auto palette = Palette::make(std::move(colors));
  if (!palette) return std::nullopt;
  return std::move(*palette);
}

}  // namespace tessera
