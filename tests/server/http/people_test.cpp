// Accounts, sessions, bots, invitations and codes by HTTP, as they are used and as they are abused.
#include <doctest/doctest.h>

#include "server/http/device.h"
#include "tests/support/api_fixture.h"

using namespace tessera;

namespace {

using json = nlohmann::json;

std::vector<NamedValue> as(const std::string& who) { return ApiFixture::bearer(ApiFixture::token_of(who)); }

std::vector<NamedValue> as_owner(const std::string& if_match = {}) {
  auto headers = ApiFixture::bearer(ApiFixture::owner_token);
  if (!if_match.empty()) headers.emplace_back("if-match", if_match);
  return headers;
}

/// Access of the canvas `main`, as the owner changes it.
void set_access(ApiFixture& api, const json& change) {
  REQUIRE(api.ask("PATCH", "/api/v1/canvases/main", change.dump(), as_owner("*")).status() == 200);
}

constexpr const char* one_cell = R"([{"x":1,"y":1,"color":1}])";

}  // namespace

TEST_CASE("Accounts: staff finds them by name or number, in pages, with what others do not see") {
  ApiFixture api({.people = true});
  const auto first = api.get("/api/v1/accounts?limit=2", as("moderator")).json();
  CHECK(first["items"].size() == 2);
  CHECK(first["items"][0]["id"] == 1);
  CHECK(first["total"] == 8);
  CHECK(first["complete"] == true);
  const auto rest = api.get("/api/v1/accounts?after=" + first["next"].get<std::string>(), as("moderator")).json();
  CHECK(rest["items"].size() == 6);
  CHECK(rest["next"].is_null());
  const auto found = api.get("/api/v1/accounts?q=BANNED", as("moderator")).json()["items"];
  REQUIRE(found.size() == 1);
  CHECK(found[0]["reason"] == "drew over others");
  CHECK(found[0]["banned_until"].is_string());
  CHECK(api.get("/api/v1/accounts?q=6", as("moderator")).json()["items"][0]["maker"] == 4);
}

TEST_CASE("Accounts: sorted by what they placed on a canvas, with when they were last seen") {
  ApiFixture api({.canvases = {{"main", {300, 200}}, {"spare", {30, 20}}}, .people = true});
  const std::string ann = api.sign_in("ann"), ben = api.sign_in("ben");
  api.place(ann, one_cell);
  api.place(ben, R"([{"x":2,"y":1,"color":1},{"x":3,"y":1,"color":1}])");
  const auto list = [&](const std::string& query) { return api.get("/api/v1/accounts?" + query, as("moderator")).json(); };
  const auto first = list("sort=-placements&limit=1");
  REQUIRE(first["items"].size() == 1);
  CHECK(first["items"][0]["name"] == "ben");
  CHECK(first["items"][0]["placements"] == 2);
  CHECK(first["items"][0]["seen"].is_string());
  CHECK(first["total"] == 10);
  const auto second = list("sort=-placements&limit=1&after=" + first["next"].get<std::string>());
  CHECK(second["items"][0]["name"] == "ann");
  CHECK(list("sort=-placements&limit=1&canvas=spare")["items"][0]["placements"] == 0);
  CHECK(list("sort=seen&limit=1")["items"][0]["seen"].is_null());  // the owner's own token has no session
  CHECK(list("state=banned")["total"] == 1);
  CHECK(list("role=admin&kind=discord")["items"][0]["id"] == 4);
}

TEST_CASE("Accounts: a list that cannot be is refused, and says what could") {
  ApiFixture api({.people = true});
  for (const char* query : {"sort=age", "sort=-", "sort=--id", "role=king", "kind=cat", "state=free", "limit=501", "limit=0", "after=x", "after=", "sort=name&after=5",
                            "sort=name&after=0123456789abcdef0123456789abcdef0123", "q=a&q=b", "who=me"}) {
    CAPTURE(query);
    const Answer answer = api.get(std::string("/api/v1/accounts?") + query, as("moderator"));
    CHECK(answer.status() == 400);
    CHECK(answer.code() == "invalid");
  }
  CHECK(api.get("/api/v1/accounts?canvas=nope", as("moderator")).status() == 404);
}

TEST_CASE("Accounts: a change needs the version that it was made for: 428, 412 with the current state, or done") {
  ApiFixture api({.people = true});
  const auto change = [&](const std::string& body, const std::string& if_match) {
    return api.ask("PATCH", "/api/v1/accounts/2", body, as_owner(if_match));
  };
  CHECK(change(R"({"note":"x"})", "").code() == "precondition_required");
  CHECK(api.get("/api/v1/accounts/2", as("moderator")).header("ETag") == "\"1\"");
  const Answer done = change(R"({"role":"moderator","note":"fine\u202e\n  hand"})", "\"1\"");
  CHECK(done.status() == 200);
  CHECK(done.header("ETag") == "\"2\"");
  CHECK(api.get("/api/v1/accounts/2", as("moderator")).header("ETag") == "\"2\"");
  CHECK(done.json()["role"] == "moderator");
  CHECK(done.json()["note"] == "fine hand");
  for (const char* stale : {"\"1\"", "W/\"2\"", "\"something else\"", "\"1\", W/\"2\""}) {
    const Answer answer = change(R"({"note":"y"})", stale);
    CHECK_MESSAGE(answer.status() == 412, stale);
    CHECK(answer.code() == "stale");
    CHECK(answer.json()["current"] == done.json());
    CHECK(answer.header("ETag") == "\"2\"");
  }
  CHECK(change(R"({"note":"y"})", "\"1\", \"2\"").status() == 200);
  CHECK(change(R"({"note":"z"})", "*").json()["version"] == 4);
  CHECK(change(R"({"note":"z"})", "nonsense").status() == 400);
  for (const char* wrong : {R"({"role":"king"})", R"({"role":null})", R"({"banned_until":"tomorrow"})", R"({"banned_until":5})", R"({"banned_until":"2001-01-01T00:00:00Z"})", R"({"name":"x"})", R"([])",
                            R"({"note":5})", R"({"version":9})"}) {
    CHECK_MESSAGE(change(wrong, "*").status() == 400, wrong);
  }
  CHECK(api.ask("PATCH", "/api/v1/accounts/999", "{}", as_owner("*")).status() == 404);
  CHECK(api.ask("PATCH", "/api/v1/accounts/0", "{}", as_owner("*")).status() == 404);
  CHECK(api.ask("PATCH", "/api/v1/accounts/4294967296", "{}", as_owner("*")).status() == 400);
}

TEST_CASE("Accounts: who is banned draws no more, and draws again when it is lifted") {
  ApiFixture api({.people = true});
  const auto token = ApiFixture::token_of("member");
  CHECK(api.place(token, one_cell).status() == 200);
  CHECK(api.ask("PATCH", "/api/v1/accounts/2", R"({"banned_until":"2999-01-01T00:00:00Z","reason":"enough"})", as_owner("*")).status() == 200);
  CHECK(api.place(token, one_cell).code() == "banned");
  CHECK(api.get("/auth/me", as("member")).json()["reason"] == "enough");
  const Answer lifted = api.ask("PATCH", "/api/v1/accounts/2", R"({"banned_until":null})", as_owner("*"));
  CHECK(lifted.json()["banned_until"].is_null());
  CHECK(lifted.json()["reason"] == "");
  CHECK(api.place(token, one_cell).status() == 200);
}

TEST_CASE("Sessions: one sees one's own devices, and ends one or all others") {
  ApiFixture api;
  const std::string token = api.sign_in("ann");
  const auto list = api.get("/auth/sessions", ApiFixture::bearer(token)).json();
  REQUIRE(list["items"].size() == 1);
  CHECK(list["items"][0]["current"] == true);
  CHECK(list["items"][0]["id"].get<std::string>().size() == 16);
  CHECK(list.dump().find(token) == std::string::npos);
  CHECK(api.ask("DELETE", "/auth/sessions", "", ApiFixture::bearer(token)).json()["ended"] == 0);
  const std::string target = "/auth/sessions/" + list["items"][0]["id"].get<std::string>();
  const Answer ended = api.ask("DELETE", target, "", {{"cookie", token}, {"origin", ApiFixture::origin}});
  CHECK(ended.status() == 204);
  CHECK(ended.header("Set-Cookie").find("Max-Age=0") != std::string::npos);
  CHECK(api.get("/auth/me", ApiFixture::bearer(token)).status() == 401);
}

TEST_CASE("Hostile: nobody sees or ends another's session, by guessing its id or by being its staff") {
  ApiFixture api({.people = true});
  const std::string ann = api.sign_in("ann"), bob = api.sign_in("bob");
  const std::string id = api.get("/auth/sessions", ApiFixture::bearer(ann)).json()["items"][0]["id"];
  for (const auto& who : {ApiFixture::bearer(bob), as("moderator"), as("admin"), as_owner(), as("bot")}) {
    const unsigned status = api.ask("DELETE", "/auth/sessions/" + id, "", who).status();
    CHECK((status == 404 || status == 403));
    CHECK(api.get("/auth/sessions", who).body().find(id) == std::string::npos);
  }
  CHECK(api.ask("DELETE", "/auth/sessions/" + id.substr(1), "", ApiFixture::bearer(ann)).status() == 400);
  CHECK(api.get("/auth/me", ApiFixture::bearer(ann)).status() == 200);
}

TEST_CASE("Hostile: a token that was signed out, expired, ended as a bot's or made up is refused wherever it is sent again") {
  ApiFixture api({.people = true});
  const std::string out = api.sign_in("ann");
  REQUIRE(api.ask("POST", "/auth/logout", "", ApiFixture::bearer(out)).status() == 204);
  const auto made = api.post("/api/v1/accounts/2/tokens", R"({"name":"clock","scopes":["place"]})", ApiFixture::token_of("member")).json();
  const std::string bot = made["token"];
  CHECK(api.place(bot, one_cell).status() == 200);
  const std::string service = std::to_string(made["account"]["id"].get<int>());
  REQUIRE(api.ask("DELETE", "/api/v1/accounts/2/tokens/" + service, "", as("member")).status() == 204);
  for (const std::string& token : {out, bot, ApiFixture::token_of("expired"), std::string("made up"), std::string(43, 'A'),
                                   std::string("x\r\nSet-Cookie: a=b"), std::string(200, 'x')}) {
    CAPTURE(token);
    for (const auto& headers : {ApiFixture::bearer(token), std::vector<NamedValue>{{"cookie", token}, {"origin", ApiFixture::origin}}}) {
      const Answer answer = api.ask("POST", "/api/v1/canvases/main/placements", R"({"cells":[{"x":1,"y":1,"color":1}]})", headers);
      CHECK(answer.status() == 401);
      CHECK(answer.code() == "bad_token");
      for (const auto& [name, value] : answer.response.headers) CHECK(value.find_first_of("\r\n") == std::string::npos);
    }
  }
}

TEST_CASE("Hostile: another site's page changes no account, session or bot by its visitor's cookie") {
  ApiFixture api({.people = true});
  struct Change {
    const char* method;
    const char* target;
    const char* body;
  };
  for (const Change& change : {Change{"DELETE", "/auth/sessions", ""}, {"POST", "/auth/owner", R"({"secret":"x"})"},
                               {"PATCH", "/api/v1/accounts/2", R"({"note":"x"})"}, {"POST", "/api/v1/accounts/4/tokens", R"({"name":"x","scopes":["manage"]})"},
                               {"POST", "/api/v1/invites", R"({"role":"moderator"})"}, {"POST", "/api/v1/canvases/main/join", R"({"code":"x"})"}}) {
    for (const char* origin : {"https://evil.example", "null", ""}) {
      std::vector<NamedValue> headers{{"cookie", ApiFixture::token_of("admin")}, {"if-match", "*"}};
      if (*origin) headers.emplace_back("origin", origin);
      CHECK_MESSAGE(api.ask(change.method, change.target, change.body, headers).code() == "bad_origin", change.target);
    }
  }
}

TEST_CASE("Hostile: a device's label is made of our words, whatever the User-Agent says") {
  const auto label = [](const std::string& agent) {
    HttpRequest request;
    request.headers.emplace_back("user-agent", agent);
    return device_label(request);
  };
  CHECK(label("Mozilla/5.0 (X11; Linux x86_64; rv:120.0) Gecko/20100101 Firefox/120.0") == "Firefox on Linux");
  CHECK(label("Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/119.0.0.0 Safari/537.36 Edg/119.0") == "Edge on Windows");
  CHECK(label("Mozilla/5.0 (iPhone; CPU iPhone OS 17_0 like Mac OS X) AppleWebKit/605.1.15 Version/17.0 Mobile/15E148 Safari/604.1") == "Safari on iPhone");
  CHECK(label("Mozilla/5.0 (Linux; Android 14) AppleWebKit/537.36 Chrome/119.0.0.0 Mobile Safari/537.36") == "Chrome on Android");
  CHECK(label("curl/7.88.1") == "curl");
  CHECK(label("<script>\r\nSet-Cookie: a=b\r\n\u202e") == "");
  CHECK(label(std::string(10'000, 'x')) == "");
  CHECK(device_label({}) == "");
  ApiFixture api;
  const Answer signed_in = api.ask("POST", "/auth/guest", R"({"name":"ann"})", {{"user-agent", "Firefox\r\nX: y Linux"}});
  const auto session = api.get("/auth/sessions", ApiFixture::bearer(signed_in.json()["token"])).json()["items"][0];
  CHECK(session["label"] == "Firefox on Linux");
}

TEST_CASE("Hostile: a cookie over plain HTTP says HttpOnly and SameSite, over TLS Secure as well") {
  ApiFixture api;
  const Answer plain = api.post("/auth/guest", R"({"name":"ann"})");
  CHECK(plain.header("Set-Cookie").find("; HttpOnly; SameSite=Lax") != std::string::npos);
  CHECK(plain.header("Set-Cookie").find("Secure") == std::string::npos);
  api.is_secure = true;
  CHECK(api.post("/auth/guest", R"({"name":"ann"})").header("Set-Cookie").ends_with("; HttpOnly; SameSite=Lax; Secure"));
}

TEST_CASE("Hostile: of a thousand sign-ups from one address as many come through as its limit, and no token comes of the rest") {
  ApiFixture api({.sign_ins = 20});
  int made = 0, refused = 0;
  for (int i = 0; i < 1'000; ++i) {
    const Answer answer = api.post("/auth/guest", R"({"name":"many"})");
    made += answer.status() == 201;
    refused += answer.status() == 429 && !answer.header("Retry-After").empty() && answer.header("Set-Cookie").empty();
  }
  CHECK(made == 20);
  CHECK(refused == 980);
}

TEST_CASE("Hostile: names of control and bidi characters, look-alikes of staff, and ten thousand characters") {
  ApiFixture api({.people = true});
  const auto sign_in = [&](const std::string& name) { return api.post("/auth/guest", json{{"name", name}}.dump()); };
  CHECK(sign_in("\u202e\u2066\u200b").status() == 400);
  CHECK(sign_in(std::string(10'000, 'x')).status() == 400);
  CHECK(sign_in("b\u0007o\u202eb").json()["account"]["name"] == "bob");
  for (const char* name : {"A Moderator", "a m0derator", "\u0430 \u043coderator", "A\u200b MODERATOR", "0wner", "a adm1n"}) {
    const Answer answer = sign_in(name);
    CHECK_MESSAGE(answer.status() == 400, name);
    CHECK(answer.code() == "invalid");
    CHECK(answer.json()["detail"].get<std::string>().find("staff") != std::string::npos);
  }
  CHECK(sign_in("a member").status() == 201);  // no staff
}

TEST_CASE("Hostile: cursors that were made up are refused, or pages like any other") {
  ApiFixture api({.people = true});
  for (const char* target : {"/api/v1/accounts", "/api/v1/invites"}) {
    CHECK(api.get(std::string(target) + "?after=4294967295", as_owner()).json()["items"].empty());
    for (const char* cursor : {"-1", "x", "4294967296", "1e3", "", "99999999999999999999", "0x1", "1;2"})
      CHECK_MESSAGE(api.get(std::string(target) + "?after=" + cursor, as_owner()).status() == 400, cursor);
  }
}

TEST_CASE("Owner: the token of the server's environment makes its player the owner as well; a guess does not, nor ten of them") {
  ApiFixture api({.guesses = 10, .people = true});
  const std::string ann = api.sign_in("ann");
  const auto claim = [&](const std::string& secret, const std::string& token) { return api.post("/auth/owner", json{{"secret", secret}}.dump(), token); };
  CHECK(claim("a guess", ann).code() == "forbidden");
  CHECK(claim(ApiFixture::owner_token, ApiFixture::token_of("bot")).status() == 403);
  CHECK(claim(ApiFixture::owner_token, ApiFixture::token_of("banned")).code() == "banned");
  CHECK(claim(ApiFixture::owner_token, ann).json()["role"] == "owner");
  CHECK(api.get("/auth/me", ApiFixture::bearer(ann)).json()["role"] == "owner");
  const std::string bob = api.sign_in("bob");
  for (int i = 0; i < 10; ++i) claim("guess " + std::to_string(i), bob);
  const Answer refused = claim("one more", bob);
  CHECK(refused.status() == 429);
  CHECK_FALSE(refused.header("Retry-After").empty());
}

TEST_CASE("Bots: a token told once, for what it was made for; the list tells none") {
  ApiFixture api({.people = true});
  const Answer made = api.post("/api/v1/accounts/2/tokens", R"({"name":"  the clock ","scopes":["place","read"]})", ApiFixture::token_of("member"));
  CHECK(made.status() == 201);
  CHECK(made.json()["account"]["kind"] == "service");
  CHECK(made.json()["account"]["name"] == "the clock");
  CHECK(made.json()["scopes"] == json{"read", "place"});
  const std::string token = made.json()["token"];
  CHECK(api.place(token, one_cell).status() == 200);
  const Answer listed = api.get("/api/v1/accounts/2/tokens", as("member"));
  CHECK(listed.json()["items"].size() == 1);
  CHECK(listed.body().find(token) == std::string::npos);
  const Answer reader = api.post("/api/v1/accounts/2/tokens", R"({"name":"eye","scopes":["read"]})", ApiFixture::token_of("member"));
  CHECK(api.place(reader.json()["token"], one_cell).code() == "forbidden");
  const Answer manager = api.post("/api/v1/accounts/4/tokens", R"({"name":"hand","scopes":["manage"]})", ApiFixture::token_of("admin"));
  CHECK(api.get("/api/v1/accounts", ApiFixture::bearer(manager.json()["token"])).status() == 200);
  for (const char* wrong : {R"({"name":"x","scopes":[]})", R"({"name":"x","scopes":["fly"]})", R"({"name":"x","scopes":[1]})", R"({"name":"\u200b","scopes":["read"]})",
                            R"({"scopes":["read"]})", R"({"name":"x","scopes":["read","read","read","read"]})"})
    CHECK_MESSAGE(api.post("/api/v1/accounts/2/tokens", wrong, ApiFixture::token_of("member")).status() == 400, wrong);
}

TEST_CASE("Bots: a WebSocket needs a token that may place, or none") {
  ApiFixture api({.people = true});
  const std::string reader = api.post("/api/v1/accounts/2/tokens", R"({"name":"eye","scopes":["read"]})", ApiFixture::token_of("member")).json()["token"];
  const auto hello = [&](const std::string& token) {
    std::promise<std::string> answered;
    api.authenticator().authenticate_token(token, [&](Result<Identity, Refused> who) {
      answered.set_value(who ? who->account.name : std::string(code(who.error().reason)));
    });
    return answered.get_future().get();
  };
  CHECK(hello(reader) == "forbidden");
  CHECK(hello(ApiFixture::token_of("bot")) == "a bot");
}

TEST_CASE("Joining: by the code as people read it aloud; a wrong one is told, and the eleventh within a minute is not looked at") {
  ApiFixture api({.guesses = 10, .people = true});
  const std::string ann = api.sign_in("ann");
  set_access(api, {{"access", "code"}, {"code", "KETTLE"}});
  CHECK(api.place(ann, one_cell).code() == "not_joined");
  const auto join = [&](const std::string& token, const std::string& code) {
    return api.post("/api/v1/canvases/main/join", json{{"code", code}}.dump(), token);
  };
  CHECK(join(ann, "wrong").code() == "forbidden");
  CHECK(join(ann, "ket-tle").status() == 204);
  CHECK(api.place(ann, one_cell).status() == 200);
  CHECK(api.post("/api/v1/canvases/none/join", R"({"code":"x"})", ann).status() == 404);
  const std::string bob = api.sign_in("bob");
  unsigned last = 0;
  for (int i = 0; i < 11; ++i) {
    api.peer = "192.0.2." + std::to_string(i);  // one account from many addresses
    last = join(bob, "guess " + std::to_string(i)).status();
  }
  CHECK(last == 429);
  api.peer = "192.0.2.77";
  for (int i = 0; i < 11; ++i) last = join(api.sign_in("c"), "guess").status();  // many accounts from one address
  CHECK(last == 429);
}

TEST_CASE("Joining: a code is kept in capitals, those with accents too, and met in either case") {
  ApiFixture api({.people = true});
  set_access(api, {{"access", "code"}, {"code", "forêt-œuvre"}});
  CHECK(api.get("/api/v1/canvases/main", ApiFixture::bearer(ApiFixture::owner_token)).json()["code"] == "FORÊTŒUVRE");
  CHECK(api.post("/api/v1/canvases/main/join", R"({"code":"Forêt Œuvre"})", api.sign_in("ann")).status() == 204);
}

TEST_CASE("Invites: made by staff, told once, accepted once, gone") {
  ApiFixture api({.people = true});
  set_access(api, {{"access", "invited"}});
  const Answer made = api.post("/api/v1/invites", R"({"canvas":"main","role":"member"})", ApiFixture::token_of("moderator"));
  CHECK(made.status() == 201);
  const std::string token = made.json()["token"];
  CHECK(made.json()["url"] == std::string(ApiFixture::origin) + "/#invite=" + token);
  CHECK(made.json()["uses"] == 1);
  CHECK(api.get("/api/v1/invites", as("moderator")).body().find(token) == std::string::npos);
  const std::string ann = api.sign_in("ann"), bob = api.sign_in("bob");
  CHECK(api.place(ann, one_cell).code() == "not_joined");
  const Answer accepted = api.post("/api/v1/invites/" + token + "/accept", "", ann);
  CHECK(accepted.json() == json{{"canvas", "main"}, {"role", "member"}});
  CHECK(api.place(ann, one_cell).status() == 200);
  CHECK(api.get("/auth/me", ApiFixture::bearer(ann)).json()["role"] == "member");
  const Answer late = api.post("/api/v1/invites/" + token + "/accept", "", bob);
  CHECK(late.status() == 410);
  CHECK(late.code() == "gone");
  CHECK(api.post("/api/v1/invites/made-up/accept", "", bob).status() == 404);
  CHECK(api.post("/api/v1/invites", R"({"canvas":"none"})", ApiFixture::token_of("moderator")).status() == 404);
  CHECK(api.post("/api/v1/invites", R"({"role":"moderator"})", ApiFixture::token_of("moderator")).status() == 403);
  CHECK(api.post("/api/v1/invites", R"({"canvas":"main","uses":null,"expires_at":null})", ApiFixture::token_of("moderator")).json()["uses"].is_null());
  for (const char* wrong : {R"({})", R"({"canvas":"NO"})", R"({"role":"king"})", R"({"canvas":"main","uses":0})", R"({"canvas":"main","uses":1.5})",
                            R"({"canvas":"main","expires_at":"1999-01-01T00:00:00Z"})", R"({"canvas":"main","expires_at":"soon"})"})
    CHECK_MESSAGE(api.post("/api/v1/invites", wrong, ApiFixture::token_of("moderator")).status() == 400, wrong);
  const std::string id = made.json()["id"].dump();
  CHECK(api.ask("DELETE", "/api/v1/invites/" + id, "", as("moderator")).status() == 204);
  CHECK(api.ask("DELETE", "/api/v1/invites/" + id, "", as("moderator")).status() == 404);
}
