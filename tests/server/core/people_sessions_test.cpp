#include <doctest/doctest.h>

#include "server/core/sessions.h"
#include "tests/server/core/people_fixture.h"

namespace tessera {

using namespace std::chrono_literals;

TEST_CASE("Sessions: one's devices, the newest first, and ending one or all others reaches their sockets before the reply") {
  PeopleFixture f;
  const FoundSession ann = f.guest("ann"), bob = f.guest("bob");
  std::vector<SessionRecord> more;
  for (const char* label : {"phone", "tablet"}) {
    f.pass(1s);
    const auto reply = f.ask<SignInReply>(&Rooms::begin_session, ann.account.id, NewSession{PeopleFixture::token(++f.last_token), label});
    REQUIRE_FALSE(reply.refused);
    more.push_back(reply.session);
  }
  const auto listed = f.ask<std::vector<SessionRecord>>(&Rooms::sessions, ann.account.id);
  REQUIRE(listed.size() == 3);
  CHECK(listed[0].label == "tablet");
  CHECK(listed[2].label == "Firefox on Linux");

  RecordingGate first, phone, tablet, other;
  f.open(ann, first);
  f.open({ann.account, more[0]}, phone);
  f.open({ann.account, more[1]}, tablet);
  f.open(bob, other);
  const auto end = [&](AccountId account, const std::string& id, std::optional<TokenHash> kept = {}) {
    return f.ask<std::size_t>(&Rooms::end_sessions, account, id, kept);
  };
  CHECK(end(bob.account.id, session_id(more[0].hash)) == 0);  // another's
  CHECK(end(ann.account.id, "0123456789abcdef") == 0);
  std::string when;
  f.rooms->end_sessions(ann.account.id, session_id(more[0].hash), std::nullopt, [&](std::size_t) { when = told(phone); });
  f.commit_all();
  CHECK(when == "nobody, not_signed_in");
  CHECK(end(ann.account.id, "", ann.session.hash) == 1);
  CHECK(told(tablet) == "nobody, not_signed_in");
  CHECK(told(first) == "");
  CHECK(told(other) == "");
  CHECK(f.is_known(ann.session.hash));
  f.restart();
  CHECK(f.ask<std::vector<SessionRecord>>(&Rooms::sessions, ann.account.id).size() == 1);
  CHECK_FALSE(f.is_known(more[1].hash));
}

TEST_CASE("Sessions: signing out by one socket's session makes its other sockets nobody's, and they may place no more") {
  PeopleFixture f;
  const FoundSession ann = f.guest("ann");
  RecordingGate one, two;
  const ConnectionId first = f.open(ann, one);
  f.open(ann, two);
  CHECK(f.ask<bool>(&Rooms::end_session, ann.session.hash));
  CHECK(told(one) == "nobody, not_signed_in");
  CHECK(told(two) == "nobody, not_signed_in");
  f.place(first, 1, {{1, 1, 1}});
  f.commit_all();
  CHECK(f.store.journal(CanvasId{1}).empty());
  // Signed in anew on the same connection.
  const FoundSession again = f.guest("ann");
  f.rooms->handle(SignedIn{first, again.account.id, again.session.hash});
  CHECK(told(one) == "may place");
}

TEST_CASE("Sessions: a socket whose session ended while it was being opened is nobody's, and is told so") {
  PeopleFixture f;
  const FoundSession ann = f.guest("ann");
  CHECK(f.ask<bool>(&Rooms::end_session, ann.session.hash));
  RecordingGate gate;
  f.rooms->handle(Opened{ConnectionId{50}, &gate, ConnectionKind::Binary, ClientId{}, ann.account.id, ann.session.hash});
  CHECK(told(gate) == "nobody");
  f.rooms->handle(SignedIn{ConnectionId{50}, ann.account.id, ann.session.hash});
  CHECK(told(gate) == "nobody");
}

TEST_CASE("Sessions: one that expires at the sweep signs its sockets out; an open socket keeps its own alive") {
  PeopleFixture f;
  const FoundSession ann = f.guest("ann"), bob = f.guest("bob");
  RecordingGate gate;
  f.open(ann, gate);
  for (int day = 0; day < 40; ++day) {
    f.pass(24h);
    f.commit_all();
  }
  CHECK(f.is_known(ann.session.hash));
  CHECK_FALSE(f.is_known(bob.session.hash));
  CHECK(told(gate) == "");
  f.pass(std::chrono::hours(24 * 31));
  f.commit_all();
  CHECK(told(gate) == "nobody, not_signed_in");
  CHECK_FALSE(f.is_known(ann.session.hash));
}

TEST_CASE("Sessions: an account has a hundred at most; the one unused for longest makes room") {
  PeopleFixture f;
  const FoundSession ann = f.guest("ann");
  for (int i = 0; i < 100; ++i) {
    f.pass(1s);
    TokenHash token{};
    token[5] = static_cast<std::uint8_t>(i + 1);
    REQUIRE_FALSE(f.ask<SignInReply>(&Rooms::begin_session, ann.account.id, NewSession{token, ""}).refused);
  }
  CHECK(f.ask<std::vector<SessionRecord>>(&Rooms::sessions, ann.account.id).size() == 100);
  CHECK_FALSE(f.is_known(ann.session.hash));
}

}  // namespace tessera
