#include <doctest/doctest.h>

#include "server/commands/dataset.h"
#include "shared/base/text.h"

using namespace tessera;

namespace {

Result<Dataset> parse(std::string_view text, std::size_t piece = 1'000'000) {
  RedditCsvParser parser;
  for (std::size_t at = 0; at < text.size(); at += piece) parser.feed(text.substr(at, piece));
  return parser.finish();
}

constexpr std::string_view header_2022 = "timestamp,user_id,pixel_color,coordinate\n";

}  // namespace

TEST_CASE("Reddit CSV: a 2022 row gives time, user, colour and cell") {
  const auto data = parse(std::string(header_2022) + "2022-04-04 12:00:00.024 UTC,ann,#FF4500,\"65,633\"\n");
  REQUIRE(data.ok());
  REQUIRE(data->rows.size() == 1);
  const DatasetRow& row = data->rows[0];
  CHECK(row.time == *parse_time("2022-04-04T12:00:00.024Z"));
  CHECK(data->users[row.user] == "ann");
  CHECK(data->colors[row.color] == Rgb{255, 69, 0});
  CHECK(row.shape == Shape::Point);
  CHECK(row.x == 65);
  CHECK(row.y == 633);
}

TEST_CASE("Reddit CSV: text may come cut anywhere") {
  const std::string text = std::string(header_2022) + "2022-04-04 12:00:00.024 UTC,ann,#FF4500,\"65,633\"\r\n" +
                           "2022-04-04 12:00:01 UTC,bob,#000000,\"1,2,3,4\"";
  const auto whole = parse(text);
  REQUIRE(whole.ok());
  for (std::size_t piece = 1; piece < text.size(); ++piece) {
    const auto cut = parse(text, piece);
    REQUIRE(cut.ok());
    REQUIRE(cut->rows.size() == 2);
    CHECK(cut->rows[1].x2 == whole->rows[1].x2);
    CHECK(cut->rows[0].time == whole->rows[0].time);
    CHECK(cut->skipped.empty());
  }
}

TEST_CASE("Reddit CSV: a staff rectangle keeps both corners, in whichever order they are given") {
  const auto data = parse(std::string(header_2022) + "2022-04-04 12:00:00 UTC,mod,#000000,\"30,40,10,20\"\n");
  REQUIRE(data.ok());
  const DatasetRow& row = data->rows.at(0);
  CHECK(row.shape == Shape::Rectangle);
  CHECK(row.x == 10);
  CHECK(row.y == 20);
  CHECK(row.x2 == 30);
  CHECK(row.y2 == 40);
}

TEST_CASE("Reddit CSV: 2023 has its columns in another order, negative coordinates and circles") {
  const auto data = parse(
      "timestamp,user,coordinate,pixel_color\n"
      "2023-07-20 13:00:26.088 UTC,ann,\"-199,-235\",#FFFFFF\n"
      "2023-07-20 13:00:27 UTC,mod,\"{X: 424, Y: -336, R: 3}\",#000000\n");
  REQUIRE(data.ok());
  REQUIRE(data->rows.size() == 2);
  CHECK(data->rows[0].x == -199);
  CHECK(data->rows[0].y == -235);
  CHECK(data->rows[1].shape == Shape::Circle);
  CHECK(data->rows[1].x == 424);
  CHECK(data->rows[1].y == -336);
  CHECK(data->rows[1].x2 == 3);
}

TEST_CASE("Reddit CSV: 2017 counts its colours and gives its time in milliseconds") {
  const auto data = parse("ts,user,x_coordinate,y_coordinate,color\n1490979533000,ann,326,455,5\n");
  REQUIRE(data.ok());
  REQUIRE(data->rows.size() == 1);
  CHECK(data->rows[0].time == WallTime{1'490'979'533'000});
  CHECK(data->fixed_palette);
  CHECK(data->colors[data->rows[0].color] == Rgb{0xE5, 0, 0});
}

TEST_CASE("Reddit CSV: rows out of order are sorted, and those of one instant keep the file's order") {
  const auto data = parse(std::string(header_2022) +
                          "2022-04-04 12:00:02 UTC,c,#000000,\"3,0\"\n"
                          "2022-04-04 12:00:01 UTC,a,#000000,\"1,0\"\n"
                          "2022-04-04 12:00:01 UTC,b,#FFFFFF,\"2,0\"\n");
  REQUIRE(data.ok());
  CHECK_FALSE(data->was_sorted);
  REQUIRE(data->rows.size() == 3);
  CHECK(data->rows[0].x == 1);
  CHECK(data->rows[1].x == 2);
  CHECK(data->rows[2].x == 3);
}

TEST_CASE("Reddit CSV: what cannot be read is skipped, counted and located") {
  const auto data = parse(std::string(header_2022) +
                          "yesterday,a,#000000,\"1,2\"\n"
                          "2022-04-04 12:00:00 UTC,a,#00000,\"1,2\"\n"
                          "2022-04-04 12:00:00 UTC,a,#000000,\"1,2,3\"\n"
                          "2022-04-04 12:00:00 UTC,a,#000000,\"99999999999,2\"\n"
                          "2022-04-04 12:00:00 UTC,a,#000000,\"1,2\n"
                          "2022-04-04 12:00:00 UTC,a,#000000\n"
                          "2022-04-04 12:00:00 UTC,,#000000,\"1,2\"\n"
                          "2022-04-04 12:00:00 UTC,a,#000000,\"1,2\"\n" +
                          std::string(5'000, 'x') + "\n");
  REQUIRE(data.ok());
  CHECK(data->rows.size() == 1);
  CHECK(data->skipped.at("time is not one").first_line == 2);
  CHECK(data->skipped.at("colour is not one").count == 1);
  CHECK(data->skipped.at("coordinate is not one").count == 2);
  CHECK(data->skipped.at("not as many columns as the header").count == 2);
  CHECK(data->skipped.at("no user").count == 1);
  CHECK(data->skipped.at("line too long").first_line == 10);
}

TEST_CASE("Reddit CSV: a file that is something else is refused with what is known") {
  CHECK_FALSE(parse("").ok());
  const auto other = parse("id,name\n1,2\n");
  REQUIRE_FALSE(other.ok());
  CHECK(other.error().message.find("pixel_color") != std::string::npos);
  CHECK_FALSE(parse(std::string(100'000, '\0')).ok());
}
