#include "app/net/api.h"

#include <doctest/doctest.h>

#include <nlohmann/json.hpp>

#include "shared/base/text.h"
#include "shared/canvas/deflate.h"
#include "shared/canvas/png.h"
#include "tests/app/net/net_fixture.h"

using namespace tessera;
using nlohmann::json;

namespace {

WebAnswer answered(int status, const json& body) { return {status, body.dump()}; }

template <typename Kind>
std::optional<Kind> read(const Question& question, const WebAnswer& answer) {
  const action::Answered read = read_answer(question, answer);
  const Kind* kind = std::get_if<Kind>(&read.answer);
  return kind ? std::optional(*kind) : std::nullopt;
}

json canvas_json() {
  return json::parse(R"({"name":"main","width":1000,"height":600,
    "palette":[{"color":"#FF4500","name":"Orange red","retired":false},{"color":"#000000","name":"Black","retired":true}],
    "policy":{"per_second":0.5,"burst":20,"per_minute":null,"cooldown_ms":250,"guests":false,
              "roles":{"member":{"per_second":null,"burst":null,"per_minute":60,"cooldown_ms":0}}},
    "access":"code","code":"PLUMES","paused":true,"message":"judging","epoch":"00000000000000ab","seq":77,"online":3,"version":9})");
}

}  // namespace

TEST_CASE("Api: a question goes out with its method, address, body and version") {
  CanvasSetup wanted;
  wanted.width = 30;
  wanted.rules.per_second = 0.5;
  wanted.rules.burst = 7;
  wanted.paused = true;
  wanted.message = "now";
  const ask::ChangeCanvas change{"a b", {wanted, {SetupField::Width, SetupField::PerSecond, SetupField::PerMinute, SetupField::Message}}, 9, true};
  const WebRequest request = request_of("http://a", "tok", change);
  CHECK(request.method == "PATCH");
  CHECK(request.url == "http://a/api/v1/canvases/a%20b?dry_run=true");
  CHECK(request.bearer == "tok");
  CHECK(request.if_match == "\"9\"");
  CHECK(json::parse(request.json) == json::parse(R"({"width":30,"policy":{"per_second":0.5,"burst":7,"per_minute":null},"message":"now"})"));
  const WebRequest pause = request_of("http://a", "", ask::ChangeCanvas{"main", {wanted, {SetupField::Paused, SetupField::Message}}, 0, false});
  CHECK(pause.if_match.empty());
  CHECK(json::parse(pause.json) == json::parse(R"({"paused":true,"message":"now"})"));
  CHECK(request_of("http://a", "", ask::EndOtherDevices{}).method == "DELETE");
  CHECK(request_of("http://a", "", ask::EndDevice{"../x"}).url == "http://a/auth/sessions/..%2Fx");
  CHECK(request_of("http://a", "", ask::Picture{"main"}).url == "http://a/api/v1/canvases/main/image.png?fit=96");
  CHECK(json::parse(request_of("http://a", "", ask::Own{"s"}).json) == json{{"secret", "s"}});
  CHECK(request_of("http://a", "", ask::Own{"s3cret"}).url.find("s3cret") == std::string::npos);
}

TEST_CASE("Api: canvases are read a page at a time") {
  CHECK(request_of("http://a", "", ask::Canvases{}).url == "http://a/api/v1/canvases?limit=100");
  CHECK(request_of("http://a", "", ask::Canvases{true, "a b"}).url == "http://a/api/v1/canvases?limit=100&archived=true&after=a%20b");
  const auto list = [](json next) { return answered(200, {{"items", {canvas_json()}}, {"next", std::move(next)}}); };
  CHECK(read<answer::Canvases>(ask::Canvases{}, list("main"))->next == "main");
  CHECK(read<answer::Canvases>(ask::Canvases{}, list(nullptr))->next.empty());
  CHECK(read<answer::Canvases>(ask::Canvases{}, list(std::string(300, 'x')))->next.empty());
  CHECK(read<answer::Canvases>(ask::Canvases{}, list(nullptr))->items.size() == 1);
}

TEST_CASE("Api: a new canvas goes out whole, with its code only where one is asked for") {
  CanvasSetup setup;
  setup.name = "club";
  setup.width = setup.height = 10;
  setup.palette = {{{255, 69, 0}, "Orange", false}};
  setup.rules = {10, 20, 100, 0};
  setup.code = "PLUMES";
  json body = json::parse(request_of("http://a", "", ask::CreateCanvas{setup}).json);
  CHECK(body["name"] == "club");
  CHECK(body["palette"] == json::parse(R"([{"color":"#FF4500","name":"Orange","retired":false}])"));
  CHECK(body["policy"]["per_second"] == 10);
  CHECK(body["policy"]["guests"] == true);
  CHECK_FALSE(body.contains("code"));
  setup.access = Access::Code;
  body = json::parse(request_of("http://a", "", ask::CreateCanvas{setup}).json);
  CHECK(body["access"] == "code");
  CHECK(body["code"] == "PLUMES");
}

TEST_CASE("Api: a canvas is read with everything that is set up of it") {
  const auto canvas = read<answer::Canvas>(ask::ReadCanvas{"main"}, answered(200, canvas_json()));
  REQUIRE(canvas);
  const CanvasSetup& setup = canvas->setup;
  CHECK(setup.width == 1'000);
  CHECK(setup.palette.size() == 2);
  CHECK(setup.palette[1].retired);
  CHECK(setup.rules.per_second == 0.5);
  CHECK_FALSE(setup.rules.per_minute);
  CHECK(setup.rules.cooldown_ms == 250);
  CHECK_FALSE(setup.guests);
  const auto& member = setup.roles[static_cast<std::size_t>(Role::Member)];
  REQUIRE(member);
  CHECK_FALSE(member->per_second);
  CHECK(member->per_minute == 60);
  CHECK(setup.access == Access::Code);
  CHECK(setup.code == "PLUMES");
  CHECK(setup.message == "judging");
  CHECK(setup.version == 9);
  json shrunk = canvas_json();
  shrunk["hidden_cells"] = 12;
  CHECK(read<answer::Canvas>(ask::ChangeCanvas{}, answered(200, shrunk))->hidden_cells == 12);
}

TEST_CASE("Api: a canvas that this app could not show is none") {
  for (const char* field : {"name", "width", "height", "palette"}) {
    json canvas = canvas_json();
    canvas.erase(field);
    CHECK(read_answer(ask::ReadCanvas{}, answered(200, canvas)).response.status == 0);
  }
  json canvas = canvas_json();
  canvas["width"] = 70'000;
  CHECK(read_answer(ask::ReadCanvas{}, answered(200, canvas)).response.status == 0);
  canvas = canvas_json();
  canvas["width"] = -4;
  CHECK(read_answer(ask::ReadCanvas{}, answered(200, canvas)).response.status == 0);
  canvas = canvas_json();
  canvas["palette"][0]["color"] = "red";
  CHECK(read_answer(ask::ReadCanvas{}, answered(200, canvas)).response.status == 0);
  canvas = canvas_json();
  canvas["policy"] = "none";
  CHECK(read_answer(ask::ReadCanvas{}, answered(200, canvas)).response.ok());
}

TEST_CASE("Api: a conflict brings what there is now, a problem its words, and too many its wait") {
  const json problem{{"code", "stale"}, {"detail", "changed"}, {"current", canvas_json()}};
  const action::Answered stale = read_answer(ask::ChangeCanvas{}, answered(412, problem));
  CHECK(stale.response.status == 412);
  CHECK(stale.response.code == "stale");
  REQUIRE(std::get_if<answer::Canvas>(&stale.answer));
  CHECK(std::get<answer::Canvas>(stale.answer).setup.version == 9);
  CHECK(std::holds_alternative<std::monostate>(read_answer(ask::Me{}, answered(412, problem)).answer));
  WebAnswer often = answered(429, {{"code", "too_soon"}});
  often.retry_after = "30";
  CHECK(read_answer(ask::JoinCanvas{}, often).response.retry_after == std::chrono::seconds{30});
  often.retry_after = "Fri, 31 Dec 1999 23:59:59 GMT";
  CHECK_FALSE(read_answer(ask::JoinCanvas{}, often).response.retry_after);
  CHECK(read_answer(ask::DeviceToken{"x"}, answered(400, {{"error", "slow_down"}})).response.code == "slow_down");
}

TEST_CASE("Api: who one is, and why one may not place") {
  json me{{"id", 7}, {"name", "ann"}, {"kind", "discord"}, {"role", "moderator"}};
  auto read_me = read<answer::Me>(ask::Me{}, answered(200, me));
  REQUIRE(read_me);
  CHECK(read_me->account == AccountInfo{AccountId{7}, "ann", AccountKind::Discord, Role::Moderator});
  CHECK_FALSE(read_me->ban);
  me["banned_until"] = "2030-03-17T17:46:40.000Z";
  me["reason"] = "spam";
  read_me = read<answer::Me>(ask::Me{}, answered(200, me));
  REQUIRE(read_me->ban);
  CHECK(read_me->ban->until == WallTime{1'900'000'000'000});
  me["banned_until"] = nullptr;
  CHECK_FALSE(read<answer::Me>(ask::Me{}, answered(200, me))->ban->until);
  CHECK(read_answer(ask::Me{}, answered(200, {{"name", "ann"}})).response.status == 0);
}

TEST_CASE("Api: devices are read as far as they can be shown and ended") {
  const json list{{"items", json::array({{{"id", "a1"}, {"label", "Firefox\u202E on Linux"}, {"used", "2030-03-17T17:46:40.000Z"}, {"current", true}},
                                         {{"label", "without id"}}, 5, {{"id", std::string(500, 'x')}}})}};
  const auto devices = read<answer::Devices>(ask::Devices{}, answered(200, list));
  REQUIRE(devices);
  REQUIRE(devices->items.size() == 1);
  CHECK(devices->items[0].label == "Firefox on Linux");
  CHECK(devices->items[0].current);
  CHECK(read_answer(ask::Devices{}, answered(200, {{"items", 5}})).response.status == 0);
}

TEST_CASE("Api: ways to sign in") {
  const auto ways = read<answer::Server>(ask::Server{}, answered(200, {{"sign_in", {"guest", "discord", "magic"}}}));
  REQUIRE(ways);
  CHECK(ways->guest);
  CHECK(ways->discord);
  CHECK_FALSE(ways->undo_window);
  CHECK_FALSE(read<answer::Server>(ask::Server{}, answered(200, {{"sign_in", json::array()}}))->discord);
  const auto server = read<answer::Server>(ask::Server{}, answered(200, {{"sign_in", json::array()}, {"limits", {{"undo_window_ms", 300'000}}}}));
  CHECK(server->undo_window == std::chrono::minutes{5});
  CHECK(read_answer(ask::Server{}, answered(200, {{"sign_in", "discord"}})).response.status == 0);
}

TEST_CASE("Api: a device's grant is taken only where it can be shown and opened without harm") {
  const json good{{"device_code", "d"}, {"user_code", "WDJB-MJHT"}, {"verification_uri", "https://a.example/verify"},
                  {"verification_uri_complete", "https://a.example/verify?user_code=WDJB-MJHT"}, {"expires_in", 600}, {"interval", 7}};
  const auto grant = read<answer::DeviceCode>(ask::DeviceCode{}, answered(200, good));
  REQUIRE(grant);
  CHECK(grant->interval == std::chrono::seconds{7});
  CHECK(grant->full_address == "https://a.example/verify?user_code=WDJB-MJHT");
  const auto refused = [&](const char* field, const json& value) {
    json bad = good;
    bad[field] = value;
    return read_answer(ask::DeviceCode{}, answered(200, bad)).response.status == 0;
  };
  CHECK(refused("verification_uri_complete", "file:///etc/passwd"));
  CHECK(refused("verification_uri", "javascript:alert(1)"));
  CHECK(refused("verification_uri_complete", "https://a.example/ --flag"));
  CHECK(refused("verification_uri_complete", "https://a.example/\nx"));
  CHECK(refused("user_code", std::string(100, 'A')));
  CHECK(refused("device_code", ""));
  json bare = good;
  bare.erase("verification_uri_complete");
  bare.erase("interval");
  bare["expires_in"] = 1e300;
  const auto usual = read<answer::DeviceCode>(ask::DeviceCode{}, answered(200, bare));
  REQUIRE(usual);
  CHECK(usual->full_address == "https://a.example/verify");
  CHECK(usual->interval == std::chrono::seconds{5});
  CHECK(usual->expires_in == std::chrono::seconds{600});
  CHECK(read<answer::DeviceToken>(ask::DeviceToken{}, answered(200, {{"access_token", "t"}}))->token == "t");
  CHECK(read_answer(ask::DeviceToken{}, answered(200, {{"token", std::string(5'000, 't')}})).response.status == 0);
}

TEST_CASE("Api: a small picture is decoded; what is none, or too large, is no answer") {
  const std::vector<ColorIndex> indices(96 * 48, 2);
  const auto png = write_png(indices, {96, 48}, Palette::r_place_2022(), 1, zlib_compressor(1));
  REQUIRE(png);
  const auto picture = read<answer::Picture>(ask::Picture{"main"}, {200, std::string(as_text(*png))});
  REQUIRE(picture);
  CHECK(picture->size == Size{96, 48});
  CHECK(picture->rgba.size() == 96 * 48 * 4);
  const std::vector<ColorIndex> many(600 * 2, 2);
  const auto large = write_png(many, {600, 2}, Palette::r_place_2022(), 1, zlib_compressor(1));
  CHECK(read_answer(ask::Picture{}, {200, std::string(as_text(*large))}).response.status == 0);
  CHECK(read_answer(ask::Picture{}, {200, "<html>"}).response.status == 0);
  std::string cut(as_text(*png));
  cut.resize(cut.size() / 2);
  CHECK(read_answer(ask::Picture{}, {200, cut}).response.status == 0);
}

TEST_CASE("Api: hostile bodies neither end the app nor say anything") {
  const Question questions[] = {ask::Server{}, ask::Me{}, ask::Devices{}, ask::Canvases{}, ask::ReadCanvas{}, ask::DeviceCode{}, ask::DeviceToken{}, ask::Picture{}};
  const std::string deep = std::string(100'000, '[');
  for (const Question& question : questions)
    for (const std::string& body : {std::string(), std::string("null"), std::string("[]"), std::string("{}"), deep, std::string("\xff\xfe"), std::string(R"({"items":[[]],"id":"x"})")}) {
      const action::Answered read = read_answer(question, {200, body});
      const bool said = read.response.ok() && !std::holds_alternative<answer::Canvases>(read.answer) && !std::holds_alternative<answer::Devices>(read.answer);
      CHECK_FALSE(said);
    }
}

TEST_CASE("Api: the request travels with its headers, and the answer comes back with its own") {
  WaitingInbox waiting;
  std::string asked, address;
  action::Answered got;
  {
    OneClientServer server([&](tcp::socket socket) {
      char buffer[4096];
      while (asked.find('}') == std::string::npos) asked.append(buffer, socket.read_some(asio::buffer(buffer)));
      const std::string body = R"({"code":"too_soon"})";
      asio::write(socket, asio::buffer("HTTP/1.1 429 Too Many Requests\r\nRetry-After: 12\r\nContent-Length: " + std::to_string(body.size()) + "\r\n\r\n" + body));
    });
    NetLoop loop;
    HttpClient client(loop);
    CanvasSetup wanted;
    ask_server(client, waiting.inbox, {AskId{5}, server.address(), "tok", ask::ChangeCanvas{"main", {wanted, {SetupField::Paused}}, 3, false}});
    got = std::get<action::Answered>(waiting.next());
  }
  CHECK(got.id == AskId{5});
  CHECK(got.response.status == 429);
  CHECK(got.response.retry_after == std::chrono::seconds{12});
  CHECK(asked.starts_with("PATCH /api/v1/canvases/main HTTP/1.1\r\n"));
  CHECK(asked.find("If-Match: \"3\"\r\n") != std::string::npos);
  CHECK(asked.find("Authorization: Bearer tok\r\n") != std::string::npos);
}

TEST_CASE("Api: nobody there is told as no answer") {
  WaitingInbox waiting;
  NetLoop loop;
  HttpClient client(loop);
  ask_server(client, waiting.inbox, {AskId{6}, "http://127.0.0.1:" + std::to_string(closed_port()), "", ask::Canvases{}});
  const auto got = std::get<action::Answered>(waiting.next());
  CHECK(got.id == AskId{6});
  CHECK(got.response.status == 0);
}
