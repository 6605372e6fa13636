#include "server/commands/import.h"

#include <doctest/doctest.h>

#include <atomic>

#include "server/commands/export.h"
#include "server/storage/memory_store.h"
#include "shared/base/text.h"
#include "shared/canvas/canvas.h"

using namespace tessera;

namespace {

constexpr std::string_view header = "timestamp,user_id,pixel_color,coordinate\n";

Dataset parse(const std::string& rows, std::string_view first_line = header) {
  RedditCsvParser parser;
  parser.feed(std::string(first_line) + rows);
  auto dataset = parser.finish();
  REQUIRE(dataset.ok());
  return std::move(*dataset);
}

struct Importer {
  MemoryStore store;
  SystemClock clock;
  SeededRandom random{1};
  ImportOptions options = [] {
    ImportOptions usual;
    usual.canvas = "place";
    return usual;
  }();

  Result<ImportReport> run(Dataset dataset) {
    return import_dataset(store, std::move(dataset), options, clock, random);
  }
  StoreContents::StoredCanvas stored() {
    const auto contents = store.contents(clock.wall());
    REQUIRE(contents.ok());
    REQUIRE(contents->canvases.size() == 1);
    return contents->canvases[0];
  }
  Canvas cells() {
    const auto canvas = stored();
    Canvas cells(canvas.record.size);
    auto reader = store.reader();
    REQUIRE(reader.ok());
    const auto tiles = (*reader)->load_tiles(canvas.record.id);
    REQUIRE(tiles.ok());
    for (const TileAt& tile : *tiles) cells.replace(tile.tile, tile.picture);
    return cells;
  }
  std::vector<Placement> journal() {
    auto reader = store.reader();
    REQUIRE(reader.ok());
    auto placements = (*reader)->placements(stored().record.id, 0, 1'000'000);
    REQUIRE(placements.ok());
    return std::move(*placements);
  }
};

const std::string three_rows =
    "2022-04-04 12:00:00.001 UTC,ann,#FF4500,\"1,2\"\n"
    "2022-04-04 12:00:00.002 UTC,bob,#000000,\"300,2\"\n"
    "2022-04-04 12:00:00.003 UTC,ann,#FFFFFF,\"1,2\"\n";

IndexedImage picture(std::uint32_t side, ColorIndex color) {
  IndexedImage image{{side, side}, Palette::r_place_2022(), {}};
  image.indices.assign(std::size_t{side} * side, color);
  return image;
}

}  // namespace

TEST_CASE("Import: a missing canvas is created with the file's size and colours, and each row is a placement") {
  Importer importer;
  const auto report = importer.run(parse(three_rows));
  REQUIRE(report.ok());
  CHECK(report->created);
  CHECK(report->placements == 3);
  CHECK(importer.stored().record.size == Size{301, 3});
  CHECK(importer.stored().record.palette == Palette::r_place_2022());
  CHECK(importer.cells().at({1, 2}) == 31);
  CHECK(importer.cells().at({300, 2}) == 27);
  const auto journal = importer.journal();
  REQUIRE(journal.size() == 3);
  CHECK(journal[0].seq == 1);
  CHECK(journal[0].account == journal[2].account);
  CHECK(journal[0].account != journal[1].account);
  CHECK(format_time(journal[2].time) == "2022-04-04T12:00:00.003Z");
}

TEST_CASE("Import: a base gives the size, and its cells have a colour but no author") {
  Importer importer;
  importer.options.base = picture(400, 5);
  REQUIRE(importer.run(parse(three_rows)).ok());
  CHECK(importer.stored().record.size == Size{400, 400});
  CHECK(importer.cells().at({399, 399}) == 5);
  CHECK(importer.journal().size() == 3);
  importer.options.base = picture(400, 5);
  const auto again = importer.run(parse(three_rows));
  REQUIRE_FALSE(again.ok());
  CHECK(again.error().message.find("--base") != std::string::npos);
}

TEST_CASE("Import: rectangles fill both corners, circles what lies within the radius, and the edge cuts both") {
  Importer importer;
  importer.options.base = picture(20, 31);
  const auto report = importer.run(parse("2022-04-04 12:00:00 UTC,mod,#000000,\"2,2,4,3\"\n"
                                         "2022-04-04 12:00:01 UTC,mod,#FF4500,\"{X: 10, Y: 10, R: 2}\"\n"
                                         "2022-04-04 12:00:02 UTC,mod,#FF4500,\"18,18,30,19\"\n"));
  REQUIRE(report.ok());
  CHECK(report->placements == 6 + 13 + 4);
  CHECK(report->skipped.at("reaches outside the canvas").count == 1);
  const Canvas cells = importer.cells();
  CHECK(cells.at({4, 3}) == 27);
  CHECK(cells.at({5, 3}) == 31);
  CHECK(cells.at({12, 10}) == 2);
  CHECK(cells.at({12, 11}) == 31);
  CHECK(cells.at({19, 19}) == 2);
}

TEST_CASE("Import: where coordinates are negative the middle of the canvas is (0, 0), or as --origin says") {
  const std::string rows =
      "2023-07-20 13:00:00 UTC,ann,\"-500,-500\",#FF4500\n"
      "2023-07-20 13:00:01 UTC,ann,\"499,499\",#000000\n";
  const std::string_view header_2023 = "timestamp,user,coordinate,pixel_color\n";
  Importer middle;
  REQUIRE(middle.run(parse(rows, header_2023)).ok());
  CHECK(middle.stored().record.size == Size{1000, 1000});
  CHECK(middle.cells().at({0, 0}) == 2);
  CHECK(middle.cells().at({999, 999}) == 27);
  Importer given;
  given.options.origin = ImportOptions::Origin{-600, -500};
  REQUIRE(given.run(parse(rows, header_2023)).ok());
  CHECK(given.cells().at({100, 0}) == 2);
}

TEST_CASE("Import: the same file again adds nothing, and a later file goes on with new epoch and the same accounts") {
  Importer importer;
  REQUIRE(importer.run(parse(three_rows)).ok());
  const auto before = importer.stored();
  const auto again = importer.run(parse(three_rows));
  REQUIRE(again.ok());
  CHECK(again->placements == 0);
  CHECK(again->skipped.at("older than what is stored").count == 2);
  CHECK(again->skipped.at("stored already").count == 1);
  const auto later = importer.run(parse("2022-04-04 12:00:00.003 UTC,bob,#FFFFFF,\"9,2\"\n"
                                        "2022-04-04 12:00:09 UTC,ann,#FFFFFF,\"8,2\"\n"));
  REQUIRE(later.ok());
  CHECK(later->placements == 2);
  CHECK(importer.stored().record.epoch != before.record.epoch);
  CHECK(importer.stored().last_seq == 5);
  CHECK(importer.journal()[4].account == importer.journal()[0].account);
}

TEST_CASE("Import: stopped half way it leaves whole batches, and run again it ends with the same canvas") {
  std::string rows;
  for (int i = 0; i < 250'000; ++i)
    rows += format_time(WallTime{1'649'073'600'000 + i / 7}) + ",u" + std::to_string(i % 50) + ",#FF4500,\"" +
            std::to_string(i % 600) + "," + std::to_string(i / 600) + "\"\n";
  Importer whole, stopped;
  whole.options.base = picture(600, 31);
  stopped.options.base = picture(600, 31);
  REQUIRE(whole.run(parse(rows)).ok());
  std::atomic<bool> stop{true};
  stopped.options.stop = &stop;
  const auto first = stopped.run(parse(rows));
  REQUIRE(first.ok());
  CHECK(first->stopped);
  CHECK(first->placements < 250'000);
  CHECK(first->placements > 0);
  stopped.options.stop = nullptr;
  stopped.options.base.reset();
  const auto second = stopped.run(parse(rows));
  REQUIRE(second.ok());
  CHECK(first->placements + second->placements == 250'000);
  CHECK(stopped.journal().size() == 250'000);
  CHECK(stopped.cells().checksum({0, 0}) == whole.cells().checksum({0, 0}));
  CHECK(stopped.cells().checksum({2, 1}) == whole.cells().checksum({2, 1}));
}

TEST_CASE("Import: colours and cells that the canvas does not have are skipped and told") {
  Importer importer;
  importer.options.base = picture(300, 31);
  REQUIRE(importer.run(Dataset{}).ok());
  importer.options.base.reset();
  const auto report = importer.run(parse("2099-04-04 12:00:00 UTC,ann,#123456,\"1,2\"\n"
                                         "2099-04-04 12:00:01 UTC,ann,#FF4500,\"300,2\"\n"
                                         "2099-04-04 12:00:02 UTC,ann,#FF4500,\"299,2\"\n"));
  REQUIRE(report.ok());
  CHECK(report->placements == 1);
  CHECK(report->skipped.at("colour not in the canvas's palette").count == 1);
  CHECK(report->skipped.at("reaches outside the canvas").count == 1);
}

TEST_CASE("Import: a picture is a new canvas's base, and on an existing one placements where it differs") {
  Importer importer;
  IndexedImage image = picture(10, 5);
  REQUIRE(import_picture(importer.store, image, "import", importer.options, importer.clock, importer.random).ok());
  CHECK(importer.journal().empty());
  image.indices[33] = 7;
  const auto report = import_picture(importer.store, image, "import", importer.options, importer.clock, importer.random);
  REQUIRE(report.ok());
  CHECK(report->placements == 1);
  CHECK(importer.cells().at({3, 3}) == 7);
}

TEST_CASE("Export: the journal as NDJSON and as CSV, imported elsewhere, gives the same canvas") {
  Importer importer;
  REQUIRE(importer.run(parse(three_rows)).ok());
  for (const ExportFormat format : {ExportFormat::Ndjson, ExportFormat::RedditCsv}) {
    ExportOptions options;
    options.canvas = "place";
    options.format = format;
    std::string text;
    REQUIRE(export_canvas(importer.store, options, importer.clock.wall(), [&](ByteSpan bytes) {
              text += as_text(bytes);
              return true;
            }).ok());
    Importer copy;
    copy.options.canvas = "place";
    if (format == ExportFormat::Ndjson) {
      NdjsonParser parser;
      parser.feed(text);
      auto dataset = parser.finish();
      REQUIRE(dataset.ok());
      CHECK(dataset->skipped.empty());
      REQUIRE(copy.run(std::move(*dataset)).ok());
    } else {
      RedditCsvParser parser;
      parser.feed(text);
      auto dataset = parser.finish();
      REQUIRE(dataset.ok());
      REQUIRE(copy.run(std::move(*dataset)).ok());
    }
    CHECK(copy.cells().checksum({0, 0}) == importer.cells().checksum({0, 0}));
    CHECK(copy.cells().checksum({1, 0}) == importer.cells().checksum({1, 0}));
    CHECK(copy.journal() == importer.journal());
  }
}

TEST_CASE("Export: a picture at a seq shows the canvas just after it; an unknown canvas or seq is an error") {
  Importer importer;
  REQUIRE(importer.run(parse(three_rows)).ok());
  ExportOptions options;
  options.canvas = "place";
  options.compress = zlib_compressor(6);
  options.at_seq = 2;
  Bytes png;
  const Sink keep = [&](ByteSpan bytes) {
    png.assign(bytes.begin(), bytes.end());
    return true;
  };
  REQUIRE(export_canvas(importer.store, options, importer.clock.wall(), keep).ok());
  const auto image = read_png(png, PngLimits{});
  REQUIRE(image.ok());
  const auto indexed = to_indexed(*image, Palette::r_place_2022());
  REQUIRE(indexed.ok());
  CHECK(indexed->indices[2 * 301 + 1] == 2);
  CHECK(indexed->indices[0] == empty_color);
  options.at_seq = 4;
  CHECK_FALSE(export_canvas(importer.store, options, importer.clock.wall(), keep).ok());
  options.at_seq.reset();
  options.canvas = "nowhere";
  const auto unknown = export_canvas(importer.store, options, importer.clock.wall(), keep);
  REQUIRE_FALSE(unknown.ok());
  CHECK(unknown.error().message.find("'place'") != std::string::npos);
}
