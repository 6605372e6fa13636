#pragma once

#include <optional>

#include "server/storage/packing.h"
#include "shared/canvas/palette.h"

/// Parts that several records have.
namespace tessera {

/// All 64 bits of it.
void pack_fraction(Packer& out, double value);
double unpack_fraction(Unpacker& in);

void pack_palette(Packer& out, const Palette& palette);
/// Nothing where it cannot be one.
std::optional<Palette> unpack_palette(Unpacker& in);

}  // namespace tessera
