// Locks, announcements, rollbacks and the audit log by HTTP.
#include <doctest/doctest.h>

#include "shared/base/text.h"
#include "tests/support/api_fixture.h"

using namespace tessera;
using nlohmann::json;

namespace {

struct StaffApi : ApiFixture {
  StaffApi() : ApiFixture({.audit_reads = std::nullopt, .people = true}) {}

  Answer as(const std::string& who, const std::string& method, const std::string& target, const std::string& body = {},
            const std::string& if_match = {}) {
    auto headers = bearer(who == "owner" ? std::string(owner_token) : token_of(who));
    if (!if_match.empty()) headers.emplace_back("if-match", if_match);
    return ask(method, target, body, headers);
  }
  json lock(const std::string& body = R"({"x":10,"y":20,"width":3,"height":2,"reason":"a memorial"})") {
    const Answer made = as("moderator", "POST", "/api/v1/canvases/main/locks", body);
    REQUIRE(made.status() == 201);
    return made.json();
  }
  json audit(const std::string& query = {}) { return as("moderator", "GET", "/api/v1/audit" + query).json()["items"]; }
};

constexpr const char* locks = "/api/v1/canvases/main/locks";

}  // namespace

TEST_CASE("Locks by HTTP: made, listed, changed under its version, lifted; a placement there is refused as locked") {
  StaffApi api;
  const json lock = api.lock();
  CHECK(lock["created_by"]["name"] == "a moderator");
  CHECK(lock["expires_at"] == nullptr);
  CHECK(lock["version"] == 1);
  const std::string own = std::string(locks) + "/" + std::to_string(lock["id"].get<int>());
  CHECK(api.get(locks).json()["items"] == json::array({lock}));
  const Answer refused = api.place(api.sign_in("ann"), R"([{"x":12,"y":21,"color":1}])");
  CHECK(refused.status() == 403);
  CHECK(refused.json()["rejected"][0]["code"] == "locked");

  CHECK(api.as("admin", "PATCH", own, R"({"width":1})").status() == 428);
  const Answer changed = api.as("admin", "PATCH", own, R"({"width":1,"allowed_role":"member"})", "\"1\"");
  CHECK(changed.status() == 200);
  CHECK(changed.header("ETag") == "\"2\"");
  CHECK(changed.json()["height"] == 2);
  const Answer stale = api.as("admin", "DELETE", own, {}, "\"1\"");
  CHECK(stale.status() == 412);
  CHECK(stale.json()["current"]["width"] == 1);
  CHECK(api.as("admin", "DELETE", own, {}, "\"2\"").status() == 204);
  CHECK(api.get(locks).json()["items"].empty());
  CHECK(api.place(api.sign_in("ben"), R"([{"x":12,"y":21,"color":1}])").status() == 200);
}

TEST_CASE("Locks by HTTP: one that the canvas's edge has come to lie across is changed where it stays, and not moved beyond it") {
  StaffApi api;
  const json lock = api.lock(R"({"x":280,"y":0,"width":20,"height":2,"reason":"old"})");
  REQUIRE(api.as("admin", "PATCH", "/api/v1/canvases/main", R"({"width":290})", "*").status() == 200);
  const std::string own = std::string(locks) + "/" + std::to_string(lock["id"].get<int>());
  CHECK(api.as("moderator", "PATCH", own, R"({"reason":"new"})", "*").json()["reason"] == "new");
  CHECK(api.as("moderator", "PATCH", own, R"({"x":281})", "*").code() == "out_of_bounds");
  CHECK(api.as("moderator", "PATCH", own, R"({"width":10})", "*").status() == 200);
}

TEST_CASE("Locks by HTTP: those that cannot be are refused by name") {
  StaffApi api;
  struct Wrong {
    const char* body;
    const char* code;
  };
  const Wrong wrongs[] = {{R"({"x":299,"y":0,"width":2,"height":1})", "out_of_bounds"}, {R"({"x":-1,"y":0,"width":2,"height":1})", "invalid"},
                          {R"({"x":0,"y":0,"width":0,"height":1})", "invalid"},         {R"({"x":0,"y":0,"width":1e9,"height":1})", "invalid"},
                          {R"({"x":0,"y":0,"width":1})", "invalid"},                    {R"({"x":0,"y":0,"width":1,"height":1,"allowed_role":"guest"})", "invalid"},
                          {R"({"x":0,"y":0,"width":1,"height":1,"expires_at":"1999-01-01T00:00:00Z"})", "invalid"},
                          {R"({"x":0,"y":0,"width":1,"height":1,"allowed_accounts":[0]})", "invalid"}};
  for (const Wrong& wrong : wrongs) {
    CAPTURE(wrong.body);
    const Answer answer = api.as("moderator", "POST", locks, wrong.body);
    CHECK(answer.status() == 400);
    CHECK(answer.code() == wrong.code);
  }
  CHECK(api.get(locks).json()["items"].empty());
}

TEST_CASE("Locks by the plain routes: both corners are within, and name it") {
  StaffApi api;
  const Answer made = api.as("moderator", "POST", "/locks", R"({"x1":1,"y1":2,"x2":3,"y2":2,"reason":"a memorial"})");
  REQUIRE(made.status() == 201);
  CHECK(made.json()["width"] == 3);
  CHECK(made.json()["height"] == 1);
  CHECK(api.get("/locks").json()["items"].size() == 1);
  CHECK(api.as("moderator", "POST", "/locks", R"({"x1":3,"y1":2,"x2":1,"y2":2})").status() == 400);
  CHECK(api.as("moderator", "DELETE", "/locks/1/2/3/3").status() == 404);
  CHECK(api.as("moderator", "DELETE", "/locks/1/2/3/2").status() == 204);
  CHECK(api.get("/locks").json()["items"].empty());
}

TEST_CASE("Announcements by HTTP: made, changed under its version, withdrawn; markup is text") {
  StaffApi api;
  const Answer made = api.as("moderator", "POST", "/api/v1/announcements", R"({"text":"<b>It grows</b> at noon"})");
  REQUIRE(made.status() == 201);
  CHECK(made.json()["text"] == "<b>It grows</b> at noon");
  const std::string own = "/api/v1/announcements/" + std::to_string(made.json()["id"].get<int>());
  CHECK(api.as("admin", "PATCH", own, R"({"pinned":true})", "\"1\"").json()["pinned"] == true);
  CHECK(api.as("admin", "PATCH", own, R"({"pinned":false})", "\"1\"").status() == 412);
  CHECK(api.get("/api/v1/announcements").json()["items"].size() == 1);
  CHECK(api.as("admin", "DELETE", own, {}, "*").status() == 204);
  CHECK(api.get("/api/v1/announcements").json()["items"].empty());
  CHECK(api.as("moderator", "POST", "/api/v1/announcements", R"({"text":"  "})").status() == 400);
}

TEST_CASE("Rollback by HTTP: previewed, applied, taken back, applied again; a cell tells whose it is") {
  StaffApi api;
  const std::string ann = api.sign_in("ann"), ben = api.sign_in("ben");
  REQUIRE(api.place(ann, R"([{"x":5,"y":5,"color":3},{"x":6,"y":5,"color":3}])").status() == 200);
  REQUIRE(api.place(ben, R"([{"x":5,"y":5,"color":7},{"x":9,"y":9,"color":7}])").status() == 200);
  const int vandal = api.get("/auth/me", ApiFixture::bearer(ben)).json()["id"];
  const std::string account = R"({"account":)" + std::to_string(vandal);
  const auto cell = [&](const char* at) { return api.get(std::string("/api/v1/canvases/main/cells/") + at).json(); };

  const json preview = api.as("moderator", "POST", "/api/v1/canvases/main/rollbacks", account + R"(,"dry_run":true})").json();
  CHECK(preview["dry_run"] == true);
  CHECK(preview["cells"] == 2);
  CHECK(preview["placements"] == 2);
  CHECK(preview["touched"] == json::parse(R"([{"account":)" + std::to_string(vandal) + R"(,"placements":2}])"));
  const Answer picture = api.as("moderator", "GET", preview["image"]);
  CHECK(picture.status() == 200);
  CHECK(picture.header("Content-Type") == "image/png");
  CHECK(picture.header("X-Tessera-Region") == "0,0,26,26");
  CHECK(cell("5/5")["color"] == 7);

  const Answer applied = api.as("moderator", "POST", "/api/v1/canvases/main/rollbacks", account + R"(,"reason":"drew over the cat"})");
  REQUIRE(applied.status() == 201);
  CHECK(applied.json()["state"] == "applied");
  CHECK(cell("5/5")["color"] == 3);
  CHECK(cell("5/5")["name"] == "ann");
  CHECK(cell("9/9")["color"] == nullptr);
  CHECK(cell("9/9")["account"] == nullptr);
  const json history = api.get("/api/v1/canvases/main/cells/5/5/history").json()["items"];
  CHECK(history[0]["kind"] == "rollback");
  CHECK(history[0]["name"] == "a moderator");

  const std::string own = "/api/v1/canvases/main/rollbacks/" + std::to_string(applied.json()["id"].get<int>());
  CHECK(api.as("owner", "POST", own + "/undo").json()["state"] == "undone");
  CHECK(cell("5/5")["name"] == "ben");
  CHECK(cell("9/9")["color"] == 7);
  CHECK(api.as("owner", "POST", own + "/redo").json()["state"] == "applied");
  CHECK(cell("5/5")["name"] == "ann");
  CHECK(api.as("moderator", "GET", own).json()["cells"] == 2);
  CHECK(api.as("moderator", "GET", "/api/v1/canvases/main/rollbacks").json()["items"].size() == 1);
  const json stats = api.get("/api/v1/canvases/main/stats").json();
  CHECK(stats["top"].size() == 2);  // who rolled back has placed nothing
}

TEST_CASE("Audit by HTTP: quotes and backslashes are found as they were typed") {
  StaffApi api;
  api.lock(R"({"x":2,"y":2,"width":1,"height":1,"reason":"the \"old\" map C:\\x"})");
  CHECK(api.audit("?q=the \"old\" map").size() == 1);
  CHECK(api.audit("?q=C:\\x").size() == 1);
  CHECK(api.audit("?q=C:\\\\x").empty());
  CHECK(api.audit("?q=\"reason\"").empty());
}

TEST_CASE("Audit by HTTP: of an invitation it tells what it gives, how often and until when") {
  StaffApi api;
  REQUIRE(api.as("admin", "POST", "/api/v1/invites", R"({"role":"member","uses":5,"expires_at":"2099-01-01T00:00:00Z"})").status() == 201);
  REQUIRE(api.as("admin", "POST", "/api/v1/invites", R"({"role":"moderator","uses":null})").status() == 201);
  const json all = api.audit("?action=invite.create");
  REQUIRE(all.size() == 2);
  CHECK(all[1]["detail"] == json{{"role", "member"}, {"uses", 5}, {"expires_at", "2099-01-01T00:00:00.000Z"}});
  CHECK(all[0]["detail"] == json{{"role", "moderator"}, {"uses", nullptr}, {"expires_at", nullptr}});
}

TEST_CASE("Rollbacks by HTTP: a picture of what would change is of before or after") {
  StaffApi api;
  const std::string picture = "/api/v1/canvases/main/rollbacks/preview.png?account=2";
  for (const char* side : {"", "&side=before", "&side=after"}) CHECK(api.as("moderator", "GET", picture + side).status() == 200);
  CHECK(api.as("moderator", "GET", picture + "&side=nonsense").status() == 400);
}

TEST_CASE("Denials: guesses at the owner's secret and at a canvas's code are in the audit log, what nobody guesses at is not") {
  StaffApi api;
  const std::string ann = api.sign_in("ann");
  CHECK(api.post("/auth/owner", R"({"secret":"not-this-one"})", ann).status() == 403);
  REQUIRE(api.as("owner", "PATCH", "/api/v1/canvases/main", R"({"access":"code"})", "*").status() == 200);
  CHECK(api.post("/api/v1/canvases/main/join", R"({"code":"WRONG"})", ann).status() == 403);
  CHECK(api.place(ann, R"([{"x":1,"y":1,"color":1}])").status() == 403);
  const auto denied = [&] { return api.audit("?action=auth.denied"); };
  for (int turn = 0; turn < 200 && denied().size() < 2; ++turn) continue;  // what is denied is written beside the answer
  REQUIRE(denied().size() == 2);
  CHECK(denied()[0]["target"] == "POST /api/v1/canvases/{canvas}/join");
  CHECK(denied()[1]["target"] == "POST /auth/owner");
  CHECK(denied()[1]["actor"]["name"] == "ann");
}

TEST_CASE("Audit by HTTP: found by actor, action, target, time and text, paged, in three formats; its hashes are of its own JSON") {
  StaffApi api;
  api.lock();
  api.lock(R"({"x":1,"y":1,"width":1,"height":1,"reason":"=cmd|' /C calc'!A0"})");
  REQUIRE(api.as("admin", "PATCH", "/api/v1/canvases/main", R"({"paused":true,"message":"back soon"})").status() == 200);
  REQUIRE(api.as("member", "POST", "/api/v1/canvases", R"({"name":"x","width":5,"height":5})").status() == 403);
  json all = api.audit();
  for (int turn = 0; turn < 200 && all.size() < 4; ++turn) all = api.audit();  // what is denied is written beside the answer
  REQUIRE(all.size() == 4);
  CHECK(all[0]["action"] == "auth.denied");
  CHECK(all[0]["actor"]["name"] == "a member");
  CHECK(all[0]["target"] == "POST /api/v1/canvases");
  CHECK(all[1]["action"] == "canvas.pause");
  CHECK(all[1]["detail"] == json{{"message", "back soon"}});
  CHECK(all[3]["action"] == "lock.create");

  std::string before(64, '0');
  for (auto entry = all.rbegin(); entry != all.rend(); ++entry) {
    json bare = *entry;
    bare.erase("hash");
    const std::string text = before + bare.dump();
    before = to_hex(ByteSpan(hash_token(text)));
    CHECK((*entry)["hash"] == before);
  }
  CHECK(api.as("moderator", "GET", "/api/v1/audit/verify").json() == json{{"ok", true}, {"entries", 4}, {"head", before}});

  CHECK(api.audit("?action=lock.create").size() == 2);
  CHECK(api.audit("?action=lock").size() == 2);
  CHECK(api.audit("?action=loc").empty());
  CHECK(api.audit("?actor=4").size() == 1);
  CHECK(api.audit("?target=canvas:main").size() == 1);
  CHECK(api.audit("?canvas=main").size() == 3);
  CHECK(api.audit("?q=back soon").size() == 1);
  CHECK(api.audit("?q=BACK").size() == 1);
  CHECK(api.audit("?since=2100-01-01T00:00:00Z").empty());
  CHECK(api.audit("?until=2100-01-01T00:00:00Z").size() == 4);
  CHECK(api.as("moderator", "GET", "/api/v1/audit?since=noon").status() == 400);

  const json page = api.as("moderator", "GET", "/api/v1/audit?limit=3").json();
  CHECK(page["next"] == 2);
  CHECK(api.as("moderator", "GET", "/api/v1/audit?limit=3&after=2").json()["items"].size() == 1);
  const Answer csv = api.as("moderator", "GET", "/api/v1/audit?format=csv&action=lock.create");
  CHECK(csv.header("Content-Type") == "text/csv; charset=utf-8");
  CHECK(csv.body().starts_with("id,time,actor,name,action,canvas,target,detail,hash\r\n2,"));
  const Answer lines = api.as("moderator", "GET", "/api/v1/audit?format=ndjson&limit=1");
  CHECK(json::parse(lines.body())["action"] == "auth.denied");
  CHECK(lines.header("X-Tessera-Next") == "4");
  CHECK(api.as("moderator", "GET", "/audit").json()["items"].size() == 4);
}
