#include <doctest/doctest.h>

#include "server/net/http_parser.h"
#include "tests/server/net/net_fixture.h"

using namespace tessera;
using test::LoopbackClient;
using test::NetFixture;

namespace {

constexpr std::string_view host = "Host: localhost\r\n";

std::string get(std::string_view target, std::string_view headers = "") {
  return "GET " + std::string(target) + " HTTP/1.1\r\n" + std::string(host) + std::string(headers) + "\r\n";
}

std::string status_of(const std::string& response) { return response.size() < 12 ? "closed" : response.substr(9, 3); }

/// What the server says to these bytes on a connection of their own, until it closes.
std::string answer_to(const NetFixture& net, std::string_view bytes) {
  LoopbackClient client = net.connect();
  client.send(bytes);
  return client.read_to_end();
}

std::string code_of(const std::string& response) {
  const std::size_t at = response.find("\"code\":\"");
  if (at == std::string::npos) return "";
  return response.substr(at + 8, response.find('"', at + 8) - at - 8);
}

}  // namespace

TEST_CASE("HTTP: a connection is kept for many requests, also when they come in one piece") {
  NetFixture net;
  LoopbackClient client = net.connect();
  client.send(get("/a?x=1&y=a+b"));
  CHECK(client.read_response().ends_with("\r\n\r\nGET /a x=1 y=a b 0"));
  client.send("POST /b HTTP/1.1\r\n" + std::string(host) + "Content-Length: 5\r\n\r\nhello" + get("/c") + get("/d"));
  CHECK(client.read_response().ends_with("POST /b 5"));
  CHECK(client.read_response().ends_with("GET /c 0"));
  CHECK(client.read_response().ends_with("GET /d 0"));
}

TEST_CASE("HTTP: a request may come byte by byte") {
  NetFixture net;
  LoopbackClient client = net.connect();
  const std::string request = "POST /slow HTTP/1.1\r\n" + std::string(host) + "Content-Length: 3\r\n\r\nabc";
  for (const char byte : request) client.send(std::string_view(&byte, 1));
  CHECK(client.read_response().ends_with("POST /slow 3"));
}

TEST_CASE("HTTP: a chunked body is read, with and without extensions and trailers") {
  NetFixture net;
  LoopbackClient client = net.connect();
  client.send("POST /c HTTP/1.1\r\n" + std::string(host) +
              "Transfer-Encoding: chunked\r\n\r\n4;name=value\r\nabcd\r\n3\r\nefg\r\n0\r\nX-Trailer: 1\r\n\r\n" + get("/next"));
  CHECK(client.read_response().ends_with("POST /c 7"));
  CHECK(client.read_response().ends_with("GET /next 0"));
}

TEST_CASE("HTTP: a chunked body with a trailer is read the same however it is cut") {
  const std::string request = "POST /c HTTP/1.1\r\n" + std::string(host) + "Transfer-Encoding: chunked\r\n\r\n4\r\nabcd\r\n0\r\nX: y\r\n\r\n";
  for (std::size_t piece = 1; piece <= request.size(); ++piece) {
    CAPTURE(piece);
    HttpParser parser(1'024);
    std::string unread;
    for (std::size_t at = 0; at < request.size(); at += piece) {
      unread += request.substr(at, piece);
      ByteSpan rest = as_bytes(unread);
      const bool in_head = parser.state() == HttpParser::State::Head;
      if (parser.read(rest) == HttpParser::State::Body && in_head) {
        parser.limit_body(100);
        parser.read(rest);
      }
      unread.erase(0, unread.size() - rest.size());
    }
    REQUIRE(parser.state() == HttpParser::State::Complete);
    CHECK(parser.take().body == "abcd");
  }
}

TEST_CASE("HTTP: HEAD has the headers of GET and no body") {
  NetFixture net;
  LoopbackClient client = net.connect();
  client.send("HEAD /a HTTP/1.1\r\n" + std::string(host) + "\r\n" + get("/b"));
  const std::string head = client.read_head();
  CHECK(head.find("Content-Length: 8\r\n") != std::string::npos);
  CHECK(client.read_response().ends_with("GET /b 0"));
}

TEST_CASE("HTTP: an answer may come later, from another thread, and not at all once the client is gone") {
  NetFixture net;
  LoopbackClient client = net.connect();
  client.send(get("/later"));
  HttpResponse response;
  response.body = shared_bytes("at last");
  net.http.held()(response);
  CHECK(client.read_response().ends_with("at last"));
  HttpHandler::Respond orphan;
  {
    LoopbackClient leaver = net.connect();
    leaver.send(get("/later"));
    orphan = net.http.held();
  }
  orphan(response);
  client.send(get("/still"));
  CHECK(client.read_response().ends_with("GET /still 0"));
  net.server->stop();
  orphan(response);  // the thread is gone; so is the answer
}

TEST_CASE("HTTP: a large answer reaches a reader that takes its time") {
  NetFixture net;
  LoopbackClient client = net.connect();
  client.send(get("/big") + get("/after"));
  CHECK(client.read_response().size() > 8u << 20);
  CHECK(client.read_response().ends_with("GET /after 0"));
}

TEST_CASE("HTTP: 100-continue is given before the body is sent") {
  NetFixture net;
  LoopbackClient client = net.connect();
  client.send("POST /x HTTP/1.1\r\n" + std::string(host) + "Expect: 100-continue\r\nContent-Length: 2\r\n\r\n");
  CHECK(client.read_head() == "HTTP/1.1 100 Continue\r\n\r\n");
  client.send("ok");
  CHECK(client.read_response().ends_with("POST /x 2"));
}

TEST_CASE("HTTP: HTTP/1.0 and Connection: close end after the answer") {
  NetFixture net;
  CHECK(answer_to(net, "GET /old HTTP/1.0\r\n\r\n").ends_with("GET /old 0"));
  CHECK(answer_to(net, get("/x", "Connection: close\r\n")).ends_with("GET /x 0"));
}

TEST_CASE("HTTP: what is no request gets a problem with a code, and the connection ends") {
  NetFixture net;
  struct Case {
    std::string bytes, status, code;
  };
  const std::string h(host);
  const std::vector<Case> cases{
      {"nonsense\r\n\r\n", "400", "invalid"},
      {"GET /\r\n\r\n", "400", "invalid"},
      {"GET / HTTP/2.0\r\n\r\n", "505", "unsupported"},
      {"GET / HTTP/1.1\r\n\r\n", "400", "invalid"},
      {"GET / HTTP/1.1\r\n" + h + h + "\r\n", "400", "invalid"},
      {"GET / HTTP/1.1\r\nHost : x\r\n\r\n", "400", "invalid"},
      {"GET / HTTP/1.1\r\n" + h + "Bad Header: x\r\n\r\n", "400", "invalid"},
      {"GET / HTTP/1.1\r\n" + h + "X: a\x01" "b\r\n\r\n", "400", "invalid"},
      {"\x16\x03\x01\x02\x01\x01\xfc\x03\x03 a TLS hello\r\n", "400", "invalid"},
      {get("/../etc/passwd"), "400", "invalid"},
      {get("/%2e%2e/etc/passwd"), "400", "invalid"},
      {get("/a/..%2f..%2fetc/passwd"), "400", "invalid"},
      {get("/%00"), "400", "invalid"},
      {get("/%zz"), "400", "invalid"},
      {get("*"), "400", "invalid"},
      {"POST / HTTP/1.1\r\n" + h + "Content-Length: 5\r\nContent-Length: 6\r\n\r\nhello", "400", "invalid"},
      {"POST / HTTP/1.1\r\n" + h + "Content-Length: -1\r\n\r\n", "400", "invalid"},
      {"POST / HTTP/1.1\r\n" + h + "Content-Length: 99999999999999999999999\r\n\r\n", "400", "invalid"},
      {"POST / HTTP/1.1\r\n" + h + "Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", "400", "invalid"},
      {"POST / HTTP/1.1\r\n" + h + "Transfer-Encoding: chunked\r\nContent-Length: 5\r\n\r\n0\r\n\r\n", "400", "invalid"},
      {"POST / HTTP/1.1\r\n" + h + "Transfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n", "501", "unsupported"},
      {"POST / HTTP/1.1\r\n" + h + "Transfer-Encoding: xchunked\r\n\r\n0\r\n\r\n", "501", "unsupported"},
      {"POST / HTTP/1.1\r\n" + h + "Transfer-Encoding: chunked\r\n\r\nzz\r\n", "400", "invalid"},
      {"POST / HTTP/1.1\r\n" + h + "Transfer-Encoding: chunked\r\n\r\nffffffffffffffffff\r\n", "400", "invalid"},
      {"POST / HTTP/1.1\r\n" + h + "Content-Length: 1048577\r\n\r\n", "413", "too_large"},
      {"POST /small HTTP/1.1\r\n" + h + "Content-Length: 11\r\n\r\n", "413", "too_large"},
      {"POST /small HTTP/1.1\r\n" + h + "Transfer-Encoding: chunked\r\n\r\n8\r\n12345678\r\n8\r\n12345678\r\n0\r\n\r\n", "413", "too_large"},
      {get("/", "X: " + std::string(20'000, 'x') + "\r\n"), "431", "too_large"},
      {get("/" + std::string(20'000, 'x')), "431", "too_large"},
  };
  for (const Case& c : cases) {
    const std::string answer = answer_to(net, c.bytes);
    const std::string shown = c.bytes.substr(0, 120) + " -> " + answer.substr(0, 300);
    CHECK_MESSAGE(status_of(answer) == c.status, shown);
    CHECK_MESSAGE(code_of(answer) == c.code, shown);
    CHECK_MESSAGE(answer.find("application/problem+json") != std::string::npos, shown);
  }
  CHECK(net.hub.is_quiet());
}

TEST_CASE("HTTP: headers and chunks without end are refused in bounded memory") {
  NetFixture net;
  const std::string line = "X-Header: " + std::string(1000, 'x') + "\r\n";
  {
    LoopbackClient client = net.connect();
    client.send("GET / HTTP/1.1\r\n" + std::string(host));
    for (int i = 0; i < 2000 && client.send(line); ++i) {
    }
    CHECK(status_of(client.read_to_end()) == "431");
  }
  LoopbackClient client = net.connect();
  client.send("POST / HTTP/1.1\r\n" + std::string(host) + "Transfer-Encoding: chunked\r\n\r\n5;");
  for (int i = 0; i < 2000 && client.send(std::string(1000, 'x')); ++i) {
  }
  CHECK(status_of(client.read_to_end())[0] == '4');
}

TEST_CASE("HTTP: random bytes never hurt, and never reach a handler's state") {
  NetFixture net;
  SeededRandom random(5);
  const std::string good = "POST /p?q=1 HTTP/1.1\r\nHost: localhost\r\nContent-Length: 3\r\nConnection: close\r\n\r\nabc";
  for (int round = 0; round < 300; ++round) {
    std::string bytes = good;
    for (std::uint64_t i = 0; i < 1 + random.below(8); ++i) bytes[random.below(bytes.size())] = static_cast<char>(random.below(256));
    LoopbackClient client = net.connect();
    client.send(bytes);
    ::shutdown(client.handle(), SHUT_WR);
    client.read_to_end();
  }
  CHECK(status_of(answer_to(net, good)) == "200");
}

TEST_CASE("HTTP: a request that drips in too slowly gets 408") {
  NetSettings settings;
  settings.head_time = settings.body_time = std::chrono::seconds(0);
  NetFixture net(settings);
  CHECK(status_of(answer_to(net, "GET / HT")) == "408");
  const std::string answer = answer_to(net, "POST / HTTP/1.1\r\n" + std::string(host) + "Content-Length: 10\r\n\r\nabc");
  CHECK(status_of(answer) == "408");
  CHECK(code_of(answer) == "timeout");
}

TEST_CASE("HTTP: an idle connection is closed without a word") {
  NetSettings settings;
  settings.keep_alive = std::chrono::seconds(0);
  NetFixture net(settings);
  CHECK(answer_to(net, "").empty());
}

TEST_CASE("HTTP: connections over the limit of an address are turned away with a reason") {
  NetSettings settings;
  settings.connections_per_address = 2;
  NetFixture net(settings);
  {
    LoopbackClient first = net.connect(), second = net.connect();
    first.send(get("/1"));
    second.send(get("/2"));
    first.read_response();
    second.read_response();
    const std::string answer = answer_to(net, "");
    CHECK(status_of(answer) == "429");
    CHECK(code_of(answer) == "busy");
    CHECK(answer.find("Retry-After: 10\r\n") != std::string::npos);
    CHECK(answer.find("\"retry_after_ms\":10000}") != std::string::npos);
  }
  for (int tries = 0; tries < 1000; ++tries) {  // those two are gone soon
    const std::string answer = answer_to(net, get("/3", "Connection: close\r\n"));
    if (status_of(answer) == "200") return;
  }
  FAIL("the places were never given back");
}

TEST_CASE("HTTP: through a trusted proxy requests are not counted, and WebSockets count for the client that they are forwarded for") {
  NetSettings settings;
  settings.connections_per_address = 2;
  NetFixture net(settings, nullptr, NetFixture::Loopback::TrustedProxy);
  std::vector<LoopbackClient> open;
  for (int i = 0; i < 5; ++i) {
    open.push_back(net.connect());
    open.back().send(get("/who", "X-Forwarded-For: 192.0.2.7\r\n"));
    CHECK(open.back().read_response().find("192.0.2.7") != std::string::npos);
  }
  const std::string ann = "X-Forwarded-For: 192.0.2.7\r\n", bob = "X-Forwarded-For: 192.0.2.8\r\n";
  {
    const LoopbackClient first = net.connect_json(ann), second = net.connect_binary(ann);
    LoopbackClient third = net.connect_ws(ann);
    const std::string answer = third.read_response();
    CHECK(status_of(answer) == "429");
    CHECK(code_of(answer) == "busy");
    CHECK(answer.find("Retry-After: 10\r\n") != std::string::npos);
    CHECK(answer.find("\"retry_after_ms\":10000}") != std::string::npos);
    net.connect_json(bob);
  }
  for (int tries = 0; tries < 1000; ++tries) {  // hers are gone soon
    LoopbackClient again = net.connect_ws(ann);
    if (again.read_head().find(" 101 ") != std::string::npos) return;
  }
  FAIL("the places were never given back");
}

TEST_CASE("HTTP: a browser is told to come by https from now on where it came so, be it to a proxy") {
  NetFixture net({}, nullptr, NetFixture::Loopback::TrustedProxy);
  LoopbackClient client = net.connect();
  for (const auto& [header, is_told] : {std::pair("X-Forwarded-Proto: https\r\n", true), {"X-Forwarded-Proto: http\r\n", false}, {"", false}}) {
    client.send(get("/1", header));
    CHECK((client.read_response().find("Strict-Transport-Security: max-age=") != std::string::npos) == is_told);
  }
}

TEST_CASE("HTTP: a forwarded request is not from this machine") {
  NetFixture net;
  CHECK(answer_to(net, get("/who", "Connection: close\r\n")).ends_with("127.0.0.1 loopback"));
  CHECK(answer_to(net, get("/who", "Connection: close\r\nX-Forwarded-For: 10.0.0.1\r\n")).ends_with("elsewhere"));
}

TEST_CASE("HTTP: static files come before the handler") {
  const auto page = StaticFiles::placeholder();
  NetFixture net({}, page.get());
  const std::string answer = answer_to(net, get("/", "Connection: close\r\n"));
  CHECK(answer.find("text/html") != std::string::npos);
  CHECK(answer.find("X-Content-Type-Options: nosniff") != std::string::npos);
  CHECK(answer_to(net, get("/api", "Connection: close\r\n")).ends_with("GET /api 0"));
}

TEST_CASE("NetServer: a port that is taken is an error in words") {
  NetFixture net;
  NetSettings settings;
  settings.port = net.server->port();
  const auto second = NetServer::open(settings, NetServices{net.hub, net.http, net.authenticator, net.clock, net.random, nullptr, {}});
  REQUIRE_FALSE(second.ok());
  CHECK(second.error().message.find(std::to_string(settings.port)) != std::string::npos);
  settings.address = "somewhere";
  CHECK_FALSE(NetServer::open(settings, NetServices{net.hub, net.http, net.authenticator, net.clock, net.random, nullptr, {}}).ok());
}
