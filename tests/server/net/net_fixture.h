#pragma once

#include <chrono>
#include <condition_variable>
#include <deque>
#include <mutex>
#include <optional>
#include <string>

#include <doctest/doctest.h>

#include "server/core/problem.h"
#include "server/net/net_server.h"
#include "server/net/static_files.h"
#include "tests/server/net/loopback_client.h"
#include "tests/support/quiet_hub.h"

namespace tessera::test {

/// Keeps what the network threads post, until the test takes it.
class FakeHub final : public QuietHub {
 public:
  void post(Command command) override {
    const std::lock_guard lock(mutex_);
    commands_.push_back(std::move(command));
    changed_.notify_all();
  }
  /// Waits for the next command, which must be of this kind.
  template <typename Wanted>
  Wanted next() {
    std::unique_lock lock(mutex_);
    REQUIRE(changed_.wait_for(lock, std::chrono::seconds(10), [&] { return !commands_.empty(); }));
    Command command = std::move(commands_.front());
    commands_.pop_front();
    REQUIRE(std::holds_alternative<Wanted>(command));
    return std::get<Wanted>(std::move(command));
  }
  /// Waits for the next command of this kind, whatever comes before it.
  template <typename Wanted>
  Wanted find() {
    for (;;) {
      std::unique_lock lock(mutex_);
      REQUIRE(changed_.wait_for(lock, std::chrono::seconds(10), [&] { return !commands_.empty(); }));
      Command command = std::move(commands_.front());
      commands_.pop_front();
      if (auto* wanted = std::get_if<Wanted>(&command)) return std::move(*wanted);
    }
  }
  bool is_quiet() {
    const std::lock_guard lock(mutex_);
    return commands_.empty();
  }
  void note_address(AccountId account, std::vector<AddressPrefix> prefixes) override {
    const std::lock_guard lock(mutex_);
    noted_.emplace_back(account, std::move(prefixes));
  }
  /// Where which account was seen, in order.
  std::vector<std::pair<AccountId, std::vector<AddressPrefix>>> noted() {
    const std::lock_guard lock(mutex_);
    return noted_;
  }

 private:
  std::mutex mutex_;
  std::condition_variable changed_;
  std::deque<Command> commands_;
  std::vector<std::pair<AccountId, std::vector<AddressPrefix>>> noted_;
};

/// Answers with what it understood, one line: method, path, query, body length; `/later` when the test says so.
class EchoHandler final : public HttpHandler {
 public:
  std::size_t body_limit(const HttpRequest& head) const override { return head.path == "/small" ? 10 : 1u << 20; }
  void handle(HttpRequest request, Respond respond) override {
    if (request.path == "/later") {
      const std::lock_guard lock(mutex_);
      held_ = std::move(respond);
      changed_.notify_all();
      return;
    }
    HttpResponse response;
    std::string text = request.method + ' ' + request.path;
    for (const auto& [name, value] : request.query) text += ' ' + name + '=' + value;
    text += ' ' + std::to_string(request.body.size());
    if (request.path == "/who") text = request.peer + (request.is_loopback ? " loopback" : " elsewhere");
    response.body = request.path == "/big" ? std::make_shared<const Bytes>(8u << 20, std::uint8_t{'b'}) : shared_bytes(text);
    respond(std::move(response));
  }
  Respond held() {
    std::unique_lock lock(mutex_);
    REQUIRE(changed_.wait_for(lock, std::chrono::seconds(10), [&] { return held_ != nullptr; }));
    return std::exchange(held_, nullptr);
  }

 private:
  std::mutex mutex_;
  std::condition_variable changed_;
  Respond held_;
};

/// The token `good` is account 7, by this session; any other is forged.
class FakeAuthenticator final : public Authenticator {
 public:
  void authenticate(const HttpRequest& request, std::function<void(Result<Identity, HttpResponse>)> done) override {
    const std::string* bearer = request.header("authorization");
    if (bearer == nullptr) return done(Identity{});
    if (*bearer != "Bearer good") return done(problem(401, "bad_token", "forged"));
    done(Identity{.account = ann(), .session = session});
  }
  void authenticate_token(std::string token, std::function<void(Result<Identity, Refused>)> done) override {
    if (token != "good") return done(Refused{Refusal::BadToken, "forged", protocol_version});
    done(Identity{.account = ann(), .session = session});
  }
  bool guests_allowed() const override { return true; }
  static constexpr TokenHash session{4, 5, 6};
  static AccountInfo ann() { return {AccountId{7}, "ann", AccountKind::Guest, Role::Guest}; }
};

/// A real server on a free port of the loopback, with two network threads, and nothing real behind it.
class NetFixture {
 public:
  enum class Loopback : std::uint8_t { Clients, TrustedProxy };  ///< whose the connections from there are

  explicit NetFixture(NetSettings settings = {}, const StaticFiles* files = nullptr, Loopback loopback = Loopback::Clients) {
    settings.port = 0;
    settings.threads = 2;
    const NetServices services{.hub = hub, .http = http, .authenticator = authenticator, .clock = clock, .random = random,
                               .files = files,
                               .inspect = [](CanvasId, Cell cell, auto reply) { reply(Inspected{cell.x, cell.y, 5, {}}); },
                               .prefixes = [](const HttpRequest& request) {
                                 const std::string* from = request.header("x-forwarded-for");
                                 return std::vector<AddressPrefix>{{PrefixKind::V4Address, from ? from->size() : 0}};
                               },
                               .is_proxy = [loopback](const std::string&) { return loopback == Loopback::TrustedProxy; },
                               .see_client = [loopback](HttpRequest& request) {
                                 const std::string* from = request.header("x-forwarded-for");
                                 if (loopback == Loopback::TrustedProxy && from) request.peer = *from;
                                 const std::string* scheme = request.header("x-forwarded-proto");
                                 if (loopback == Loopback::TrustedProxy && scheme) request.is_secure = *scheme == "https";
                               }};
    auto opened = NetServer::open(settings, services);
    REQUIRE(opened.ok());
    server = std::move(*opened);
    server->start();
  }

  LoopbackClient connect() const { return LoopbackClient(server->port()); }
  LoopbackClient connect_ws(std::string_view extra_headers) const {
    LoopbackClient client = connect();
    client.send("GET /ws HTTP/1.1\r\nHost: localhost\r\nConnection: keep-alive, Upgrade\r\nUpgrade: websocket\r\n"
                "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n" +
                std::string(extra_headers) + "\r\n");
    return client;
  }
  /// A binary connection after the handshake.
  LoopbackClient connect_binary(std::string_view extra_headers = "") const {
    LoopbackClient client = connect_ws("Sec-WebSocket-Protocol: tessera.v1\r\n" + std::string(extra_headers));
    const std::string head = client.read_head();
    REQUIRE(head.find("101 Switching Protocols") != std::string::npos);
    REQUIRE(head.find("Sec-WebSocket-Protocol: tessera.v1") != std::string::npos);
    return client;
  }
  LoopbackClient connect_json(std::string_view extra_headers = "") const {
    LoopbackClient client = connect_ws(extra_headers);
    REQUIRE(client.read_head().find("101 Switching Protocols") != std::string::npos);
    return client;
  }

  FakeHub hub;
  EchoHandler http;
  FakeAuthenticator authenticator;
  SystemClock clock;
  SystemRandom random;
  std::unique_ptr<NetServer> server;
};

}  // namespace tessera::test
