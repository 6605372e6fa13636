#pragma once

#include <future>
#include <memory>
#include <optional>
#include <string>

#include <doctest/doctest.h>
#include <nlohmann/json.hpp>

#include "server/auth/address_hasher.h"
#include "server/auth/device_codes.h"
#include "server/auth/discord.h"
#include "server/auth/session_authenticator.h"
#include "server/auth/token.h"
#include "server/core/minute_history.h"
#include "server/core/room_loop.h"
#include "server/http/address_limit.h"
#include "server/http/api.h"
#include "server/http/picture_queue.h"
#include "server/http/stats.h"
#include "server/storage/memory_store.h"
#include "shared/canvas/deflate.h"
#include "shared/canvas/png.h"
#include "tests/support/fake_clock.h"
#include "tests/support/fake_web.h"

namespace tessera {

/// An answer as a test looks at it.
struct Answer {
  HttpResponse response;

  unsigned status() const { return response.status; }
  std::string body() const { return response.body ? std::string(as_text(*response.body)) : std::string{}; }
  nlohmann::json json() const { return nlohmann::json::parse(body(), nullptr, false); }
  std::string code() const { return json().value("code", ""); }
  std::string header(std::string_view name) const {
    for (const auto& [each, value] : response.headers)
      if (each == name) return value;
    return {};
  }
};

struct ApiOptions {
  std::vector<NamedCanvas> canvases{{"main", {300, 200}}};
  PlacingLimits limits{};
  std::optional<std::uint32_t> plain_reads = 10;
  std::optional<std::uint32_t> audit_reads = 5;
  std::optional<std::uint32_t> sign_ins = std::nullopt;
  std::optional<std::uint32_t> guesses = std::nullopt;
  bool guests = true;
  bool people = false;  ///< one of each role, and some who may less: see `ApiFixture::token_of`
  bool dev_header = false;
  bool public_audit = true;
  std::optional<std::string> public_url{};
  bool discord = false;  ///< set up; what it answers is up to `ApiFixture::web`
};

/// The real API over real rooms and a memory store; only the clock of the limits on reads is the test's.
class ApiFixture {
 public:
  static constexpr const char* owner_token = "the owner's own secret token";
  static constexpr const char* host = "127.0.0.1:7878";
  static constexpr const char* origin = "http://127.0.0.1:7878";

  explicit ApiFixture(ApiOptions options = {})
      : site_(options.public_url ? parse_origin(*options.public_url) : std::nullopt, {"canvas.test"}),
        plain_reads_(options.plain_reads),
        audit_reads_(options.audit_reads),
        sign_ins_(options.sign_ins),
        guesses_(options.guesses) {
    const Moment moment = Moment::of(clock_);
    AccountRecord owner;
    owner.id = AccountId{1};
    owner.name = "owner";
    owner.kind = AccountKind::Service;
    owner.role = Role::Owner;
    WriteSet writes;
    writes.accounts.push_back(owner);
    if (options.people) add_people(writes, moment.wall);
    REQUIRE(store_.commit(writes).outcome == CommitOutcome::Stored);
    auto opening = open_canvases(store_, {.named = options.canvases, .limits = options.limits}, random_, moment);
    REQUIRE(opening.ok());
    auto readers = Readers::open(store_);
    REQUIRE(readers.ok());
    readers_ = std::move(*readers);
    journal_ = std::make_unique<Journal>(store_, clock_, counters_);
    RoomLoop::Settings settings;
    settings.rooms.owner_token = hash_token(owner_token);
    loop_ = std::make_unique<RoomLoop>(
        settings,
        RoomLoop::Parts{clock_, random_, *journal_, workers_, *readers_, counters_, zlib_compressor(1), [](const std::string&) {}},
        std::move(*opening));
    AuthSettings auth;
    auth.guests = options.guests;
    auth.dev_header = options.dev_header;
    auth.owner_token = hash_token(owner_token);
    auth.owner = owner.id;
    authenticator_ = std::make_unique<SessionAuthenticator>(*loop_, clock_, site_, auth, random_);
    stats_ = std::make_unique<Stats>(*loop_, *readers_, workers_);
    const DiscordSettings discord{.client_id = "client", .client_secret = "a secret", .version = "1.2.3"};
    if (options.discord) discord_ = std::make_unique<Discord>(discord, web, read_clock, random_);
    api_ = std::make_unique<Api>(HttpServices{.hub = *loop_,
                                              .authenticator = *authenticator_,
                                              .readers = *readers_,
                                              .workers = workers_,
                                              .clock = read_clock,
                                              .random = random_,
                                              .site = site_,
                                              .info = {"Test", "1.2.3", std::chrono::hours(24 * 30), options.limits},
                                              .pictures = pictures_,
                                              .stats = *stats_,
                                              .addresses = addresses_,
                                              .plain_reads = plain_reads_,
                                              .audit_reads = audit_reads_,
                                              .wide_reads = wide_reads_,
                                              .sign_ins = sign_ins_,
                                              .guesses = guesses_,
                                              .devices = devices_,
                                              .device_tries = device_tries_,
                                              .discord = discord_.get(),
                                              .metrics = [](const std::vector<CanvasView>&) { return "tessera_up 1\n"; },
                                              .history = &history,
                                              .state = [] { return ServerState{.store = "memory", .threads = 7, .settings = {{"name", "Test", "default"}}}; },
                                              .public_audit = [is_on = options.public_audit] { return is_on; }});
  }
  ~ApiFixture() {
    loop_->stop();
    readers_->stop();
    workers_.stop();
  }

  /// A request as the network would hand it on; `target` may have a plain query. `Host` is there unless `headers` has its own.
  Answer ask(const std::string& method, const std::string& target, const std::string& body = {},
             std::vector<NamedValue> headers = {}) {
    HttpRequest request;
    request.method = method;
    request.path = target.substr(0, target.find('?'));
    if (const std::size_t mark = target.find('?'); mark != std::string::npos) add_query(request, target.substr(mark + 1));
    request.body = body;
    request.peer = peer;
    request.is_secure = is_secure;
    request.is_loopback = peer == "127.0.0.1";
    for (NamedValue& header : headers) {
      if (header.first == "cookie") request.cookies.emplace_back("tessera_session", header.second);
      else if (header.first.starts_with("cookie:")) request.cookies.emplace_back(header.first.substr(7), header.second);
      else request.headers.push_back(std::move(header));
    }
    if (!request.header("host")) request.headers.emplace_back("host", host);
    if (!body.empty() && !request.header("content-type")) request.headers.emplace_back("content-type", "application/json");
    while (clock_.wall() <= expiry_) std::this_thread::yield();  // a millisecond after the start, at most
    auto answered = std::make_shared<std::promise<HttpResponse>>();
    auto answer = answered->get_future();
    api_->handle(std::move(request), [answered](HttpResponse response) { answered->set_value(std::move(response)); });
    REQUIRE(answer.wait_for(std::chrono::seconds(20)) == std::future_status::ready);
    return {answer.get()};
  }
  Answer get(const std::string& target, std::vector<NamedValue> headers = {}) {
    return ask("GET", target, {}, std::move(headers));
  }
  Answer post(const std::string& target, const std::string& body, const std::string& token = {}) {
    return ask("POST", target, body, token.empty() ? std::vector<NamedValue>{} : bearer(token));
  }
  static std::vector<NamedValue> bearer(const std::string& token) { return {{"authorization", "Bearer " + token}}; }

  /// With `people`: of the `member` (account 2), the `moderator` (3), the `admin` (4); of `banned`, who is a moderator (5); of
  /// the admin's `bot`, which may place and nothing else (6); `expired`: of a session of the member; `here` and `elsewhere`: members who
  /// are moderators of the first canvas alone (7), and of the second (8).
  static std::string token_of(const std::string& who) { return "the token of " + who; }

  /// The token of a new guest.
  std::string sign_in(const std::string& name) {
    const Answer answer = post("/auth/guest", nlohmann::json{{"name", name}}.dump());
    REQUIRE(answer.status() == 201);
    return answer.json()["token"];
  }
  Answer place(const std::string& token, const std::string& cells) {
    return post("/api/v1/canvases/main/placements", "{\"cells\":" + cells + "}", token);
  }

  const Api& api() const { return *api_; }
  SessionAuthenticator& authenticator() { return *authenticator_; }

  FakeClock read_clock;
  MinuteHistory history{read_clock};
  FakeWeb web;
  std::string peer = "127.0.0.1";
  bool is_secure = false;  ///< requests come over TLS

 private:
  void add_people(WriteSet& writes, WallTime now) {
    struct Person {
      const char* who;
      std::uint32_t id;
      Role role;
    };
    for (const Person& person : {Person{"member", 2, Role::Member}, {"moderator", 3, Role::Moderator}, {"admin", 4, Role::Admin},
                                 {"banned", 5, Role::Moderator}, {"bot", 6, Role::Member}, {"expired", 2, Role::Member}, {"here", 7, Role::Member}, {"elsewhere", 8, Role::Member}}) {
      const std::string who = person.who;
      AccountRecord account;
      account.id = AccountId{person.id};
      account.name = "a " + who;
      account.kind = who == "bot" ? AccountKind::Service : AccountKind::Discord;
      account.role = person.role;
      if (who == "bot") account.maker = AccountId{4};
      if (who == "banned") account.banned_until = WallTime{ms(now) + 3'600'000};
      if (who == "banned") account.ban_reason = "drew over others";
      SessionRecord session;
      session.hash = hash_token(token_of(who));
      session.account = account.id;
      session.created = session.used = now;
      session.expires = WallTime{ms(now) + 3'600'000};
      if (who == "bot") session.kind = SessionKind::Service;
      if (who == "bot") session.scopes = static_cast<std::uint8_t>(Scope::Place);
      if (who == "expired") session.expires = expiry_ = WallTime{ms(now) + 1};
      if (who != "expired") writes.accounts.push_back(account);
      writes.sessions.push_back(session);
    }
    for (const std::uint32_t canvas : {1u, 2u})
      writes.grants.push_back({.canvas = CanvasId{canvas}, .account = AccountId{6 + canvas}, .role = Role::Moderator, .maker = AccountId{1}, .created = now, .version = ++writes.last_number});
  }
  static void add_query(HttpRequest& request, std::string text) {
    while (!text.empty()) {
      const std::string pair = text.substr(0, text.find('&'));
      text = pair.size() == text.size() ? std::string{} : text.substr(pair.size() + 1);
      const std::size_t equals = pair.find('=');
      request.query.emplace_back(pair.substr(0, equals), equals == std::string::npos ? std::string{} : pair.substr(equals + 1));
    }
  }

  SystemClock clock_;
  WallTime expiry_{};  // of the session that is to be over before the first request
  SystemRandom random_;
  Counters counters_;
  MemoryStore store_;
  Site site_;
  AddressLimit plain_reads_;
  AddressLimit audit_reads_;
  AddressLimit wide_reads_{std::nullopt};
  AddressLimit sign_ins_;
  AddressLimit guesses_;
  AddressLimit device_tries_{30};
  DeviceCodes devices_{read_clock, random_};
  AddressHasher addresses_{AddressHasher::Key{1, 2, 3}};
  PictureQueue pictures_{{}};
  Workers workers_{2, 1'000};
  std::unique_ptr<Journal> journal_;
  std::unique_ptr<Readers> readers_;
  std::unique_ptr<RoomLoop> loop_;
  std::unique_ptr<SessionAuthenticator> authenticator_;
  std::unique_ptr<Stats> stats_;
  std::unique_ptr<Discord> discord_;
  std::unique_ptr<Api> api_;
};

}  // namespace tessera
