#include "app/model/link.h"

#include <doctest/doctest.h>

#include "shared/base/random.h"

using namespace tessera;

namespace {

std::string server_of(std::string_view text) {
  const auto link = parse_link(text);
  return link ? link->server : translate(Language::English, link.error());
}

}  // namespace

TEST_CASE("Link: what format_link writes, parse_link reads") {
  const Link link{"https://draw.example.org", "main", 120, 340, 8, "k-9_x", "", ""};
  CHECK(format_link(link) == "https://draw.example.org/#canvas=main&x=120&y=340&zoom=8&template=k-9_x");
  const auto read = parse_link(format_link(link));
  REQUIRE(read);
  CHECK(*read == link);
}

TEST_CASE("Link: names and zooms of all kinds survive") {
  Link link{"http://[fe80::1]:7878/canvas", "été & co=#1", {}, {}, 0.25, "", "", ""};
  const auto read = parse_link(format_link(link));
  REQUIRE(read);
  CHECK(*read == link);
  link.canvas.clear();
  link.zoom.reset();
  CHECK(format_link(link) == "http://[fe80::1]:7878/canvas/");
}

TEST_CASE("Link: the scheme is guessed as a person means it") {
  CHECK(server_of("localhost:7878") == "http://localhost:7878");
  CHECK(server_of("  192.168.1.5:7878/ \n") == "http://192.168.1.5:7878");
  CHECK(server_of("172.20.0.1") == "http://172.20.0.1");
  CHECK(server_of("172.40.0.1") == "https://172.40.0.1");
  CHECK(server_of("salle-b:80") == "http://salle-b");
  CHECK(server_of("nas.local") == "http://nas.local");
  CHECK(server_of("draw.example.org") == "https://draw.example.org");
  CHECK(server_of("wss://draw.example.org/") == "https://draw.example.org");
  CHECK(server_of("WS://Draw.Example.org:443") == "http://draw.example.org:443");
}

TEST_CASE("Link: the same server is written in one way") {
  for (const char* text : {"https://a.example.org", "https://A.example.org:443/", "https://a.example.org/index.html",
                           "https://a.example.org//?utm=1#canvas=x", "a.example.org"}) {
    CHECK(server_of(text) == "https://a.example.org");
  }
}

TEST_CASE("Link: what is no link says what is wrong with it") {
  const auto error = [](std::string_view text) {
    const auto link = parse_link(text);
    REQUIRE_FALSE(link);
    return link.error();
  };
  CHECK(error("") == Text::LinkEmpty);
  CHECK(error(" \t ") == Text::LinkEmpty);
  CHECK(error("ftp://example.org") == Text::LinkScheme);
  CHECK(error("javascript://alert(1)") == Text::LinkScheme);
  CHECK(error("http://") == Text::LinkHost);
  CHECK(error("http://exa mple.org") == Text::LinkHost);
  CHECK(error("http://[::1") == Text::LinkHost);
  CHECK(error("http://-x") == Text::LinkHost);
  CHECK(error("http://a..b") == Text::LinkHost);
  CHECK(error("http://h:0") == Text::LinkPort);
  CHECK(error("http://h:99999") == Text::LinkPort);
  CHECK(error("http://h:7878x") == Text::LinkPort);
  CHECK(error("http://h:") == Text::LinkPort);
  CHECK(error("http://ann:secret@example.org") == Text::LinkUser);
  CHECK(error("http://example.org/a/../b") == Text::LinkPath);
  CHECK(error("http://example.org/%2e%2e/") == Text::LinkPath);
  CHECK(error(std::string(5'000, 'a')) == Text::LinkTooLong);
}

TEST_CASE("Link: secrets are read and never written") {
  const auto link = parse_link("http://localhost:7878/#canvas=main&owner=s3cret&invite=t-0_k.en~");
  REQUIRE(link);
  CHECK(link->owner == "s3cret");
  CHECK(link->invite == "t-0_k.en~");
  CHECK(format_link(*link) == "http://localhost:7878/#canvas=main");
  CHECK(parse_fragment("owner=" + std::string(129, 'a')).owner.empty());
  CHECK(parse_fragment("owner=a%20b&invite=a/b").owner.empty());
  CHECK(parse_fragment("owner=a%20b&invite=a/b").invite.empty());
}

TEST_CASE("Link: a fragment's hostile parts are left out, the others kept") {
  CHECK(parse_fragment("#canvas=%00&x=3&y=1e9&zoom=-1") == Link{"", "", 3, {}, {}, "", "", ""});
  CHECK(parse_fragment("x=70000&y=65534&zoom=0&zoom=8").zoom == 8);
  CHECK_FALSE(parse_fragment("x=70000").x);
  CHECK(parse_fragment("y=65534").y == 65'534);
  CHECK(parse_fragment("canvas=%C3%28").canvas.empty());
  CHECK(parse_fragment("canvas=%4").canvas.empty());
  CHECK(parse_fragment("canvas=" + std::string(65, 'a')).canvas.empty());
  CHECK(parse_fragment("template=../../etc").template_id.empty());
  CHECK(parse_fragment("x=1.&y=.5&zoom=1.2.3") == Link{});
  CHECK(parse_fragment("x=nan&y=inf&zoom=0x10") == Link{});
  CHECK(parse_fragment("&&==&=x&x").x == std::nullopt);
}

TEST_CASE("Link: any bytes give a link or an error, and a link that was read is read again the same") {
  SeededRandom random(3);
  const std::string_view alphabet = "http://a.b:1/#canvas=x&y=%41zoom=8[]@?..0\xC3\xA9 \n";
  for (int round = 0; round < 20'000; ++round) {
    std::string text;
    const auto size = static_cast<std::size_t>(random.below(60));
    for (std::size_t i = 0; i < size; ++i) {
      text += random.below(20) == 0 ? static_cast<char>(random.below(256)) : alphabet[static_cast<std::size_t>(random.below(alphabet.size()))];
    }
    if (random.below(2) == 0) text = "http://host/#" + text;
    const auto link = parse_link(text);
    if (!link) continue;
    const auto again = parse_link(format_link(*link));
    REQUIRE(again);
    CHECK(again->server == link->server);
    CHECK(again->canvas == link->canvas);
  }
}

TEST_CASE("Link: a server is shown to people without its scheme") {
  CHECK(server_label("https://draw.example.org") == "draw.example.org");
  CHECK(server_label("http://192.168.1.5:7878") == "192.168.1.5:7878");
}
