#include "tests/server/core/people_fixture.h"

namespace tessera {

using namespace std::chrono_literals;

namespace {

AccountChange role(Role role) { return {.role = role}; }
AccountChange ban(std::optional<WallTime> until) { return {.banned_until = until, .ban_reason = "drew over others"}; }
AccountChange note(const char* text) { return {.note = text}; }

}  // namespace

TEST_CASE("People: a guest's name may not look like a staff member's") {
  PeopleFixture f;
  f.person("Olivia", Role::Moderator);
  for (const char* name : {"olivia", "0livia", "\u041elivia"}) {
    const auto reply = f.ask<SignInReply>(&Rooms::sign_in_guest, std::string(name), NewSession{PeopleFixture::token(1), ""});
    CHECK(reply.refused == Refusal::Invalid);
    CHECK_FALSE(f.is_known(PeopleFixture::token(1)));
  }
  CHECK(f.guest("Oliver").account.name == "Oliver");
}

TEST_CASE("People: staff changes those below, and gives roles below its own; owners alone change owners") {
  PeopleFixture f;
  const AccountId owner = f.person("owner", Role::Owner).account.id, admin = f.person("admin", Role::Admin).account.id;
  const AccountId moderator = f.person("mod", Role::Moderator).account.id, member = f.person("member", Role::Member).account.id;
  const auto refused = [&](AccountId actor, AccountId id, const AccountChange& change) { return f.change(actor, id, change).refused; };
  CHECK(refused(member, member, note("x")) == Refusal::Forbidden);
  CHECK(refused(moderator, member, note("x")) == std::nullopt);
  CHECK(refused(moderator, moderator, note("x")) == Refusal::Forbidden);
  CHECK(refused(moderator, admin, ban(WallTime{INT64_MAX})) == Refusal::Forbidden);
  CHECK(refused(moderator, member, role(Role::Moderator)) == Refusal::Forbidden);
  CHECK(refused(moderator, member, role(Role::Guest)) == std::nullopt);
  CHECK(refused(admin, member, role(Role::Moderator)) == std::nullopt);
  CHECK(refused(admin, member, role(Role::Admin)) == Refusal::Forbidden);
  CHECK(refused(admin, owner, note("x")) == Refusal::Forbidden);
  CHECK(refused(owner, owner, role(Role::Member)) == Refusal::Forbidden);  // the last one
  CHECK(refused(owner, owner, ban(WallTime{INT64_MAX})) == Refusal::Forbidden);
  CHECK(refused(owner, admin, role(Role::Owner)) == std::nullopt);
  CHECK(refused(admin, owner, role(Role::Member)) == std::nullopt);
  CHECK(refused(admin, AccountId{999}, note("x")) == Refusal::NotFound);
  CHECK(refused(AccountId{999}, member, note("x")) == Refusal::Forbidden);
  f.restart();
  CHECK(f.account(owner)->role == Role::Member);
  CHECK(f.account(member)->role == Role::Moderator);
}

TEST_CASE("People: a change is made for a version, and what changes nothing is no change") {
  PeopleFixture f;
  const AccountId owner = f.person("owner", Role::Owner).account.id, ann = f.guest("ann").account.id;
  CHECK(f.change(owner, ann, note("one"), 1).current->version == 2);
  const auto stale = f.change(owner, ann, note("two"), 1);
  CHECK(stale.stale);
  CHECK(stale.refused);
  CHECK(stale.current->note == "one");
  CHECK(f.change(owner, ann, note("one"), 2).current->version == 2);
  // Two at once: the second was made for what the first has changed.
  std::vector<bool> stales;
  for (const char* text : {"three", "four"})
    f.rooms->change_account(owner, ann, 2, note(text), [&](const Changed<AccountRecord>& reply) { stales.push_back(reply.stale); });
  f.commit_all();
  CHECK(stales == std::vector{false, true});
  CHECK(f.account(ann)->note == "three");
  f.store.next(CoreStore::Next::RefuseCleanly);
  CHECK(f.change(owner, ann, note("five")).refused == Refusal::Busy);
  CHECK(f.account(ann)->note == "three");
}

TEST_CASE("People: a ban, its end and a new role reach every open connection of the account at once") {
  PeopleFixture f;
  const AccountId owner = f.person("owner", Role::Owner).account.id;
  const FoundSession ann = f.guest("ann"), bob = f.guest("bob");
  RecordingGate first, second, other;
  f.open(ann, first);
  f.open(ann, second, "den");
  f.open(bob, other);
  f.change(owner, ann.account.id, ban(WallTime{ms(f.clock.wall()) + 3'600'000}));
  CHECK(told(first) == "ann guest, banned");
  CHECK(told(second) == "ann guest, banned");
  CHECK(told(other) == "");
  CHECK(f.account(ann.account.id)->ban_reason == "drew over others");
  f.change(owner, ann.account.id, ban(std::nullopt));
  CHECK(told(first) == "ann guest, may place");
  f.change(owner, ann.account.id, role(Role::Moderator));
  CHECK(told(first) == "ann moderator, may place");
  f.change(owner, ann.account.id, note("fine"));
  CHECK(told(first) == "");
}

TEST_CASE("People: a ban until a time that is past is refused, and logged nowhere") {
  PeopleFixture f;
  const AccountId owner = f.person("owner", Role::Owner).account.id, ann = f.guest("ann").account.id;
  const AccountRecord before = *f.account(ann);
  const auto writes = f.store.writes().size();
  for (const WallTime past : {f.clock.wall(), WallTime{ms(f.clock.wall()) - 1}}) {
    const auto refused = f.change(owner, ann, ban(past));
    CHECK(refused.refused == Refusal::Invalid);
    CHECK(refused.detail == "the ban's end is past");
  }
  CHECK(f.account(ann) == before);
  CHECK(f.store.writes().size() == writes);
  CHECK_FALSE(f.change(owner, ann, ban(WallTime{ms(f.clock.wall()) + 1})).refused);
}

TEST_CASE("People: a JSON connection is told of a ban with its reason and its end") {
  PeopleFixture f;
  const AccountId owner = f.person("owner", Role::Owner).account.id;
  const FoundSession ann = f.guest("ann");
  RecordingGate gate;
  const ConnectionId id{++f.connections};
  f.rooms->handle(Opened{id, &gate, ConnectionKind::Json, ClientId{}, ann.account.id, ann.session.hash});
  f.rooms->handle(EnterCanvas{id, Enter{}});
  gate.take();
  f.change(owner, ann.account.id, {.banned_until = WallTime{4'070'908'800'000}, .ban_reason = "drew over the cat"});
  std::string detail;
  for (const GateEvent& event : gate.take())
    if (const auto* directed = std::get_if<Directed>(&event))
      if (const auto* refused = std::get_if<Refused>(&directed->message)) detail += refused->detail;
  CHECK(detail == "this account is banned: drew over the cat; until 2099-01-01T00:00:00.000Z");
}

TEST_CASE("People: whoever has the one-time link becomes the owner, once") {
  PeopleFixture f;
  WriteSet writes;
  SessionRecord link;
  link.hash = PeopleFixture::token(9);
  link.kind = SessionKind::OwnerLink;
  link.expires = never_expires;
  writes.sessions.push_back(link);
  REQUIRE(f.store.commit(writes).outcome == CommitOutcome::Stored);
  f.restart();
  const FoundSession ann = f.guest("ann"), bob = f.guest("bob");
  RecordingGate gate;
  f.open(ann, gate);
  const auto claim = [&](const TokenHash& secret, AccountId id) { return f.ask<Changed<AccountRecord>>(&Rooms::claim_ownership, secret, id); };
  CHECK_FALSE(f.is_known(link.hash));  // it signs nobody in
  CHECK_FALSE(f.ask<bool>(&Rooms::end_session, link.hash));
  CHECK(claim(PeopleFixture::token(8), ann.account.id).refused == Refusal::Forbidden);
  CHECK(claim(ann.session.hash, ann.account.id).refused == Refusal::Forbidden);
  CHECK(claim(link.hash, nobody).refused == Refusal::Forbidden);
  CHECK(claim(link.hash, ann.account.id).current->role == Role::Owner);
  CHECK(told(gate) == "ann owner, may place");
  CHECK(claim(link.hash, bob.account.id).refused == Refusal::Forbidden);
  f.restart();
  CHECK(claim(link.hash, bob.account.id).refused == Refusal::Forbidden);
  CHECK(f.account(ann.account.id)->role == Role::Owner);
}

TEST_CASE("People: a bot has its maker's charges, an admin's its own; its role and ban follow its maker's") {
  PeopleFixture f({.per_second = 1, .burst = 3, .per_minute = std::nullopt, .cooldown_ms = 0});
  const AccountId owner = f.person("owner", Role::Owner).account.id, member = f.person("member", Role::Member).account.id;
  CHECK(f.bot(f.guest("ann").account.id).refused == Refusal::Forbidden);
  CHECK(f.bot(AccountId{999}).refused == Refusal::NotFound);
  const ServiceView bot = *f.bot(member).current;
  CHECK(bot.account.kind == AccountKind::Service);
  CHECK(bot.account.maker == member);
  CHECK(bot.account.whose_charges() == member);
  CHECK(f.bot(bot.account.id).refused == Refusal::Forbidden);
  CHECK(f.bot(owner).current->account.whose_charges() != owner);
  CHECK(f.bot(owner, all_scopes).current->account.role == Role::Admin);
  CHECK(f.bot(owner).current->account.role == Role::Member);

  PlaceReply placed;
  const auto place = [&](AccountId id, std::uint16_t x) {
    f.rooms->place("main", id, {{x, 0, 1}, {x, 1, 1}}, [&](const PlaceReply& reply) { placed = reply; });
    f.commit_all();
    return placed.result.accepted;
  };
  CHECK(place(member, 1) == 2);
  f.pass(50ms);
  CHECK(place(bot.account.id, 2) == 1);
  f.restart();  // and so it is after one
  CHECK(place(bot.account.id, 3) == 0);

  f.change(owner, member, ban(WallTime{ms(f.clock.wall()) + 3'600'000}));
  CHECK(f.account(bot.account.id)->is_banned(f.clock.wall()));
  f.change(owner, member, ban(std::nullopt));
  CHECK_FALSE(f.account(bot.account.id)->is_banned(f.clock.wall()));
  f.change(owner, member, role(Role::Guest));
  CHECK(f.account(bot.account.id)->role == Role::Guest);
}

TEST_CASE("People: ten bots each, whose tokens do not expire and are ended by their maker alone") {
  PeopleFixture f;
  const AccountId member = f.person("member", Role::Member).account.id, other = f.person("other", Role::Member).account.id;
  std::vector<ServiceView> bots;
  for (int i = 0; i < 10; ++i) bots.push_back(*f.bot(member).current);
  CHECK(f.bot(member).refused == Refusal::Forbidden);
  CHECK(f.bot(other).refused == std::nullopt);
  const FoundSession bot{bots[0].account, bots[0].session};
  RecordingGate gate;
  f.open(bot, gate);
  f.pass(std::chrono::hours(24 * 400));
  f.commit_all();
  CHECK(f.is_known(bot.session.hash));
  CHECK(f.ask<std::vector<SessionRecord>>(&Rooms::sessions, bot.account.id).empty());  // persons' devices
  CHECK_FALSE(f.ask<bool>(&Rooms::end_service, other, bot.account.id));
  CHECK(f.ask<std::vector<ServiceView>>(&Rooms::services, member).size() == 10);
  told(gate);
  CHECK(f.ask<bool>(&Rooms::end_service, member, bot.account.id));
  CHECK(told(gate) == "nobody, not_signed_in");
  CHECK_FALSE(f.is_known(bot.session.hash));
  CHECK_FALSE(f.ask<bool>(&Rooms::end_service, member, bot.account.id));
  CHECK(f.ask<std::vector<ServiceView>>(&Rooms::services, member).size() == 9);
  CHECK(f.bot(member).refused == std::nullopt);
}

TEST_CASE("Discord: a new person is a member; a guest becomes that account itself, and keeps its number") {
  PeopleFixture f;
  const auto ann = f.discord(77, "Ann");
  CHECK(ann.account.kind == AccountKind::Discord);
  CHECK(ann.account.role == Role::Member);
  CHECK(f.discord(77, "Annie").account.id == ann.account.id);
  CHECK(f.account(ann.account.id)->name == "Annie");
  CHECK(f.discord(77, "Annie", nobody, Role::Owner).account.role == Role::Admin);
  CHECK(f.discord(77, "Annie", nobody, Role::Guest).account.role == Role::Admin);

  const FoundSession bob = f.guest("bob");
  RecordingGate gate;
  f.open(bob, gate);
  const auto became = f.discord(78, "Robert", bob.account.id);
  CHECK(became.account.id == bob.account.id);
  CHECK(told(gate) == "Robert member, may place");
  CHECK(f.is_known(bob.session.hash));
  // A second person in that browser is another account.
  CHECK(f.discord(79, "Cid", became.account.id).account.id != became.account.id);
}

TEST_CASE("Discord: whose name there looks like a staff member's signs in by another that does not") {
  PeopleFixture f;
  const AccountId owner = f.person("Willem", Role::Owner).account.id;
  const auto name = [&](std::uint64_t person, const char* shown, const char* username, AccountId guest = nobody) {
    return f.ask<SignInReply>(&Rooms::sign_in_discord, DiscordPerson{person, shown, {}, username}, guest, NewSession{PeopleFixture::token(++f.last_token), ""})
        .account.name;
  };
  CHECK(name(1, "Willem", "w.v.dijk") == "w.v.dijk");
  CHECK(name(2, "Wi11em", "willem") == "Wi11em 2");
  CHECK(name(3, "\u0428\u0438ll\u0435m", "x") != "x");  // looks like nobody's
  const std::string long_name = "Willem" + std::string(25, '.') + "!";
  CHECK(name(4, long_name.c_str(), "") == long_name);  // a look of its own: the last sign is read as an l
  const std::string padded = "Willem" + std::string(26, '.');
  CHECK(name(4, padded.c_str(), "") == "Willem" + std::string(24, '.') + " 2");
  // An ordinary name is refreshed as ever, a staff member's look-alike is not.
  CHECK(name(1, "Dirk", "w.v.dijk") == "Dirk");
  CHECK(name(1, "W\u0456llem", "w.v.dijk") == "w.v.dijk");
  // Whoever is that staff member keeps the name, also from one sign-in to the next.
  CHECK(name(5, "Willem", "w", owner) == "Willem");
  CHECK(name(5, "WILLEM", "w") == "WILLEM");
  CHECK(f.account(owner)->role == Role::Owner);
}

TEST_CASE("Discord: a guest becomes an alias of the account that is there: lower charges, ban, joins, bots and sessions go with it") {
  PeopleFixture f({.per_second = 0.001, .burst = 5, .per_minute = std::nullopt, .cooldown_ms = 0});
  const AccountId owner = f.person("owner", Role::Owner).account.id;
  const AccountId known = f.discord(77, "Ann").account.id;
  const FoundSession guest = f.guest("ann the guest");
  f.set_access("den", Access::Code, "KETTLE");
  REQUIRE_FALSE(f.ask<std::optional<Refusal>>(&People::join, std::string("den"), guest.account.id, std::string("ket tle")));
  f.change(owner, guest.account.id, role(Role::Moderator));
  const AccountId bot = f.bot(guest.account.id).current->account.id;
  f.change(owner, guest.account.id, ban(WallTime{ms(f.clock.wall()) + 3'600'000}));
  f.change(owner, guest.account.id, ban(std::nullopt));
  RecordingGate gate;
  const ConnectionId connection = f.open(guest, gate);
  f.place(connection, 1, {{1, 1, 1}, {1, 2, 1}, {1, 3, 1}, {1, 4, 1}});
  f.commit_all();
  gate.take();

  CHECK(f.discord(77, "Ann", guest.account.id).account.id == known);
  CHECK(told(gate) == "Ann moderator, may place");
  for (int restarted = 0; restarted < 2; ++restarted) {
    CHECK(f.account(guest.account.id)->alias_of == known);
    CHECK(f.account(known)->role == Role::Moderator);
    CHECK(f.account(bot)->maker == known);
    const auto session = f.ask<std::optional<FoundSession>>(&Rooms::find_session, guest.session.hash);
    REQUIRE(session);
    CHECK(session->account.id == known);
    CHECK(f.ask<std::vector<SessionRecord>>(&Rooms::sessions, known).size() == 3);
    CHECK(f.ask<std::vector<SessionRecord>>(&Rooms::sessions, guest.account.id).empty());
    PlaceReply placed;
    f.rooms->place("main", known, {{2, 1, 1}, {2, 2, 1}}, [&](const PlaceReply& reply) { placed = reply; });
    f.pass(50ms);
    f.commit_all();
    CHECK(placed.result.accepted == (restarted == 0 ? 1 : 0));  // four of five were the guest's
    f.restart();
  }
  const Roster roster = f.ask<Roster>(&Rooms::roster);
  std::size_t anns = 0;
  roster.each([&](const RosterRow& row) { anns += row.name == "Ann" || row.name == "ann" ? 1 : 0; });
  CHECK(anns == 1);
  CHECK(roster.resolve(guest.account.id)->id == known);
}

TEST_CASE("Discord: what a guest has just drawn is still theirs to undo as the account that was there, in the order in which both drew") {
  PeopleFixture f;
  const AccountId known = f.discord(77, "Ann").account.id;
  const AccountId guest = f.guest("ann the guest").account.id;
  const auto draw = [&](AccountId account, std::uint32_t x) {
    f.rooms->place("main", account, {{x, 1, 1}}, [](const PlaceReply&) {});
    f.pass(50ms);
    f.commit_all();
  };
  const auto take_back = [&](PlacementKind kind, std::uint32_t count) {
    std::optional<TakeBackReply> reply;
    f.rooms->take_back("main", known, kind, count, [&](TakeBackReply answer) { reply = std::move(answer); });
    f.pass(50ms);
    f.commit_all();
    REQUIRE(reply);
    std::vector<std::uint32_t> undone;
    for (const WireCell& cell : reply->changed) undone.push_back(cell.x);
    return undone;
  };
  draw(known, 1);
  draw(guest, 2);
  draw(known, 3);
  CHECK(take_back(PlacementKind::Undo, 1) == std::vector<std::uint32_t>{3});
  draw(guest, 4);
  CHECK(f.discord(77, "Ann", guest).account.id == known);
  CHECK(take_back(PlacementKind::Redo, 1).empty());  // something was drawn since
  CHECK(take_back(PlacementKind::Undo, 2) == std::vector<std::uint32_t>{4, 2});
  CHECK(take_back(PlacementKind::Redo, 1) == std::vector<std::uint32_t>{2});
  CHECK(take_back(PlacementKind::Undo, 9) == std::vector<std::uint32_t>{2, 1});
}

TEST_CASE("Discord: a ban stays with whoever signs in as somebody else") {
  PeopleFixture f;
  const AccountId owner = f.person("owner", Role::Owner).account.id;
  const AccountId known = f.discord(77, "Ann").account.id;
  const FoundSession guest = f.guest("vandal");
  f.change(owner, guest.account.id, ban(WallTime{ms(f.clock.wall()) + 3'600'000}));
  CHECK(f.discord(77, "Ann", guest.account.id).account.is_banned(f.clock.wall()));
  CHECK(f.account(known)->ban_reason == "drew over others");
}

TEST_CASE("Accounts: a roster of very many is made between ticks, and whoever asks meanwhile waits for the next") {
  PeopleFixture f;
  WriteSet many;
  for (std::uint32_t id = 1; id <= 12'000; ++id) {
    AccountRecord account;
    account.id = AccountId{id};
    account.name = "player";
    many.accounts.push_back(std::move(account));
  }
  REQUIRE(f.store.commit(many).outcome == CommitOutcome::Stored);
  f.restart();
  std::optional<Roster> first, second;
  f.rooms->roster([&](Roster roster) { first = std::move(roster); });
  CHECK_FALSE(first);
  const FoundSession late = f.guest("late");
  f.rooms->roster([&](Roster roster) { second = std::move(roster); });
  int ticks = 0;
  for (; !second && ticks < 20; ++ticks) {
    CHECK(f.rooms->next_due() <= f.clock.now());
    f.rooms->tick();
  }
  REQUIRE(first);
  REQUIRE(second);
  CHECK(first->find(AccountId{12'000}) != nullptr);
  REQUIRE(second->find(late.account.id) != nullptr);
  CHECK(second->find(late.account.id)->name == "late");
  CHECK(ticks < 20);
}

}  // namespace tessera
