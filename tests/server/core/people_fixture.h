#pragma once

#include <optional>
#include <string>

#include <doctest/doctest.h>

#include "tests/support/rooms_fixture.h"

namespace tessera {

/// Rooms with people in them; what is asked is committed at once.
struct PeopleFixture : RoomsFixture {
  explicit PeopleFixture(const PlacingLimits& limits = no_limits) : RoomsFixture({{"main", {100, 100}}, {"den", {50, 50}}}, {}, limits) {}

  /// The answer to a call of `People`, which must come once its write is committed.
  template <typename Answer>
  Answer ask(auto method, auto... arguments) {
    std::optional<Answer> answer;
    (rooms.get()->*method)(arguments..., [&](Answer given) { answer = std::move(given); });
    commit_all();
    REQUIRE(answer);
    return *std::move(answer);
  }
  static TokenHash token(std::uint8_t number) { return {number, number, 1}; }

  FoundSession guest(const std::string& name) {
    const NewSession session{token(++last_token), "Firefox on Linux"};
    const auto reply = ask<SignInReply>(&Rooms::sign_in_guest, name, session);
    REQUIRE_FALSE(reply.refused);
    return {reply.account, reply.session};
  }
  SignInReply discord(std::uint64_t person, const std::string& name, AccountId guest = nobody, std::optional<Role> role = {}) {
    return ask<SignInReply>(&Rooms::sign_in_discord, DiscordPerson{person, name, role}, guest, NewSession{token(++last_token), ""});
  }
  /// An account of that role, straight into the store.
  FoundSession person(const std::string& name, Role role) {
    const FoundSession made = guest(name);
    WriteSet change;
    change.accounts.push_back(made.account);
    change.accounts.back().role = role;
    REQUIRE(store.commit(change).outcome == CommitOutcome::Stored);
    restart();
    return {*account(made.account.id), made.session};
  }
  std::optional<AccountRecord> account(AccountId id) { return ask<std::optional<AccountRecord>>(&Rooms::account, id); }
  bool is_known(const TokenHash& hash) { return ask<std::optional<FoundSession>>(&Rooms::find_session, hash).has_value(); }
  Changed<AccountRecord> change(AccountId actor, AccountId id, const AccountChange& wanted, std::optional<std::uint32_t> version = {}) {
    return ask<Changed<AccountRecord>>(&Rooms::change_account, actor, id, version, wanted);
  }
  Changed<ServiceView> bot(AccountId maker, std::uint8_t scopes = static_cast<std::uint8_t>(Scope::Place), const std::string& name = "clock") {
    return ask<Changed<ServiceView>>(&Rooms::make_service, NewService{maker, name, scopes, token(++last_token)});
  }
  ConnectionId open(const FoundSession& who, RecordingGate& gate, const std::string& canvas = "main") {
    const ConnectionId id{++connections};
    rooms->handle(Opened{id, &gate, ConnectionKind::Binary, ClientId{}, who.account.id, who.session.hash});
    enter(id, canvas);
    gate.take();
    return id;
  }
  /// The canvas's access, as if staff had changed it.
  void set_access(const std::string& canvas, Access access, const std::string& code = {}) {
    CanvasChange change;
    change.access = access;
    change.access_code = code;
    const auto changed = ask<Changed<CanvasView>>(&Rooms::change_canvas, nobody, canvas, std::optional<std::uint32_t>{}, change);
    REQUIRE_FALSE(changed.refused);
  }

  std::uint8_t last_token = 100;
};

/// What a connection was told of itself, one word each: who it is now, and whether it may place.
inline std::string told(RecordingGate& gate) {
  std::string all;
  for (const GateEvent& event : gate.take()) {
    const auto* directed = std::get_if<Directed>(&event);
    if (directed == nullptr) continue;
    std::string word;
    if (const auto* changed = std::get_if<AccountChanged>(&directed->message))
      word = changed->account.id == nobody ? "nobody" : changed->account.name + " " + std::string(code(changed->account.role));
    else if (const auto* charges = std::get_if<Charges>(&directed->message))
      word = charges->may_place ? "may place" : std::string(code(charges->why_not));
    if (!word.empty()) all += (all.empty() ? "" : ", ") + word;
  }
  return all;
}

}  // namespace tessera
