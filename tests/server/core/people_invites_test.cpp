#include <doctest/doctest.h>

#include "tests/server/core/people_fixture.h"

namespace tessera {

using namespace std::chrono_literals;

namespace {

struct InvitesFixture : PeopleFixture {
  AccountId admin = person("admin", Role::Admin).account.id;
  AccountId moderator = person("mod", Role::Moderator).account.id;

  Changed<InviteView> invite(NewInvite wanted) {
    wanted.token = token(++last_token);
    return ask<Changed<InviteView>>(&Rooms::make_invite, wanted);
  }
  Changed<InviteView> accept(const InviteView& view, AccountId account) {
    return ask<Changed<InviteView>>(&Rooms::accept_invite, view.invite.hash, account);
  }
  std::optional<Refusal> join(const std::string& canvas, AccountId account, const std::string& code) {
    return ask<std::optional<Refusal>>(&People::join, canvas, account, code);
  }
  std::optional<Refusal> place(AccountId account, const std::string& canvas = "den") {
    PlaceReply placed;
    rooms->place(canvas, account, {{1, 1, 1}}, [&](const PlaceReply& reply) { placed = reply; });
    pass(50ms);
    commit_all();
    return placed.refused;
  }
};

}  // namespace

TEST_CASE("Access: a canvas by code is drawn on by whoever gave it once, and by staff") {
  InvitesFixture f;
  const FoundSession ann = f.guest("ann"), bob = f.guest("bob");
  RecordingGate gate;
  f.open(ann, gate, "den");
  f.set_access("den", Access::Code, "KETTLE");
  CHECK(told(gate) == "not_joined");
  CHECK(f.place(ann.account.id) == Refusal::NotJoined);
  CHECK(f.place(f.moderator) == std::nullopt);
  CHECK(f.join("den", ann.account.id, "KETTLF") == Refusal::Forbidden);
  CHECK(f.join("den", ann.account.id, "") == Refusal::Forbidden);
  CHECK(f.join("nowhere", ann.account.id, "KETTLE") == Refusal::NotFound);
  CHECK(f.join("den", nobody, "KETTLE") == Refusal::NotSignedIn);
  CHECK(f.join("den", ann.account.id, " ket-TLE ") == std::nullopt);
  CHECK(told(gate) == "may place");
  CHECK(f.join("den", ann.account.id, "whatever") == std::nullopt);  // already
  f.restart();
  CHECK(f.place(ann.account.id) == std::nullopt);
  CHECK(f.place(bob.account.id) == Refusal::NotJoined);
  f.set_access("den", Access::Members);
  CHECK(f.place(ann.account.id) == Refusal::Forbidden);
  CHECK(f.place(f.person("member", Role::Member).account.id) == std::nullopt);
  CHECK(f.join("den", ann.account.id, "KETTLE") == std::nullopt);
  CHECK(f.join("den", bob.account.id, "KETTLE") == Refusal::Forbidden);
}

TEST_CASE("Access: the case of accented letters does not count in a code either, also in one that was kept with them small") {
  InvitesFixture f;
  f.set_access("den", Access::Code, "FORÊT");
  CHECK(f.join("den", f.guest("ann").account.id, "forêt") == std::nullopt);
  CHECK(f.join("den", f.guest("bob").account.id, "foret") == Refusal::Forbidden);
  f.set_access("den", Access::Code, "FORêT");
  CHECK(f.join("den", f.guest("bob").account.id, "FORÊT") == std::nullopt);
  CHECK(f.join("den", f.guest("eve").account.id, "forêt") == std::nullopt);
}

TEST_CASE("Access: what its maker has joined, a bot has joined, before and after") {
  InvitesFixture f;
  const AccountId member = f.person("member", Role::Member).account.id;
  const AccountId early = f.bot(member).current->account.id;
  f.set_access("den", Access::Code, "KETTLE");
  CHECK(f.place(early) == Refusal::NotJoined);
  CHECK(f.join("den", member, "KETTLE") == std::nullopt);
  const AccountId late = f.bot(member).current->account.id;
  CHECK(f.place(early) == std::nullopt);
  CHECK(f.place(late) == std::nullopt);
}

TEST_CASE("Invites: staff invites to canvases and to roles below its own") {
  InvitesFixture f;
  const AccountId ann = f.guest("ann").account.id;
  CHECK(f.invite({.maker = ann, .canvas = "den"}).refused == Refusal::Forbidden);
  CHECK(f.invite({.maker = f.moderator, .canvas = "den", .role = Role::Moderator}).refused == Refusal::Forbidden);
  CHECK(f.invite({.maker = f.moderator, .canvas = "nowhere"}).refused == Refusal::NotFound);
  CHECK(f.invite({.maker = f.moderator}).refused == Refusal::Invalid);
  CHECK(f.invite({.maker = f.moderator, .canvas = "den", .expires = f.clock.wall()}).refused == Refusal::Invalid);
  CHECK(f.invite({.maker = f.moderator, .role = Role::Member}).refused == std::nullopt);
  CHECK(f.invite({.maker = f.admin, .canvas = "den", .role = Role::Moderator}).current->canvas == "den");
  CHECK(f.ask<std::vector<InviteView>>(&Rooms::invites, f.moderator).size() == 1);
  CHECK(f.ask<std::vector<InviteView>>(&Rooms::invites, f.admin).size() == 2);
  CHECK(f.ask<std::vector<InviteView>>(&Rooms::invites, ann).empty());
}

TEST_CASE("Invites: each use counts one; who has it already uses nothing; used up, expired and ended ones are gone") {
  InvitesFixture f;
  f.set_access("den", Access::Invited);
  const AccountId ann = f.guest("ann").account.id, bob = f.guest("bob").account.id, cid = f.guest("cid").account.id;
  const InviteView view = *f.invite({.maker = f.moderator, .canvas = "den", .role = Role::Member, .uses = 2}).current;
  CHECK(f.place(ann) == Refusal::NotJoined);
  CHECK(f.accept(view, ann).current->invite.uses == 1);
  CHECK(f.place(ann) == std::nullopt);
  CHECK(f.account(ann)->role == Role::Member);
  CHECK(f.accept(view, ann).current->invite.uses == 1);
  f.restart();
  CHECK(f.accept(view, bob).refused == std::nullopt);
  const auto gone = f.accept(view, cid);
  CHECK(gone.refused == Refusal::NotFound);
  CHECK(gone.current);
  CHECK(f.accept(view, ann).refused == std::nullopt);
  CHECK(f.accept({{}, {}}, cid).current == std::nullopt);
  CHECK(f.account(cid)->role == Role::Guest);

  const auto soon = WallTime{ms(f.clock.wall()) + 1'000};
  const InviteView brief = *f.invite({.maker = f.moderator, .canvas = "den", .expires = soon}).current;
  f.pass(2s);
  CHECK(f.accept(brief, cid).refused == Refusal::NotFound);
  const InviteView any = *f.invite({.maker = f.moderator, .canvas = "den", .uses = std::nullopt}).current;
  CHECK_FALSE(f.ask<bool>(&Rooms::end_invite, ann, any.invite.id));
  CHECK(f.ask<bool>(&Rooms::end_invite, f.moderator, any.invite.id));
  CHECK(f.accept(any, cid).refused == Refusal::NotFound);
  f.restart();
  CHECK(f.accept(any, cid).refused == Refusal::NotFound);
}

TEST_CASE("Invites: one is worth what its maker may give when it is accepted, and nothing to the banned and to bots") {
  InvitesFixture f;
  const AccountId owner = f.person("owner", Role::Owner).account.id, ann = f.guest("ann").account.id;
  const InviteView view = *f.invite({.maker = f.moderator, .role = Role::Member, .uses = std::nullopt}).current;
  const AccountId bot = f.bot(owner).current->account.id;
  CHECK(f.accept(view, bot).refused == Refusal::Forbidden);
  AccountChange ban{.banned_until = WallTime{ms(f.clock.wall()) + 3'600'000}};
  f.change(owner, ann, ban);
  CHECK(f.accept(view, ann).refused == Refusal::Banned);
  CHECK(f.join("main", ann, "x") == Refusal::Banned);
  const AccountId bob = f.guest("bob").account.id;
  f.change(owner, f.moderator, ban);
  CHECK(f.accept(view, bob).refused == Refusal::NotFound);
  CHECK(f.account(bob)->role == Role::Guest);
}

}  // namespace tessera
