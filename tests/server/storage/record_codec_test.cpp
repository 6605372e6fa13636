#include "server/storage/record_codec.h"
#include "server/storage/report_codec.h"

#include <doctest/doctest.h>

#include "server/storage/event_codec.h"
#include "server/storage/seal.h"
#include "server/storage/staff_codec.h"
#include "tests/server/storage/sample.h"

namespace tessera {
namespace {

RequestOutcome outcome(std::uint64_t request) {
  RequestOutcome outcome;
  outcome.account = AccountId{9};
  outcome.request = RequestId{request};
  outcome.time = WallTime{5'000};
  outcome.first_seq = 12;
  outcome.accepted = 2;
  outcome.rejected.push_back({7, Refusal::TooSoon, 900});
  return outcome;
}

TEST_CASE("Records: each comes back as it was") {
  const CanvasRecord canvas = sample::canvas();
  CHECK(unpack_canvas(canvas.id, pack_canvas(canvas)) == canvas);
  const CanvasEvent event{44, WallTime{66}, canvas};
  CHECK(unpack_event(canvas.id, pack_event(event)) == event);
  for (std::uint32_t id : {1u, 2u}) {
    const AccountRecord account = sample::account(id, "ann");
    CHECK(unpack_account(account.id, pack_account(account)) == account);
  }
  const SessionRecord session = sample::session(3, 4, WallTime{77});
  CHECK(unpack_session(session.hash, pack_session(session)) == session);
  for (std::uint32_t id : {1u, 2u})
    CHECK(unpack_invite(InviteId{id}, pack_invite(sample::invite(id))) == sample::invite(id));
  CHECK(unpack_join(pack_join()));
  const SavedCharges charges{CanvasId{1}, AccountId{2}, WallTime{3}, 4, WallTime{5}};
  CHECK(unpack_charges(CanvasId{1}, AccountId{2}, pack_charges(charges)) == charges);
  const auto outcomes = unpack_outcomes(pack_outcomes(CanvasId{8}, {outcome(1), outcome(UINT64_MAX)}));
  REQUIRE(outcomes.has_value());
  CHECK(outcomes->canvas == CanvasId{8});
  CHECK(outcomes->outcomes == std::vector{outcome(1), outcome(UINT64_MAX)});
  const CanvasHead head{99, WallTime{100}};
  CHECK(unpack_head(pack_head(head)) == head);
}

TEST_CASE("Records: those of the staff's work come back as they were, and cut or longer ones are refused") {
  const auto check = [](const auto& record, const Bytes& body, const auto& unpack) {
    CHECK(unpack(record.id, body) == record);
    for (std::size_t size = 0; size < body.size(); ++size)
      CHECK_FALSE(unpack(record.id, ByteSpan(body).first(size)).has_value());
    Bytes longer = body;
    longer.push_back(0);
    CHECK_FALSE(unpack(record.id, longer).has_value());
  };
  for (std::uint32_t id : {1u, 2u, 3u, 4u}) {
    check(sample::lock(id), pack_lock(sample::lock(id)), unpack_lock);
    const Bytes seen = pack_seen(sample::seen(id));
    CHECK(unpack_seen(AccountId{id}, seen) == sample::seen(id));
    for (std::size_t size = 0; size < seen.size(); ++size) CHECK_FALSE(unpack_seen(AccountId{id}, ByteSpan(seen).first(size)).has_value());
    const Bytes grant = pack_grant(sample::grant(id));
    CHECK(unpack_grant({sample::main_canvas, AccountId{id}}, grant) == sample::grant(id));
    for (std::size_t size = 0; size < grant.size(); ++size)
      CHECK_FALSE(unpack_grant({sample::main_canvas, AccountId{id}}, ByteSpan(grant).first(size)).has_value());
    check(sample::announcement(id), pack_announcement(sample::announcement(id)), unpack_announcement);
    check(sample::rollback(id), pack_rollback(sample::rollback(id)), unpack_rollback);
    check(sample::schedule(id), pack_schedule(sample::schedule(id)), unpack_schedule);
    check(sample::snapshot(id, id << 20), pack_snapshot(sample::snapshot(id, id << 20)), unpack_snapshot);
    check(sample::report(id), pack_report(sample::report(id)), unpack_report);
  }
  RollbackRecord many = sample::rollback(1);
  for (std::uint32_t id = 1; id <= 5'000; ++id) many.selection.accounts.push_back(AccountId{id << 16});
  many.selection.after = 7;
  many.selection.until = UINT64_MAX;
  CHECK(unpack_rollback(many.id, pack_rollback(many)) == many);
}

/// A body as the first format had it: without the last `added` bytes of the second.
Bytes first_format(Bytes body, std::size_t added) {
  body.front() = 1;
  body.resize(body.size() - added);
  return body;
}

TEST_CASE("Records: what the first format wrote is read, what it lacks has its default") {
  CanvasRecord canvas = sample::canvas();
  canvas.access = Access::Open;
  canvas.access_code.clear();
  CHECK(unpack_canvas(canvas.id, first_format(pack_canvas(canvas), 3)) == canvas);
  const CanvasEvent event{44, WallTime{66}, canvas};
  CHECK(unpack_event(canvas.id, first_format(pack_event(event), 3)) == event);

  Bytes second = pack_canvas(sample::canvas());
  second.front() = 2;
  second.pop_back();
  CHECK(unpack_canvas(sample::main_canvas, second) == sample::canvas());
  canvas.policy.only_color = ColorIndex{31};
  CHECK(unpack_canvas(canvas.id, pack_canvas(canvas)) == canvas);

  AccountRecord account;
  account.id = AccountId{5};
  account.name = "ann";
  account.role = Role::Admin;
  account.banned_until = WallTime{9'000};
  CHECK(unpack_account(account.id, first_format(pack_account(account), 6)) == account);

  SessionRecord session;
  session.account = AccountId{5};
  session.created = session.used = WallTime{1'000};
  session.expires = WallTime{2'000};
  CHECK(unpack_session(session.hash, first_format(pack_session(session), 5)) == session);

  const RollbackRecord rollback = sample::rollback(1);
  CHECK(unpack_rollback(rollback.id, first_format(pack_rollback(rollback), 2)) == rollback);

  Bytes newer = pack_account(account);
  newer.front() = 3;
  CHECK_FALSE(unpack_account(account.id, newer).has_value());
}

TEST_CASE("Records: a cut or longer body is refused") {
  const Bytes body = pack_canvas(sample::canvas());
  for (std::size_t size = 0; size < body.size(); ++size)
    CHECK_FALSE(unpack_canvas(CanvasId{1}, ByteSpan(body).first(size)).has_value());
  const Bytes invite = pack_invite(sample::invite(1));
  for (std::size_t size = 0; size < invite.size(); ++size)
    CHECK_FALSE(unpack_invite(InviteId{1}, ByteSpan(invite).first(size)).has_value());
  CHECK_FALSE(unpack_join(Bytes{}));
  CHECK_FALSE(unpack_join(Bytes{1, 0}));
  Bytes longer = pack_account(sample::account(1, "ann"));
  longer.push_back(0);
  CHECK_FALSE(unpack_account(AccountId{1}, longer).has_value());
}

TEST_CASE("Records: any change of a body is an error or another record, never a crash") {
  SeededRandom random(1);
  const Bytes canvas = pack_canvas(sample::canvas());
  const Bytes outcomes = pack_outcomes(CanvasId{8}, {outcome(1), outcome(2)});
  for (int round = 0; round < 20'000; ++round) {
    Bytes changed = round % 2 == 0 ? canvas : outcomes;
    changed[random.below(changed.size())] = static_cast<std::uint8_t>(random.below(256));
    if (round % 2 == 0) {
      if (const auto read = unpack_canvas(CanvasId{1}, changed)) CHECK(read->palette.size() <= Palette::max_colors);
    } else if (const auto read = unpack_outcomes(changed)) {
      CHECK(read->outcomes.size() <= changed.size());
    }
  }
}

TEST_CASE("Seal: every flipped bit of table, key or body is found") {
  const Bytes body{1, 2, 3, 4, 5};
  const std::uint32_t key = key_crc(SealedTable::Accounts, {7});
  const Bytes value = seal(key, body);
  const auto opened = unseal(key, value);
  REQUIRE(opened.has_value());
  CHECK(Bytes(opened->begin(), opened->end()) == body);
  for (std::size_t bit = 0; bit < value.size() * 8; ++bit) {
    Bytes flipped = value;
    flipped[bit / 8] = static_cast<std::uint8_t>(flipped[bit / 8] ^ 1u << bit % 8);
    CHECK_FALSE(unseal(key, flipped).has_value());
  }
  for (unsigned bit = 0; bit < 64; ++bit)
    CHECK_FALSE(unseal(key_crc(SealedTable::Accounts, {7 ^ std::uint64_t{1} << bit}), value).has_value());
  CHECK_FALSE(unseal(key_crc(SealedTable::Canvases, {7}), value).has_value());
  CHECK_FALSE(unseal(key, ByteSpan(value).first(3)).has_value());
}

}  // namespace
}  // namespace tessera
