#include <doctest/doctest.h>

#include "server/auth/forwarding.h"
#include "server/auth/site.h"

using namespace tessera;

TEST_CASE("Origin: scheme, host and port, however they are written") {
  CHECK(parse_origin("HTTP://Canvas.Example.org") == Origin{"http", "canvas.example.org", 80});
  CHECK(parse_origin("https://canvas.example.org/") == Origin{"https", "canvas.example.org", 443});
  CHECK(parse_origin("http://[::1]:7878") == Origin{"http", "::1", 7878});
  for (const char* wrong : {"", "null", "canvas.example.org", "ftp://a", "http://", "http://a:0", "http://a:99999", "http://a/b",
                            "http://a b", "http://[::1", "http://user@a", "http://a:1:2", "http://[evil]"})
    CHECK_MESSAGE(!parse_origin(wrong), wrong);
}

TEST_CASE("Origin: written as browsers write it") {
  CHECK(parse_origin("http://[::1]:7878")->text() == "http://[::1]:7878");
  CHECK(parse_origin("https://a:443")->text() == "https://a");
}

TEST_CASE("Site: addresses and known names are this server, others are not") {
  const Site site(parse_origin("https://draw.example.org"), {"Workshop"});
  for (const char* known : {"127.0.0.1:7878", "192.168.1.7", "[fe80::1]:80", "localhost:1", "LOCALHOST", "workshop:7878",
                            "draw.example.org", "tessera.local", "a.localhost"})
    CHECK_MESSAGE(site.knows_host(known), known);
  for (const char* other : {"", "evil.example", "draw.example.org.evil.example", "localhost.evil.example", ".local", "a b",
                            "127.0.0.1.evil.example", "[::1", "127.0.0.1:x"})
    CHECK_MESSAGE(!site.knows_host(other), other);
}

TEST_CASE("Site: an origin is its own where it names what the request came to, or the public URL") {
  const Site site(parse_origin("https://draw.example.org"), {});
  CHECK(site.is_own_origin("http://127.0.0.1:7878", "127.0.0.1:7878", "http"));
  CHECK(site.is_own_origin("https://draw.example.org", "127.0.0.1:7878", "http"));
  CHECK_FALSE(site.is_own_origin("http://127.0.0.1:8080", "127.0.0.1:7878", "http"));
  CHECK_FALSE(site.is_own_origin("https://127.0.0.1:7878", "127.0.0.1:7878", "http"));
  CHECK_FALSE(site.is_own_origin("http://evil.example", "evil.example", "http"));
  CHECK_FALSE(site.is_own_origin("null", "127.0.0.1:7878", "http"));
}

TEST_CASE("Network: what it holds, mapped addresses included") {
  const auto ten = Network::parse("10.0.0.0/8");
  REQUIRE(ten);
  CHECK(ten->contains("10.255.1.2"));
  CHECK(ten->contains("::ffff:10.1.2.3"));
  CHECK_FALSE(ten->contains("11.0.0.1"));
  CHECK_FALSE(ten->contains("::1"));
  CHECK(Network::parse("fd00::/9")->contains("fd7f::1"));
  CHECK_FALSE(Network::parse("fd00::/9")->contains("fd80::1"));
  CHECK(Network::parse("127.0.0.1")->contains("127.0.0.1"));
  for (const char* wrong : {"", "10.0.0.0/33", "::/129", "ten", "10.0.0.0/", "10.0.0.0/x"}) CHECK_MESSAGE(!Network::parse(wrong), wrong);
}

TEST_CASE("Site: what came for a public URL of https is secure, whatever a proxy says; what came to the server itself is as it came") {
  const Site site(parse_origin("https://draw.example.org"), {"canvas.test"});
  const auto is_secure = [](const Site& at, const std::string& host) {
    HttpRequest request;
    request.headers = {{"host", host}};
    see_client(request, at);
    return request.is_secure;
  };
  CHECK(is_secure(site, "draw.example.org"));
  CHECK(is_secure(site, "Draw.Example.org:443"));
  for (const char* other : {"127.0.0.1:7878", "localhost:7878", "draw.example.org:7878", "canvas.test", ""}) CHECK_FALSE_MESSAGE(is_secure(site, other), other);
  CHECK_FALSE(is_secure(Site(parse_origin("http://draw.example.org"), {}), "draw.example.org"));
  CHECK_FALSE(is_secure(Site(std::nullopt, {}), "draw.example.org"));
}

TEST_CASE("Forwarding: believed from a trusted proxy only, and no further than the first stranger") {
  const std::vector<Network> trusted{*Network::parse("10.0.0.0/8")};
  HttpRequest request;
  request.headers = {{"x-forwarded-for", "6.6.6.6, 203.0.113.9 , 10.0.0.2"}, {"x-forwarded-proto", "https"}};

  request.peer = "192.0.2.1";
  apply_forwarding(request, trusted);
  CHECK(request.peer == "192.0.2.1");
  CHECK_FALSE(request.is_secure);

  request.peer = "10.0.0.1";
  apply_forwarding(request, trusted);
  CHECK(request.peer == "203.0.113.9");
  CHECK(request.is_secure);

  request.headers = {{"x-forwarded-for", "1.2.3.4, <script>"}};
  request.peer = "10.0.0.1";
  apply_forwarding(request, trusted);
  CHECK(request.peer == "10.0.0.1");
}

TEST_CASE("Forwarding: an address is read without the port, the brackets and the quotes that some proxies write") {
  const std::vector<Network> trusted{*Network::parse("10.0.0.0/8")};
  const auto client = [&](const std::string& header) {
    HttpRequest request;
    request.peer = "10.0.0.1";
    request.headers = {{"x-forwarded-for", header}};
    apply_forwarding(request, trusted);
    return request.peer;
  };
  CHECK(client("1.2.3.4:5678") == "1.2.3.4");
  CHECK(client("\"1.2.3.4:5678\"") == "1.2.3.4");
  CHECK(client("2001:db8::1") == "2001:db8::1");
  CHECK(client("[2001:db8::1]") == "2001:db8::1");
  CHECK(client("[2001:db8::1]:5678") == "2001:db8::1");
  CHECK(client("\"[2001:db8::1]\"") == "2001:db8::1");
  CHECK(client("\"[2001:db8::1]:5678\"") == "2001:db8::1");
  CHECK(client("6.6.6.6, 1.2.3.4:5678, 10.0.0.2:443") == "1.2.3.4");
  for (const char* none : {"1.2.3.4:", "1.2.3.4:x", "1.2.3.4:65536", "1.2.3.4:-1", "[1.2.3.4]", "[2001:db8::1", "[2001:db8::1]5678", "[2001:db8::1]:x", "[]", "[", "\"", ":80", ""})
    CHECK_MESSAGE(client(none) == "10.0.0.1", none);
}
