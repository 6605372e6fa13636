#include <doctest/doctest.h>

#include "tests/server/core/staff_fixture.h"

using namespace tessera;

namespace {

AddressPrefix net(std::uint64_t hash, PrefixKind kind = PrefixKind::V4Network) { return {kind, hash}; }

struct PrefixFixture : StaffFixture {
  void seen(AccountId account, std::vector<AddressPrefix> prefixes) {
    rooms->note_address(account, std::move(prefixes));
    pass(std::chrono::seconds{1});
    commit_all();
  }
  std::vector<std::string> found(const AddressPrefix& address) {
    std::vector<std::string> names;
    const auto ids = ask<std::vector<AccountId>>(&Rooms::accounts_at, address);
    for (const AccountRecord& account : ask<std::vector<AccountRecord>>(&Rooms::accounts, ids)) names.push_back(account.name);
    return names;
  }
  std::vector<AccountProfile::Prefix> profile(AccountId account) { return ask<Changed<AccountProfile>>(&Rooms::profile, moderator, account).current->prefixes; }
  std::size_t writes_of_seen() {
    std::size_t count = 0;
    for (const WriteSet& set : store.writes()) count += set.seen.size();
    return count;
  }
};

using Names = std::vector<std::string>;

}  // namespace

TEST_CASE("Address prefixes: an id says of what kind it is, and is read back") {
  for (std::uint8_t kind = 0; kind < prefix_kind_count; ++kind) {
    const AddressPrefix prefix = net(0x0123'4567'89ab'cdefu + kind, static_cast<PrefixKind>(kind));
    CHECK(parse_prefix_id(prefix_id(prefix)) == prefix);
  }
  CHECK(prefix_id(net(7)) == "v4-24/0000000000000007");
  for (const char* wrong : {"", "v4-24", "v4-24/", "v4-24/07", "v4-25/0000000000000007", "v4-24/000000000000000g", "/0000000000000007", "192.0.2.0/24"})
    CHECK_MESSAGE(!parse_prefix_id(wrong), wrong);
}

TEST_CASE("Address prefixes: who was seen where is found, told in the profile, and outlives the server") {
  PrefixFixture f;
  f.seen(f.ann, {net(1, PrefixKind::V4Address), net(10)});
  f.seen(f.ben, {net(2, PrefixKind::V4Address), net(10)});
  for (const bool restarted : {false, true}) {
    CAPTURE(restarted);
    if (restarted) f.restart();
    CHECK(f.found(net(10)) == Names{"ann", "ben"});
    CHECK(f.found(net(1, PrefixKind::V4Address)) == Names{"ann"});
    CHECK(f.found(net(1)).empty());
    const auto addresses = f.ask<AddressesOf>(&Rooms::addresses_of, std::vector{f.ann, f.ben, f.moderator});
    CHECK(addresses.size() == 2);
    CHECK(addresses.at(f.ann) == std::vector{net(1, PrefixKind::V4Address)});
    const auto prefixes = f.profile(f.ann);
    REQUIRE(prefixes.size() == 2);
    CHECK(prefixes[0].seen.prefix == net(1, PrefixKind::V4Address));
    CHECK(prefixes[0].accounts == 1);
    CHECK(prefixes[1].accounts == 2);
  }
}

TEST_CASE("Address prefixes: what is known is written again after an hour, and no more than the newest are kept") {
  PrefixFixture f;
  f.seen(f.ann, {net(1)});
  f.seen(f.ann, {net(1)});
  CHECK(f.writes_of_seen() == 1);
  const WallTime first = f.profile(f.ann).at(0).seen.first;
  f.clock.advance(std::chrono::hours{1});
  f.seen(f.ann, {net(1)});
  CHECK(f.writes_of_seen() == 2);
  CHECK(f.profile(f.ann).at(0).seen.first == first);
  CHECK(ms(f.profile(f.ann).at(0).seen.last) - ms(first) >= 3'600'000);
  for (std::uint64_t i = 2; i < 40; ++i) f.seen(f.ann, {net(i)});
  CHECK(f.profile(f.ann).size() == most_prefixes);
  CHECK(f.found(net(1)).empty());
  CHECK(f.found(net(39)) == Names{"ann"});
  f.restart();
  CHECK(f.profile(f.ann).size() == most_prefixes);
}

TEST_CASE("Address prefixes: what cannot be written is written later") {
  PrefixFixture f;
  f.rooms->note_address(f.ann, {net(1)});
  f.refuse_writes = true;
  f.pass(std::chrono::seconds{1});
  CHECK(f.writes_of_seen() == 0);
  f.refuse_writes = false;
  f.pass(std::chrono::seconds{1});
  f.commit_all();
  CHECK(f.writes_of_seen() == 1);
}

TEST_CASE("Address prefixes: a guest's are those of the account that it turns out to be") {
  PrefixFixture f;
  f.seen(f.ann, {net(1)});
  const AccountId dora = f.discord(5, "dora").account.id;
  f.seen(dora, {net(1), net(2)});
  f.discord(5, "dora", f.ann);
  CHECK(f.found(net(1)) == Names{"dora"});
  CHECK(f.profile(dora).size() == 2);
  CHECK(f.profile(dora)[0].accounts == 1);
}

TEST_CASE("Rollbacks by address: all who were seen there, as they were when it was recorded, whatever comes later") {
  PrefixFixture f;
  const AccountId cy = f.guest("cy").account.id;
  f.seen(f.ann, {net(10)});
  f.seen(f.ben, {net(10)});
  f.draw(f.ann, {{1, 1, 3}});
  f.draw(f.ben, {{2, 2, 4}});
  f.draw(cy, {{3, 3, 5}});
  const auto preview = f.ask<Changed<RollbackPreview>>(&Rooms::preview_rollback, f.moderator, std::string("main"), RollbackAsked{.address = net(10)});
  REQUIRE_FALSE(preview.refused);
  CHECK(preview.current->plan->placements == 2);
  const auto applied = f.roll_back(f.moderator, {.address = net(10)});
  REQUIRE_FALSE(applied.refused);
  const std::vector<AccountId> both{f.ann, f.ben};
  CHECK(applied.current->record.selection.accounts == both);
  CHECK(f.at(1, 1) == empty_color);
  CHECK(f.at(2, 2) == empty_color);
  CHECK(f.at(3, 3) == 5);
  CHECK(f.entries("rollback.apply").at(0).detail.find(R"("address":"v4-24/000000000000000a")") != std::string::npos);

  f.seen(cy, {net(10)});
  const RollbackId id = applied.current->record.id;
  f.restart();
  REQUIRE_FALSE(f.step(f.moderator, id, RollbackStep::Undo).refused);
  CHECK(f.at(1, 1) == 3);
  CHECK(f.at(2, 2) == 4);
  f.restart();
  const auto again = f.step(f.moderator, id, RollbackStep::Redo);
  REQUIRE_FALSE(again.refused);
  CHECK(again.current->record.selection.accounts == both);
  CHECK(f.at(2, 2) == empty_color);
  CHECK(f.at(3, 3) == 5);
}

TEST_CASE("Rollbacks by address: those whose role is not below are left out, and nobody left is nobody, never everybody") {
  PrefixFixture f;
  f.draw(f.ann, {{1, 1, 3}});
  f.draw(f.ben, {{2, 2, 4}});
  CHECK(f.roll_back(f.moderator, {.address = net(10)}).refused == Refusal::NotFound);
  f.seen(f.moderator, {net(10)});
  f.seen(f.admin, {net(10)});
  CHECK(f.roll_back(f.moderator, {.address = net(10)}).refused == Refusal::NotFound);
  f.seen(f.ann, {net(10)});
  f.draw(f.moderator, {{4, 4, 6}});
  REQUIRE_FALSE(f.roll_back(f.moderator, {.address = net(10)}).refused);
  CHECK(f.at(1, 1) == empty_color);
  CHECK(f.at(4, 4) == 6);
  // With an account too: that one, where it was seen there.
  CHECK(f.roll_back(f.moderator, {.account = f.ben, .address = net(10)}).refused == Refusal::NotFound);
  CHECK(f.at(2, 2) == 4);
  // A moderator of one canvas knows nobody's address.
  REQUIRE_FALSE(f.ask<Changed<GrantView>>(&Rooms::grant, f.owner, std::string("main"), f.ben, Role::Moderator, std::optional<std::uint32_t>{}).refused);
  CHECK(f.roll_back(f.ben, {.address = net(10)}).refused == Refusal::Forbidden);
}
