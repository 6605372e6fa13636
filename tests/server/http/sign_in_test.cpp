#include <doctest/doctest.h>

#include "shared/base/text.h"
#include "tests/support/api_fixture.h"

using namespace tessera;

namespace {

constexpr const char* one_cell = R"({"cells":[{"x":1,"y":1,"color":1}]})";

Answer place_by_cookie(ApiFixture& api, const std::string& token, const std::optional<std::string>& origin) {
  std::vector<NamedValue> headers{{"cookie", token}};
  if (origin) headers.emplace_back("origin", *origin);
  return api.ask("POST", "/api/v1/canvases/main/placements", one_cell, headers);
}

/// What a WebSocket's opening request is answered: 200 for an account, 204 for nobody.
unsigned open_socket(ApiFixture& api, std::vector<NamedValue> headers, const std::string& cookie = {}) {
  HttpRequest request;
  request.method = "GET";
  request.path = "/ws";
  request.headers = std::move(headers);
  request.headers.emplace_back("host", ApiFixture::host);
  request.headers.emplace_back("upgrade", "WebSocket");
  if (!cookie.empty()) request.cookies.emplace_back("tessera_session", cookie);
  std::promise<unsigned> answered;
  api.authenticator().authenticate(request, [&](Result<Identity, HttpResponse> who) {
    answered.set_value(!who ? who.error().status : who->account.id == nobody ? 204 : 200);
  });
  return answered.get_future().get();
}

}  // namespace

TEST_CASE("Guest: a token, a cookie, an account") {
  ApiFixture api;
  const Answer answer = api.post("/auth/guest", R"({"name":"  ann\u0007 of \u202egables  "})");
  CHECK(answer.status() == 201);
  const auto json = answer.json();
  CHECK(json["token"].get<std::string>().size() == 43);
  CHECK(parse_time(json["expires_at"].get<std::string>()));
  CHECK(json["account"]["name"] == "ann of gables");
  CHECK(json["account"]["kind"] == "guest");
  CHECK(json["account"]["role"] == "guest");
  CHECK(answer.header("Set-Cookie") ==
        "tessera_session=" + json["token"].get<std::string>() + "; Path=/; Max-Age=2592000; HttpOnly; SameSite=Lax");
  CHECK(answer.header("Cache-Control") == "no-store");
  CHECK(api.get("/auth/me", ApiFixture::bearer(json["token"])).json() == json["account"]);
}

TEST_CASE("Guest: a name that cannot be shown, or another shape, is refused") {
  ApiFixture api;
  for (const char* body : {R"({"name":""})", R"({"name":"   "})", R"({"name":"\u202e\u200b"})", R"({"name":5})", R"({})", R"([])", "x",
                           R"({"name":"a","role":"owner"})", R"({"name":"123456789012345678901234567890123"})"}) {
    const Answer answer = api.post("/auth/guest", body);
    CAPTURE(body);
    CHECK(answer.status() == 400);
    CHECK(answer.code() == "invalid");
    CHECK(answer.header("Set-Cookie").empty());
  }
  CHECK(api.post("/auth/guest", "{\"name\":\"" + std::string(10'000, 'a') + "\"}").status() == 400);
  CHECK(api.post("/auth/guest", "{\"name\":\"" + std::string(20'000, 'a') + "\"}").status() == 413);
}

TEST_CASE("Guest: not where the host wants none, nor for another site's page") {
  ApiFixture closed({.guests = false});
  CHECK(closed.post("/auth/guest", R"({"name":"ann"})").code() == "forbidden");
  CHECK(closed.get("/api/v1/server").json()["sign_in"].empty());
  ApiFixture api;
  CHECK(api.ask("POST", "/auth/guest", R"({"name":"ann"})", {{"origin", "http://evil.example"}}).code() == "bad_origin");
  CHECK(api.ask("POST", "/auth/guest", R"({"name":"ann"})", {{"origin", ApiFixture::origin}}).status() == 201);
}

TEST_CASE("Session: a stale cookie is cleared and locks nobody out") {
  ApiFixture api;
  const Answer refused = api.get("/api/v1/server", {{"cookie", "stale"}});
  CHECK(refused.status() == 401);
  CHECK(refused.code() == "bad_token");
  CHECK(refused.header("Set-Cookie") == "tessera_session=; Path=/; Max-Age=0; HttpOnly; SameSite=Lax");
  CHECK(api.ask("POST", "/auth/guest", R"({"name":"ann"})", {{"cookie", "stale"}}).status() == 201);
  CHECK(api.get("/healthz", {{"cookie", "stale"}}).status() == 200);
  CHECK(api.get("/api/v1/server", ApiFixture::bearer("forged")).header("Set-Cookie").empty());
}

TEST_CASE("Session: changes by cookie come from the server's own pages alone") {
  ApiFixture api({.public_url = "https://draw.example.org"});
  const auto token = api.sign_in("ann");
  CHECK(place_by_cookie(api, token, ApiFixture::origin).status() == 200);
  CHECK(place_by_cookie(api, token, "https://draw.example.org").status() == 200);
  for (const std::optional<std::string>& origin :
       {std::optional<std::string>{}, std::optional<std::string>{"null"}, std::optional<std::string>{"http://evil.example"},
        std::optional<std::string>{"https://127.0.0.1:7878"}, std::optional<std::string>{"http://127.0.0.1:8080"}}) {
    const Answer answer = place_by_cookie(api, token, origin);
    CHECK(answer.status() == 403);
    CHECK(answer.code() == "bad_origin");
  }
  CHECK(api.get("/auth/me", {{"cookie", token}}).status() == 200);
  CHECK(api.ask("POST", "/auth/logout", "", {{"cookie", token}}).code() == "bad_origin");
  CHECK(api.get("/api/v1/canvases/main").json()["seq"] == 2);
}

TEST_CASE("Session: in use, its cookie is renewed; signed out, it is dead") {
  ApiFixture api;
  const auto token = api.sign_in("ann");
  CHECK(api.get("/auth/me", {{"cookie", token}}).header("Set-Cookie").find(token) != std::string::npos);
  CHECK(api.get("/auth/me", ApiFixture::bearer(token)).header("Set-Cookie").empty());
  const Answer out = api.ask("POST", "/auth/logout", "", {{"cookie", token}, {"origin", ApiFixture::origin}});
  CHECK(out.status() == 204);
  CHECK(out.header("Set-Cookie").find("Max-Age=0") != std::string::npos);
  CHECK(api.get("/auth/me", ApiFixture::bearer(token)).code() == "bad_token");
  CHECK(api.place(token, R"([{"x":1,"y":1,"color":1}])").status() == 401);
}

TEST_CASE("Bearer: the owner's token is the owner; other kinds of Authorization are not") {
  ApiFixture api;
  CHECK(api.get("/auth/me", ApiFixture::bearer(ApiFixture::owner_token)).json()["role"] == "owner");
  CHECK(api.get("/auth/me", {{"authorization", std::string("bEARER  ") + ApiFixture::owner_token + " "}}).status() == 200);
  for (const std::string& header : {std::string("Bearer"), std::string("Bearer "), std::string("Basic YTpi"), std::string(""),
                                    std::string("Bearer ") + std::string(129, 'a'), std::string("Bearer a b")})
    CHECK_MESSAGE(api.get("/auth/me", {{"authorization", header}}).code() == "bad_token", header);
}

TEST_CASE("X-User: only where it was asked for, and from this machine") {
  ApiFixture off;
  CHECK(off.get("/auth/me", {{"x-user", "ann"}}).code() == "not_signed_in");
  ApiFixture api({.dev_header = true});
  const auto first = api.get("/auth/me", {{"x-user", "ann"}}).json();
  CHECK(first["name"] == "ann");
  CHECK(api.get("/auth/me", {{"x-user", "ann"}}).json() == first);
  CHECK(api.get("/auth/me", {{"x-user", "bob"}}).json()["id"] != first["id"]);
  CHECK(api.get("/auth/me", {{"x-user", "\x01"}}).status() == 400);
  api.peer = "192.0.2.1";
  CHECK(api.get("/auth/me", {{"x-user", "ann"}}).code() == "not_signed_in");
}

TEST_CASE("WebSocket: signed in by cookie from the own origin or by bearer, else a watcher or refused") {
  ApiFixture api;
  const auto token = api.sign_in("ann");
  CHECK(open_socket(api, {}) == 204);
  CHECK(open_socket(api, {{"origin", "http://evil.example"}}) == 204);
  CHECK(open_socket(api, {{"authorization", "Bearer " + token}}) == 200);
  CHECK(open_socket(api, {{"authorization", "Bearer forged"}}) == 401);
  CHECK(open_socket(api, {{"origin", ApiFixture::origin}}, token) == 200);
  CHECK(open_socket(api, {{"origin", "http://evil.example"}}, token) == 403);
  CHECK(open_socket(api, {}, token) == 403);
  CHECK(open_socket(api, {{"origin", ApiFixture::origin}}, "forged") == 401);
}

TEST_CASE("Hello: a token names its account, a forged one is refused with a reason") {
  ApiFixture api;
  const auto ask = [&](const std::string& token) {
    std::promise<std::string> answered;
    api.authenticator().authenticate_token(token, [&](Result<Identity, Refused> who) {
      answered.set_value(who ? who->account.name : std::string(code(who.error().reason)));
    });
    return answered.get_future().get();
  };
  CHECK(ask(api.sign_in("ann")) == "ann");
  CHECK(ask("forged") == "bad_token");
  CHECK(ask(ApiFixture::owner_token) == "owner");
}

TEST_CASE("Sign-in: an address makes only so many accounts a minute") {
  ApiFixture api({.sign_ins = 2});
  const auto sign_in = [&] { return api.post("/auth/guest", R"({"name":"x"})"); };
  CHECK(sign_in().status() == 201);
  CHECK(sign_in().status() == 201);
  const Answer refused = sign_in();
  CHECK(refused.status() == 429);
  CHECK(refused.code() == "too_soon");
  CHECK(refused.header("Retry-After") == "60");
  CHECK(refused.json()["retry_after_ms"] == 60'000);
  CHECK(refused.header("Set-Cookie") == "");
  api.peer = "192.0.2.7";
  CHECK(sign_in().status() == 201);
  api.peer = "127.0.0.1";
  api.read_clock.advance(std::chrono::seconds(60));
  CHECK(sign_in().status() == 201);
}
