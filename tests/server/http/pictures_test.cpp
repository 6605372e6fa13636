#include <doctest/doctest.h>

#include "shared/base/text.h"
#include "tests/support/api_fixture.h"
#include "tests/support/gunzip.h"

using namespace tessera;

namespace {

/// The picture's indices by the default palette.
IndexedImage look(const Answer& answer) {
  REQUIRE(answer.status() == 200);
  CHECK(answer.header("Content-Type") == "image/png");
  const auto image = read_png(*answer.response.body, {});
  REQUIRE(image);
  auto indexed = to_indexed(*image, Palette::r_place_2022());
  REQUIRE(indexed);
  return *indexed;
}

struct Painted {
  ApiFixture api;
  std::string token = api.sign_in("ann");
  Painted() {
    place(1, 1, 4);
    place(299, 199, 9);
    place(1, 1, 7);
  }
  void place(int x, int y, int color) {
    nlohmann::json cell{{"x", x}, {"y", y}, {"color", color}};
    REQUIRE(api.place(token, "[" + cell.dump() + "]").status() == 200);
  }
  Answer image(const std::string& query = {}, std::vector<NamedValue> headers = {}) {
    return api.get("/api/v1/canvases/main/image.png" + query, std::move(headers));
  }
};

}  // namespace

TEST_CASE("Pictures: the canvas as it is, undrawn cells transparent") {
  Painted painted;
  const auto image = look(painted.image());
  CHECK(image.size == Size{300, 200});
  CHECK(image.indices[1 * 300 + 1] == 7);
  CHECK(image.indices[199 * 300 + 299] == 9);
  CHECK(image.indices[0] == empty_color);
}

TEST_CASE("Pictures: a region, and dots for cells") {
  Painted painted;
  const auto image = look(painted.image("?region=298,198,2,2&scale=3"));
  CHECK(image.size == Size{6, 6});
  CHECK(image.indices[5 * 6 + 5] == 9);
  CHECK(image.indices[3 * 6 + 3] == 9);
  CHECK(image.indices[2 * 6 + 3] == empty_color);
}

TEST_CASE("Pictures: just after a placement, and at a time") {
  Painted painted;
  CHECK(look(painted.image("?at=0")).indices[301] == empty_color);
  CHECK(look(painted.image("?at=1")).indices[301] == 4);
  CHECK(look(painted.image("?at=2")).indices[301] == 4);
  CHECK(look(painted.image("?at=3")).indices[301] == 7);
  CHECK(look(painted.image("?at=2&region=1,1,1,1")).indices[0] == 4);
  CHECK(painted.image("?at=2").header("X-Tessera-Seq") == "2");
  CHECK(painted.image("?at=4").status() == 404);
  const std::string time = painted.api.get("/api/v1/canvases/main/cells/1/1").json()["time"];
  CHECK(look(painted.image("?at=" + time)).indices[301] == 7);
  CHECK(look(painted.image("?at=9000-01-01T00:00:00Z")).indices[301] == 7);
}

TEST_CASE("Pictures: 304 for who has it, until a cell changes") {
  Painted painted;
  const std::string tag = painted.image().header("ETag");
  const std::string epoch = painted.api.get("/api/v1/canvases/main").json()["epoch"];
  CHECK(tag == "\"" + epoch + "-3-1\"");
  const Answer unchanged = painted.image("", {{"if-none-match", tag}});
  CHECK(unchanged.status() == 304);
  CHECK(unchanged.response.body == nullptr);
  CHECK(unchanged.header("ETag") == tag);
  painted.place(5, 5, 5);
  const Answer changed = painted.image("", {{"if-none-match", tag}});
  CHECK(changed.status() == 200);
  CHECK(look(changed).indices[5 * 300 + 5] == 5);
  CHECK(painted.image("?at=3", {{"if-none-match", tag}}).status() == 304);
}

TEST_CASE("Pictures: unchanged, the very same bytes go out again") {
  Painted painted;
  CHECK(painted.image().response.body == painted.image().response.body);
}

TEST_CASE("Bitmap: every index, row by row, 255 where never drawn") {
  Painted painted;
  const Answer answer = painted.api.get("/api/v1/canvases/main/bitmap");
  CHECK(answer.header("Content-Encoding") == "gzip");
  CHECK(answer.header("X-Tessera-Seq") == "3");
  CHECK(answer.header("X-Tessera-Epoch").size() == 16);
  const Bytes cells = gunzip(*answer.response.body);
  REQUIRE(cells.size() == 300 * 200);
  CHECK(cells[301] == 7);
  CHECK(cells.back() == 9);
  CHECK(cells[0] == 255);
  CHECK(painted.api.get("/canvas").body() == answer.body());
  const std::string tag = answer.header("ETag");
  CHECK(painted.api.get("/api/v1/canvases/main/bitmap", {{"if-none-match", tag}}).status() == 304);
}

TEST_CASE("Tiles: as of any seq; for ever where the epoch is named and right") {
  Painted painted;
  const std::string tiles = "/api/v1/canvases/main/tiles/";
  const std::string epoch = painted.api.get("/api/v1/canvases/main").json()["epoch"];
  const auto cell = [&](const std::string& address, TileOffset offset) {
    const Answer answer = painted.api.get(tiles + address);
    REQUIRE(answer.status() == 200);
    const auto tile = inflate_tile(*answer.response.body);
    REQUIRE(tile);
    return (*tile)[offset];
  };
  CHECK(cell("0/0/0", 257) == 255);
  CHECK(cell("0/0/1", 257) == 4);
  CHECK(cell("0/0/2", 257) == 4);
  CHECK(cell("0/0/3", 257) == 7);
  CHECK(cell("1/0/3", 199 * 256 + 43) == 9);
  CHECK(painted.api.get(tiles + "0/0/3").header("Cache-Control") == "no-cache");
  const Answer kept = painted.api.get(tiles + "0/0/3?epoch=" + epoch);
  CHECK(kept.header("Cache-Control").find("immutable") != std::string::npos);
  CHECK(painted.api.get(tiles + "0/0/4?epoch=" + epoch).status() == 404);
}

TEST_CASE("Pictures: shrunk to fit, each dot in the colour of most of its cells") {
  ApiFixture api({.canvases = {{"main", {64, 32}}}, .limits = {.per_second = std::nullopt, .burst = 0, .per_minute = std::nullopt, .cooldown_ms = 0}});
  nlohmann::json cells = nlohmann::json::array();
  for (int y = 0; y < 2; ++y)
    for (int x = 0; x < 4; ++x) cells.push_back({{"x", x}, {"y", y}, {"color", x < 3 ? 5 : 6}});
  api.place(api.sign_in("ann"), cells.dump());
  const IndexedImage picture = look(api.get("/api/v1/canvases/main/image.png?fit=16"));
  CHECK(picture.size == Size{16, 8});
  CHECK(picture.indices[0] == 5);
  CHECK(picture.indices[1] == empty_color);
  CHECK(look(api.get("/api/v1/canvases/main/image.png?fit=512")).size == Size{64, 32});
  CHECK(api.get("/api/v1/canvases/main/image.png?fit=16&scale=2").status() == 400);
  CHECK(api.get("/api/v1/canvases/main/image.png?fit=15").status() == 400);
}
