#include "server/net/json_feed.h"

#include <array>

#include <doctest/doctest.h>
#include <nlohmann/json.hpp>
#include <openssl/sha.h>

#include "server/net/json_message.h"
#include "shared/base/text.h"

using namespace tessera;
using nlohmann::json;
using std::chrono::milliseconds;

namespace {

const std::vector<PaletteEntry> palette{{255, 69, 0, "red", false}, {0, 0, 171, "blue", false}};
constexpr TimePoint start{std::chrono::seconds(100)};

Published published(Seq first, std::vector<std::pair<Cell, ColorIndex>> cells, Epoch epoch = Epoch{0xabc}) {
  auto batch = std::make_shared<Batch>();
  for (const auto& [cell, color] : cells) batch->placements.push_back({first++, WallTime{5}, AccountId{1}, cell, color});
  return {CanvasId{1}, epoch, WallTime{1'649'073'600'024}, batch, nullptr, {}};
}

std::string sha256(std::string_view text) {
  std::array<std::uint8_t, 32> digest{};
  SHA256(reinterpret_cast<const unsigned char*>(text.data()), text.size(), digest.data());
  return to_hex(ByteSpan(digest));
}

}  // namespace

TEST_CASE("JsonFeed: a message is what the interface says, byte by byte") {
  JsonFeed feed(milliseconds(50));
  feed.add(published(11, {{{100, 200}, 0}, {{1, 2}, 255}}));
  const auto text = feed.take(palette, start);
  REQUIRE(text);
  const std::string pixels = R"([{"x":100,"y":200,"color":"#FF4500"},{"x":1,"y":2,"color":null}])";
  CHECK(*text == R"({"type":"pixel:bulk_update","data":{"pixels":)" + pixels +
                     R"(,"first_seq":11,"last_seq":12,"epoch":"0000000000000abc","hash":")" + sha256(pixels) +
                     R"("},"timestamp":"2022-04-04T12:00:00.024Z"})");
  CHECK(json::parse(*text)["data"]["pixels"].size() == 2);
}

TEST_CASE("JsonFeed: the first goes at once, then at most one per interval, with everything in order") {
  JsonFeed feed(milliseconds(50));
  CHECK_FALSE(feed.due());
  feed.add(published(1, {{{0, 0}, 0}}));
  CHECK(*feed.due() <= start);
  REQUIRE(feed.take(palette, start));
  feed.add(published(2, {{{5, 5}, 0}}));
  feed.add(published(3, {{{5, 5}, 1}}));
  CHECK(*feed.due() == start + milliseconds(50));
  CHECK_FALSE(feed.take(palette, start + milliseconds(49)));
  CHECK(feed.is_waiting(2));
  const auto message = json::parse(*feed.take(palette, start + milliseconds(50)));
  CHECK(message["data"]["pixels"].dump() == R"([{"color":"#FF4500","x":5,"y":5},{"color":"#0000AB","x":5,"y":5}])");
  CHECK(message["data"]["first_seq"] == 2);
  CHECK(message["data"]["last_seq"] == 3);
  CHECK_FALSE(feed.is_waiting(3));
  CHECK_FALSE(feed.due());
}

TEST_CASE("JsonFeed: a beat that is served a little late does not shift the next, a pause begins anew") {
  JsonFeed feed(milliseconds(50));
  const auto told_at = [&](milliseconds time) {
    feed.add(published(1, {{{0, 0}, 0}}));
    REQUIRE(feed.take(palette, start + time));
    feed.add(published(2, {{{1, 0}, 0}}));
    const Duration next = *feed.due() - start;
    feed.clear();
    return next;
  };
  CHECK(told_at(milliseconds(0)) == milliseconds(50));
  CHECK(told_at(milliseconds(53)) == milliseconds(100));
  CHECK(told_at(milliseconds(100)) == milliseconds(150));
  CHECK(told_at(milliseconds(190)) == milliseconds(240));
}

TEST_CASE("JsonFeed: placements of two epochs never share a message") {
  JsonFeed feed(milliseconds(50));
  feed.add(published(100, {{{0, 0}, 0}}));
  const Published reset = published(1, {{{0, 0}, 1}}, Epoch{2});
  REQUIRE(feed.must_flush_before(reset));
  CHECK(json::parse(feed.take_now(palette, start))["data"]["last_seq"] == 100);
  feed.add(reset);
  CHECK(feed.is_waiting(1));
}

TEST_CASE("JsonFeed: the count of people is told when it changed, at most once a second, and to newcomers") {
  JsonFeed feed(milliseconds(50));
  feed.set_online(3);
  CHECK(*feed.take_online(start) == R"({"type":"users:count","data":{"count":3}})");
  CHECK_FALSE(feed.online_due());
  feed.set_online(4);
  CHECK_FALSE(feed.take_online(start + milliseconds(999)));
  feed.set_online(3);
  CHECK_FALSE(feed.online_due());
  feed.set_online(5);
  CHECK(feed.take_online(start + milliseconds(1000)));
  feed.repeat_online();
  CHECK(*feed.online_due() == start + milliseconds(2000));
}

TEST_CASE("json messages: texts are escaped, places named only where it is about a placement") {
  CHECK(json_error("bad_color", "say \"no\"\n", Cell{1, 2}) ==
        R"({"type":"error","data":{"code":"bad_color","detail":"say \"no\"\n","x":1,"y":2}})");
  CHECK(json_error("invalid", "x", std::nullopt) == R"({"type":"error","data":{"code":"invalid","detail":"x"}})");
  CHECK(json_accepted(12, {100, 200}, {19, 20, 0, 100}) ==
        R"({"type":"pixel:accepted","data":{"seq":12,"x":100,"y":200,"charges":19,"next_charge_ms":0}})");
  const CanvasInfo canvas{CanvasId{1}, "main", 300, 200, {palette[0], {1, 2, 3, "a \"b\"", true}}, false, "", Access::Members, 7};
  CHECK(json_notice(CanvasChanged{canvas}) ==
        R"({"type":"canvas:changed","data":{"access":"members","height":200,"name":"main","palette":[{"color":"#FF4500","name":"red","retired":false},)"
        R"({"color":"#010203","name":"a \"b\"","retired":true}],"version":7,"width":300}})");
  CHECK(json_notice(PauseChanged{true, "back soon"}) == R"({"type":"session:paused","data":{"message":"back soon"}})");
  CHECK(json_notice(PauseChanged{false, ""}) == R"({"type":"session:resumed","data":{"message":""}})");
  CHECK(json_notice(ReportOutcome{ReportId{7}, ReportState::Resolved, "taken back"}) ==
        R"({"type":"report:outcome","data":{"id":7,"outcome":"taken back","state":"resolved"}})");
  CHECK(json_notice(StaffNews{.audit_entries = 12, .open_reports = 3, .rollbacks_changed = 4}) ==
        R"({"type":"staff:news","data":{"audit_entries":12,"open_reports":3,"rollbacks_changed":4}})");
  CHECK(json_notice(Warning{"\"<b>stop</b>\""}) == R"({"type":"account:warned","data":{"text":"\"<b>stop</b>\""}})");
}

TEST_CASE("parse_json_message: a pixel:update with labels that are ignored") {
  const auto update = parse_json_message(
      R"({"type":"pixel:update","data":{"x":100,"y":200,"color":"#fF0000","tool":"brush","clientTimestamp":"z","userId":"u"}})");
  REQUIRE(update.ok());
  CHECK(update->cell == Cell{100, 200});
  CHECK(update->color == Rgb{255, 0, 0});
}

TEST_CASE("parse_json_message: the order of the fields does not matter, nor does what stands beside or inside them") {
  const auto update = parse_json_message(
      R"({"data":{"in":{"x":7,"data":{"y":8}},"color":"#FF0000","list":[{"y":1}],"y":200,"x":100},"more":{"x":5},"type":"pixel:update"})");
  REQUIRE(update.ok());
  CHECK(update->cell == Cell{100, 200});
}

TEST_CASE("parse_json_message: a key that stands twice in one object is refused, whichever and however it is written") {
  const auto detail_of = [](std::string_view data) {
    const auto parsed = parse_json_message(R"({"type":"pixel:update","data":{)" + std::string(data) + "}}");
    return parsed ? std::string("ok") : parsed.error().detail;
  };
  CHECK(detail_of(R"("x":7,"x":8,"y":2,"color":"#FF0000")") == "the key \"x\" stands twice in one object");
  CHECK(detail_of(R"("x":7,"\u0078":8,"y":2,"color":"#FF0000")") == "the key \"x\" stands twice in one object");
  CHECK(detail_of(R"("x":7,"y":2,"color":"#FF0000","tool":"a","tool":"a")") == "the key \"tool\" stands twice in one object");
  CHECK(detail_of(R"("x":7,"y":2,"color":"#FF0000","in":[{"a":1,"a":2}])") == "the key \"a\" stands twice in one object");
  CHECK(detail_of(R"("x":7,"y":2,"color":"#FF0000")" + (",\"" + std::string(65, 'k') + "\":1,\"") + std::string(65, 'k') + "\":1") ==
        "the key of 65 bytes stands twice in one object");
  CHECK(detail_of(R"("x":7,"y":2,"color":"#FF0000","ab":{"x":1},"bb":2,"":{"":1})") == "ok");
}

TEST_CASE("parse_json_message: everything else is refused with a code") {
  const auto code_of = [](std::string_view text) {
    const auto parsed = parse_json_message(text);
    return parsed ? std::string("ok") : parsed.error().code;
  };
  for (const std::string_view text :
       {"", "{", "nonsense", "[]", "1", "null", R"({"type":1})", R"({"type":"pixel:update"})", R"({"type":"other","data":{}})",
        R"({"type":"pixel:update","data":[]})", R"({"type":"pixel:update","data":{"x":"1","y":2,"color":"#FF0000"}})",
        R"({"type":"pixel:update","data":{"x":1.5,"y":2,"color":"#FF0000"}})",
        R"({"type":"pixel:update","data":{"x":1,"color":"#FF0000"}})", R"({"type":"pixel:update","data":{"x":1,"y":2}})",
        R"({"type":"pixel:update","data":{"x":1,"y":2,"color":7}})", R"({"type":"pixel:update","data":{"x":null,"y":2}})"})
    CHECK_MESSAGE(code_of(text) == "invalid", text);
  for (const std::string_view x : {"-1", "65535", "99999999999999999999", "18446744073709551615", "1e9"})
    CHECK_MESSAGE(code_of(R"({"type":"pixel:update","data":{"x":)" + std::string(x) + R"(,"y":2,"color":"#FF0000"}})") != "ok", x);
  CHECK(code_of(R"({"type":"pixel:update","data":{"x":-1,"y":2,"color":"#FF0000"}})") == "out_of_bounds");
  CHECK(code_of(R"({"type":"pixel:update","data":{"x":1,"y":2,"color":"red"}})") == "bad_color");
  for (const std::string_view text :
       {R"({"type":"pixel:update","data":{"x":1,"y":2,"color":"#FF0000"},"data":{"x":1,"y":2}})",
        R"({"type":"pixel:update","data":{"x":1,"y":2,"color":"#FF0000"},"data":7})",
        R"({"type":"pixel:update","data":{"x":1,"y":2,"color":"#FF0000","x":"1"}})",
        R"({"type":"pixel:update","data":{"x":1,"y":2,"color":"#FF0000","color":null}})",
        R"({"type":"pixel:update","type":"other","data":{"x":1,"y":2,"color":"#FF0000"}})",
        R"({"type":"pixel:update","x":1,"y":2,"color":"#FF0000"})",
        R"({"type":"pixel:update","data":{"in":{"x":1,"y":2,"color":"#FF0000"}}})",
        R"({"type":"pixel:update","data":[{"x":1,"y":2,"color":"#FF0000"}]})",
        R"([{"type":"pixel:update","data":{"x":1,"y":2,"color":"#FF0000"}}])",
        R"({"type":"pixel:update","data":{"x":1,"y":2,"color":"#FF0000"}} 1)"})
    CHECK_MESSAGE(code_of(text) == "invalid", text);
  CHECK(code_of(std::string(60'000, '[')) == "invalid");
  CHECK(code_of(R"({"type":"pixel:update","data":{"x":1,"y":2,"color":"#FF0000","deep":)" + std::string(20, '[') + std::string(20, ']') + "}}") ==
        "invalid");
}
