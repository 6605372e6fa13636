#pragma once

#include <variant>
#include <vector>

#include "tests/server/core/people_fixture.h"

namespace tessera {

/// Rooms with an owner, an admin, a moderator and two players.
struct StaffFixture : PeopleFixture {
  explicit StaffFixture(const PlacingLimits& limits = no_limits) : PeopleFixture(limits) {
    owner = person("Olga", Role::Owner).account.id;
    admin = person("Ada", Role::Admin).account.id;
    moderator = person("Mo", Role::Moderator).account.id;
    ann = guest("ann").account.id;
    ben = guest("ben").account.id;
  }

  /// Places and commits; how many were accepted, and why the first refused one was.
  PlaceResult draw(AccountId account, std::vector<WireCell> cells, const std::string& canvas = "main") {
    const PlaceReply reply = ask_later<PlaceReply>([&](auto answer) { rooms->place(canvas, account, std::move(cells), answer); });
    return reply.result;
  }
  /// The answer to a call whose batch needs time to be due.
  template <typename Answer>
  Answer ask_later(const auto& call) {
    std::optional<Answer> answer;
    call([&](Answer given) { answer = std::move(given); });
    for (int turn = 0; turn < 20 && !answer; ++turn) {
      pass(std::chrono::milliseconds{50});
      commit_all();
    }
    REQUIRE(answer);
    return *std::move(answer);
  }
  Changed<LockInfo> lock(AccountId actor, NewLock wanted, const std::string& canvas = "main") {
    return ask<Changed<LockInfo>>(&Rooms::make_lock, actor, canvas, std::move(wanted));
  }
  Changed<RollbackView> roll_back(AccountId actor, RollbackAsked asked, const std::string& canvas = "main") {
    return ask_later<Changed<RollbackView>>([&](auto answer) { rooms->roll_back(actor, canvas, std::move(asked), false, answer); });
  }
  Changed<RollbackView> step(AccountId actor, RollbackId id, RollbackStep step, const std::string& canvas = "main") {
    return ask_later<Changed<RollbackView>>([&](auto answer) { rooms->change_rollback(actor, canvas, id, step, false, answer); });
  }
  /// What the cell shows.
  ColorIndex at(std::uint16_t x, std::uint16_t y, const std::string& canvas = "main") {
    std::optional<Hub::CanvasPicture> picture;
    rooms->picture(canvas, [&](std::optional<Hub::CanvasPicture> answer) { picture = std::move(answer); });
    REQUIRE(picture);
    return picture->picture->at({x, y});
  }
  /// The actions written to the audit log, in their order.
  std::vector<std::string> actions() {
    std::vector<std::string> all;
    for (const WriteSet& set : store.writes())
      for (const AuditRecord& record : set.audit) all.push_back(record.action);
    return all;
  }
  std::vector<AuditRecord> entries(const std::string& action) {
    std::vector<AuditRecord> all;
    for (const WriteSet& set : store.writes())
      for (const AuditRecord& record : set.audit)
        if (record.action == action) all.push_back(record);
    return all;
  }

  AccountId owner{}, admin{}, moderator{}, ann{}, ben{};
};

/// The messages of one kind that a gate was told for everyone on a canvas, or for one connection.
template <typename Message>
std::vector<Message> messages(const std::vector<GateEvent>& events) {
  std::vector<Message> found;
  for (const GateEvent& event : events) {
    const ServerMessage* message = nullptr;
    if (const auto* announced = std::get_if<Announced>(&event)) message = &announced->message;
    if (const auto* directed = std::get_if<Directed>(&event)) message = &directed->message;
    if (message == nullptr) continue;
    if (const auto* wanted = std::get_if<Message>(message)) found.push_back(*wanted);
  }
  return found;
}

}  // namespace tessera
