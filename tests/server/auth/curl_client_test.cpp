#include "server/auth/curl_client.h"

#include <future>
#include <thread>

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <doctest/doctest.h>

using namespace tessera;
using Why = WebFailure::Why;

namespace {

/// Listens on loopback and gives each connection the next answer, byte for byte; an empty one never comes.
class Listener {
 public:
  explicit Listener(std::vector<std::string> answers) {
    socket_ = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof address;
    REQUIRE(bind(socket_, reinterpret_cast<sockaddr*>(&address), size) == 0);
    REQUIRE(listen(socket_, 8) == 0);
    REQUIRE(getsockname(socket_, reinterpret_cast<sockaddr*>(&address), &size) == 0);
    port_ = ntohs(address.sin_port);
    thread_ = std::thread([this, answers = std::move(answers)] { serve(answers); });
  }
  ~Listener() {
    shutdown(socket_, SHUT_RDWR);
    thread_.join();
    for (const int open : held_) close(open);
    close(socket_);
  }

  std::string url(const std::string& path = "/") const { return "http://127.0.0.1:" + std::to_string(port_) + path; }
  /// What was asked; of the first request.
  std::string asked() { return first_.get_future().get(); }

 private:
  void serve(const std::vector<std::string>& answers) {
    for (std::size_t i = 0; i < answers.size(); ++i) {
      const int peer = accept4(socket_, nullptr, nullptr, SOCK_CLOEXEC);
      if (peer < 0) return;
      std::string request;
      char buffer[4'096];
      while (request.find("\r\n\r\n") == std::string::npos || (request.starts_with("POST") && !request.ends_with("end"))) {
        const auto size = read(peer, buffer, sizeof buffer);
        if (size <= 0) break;
        request.append(buffer, static_cast<std::size_t>(size));
      }
      if (i == 0) first_.set_value(request);
      if (answers[i].empty()) {
        held_.push_back(peer);
        continue;
      }
      (void)!write(peer, answers[i].data(), answers[i].size());
      close(peer);
    }
  }

  int socket_ = -1;
  std::uint16_t port_ = 0;
  std::vector<int> held_;
  std::promise<std::string> first_;
  std::thread thread_;
};

std::string answer(const std::string& head, const std::string& body) {
  return "HTTP/1.1 " + head + "\r\nConnection: close\r\nContent-Length: " + std::to_string(body.size()) + "\r\n\r\n" + body;
}

std::unique_ptr<CurlClient> open_client(CurlClient::Settings settings = {}) {
  auto client = CurlClient::open(settings);
  REQUIRE(client);
  return std::move(*client);
}

Result<OutgoingAnswer, WebFailure> ask(CurlClient& client, OutgoingRequest request) {
  std::promise<Result<OutgoingAnswer, WebFailure>> told;
  auto result = told.get_future();
  client.send(std::move(request), [&](Result<OutgoingAnswer, WebFailure> each) { told.set_value(std::move(each)); });
  REQUIRE(result.wait_for(std::chrono::seconds(30)) == std::future_status::ready);
  return result.get();
}

OutgoingRequest get(std::string url) {
  OutgoingRequest request;
  request.url = std::move(url);
  return request;
}

}  // namespace

TEST_CASE("Web client: sends what it is given, and tells status, headers and body") {
  Listener listener({answer("201 Created\r\nRetry-After:  7 \r\nX-A: b", "hello")});
  const auto client = open_client();
  OutgoingRequest request;
  request.method = "POST";
  request.url = listener.url("/a?b=c");
  request.headers = {{"Content-Type", "text/plain"}, {"Authorization", "Bearer x"}};
  request.body = std::string("a\0b", 3) + "end";
  const auto result = ask(*client, request);
  REQUIRE(result);
  CHECK(result.value().status == 201);
  CHECK(result.value().body == "hello");
  REQUIRE(result.value().header("retry-after"));
  CHECK(result.value().header("retry-after")->substr(0, 1) == "7");
  const std::string asked = listener.asked();
  CHECK(asked.starts_with("POST /a?b=c HTTP/1.1\r\n"));
  CHECK(asked.find("Content-Type: text/plain\r\n") != std::string::npos);
  CHECK(asked.find("Authorization: Bearer x\r\n") != std::string::npos);
  CHECK(asked.ends_with(request.body));
}

TEST_CASE("Web client: follows no redirect, so that no token goes elsewhere") {
  Listener listener({answer("302 Found\r\nLocation: https://evil.example/", "")});
  const auto client = open_client();
  const auto result = ask(*client, get(listener.url()));
  REQUIRE(result);
  CHECK(result.value().status == 302);
}

TEST_CASE("Web client: an answer that never comes is a time-out, one that is too large is cut off") {
  Listener listener({"", answer("200 OK", std::string(5'000, 'x'))});
  const auto client = open_client({.body_bytes = 4'999});
  OutgoingRequest slow = get(listener.url());
  slow.patience = std::chrono::milliseconds(200);
  CHECK(ask(*client, slow).error().why == Why::TimedOut);
  CHECK(ask(*client, get(listener.url())).error().why == Why::TooLarge);
}

TEST_CASE("Web client: plain http leaves this machine only where it may, and nothing else is spoken") {
  const auto client = open_client();
  for (const char* url : {"http://192.0.2.1/", "ftp://127.0.0.1/", "file:///etc/passwd", "gopher://127.0.0.1/", "", "127.0.0.1", "http://",
                          "http://127.0.0.1@192.0.2.1/", "http://127.0.0.1.evil.example/"}) {
    const auto result = ask(*client, get(url));
    REQUIRE(!result);
    CHECK_MESSAGE(result.error().why == Why::Refused, url);
  }
  const auto loose = open_client({.connect_time = std::chrono::milliseconds(100), .plain_http = true});
  CHECK(ask(*loose, get("http://192.0.2.1/")).error().why != Why::Refused);
}

TEST_CASE("Web client: nobody there, or an answer that is none, is a failure in words") {
  std::string url;
  {
    Listener closed({});
    url = closed.url();
  }
  const auto client = open_client();
  const auto refused = ask(*client, get(url));
  CHECK(refused.error().why == Why::Unreachable);
  CHECK(!refused.error().detail.empty());
  Listener listener({"nonsense\r\n\r\n"});
  CHECK(!ask(*client, get(listener.url())).ok());
}

TEST_CASE("Web client: so many at once, and what is under way ends with it") {
  Listener listener({"", ""});
  auto client = open_client({.at_once = 2});
  std::vector<std::future<Why>> waiting;
  for (int i = 0; i < 3; ++i) {
    auto told = std::make_shared<std::promise<Why>>();
    waiting.push_back(told->get_future());
    client->send(get(listener.url()), [told](Result<OutgoingAnswer, WebFailure> result) { told->set_value(result.error().why); });
  }
  CHECK(waiting[2].get() == Why::Busy);
  client->stop();
  CHECK(waiting[0].get() == Why::Busy);
  CHECK(waiting[1].get() == Why::Busy);
  CHECK(ask(*client, get(listener.url())).error().why == Why::Busy);
}

TEST_CASE("Web client: which addresses are this machine") {
  for (const char* url : {"http://127.0.0.1", "http://127.0.0.1:80/a", "https://localhost/?x", "http://[::1]:7878/a#b", "http://127.1.2.3/"})
    CHECK_MESSAGE(is_loopback_url(url), url);
  for (const char* url : {"", "127.0.0.1", "http://127.0.0.1.evil.example/", "http://localhost.evil.example", "http://a@127.0.0.1/", "http://10.0.0.1/",
                          "http://evil.example/127.0.0.1", "ftp://127.0.0.1/"})
    CHECK_MESSAGE(!is_loopback_url(url), url);
}
