#include "server/net/http_target.h"

#include <doctest/doctest.h>

using namespace tessera;

namespace {

std::string path_of(std::string_view target) {
  const auto parsed = parse_http_target(target);
  return parsed ? parsed->path : "refused: " + parsed.error().message;
}

bool is_refused(std::string_view target) { return !parse_http_target(target).ok(); }

}  // namespace

TEST_CASE("parse_http_target: path and query are percent-decoded, each by its own rule for '+'") {
  const auto parsed = parse_http_target("/api/caf%C3%A9+1?name=a+b%26c&flag&x=%2F..&&y=");
  REQUIRE(parsed.ok());
  CHECK(parsed->path == "/api/café+1");
  CHECK(parsed->query == std::vector<NamedValue>{{"name", "a b&c"}, {"flag", ""}, {"x", "/.."}, {"y", ""}});
}

TEST_CASE("parse_http_target: the absolute form that proxies send is taken apart") {
  CHECK(path_of("http://example.org/a/b?c=1") == "/a/b");
  CHECK(path_of("https://example.org") == "/");
  CHECK(path_of("http://example.org?x=1") == "/");
}

TEST_CASE("parse_http_target: no spelling of '..' leaves the tree") {
  for (const std::string_view target :
       {"/../etc/passwd", "/..", "/a/../../etc/passwd", "/%2e%2e/etc/passwd", "/%2E%2e", "/.%2e/x", "/a/%2e%2e%2fetc", "/..%2fetc",
        "/a%2fb", "/a%5cb", "/..\\etc", "/./a", "/%2e", "http://host/../etc/passwd"})
    CHECK_MESSAGE(is_refused(target), target);
  CHECK(path_of("/...") == "/...");
  CHECK(path_of("/a..b") == "/a..b");
  CHECK(path_of("/%252e%252e/") == "/%2e%2e/");
}

TEST_CASE("parse_http_target: what is no target is refused") {
  for (const std::string_view target : {"", "*", "a", "host:443", "ftp://host/", "/a#b", "/%", "/%4", "/%zz", "/a%00b", "/%0a", "/%7f",
                                        "/\x01", "/%ff", "/?a=%ff", "/?a=%0", "/?%00=1", "//%2e%2e"})
    CHECK_MESSAGE(is_refused(target), target);
}

TEST_CASE("parse_cookies: pairs, blanks and quotes as browsers send them") {
  std::vector<NamedValue> cookies;
  parse_cookies("a=1; tessera_session=abc==;b=\"two words\"; junk; =x", cookies);
  CHECK(cookies == std::vector<NamedValue>{{"a", "1"}, {"tessera_session", "abc=="}, {"b", "two words"}, {"", "x"}});
}
