#include <doctest/doctest.h>

#include "shared/canvas/png.h"
#include "tests/support/data.h"

namespace tessera {

TEST_CASE("PNG: the real r/place pictures are read, and written again with equal cells") {
  for (const char* name : {"rplace2022/start.png", "rplace2022/end.png"}) {
    const std::optional<Bytes> file = test::read_file(test::data_path(name));
    if (!file) {
      MESSAGE("skipped: no " << test::data_path(name) << "; set TESSERA_DATA to the folder of the shared data");
      continue;
    }
    const Result<RgbaImage> image = read_png(*file, {});
    REQUIRE_MESSAGE(image.ok(), (image.ok() ? "" : image.error().message));
    CHECK(image->size == Size{2000, 2000});
    const Result<IndexedImage> indexed = to_indexed(*image);
    REQUIRE(indexed);
    CHECK(indexed->palette == Palette::r_place_2022());

    const Result<Bytes> written = write_png(indexed->indices, indexed->size, indexed->palette, 1, zlib_compressor(1));
    REQUIRE(written);
    const Result<RgbaImage> again = read_png(*written, {});
    REQUIRE(again);
    CHECK(again->rgba == image->rgba);
    CHECK(to_indexed(*again)->indices == indexed->indices);
  }
}

}  // namespace tessera
