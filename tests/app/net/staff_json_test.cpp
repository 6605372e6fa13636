#include "app/net/staff_json.h"

#include <doctest/doctest.h>

#include "app/net/api.h"

using namespace tessera;
using nlohmann::json;

namespace {

json lock_json() {
  return json::parse(R"({"id":5,"x":10,"y":20,"width":30,"height":40,"reason":"judging","expires_at":"2026-11-21T21:00:00.000Z",
    "allowed_role":"member","allowed_accounts":[3,4],"created_by":{"id":3,"name":"julie","kind":"guest","role":"moderator"},
    "created":"2026-11-21T20:00:00.000Z","version":7})");
}

}  // namespace

TEST_CASE("Staff by HTTP: a lock is read whole, and nothing that is none is taken for one") {
  const auto lock = read_lock(lock_json());
  REQUIRE(lock);
  CHECK(lock->id == LockId{5});
  CHECK(lock->height == 40);
  CHECK(lock->expires_ms == 1'795'294'800'000);
  CHECK(lock->allowed == Role::Member);
  CHECK(lock->accounts.size() == 2);
  CHECK(lock->maker.name == "julie");
  CHECK(lock->version == 7);
  for (const char* field : {"id", "x", "y", "width", "height", "allowed_role"}) {
    json broken = lock_json();
    broken[field] = "no";
    CHECK_FALSE(read_lock(broken));
    broken.erase(field);
    CHECK_FALSE(read_lock(broken));
  }
  json endless = lock_json();
  endless["expires_at"] = nullptr;
  CHECK(read_lock(endless)->expires_ms == 0);
  CHECK_FALSE(read_lock(json::array()));
  CHECK_FALSE(read_announcement(json{{"id", 1}, {"text", ""}}));
}

TEST_CASE("Staff by HTTP: questions go out with method, address, body and version") {
  const LockWish wish{{1, 2, 3, 4}, "why", std::nullopt, Role::Moderator};
  const WebRequest make = request_of("http://a", "tok", ask::MakeLock{"a b", wish});
  CHECK(make.method == "POST");
  CHECK(make.url == "http://a/api/v1/canvases/a%20b/locks");
  CHECK(json::parse(make.json) ==
        json::parse(R"({"x":1,"y":2,"width":3,"height":4,"reason":"why","expires_at":null,"allowed_role":"moderator"})"));
  const WebRequest change = request_of("http://a", "", ask::ChangeLock{"main", LockId{5}, wish, {StaffField::Reason}, 7});
  CHECK(change.method == "PATCH");
  CHECK(change.url == "http://a/api/v1/canvases/main/locks/5");
  CHECK(change.if_match == "\"7\"");
  CHECK(json::parse(change.json) == json{{"reason", "why"}});
  const WebRequest lift = request_of("http://a", "", ask::LiftLock{"main", LockId{5}, 7});
  CHECK(lift.method == "DELETE");
  CHECK(lift.if_match == "\"7\"");
  CHECK(lift.json.empty());
  const WebRequest announce = request_of("http://a", "", ask::MakeAnnouncement{{"hear", true, WallTime{1'795'294'800'000}}});
  CHECK(announce.url == "http://a/api/v1/announcements");
  CHECK(json::parse(announce.json) == json::parse(R"({"text":"hear","pinned":true,"expires_at":"2026-11-21T21:00:00.000Z"})"));
  CHECK(request_of("http://a", "", ask::WithdrawAnnouncement{AnnouncementId{9}, 2}).url == "http://a/api/v1/announcements/9");
}

TEST_CASE("Staff by HTTP: a change that came too late brings what is there now, a lifted lock nothing") {
  const json stale{{"code", "stale"}, {"detail", "changed"}, {"current", lock_json()}};
  for (const Question& question : {Question(ask::ChangeLock{}), Question(ask::LiftLock{})}) {
    const action::Answered late = read_answer(question, {412, stale.dump()});
    CHECK(late.response.status == 412);
    REQUIRE(std::holds_alternative<answer::Lock>(late.answer));
    CHECK(std::get<answer::Lock>(late.answer).lock.version == 7);
  }
  CHECK(read_answer(ask::LiftLock{}, {204, ""}).response.ok());
  CHECK_FALSE(read_answer(ask::MakeLock{}, {201, "{}"}).response.ok());
  CHECK(read_answer(ask::WithdrawAnnouncement{}, {204, ""}).response.ok());
}
