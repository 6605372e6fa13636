#include "app/net/sign_in.h"

#include <doctest/doctest.h>

#include <string>

#include "tests/app/net/net_fixture.h"

using namespace tessera;

namespace {

/// Answers one HTTP request and keeps what was asked.
struct HttpServer {
  explicit HttpServer(std::string answer)
      : server([this, answer = std::move(answer)](tcp::socket socket) {
          char buffer[4096];
          while (asked.find("\r\n\r\n") == std::string::npos || asked.find("}", asked.find("\r\n\r\n")) == std::string::npos) {
            boost::system::error_code error;
            const std::size_t count = socket.read_some(asio::buffer(buffer), error);
            if (error) break;
            asked.append(buffer, count);
            if (asked.starts_with("GET")) break;
          }
          asio::write(socket, asio::buffer(answer));
        }) {}
  std::string asked;
  OneClientServer server;
};

std::string response(const std::string& status, const std::string& body) {
  return "HTTP/1.1 " + status + "\r\nContent-Type: application/json\r\nContent-Length: " + std::to_string(body.size()) + "\r\n\r\n" + body;
}

}  // namespace

TEST_CASE("Signing in: a guest's name goes out as JSON and the token comes back") {
  WaitingInbox waiting;
  action::GuestAnswered got;
  std::string asked, address;
  {
    HttpServer http(response("201 Created", R"({"token":"tk_1","expires_at":"2030-01-01T00:00:00.000Z","account":{"id":7}})"));
    address = http.server.address();
    {
      NetLoop loop;
      HttpClient client(loop);
      sign_in_guest(client, waiting.inbox, address, "Zoé \"the\" 1st");
      got = std::get<action::GuestAnswered>(waiting.next());
    }
    asked = http.asked;
  }
  CHECK(got.server == address);
  CHECK(got.status == 201);
  CHECK(got.token == "tk_1");
  CHECK(asked.starts_with("POST /auth/guest HTTP/1.1\r\n"));
  CHECK(asked.find("Content-Type: application/json") != std::string::npos);
  CHECK(asked.ends_with(R"({"name":"Zoé \"the\" 1st"})"));
}

TEST_CASE("Signing in: a refusal carries its code and detail") {
  const auto got = read_guest_answer("http://a", {429, R"({"title":"Too many","status":429,"detail":"Wait a moment.","code":"too_soon"})"});
  CHECK(got.status == 429);
  CHECK(got.code == "too_soon");
  CHECK(got.detail == "Wait a moment.");
  CHECK(got.token.empty());
}

TEST_CASE("Signing in: what is no answer of a Tessera server never signs in") {
  CHECK(read_guest_answer("http://a", {}).status == 0);
  CHECK(read_guest_answer("http://a", {201, "<html>"}).status == 0);
  CHECK(read_guest_answer("http://a", {201, R"({"token":5})"}).status == 0);
  CHECK(read_guest_answer("http://a", {201, R"({})"}).status == 0);
  CHECK(read_guest_answer("http://a", {200, R"({"token":"x"})"}).token.empty());
  CHECK(read_guest_answer("http://a", {502, "bad gateway"}).status == 502);
  CHECK(read_guest_answer("http://a", {400, R"(["no object"])"}).status == 400);
}

TEST_CASE("Signing in: nobody there is told as no answer") {
  WaitingInbox waiting;
  NetLoop loop;
  HttpClient client(loop);
  sign_in_guest(client, waiting.inbox, "http://127.0.0.1:" + std::to_string(closed_port()), "ann");
  CHECK(std::get<action::GuestAnswered>(waiting.next()).status == 0);
  check_session(client, waiting.inbox, "no address");
  CHECK(std::get<action::SessionChecked>(waiting.next()).status == 0);
}

TEST_CASE("Signing in: an answer without end is given up") {
  HttpServer http("HTTP/1.1 200 OK\r\nContent-Length: 99999999\r\n\r\n{");
  WaitingInbox waiting;
  NetLoop loop;
  HttpClient client(loop);
  check_session(client, waiting.inbox, http.server.address());
  CHECK(std::get<action::SessionChecked>(waiting.next()).status == 0);
}
