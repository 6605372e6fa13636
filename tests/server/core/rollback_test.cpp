#include "server/core/rollback.h"

#include <algorithm>
#include <map>

#include <doctest/doctest.h>

#include "server/core/standing.h"
#include "tests/server/core/staff_fixture.h"

namespace tessera {
namespace {

using namespace std::chrono_literals;

/// Whose each cell of a small canvas is, and what it shows.
using Shown = std::map<Cell, std::pair<ColorIndex, AccountId>>;

struct Rollbacks : StaffFixture {
  explicit Rollbacks() {
    cy = guest("cy").account.id;
  }
  /// By the journal, as anyone who asks whose a cell is.
  AccountId owner_of(std::uint16_t x, std::uint16_t y) {
    std::vector<Placement> all = store.journal(CanvasId{1});
    std::reverse(all.begin(), all.end());
    CellHistory cell;
    for (const Placement& placement : all)
      if (placement.cell == Cell{x, y}) cell.push_back(&placement);
    const Placement* standing = standing_of(cell);
    return standing == nullptr ? nobody : standing->account;
  }
  Shown shown(std::uint16_t side = 6) {
    Shown all;
    for (std::uint16_t y = 0; y < side; ++y)
      for (std::uint16_t x = 0; x < side; ++x) all[{x, y}] = {at(x, y), owner_of(x, y)};
    return all;
  }
  RollbackId undo_all_of(AccountId account) {
    const auto reply = roll_back(moderator, {.account = account});
    REQUIRE_FALSE(reply.refused);
    CHECK(reply.current->record.state == RollbackState::Applied);
    return reply.current->record.id;
  }
  AccountId cy{};
};

}  // namespace

TEST_CASE("Rollback: a vandal's cells show again what they showed, and are theirs who drew it; what others drew since stays") {
  Rollbacks f;
  f.draw(f.ann, {{1, 1, 5}, {2, 1, 5}, {3, 1, 5}});
  f.draw(f.ben, {{1, 1, 9}, {2, 1, 9}, {4, 1, 9}});
  f.draw(f.cy, {{2, 1, 7}});
  const auto reply = f.roll_back(f.moderator, {.account = f.ben, .reason = "drew over the cat"});
  REQUIRE_FALSE(reply.refused);
  CHECK(reply.current->record.state == RollbackState::Applied);
  CHECK(reply.current->record.placements == 3);
  CHECK(reply.current->record.cells == 2);
  CHECK(f.at(1, 1) == 5);
  CHECK(f.owner_of(1, 1) == f.ann);
  CHECK(f.at(2, 1) == 7);
  CHECK(f.at(3, 1) == 5);
  CHECK(f.at(4, 1) == empty_color);
  CHECK(f.owner_of(4, 1) == nobody);
  const AuditRecord entry = f.entries("rollback.apply").at(0);
  CHECK(entry.actor->name == "Mo");
  CHECK(entry.detail.find(R"("cells":2)") != std::string::npos);
  CHECK(entry.detail.find("drew over the cat") != std::string::npos);
}

TEST_CASE("Rollback: two vandals over each other, rolled back in either order, leave the same") {
  std::vector<Shown> results;
  for (const bool ben_first : {true, false}) {
    Rollbacks f;
    f.draw(f.ann, {{1, 1, 5}, {2, 1, 5}});
    f.draw(f.ben, {{1, 1, 9}});
    f.draw(f.cy, {{1, 1, 7}, {2, 1, 7}});
    f.draw(f.ben, {{2, 1, 9}});
    f.undo_all_of(ben_first ? f.ben : f.cy);
    f.undo_all_of(ben_first ? f.cy : f.ben);
    CHECK(f.at(1, 1) == 5);
    CHECK(f.owner_of(1, 1) == f.ann);
    results.push_back(f.shown());
  }
  CHECK(results[0] == results[1]);
}

TEST_CASE("Rollback: undone and redone as a whole, in any order with others, as if the others alone had been made") {
  Rollbacks f;
  f.draw(f.ann, {{1, 1, 5}, {2, 1, 5}});
  f.draw(f.ben, {{1, 1, 9}, {3, 1, 9}});
  f.draw(f.cy, {{1, 1, 7}});
  const Shown before = f.shown();
  const RollbackId ben = f.undo_all_of(f.ben);
  const Shown without_ben = f.shown();
  const RollbackId cy = f.undo_all_of(f.cy);
  CHECK(f.at(1, 1) == 5);
  CHECK(f.step(f.moderator, ben, RollbackStep::Undo).current->record.state == RollbackState::Undone);
  CHECK(f.at(1, 1) == 9);
  CHECK(f.owner_of(1, 1) == f.ben);
  CHECK(f.at(3, 1) == 9);
  f.step(f.moderator, cy, RollbackStep::Undo);
  CHECK(f.shown() == before);
  f.step(f.admin, ben, RollbackStep::Redo);
  CHECK(f.shown() == without_ben);
  CHECK(f.step(f.admin, ben, RollbackStep::Redo).current->record.state == RollbackState::Applied);  // again: nothing to do
  CHECK(f.actions() == std::vector<std::string>{"rollback.apply", "rollback.apply", "rollback.undo", "rollback.undo", "rollback.redo"});
}

TEST_CASE("Rollback: by region and time; what came after `until` stays, what was undone by its author stays undone") {
  Rollbacks f;
  f.draw(f.ann, {{1, 1, 5}});
  const Seq until = f.draw(f.ben, {{1, 1, 9}, {5, 5, 9}}).first_seq + 1;
  f.draw(f.cy, {{2, 2, 7}});
  f.draw(f.ann, {{3, 3, 4}});
  f.ask_later<TakeBackReply>([&](auto answer) { f.rooms->take_back("main", f.ann, PlacementKind::Undo, 1, answer); });
  f.roll_back(f.moderator, {.region = {0, 0, 4, 4}, .since = Seq{2}, .until = until});
  CHECK(f.at(1, 1) == 5);
  CHECK(f.at(5, 5) == 9);
  CHECK(f.at(2, 2) == 7);
  CHECK(f.at(3, 3) == empty_color);
  f.roll_back(f.moderator, {.region = {0, 0, 4, 4}});
  CHECK(f.at(1, 1) == empty_color);
  CHECK(f.at(2, 2) == empty_color);
  CHECK(f.at(5, 5) == 9);
}

TEST_CASE("Rollback: an undo does not bring back what was rolled back beneath it, for as long as that counts") {
  for (const bool is_old : {false, true})
    for (const bool counts : {true, false}) {
      CAPTURE(is_old);
      CAPTURE(counts);
      Rollbacks f;
      f.draw(f.ben, {{1, 1, 9}, {2, 1, 9}});
      if (is_old) f.pass(2min);
      f.draw(f.ann, {{1, 1, 5}, {3, 1, 5}});
      const RollbackId rollback = f.undo_all_of(f.ben);
      if (!counts) f.step(f.moderator, rollback, RollbackStep::Undo);
      f.ask_later<TakeBackReply>([&](auto answer) { f.rooms->take_back("main", f.ann, PlacementKind::Undo, 2, answer); });
      CHECK(f.at(1, 1) == (counts ? 5 : 9));
      CHECK(f.at(2, 1) == (counts ? empty_color : 9));
      CHECK(f.at(3, 1) == empty_color);
    }
}

TEST_CASE("Rollback: who may not, what is not there, those of a higher role, and of nothing") {
  Rollbacks f;
  f.draw(f.ann, {{1, 1, 5}});
  CHECK(f.roll_back(f.ann, {.account = f.ben}).refused == Refusal::Forbidden);
  CHECK(f.roll_back(f.moderator, {.account = f.admin}).refused == Refusal::Forbidden);
  CHECK(f.roll_back(f.moderator, {.account = f.moderator}).refused == Refusal::Forbidden);
  CHECK(f.roll_back(f.moderator, {.account = AccountId{999}}).refused == Refusal::NotFound);
  CHECK(f.roll_back(f.moderator, {.account = f.ann}, "none").refused == Refusal::NotFound);
  CHECK(f.roll_back(f.moderator, {}).refused == Refusal::Invalid);
  CHECK(f.step(f.moderator, RollbackId{77}, RollbackStep::Undo).refused == Refusal::NotFound);
  CHECK(f.at(1, 1) == 5);
  const auto nothing = f.roll_back(f.moderator, {.account = f.ben});
  CHECK(nothing.current->record.cells == 0);
  CHECK(nothing.current->record.state == RollbackState::Applied);
  CHECK(f.at(1, 1) == 5);
}

TEST_CASE("Rollback: a preview tells how many, whose and where, and changes nothing") {
  Rollbacks f;
  f.draw(f.ann, {{1, 1, 5}, {3, 4, 5}});
  f.draw(f.ben, {{1, 1, 9}});
  const Shown before = f.shown();
  const auto preview = f.ask_later<Changed<RollbackPreview>>(
      [&](auto answer) { f.rooms->preview_rollback(f.moderator, "main", {.region = {0, 0, 10, 10}}, answer); });
  const RollbackPlan& plan = *preview.current->plan;
  CHECK(plan.placements == 3);
  CHECK(plan.changes.size() == 2);
  CHECK(plan.area == Rect{1, 1, 3, 4});
  CHECK(plan.accounts == std::vector<std::pair<AccountId, std::uint64_t>>{{f.ann, 2}, {f.ben, 1}});
  CHECK(f.shown() == before);
  CHECK(f.actions().empty());
}

TEST_CASE("Rollback: people who draw on its cells while it is drawn keep what they drew, and nothing else is left") {
  Rollbacks f;
  std::vector<WireCell> many;
  for (std::uint16_t i = 0; i < 90; ++i)
    for (std::uint16_t j = 0; j < 90; ++j) many.push_back({i, j, 9});
  for (std::size_t i = 0; i < many.size(); i += 4'000)
    f.draw(f.ben, {many.begin() + static_cast<std::ptrdiff_t>(i), many.begin() + static_cast<std::ptrdiff_t>(std::min(i + 4'000, many.size()))});
  std::optional<Changed<RollbackView>> reply;
  f.rooms->roll_back(f.moderator, "main", {.account = f.ben}, false, [&](Changed<RollbackView> answer) { reply = std::move(answer); });
  f.read_one();                                                     // planned, to be recorded
  f.rooms->place("main", f.ann, {{89, 89, 3}}, [](const PlaceReply&) {});  // drawn in between
  while (!f.writes.empty() || !f.reads.empty()) {
    f.pass(40ms);
    if (!f.writes.empty()) f.commit_one();
    else f.read_one();
  }
  REQUIRE(reply);
  CHECK(reply->current->record.state == RollbackState::Applied);
  CHECK(f.at(89, 89) == 3);
  CHECK(f.at(88, 89) == empty_color);
  CHECK(f.at(0, 0) == empty_color);
}

TEST_CASE("Rollback: a server that ends half way goes on at the next start; one that was turned round half way leaves nothing") {
  Rollbacks f;
  std::vector<WireCell> many;
  for (std::uint16_t i = 0; i < 100; ++i)
    for (std::uint16_t j = 0; j < 100; ++j) many.push_back({i, j, 9});
  for (std::size_t i = 0; i < many.size(); i += 4'000)
    f.draw(f.ben, {many.begin() + static_cast<std::ptrdiff_t>(i), many.begin() + static_cast<std::ptrdiff_t>(std::min(i + 4'000, many.size()))});
  const auto empties = [&] {
    int count = 0;
    for (const WireCell& cell : many) count += f.at(cell.x, cell.y) == empty_color ? 1 : 0;
    return count;
  };
  bool cancelled = false;
  SUBCASE("killed") {}
  SUBCASE("cancelled") { cancelled = true; }
  f.rooms->roll_back(f.moderator, "main", {.account = f.ben}, true, [](const Changed<RollbackView>&) {});
  while (empties() == 0) {
    f.pass(40ms);
    if (!f.writes.empty()) f.commit_one();
    else if (!f.reads.empty()) f.read_one();
  }
  REQUIRE(empties() < 10'000);
  const RollbackId id{1};
  if (cancelled) {
    CHECK(f.step(f.moderator, id, RollbackStep::Undo).current->record.state == RollbackState::Undone);
    CHECK(empties() == 0);
    CHECK(f.owner_of(0, 0) == f.ben);
    return;
  }
  f.restart();
  for (int turn = 0; turn < 30; ++turn) {
    f.pass(50ms);
    f.commit_all();
  }
  CHECK(empties() == 10'000);
  const auto list = f.ask<std::optional<std::vector<RollbackView>>>(&Rooms::rollbacks, std::string("main"));
  CHECK(list->at(0).record.state == RollbackState::Applied);
}

TEST_CASE("Rollback: one that goes on after a restart leaves the others in force, older and newer ones") {
  for (const bool is_older : {true, false})
    for (const RollbackStep step : {RollbackStep::Undo, RollbackStep::Redo}) {
      CAPTURE(is_older);
      Rollbacks f;
      f.draw(f.cy, {{1, 1, 1}});
      f.draw(f.ann, {{1, 1, 2}});
      f.draw(f.ben, {{1, 1, 3}});
      const RollbackId anns = f.undo_all_of(f.ann), bens = f.undo_all_of(f.ben), turned = is_older ? anns : bens;
      if (step == RollbackStep::Redo) f.step(f.moderator, turned, RollbackStep::Undo);
      f.rooms->change_rollback(f.moderator, "main", turned, step, true, [](const Changed<RollbackView>&) {});
      f.pass(50ms);
      while (!f.writes.empty()) f.commit_one();  // that it was asked for; nothing is planned yet
      f.restart();
      for (int turn = 0; turn < 10; ++turn) {
        f.pass(50ms);
        f.commit_all();
      }
      CHECK(f.at(1, 1) == (step == RollbackStep::Redo ? 1 : is_older ? 2 : 3));
    }
}

TEST_CASE("Rollback: one that is turned round while its end waits to be recorded goes on at once") {
  Rollbacks f;
  f.draw(f.ben, {{1, 1, 9}});
  f.rooms->roll_back(f.moderator, "main", {.account = f.ben}, true, [](const Changed<RollbackView>&) {});
  while (f.writes.empty() || std::get<0>(f.writes.front()).batches.empty()) {
    f.pass(40ms);
    if (!f.writes.empty() && std::get<0>(f.writes.front()).batches.empty()) f.commit_one();
    else if (f.writes.empty() && !f.reads.empty()) f.read_one();
  }
  AccountChange note;
  note.note = "new here";
  f.rooms->change_account(f.admin, f.ann, {}, note, [](const Changed<AccountRecord>&) {});  // whose turn it is
  std::optional<Changed<RollbackView>> undone;
  f.rooms->change_rollback(f.moderator, "main", RollbackId{1}, RollbackStep::Undo, false, [&](Changed<RollbackView> answer) { undone = std::move(answer); });
  for (int turn = 0; turn < 10; ++turn) {
    f.pass(50ms);
    f.commit_all();
  }
  REQUIRE(undone);
  CHECK(undone->current->record.state == RollbackState::Undone);
  CHECK(f.at(1, 1) == 9);
}

TEST_CASE("Rollback: who might not have applied it may neither undo nor redo it") {
  Rollbacks f;
  f.draw(f.admin, {{1, 1, 5}});
  f.draw(f.moderator, {{2, 1, 5}});
  const RollbackId admins = f.roll_back(f.owner, {.account = f.admin}).current->record.id;
  const RollbackId moderators = f.roll_back(f.admin, {.account = f.moderator}).current->record.id;
  CHECK(f.step(f.moderator, admins, RollbackStep::Undo).refused == Refusal::Forbidden);
  CHECK(f.step(f.admin, admins, RollbackStep::Undo).refused == Refusal::Forbidden);
  CHECK(f.step(f.moderator, moderators, RollbackStep::Undo).refused == Refusal::Forbidden);
  CHECK(f.at(1, 1) == empty_color);
  CHECK(f.at(2, 1) == empty_color);
  f.step(f.owner, admins, RollbackStep::Undo);
  f.step(f.admin, moderators, RollbackStep::Undo);
  CHECK(f.step(f.moderator, admins, RollbackStep::Redo).refused == Refusal::Forbidden);
  CHECK(f.step(f.moderator, moderators, RollbackStep::Redo).refused == Refusal::Forbidden);
  CHECK(f.at(1, 1) == 5);
  CHECK(f.at(2, 1) == 5);
}

TEST_CASE("Rollback: many at random, applied, undone and redone, always show what the definition says") {
  Rollbacks f;
  SeededRandom random(11);
  const auto draw = [&](std::uint64_t below) { return static_cast<std::uint32_t>(random.next_u64() % below); };
  const AccountId players[] = {f.ann, f.ben, f.cy};
  std::map<RollbackId, bool> made;  // whether it counts
  for (int step = 0; step < 150; ++step) {
    const std::uint32_t kind = draw(10);
    if (kind < 6) {
      f.draw(players[draw(3)], {{static_cast<std::uint16_t>(draw(4)), static_cast<std::uint16_t>(draw(4)), static_cast<ColorIndex>(draw(30))}});
    } else if (kind < 7) {
      f.ask_later<TakeBackReply>([&](auto answer) { f.rooms->take_back("main", players[draw(3)], PlacementKind::Undo, 1, answer); });
    } else if (kind < 8 || made.empty()) {
      RollbackAsked asked;
      if (draw(2) == 0) asked.account = players[draw(3)];
      if (draw(2) == 0 || asked.account == nobody) asked.region = {draw(3), draw(3), 2, 2};
      made[f.roll_back(f.moderator, asked).current->record.id] = true;
    } else {
      auto one = std::next(made.begin(), draw(made.size()));
      one->second = !one->second;
      f.step(f.moderator, one->first, one->second ? RollbackStep::Redo : RollbackStep::Undo);
    }
    const auto list = *f.ask<std::optional<std::vector<RollbackView>>>(&Rooms::rollbacks, std::string("main"));
    const std::vector<Placement> all = f.store.journal(CanvasId{1});
    for (std::uint16_t x = 0; x < 4; ++x) {
      for (std::uint16_t y = 0; y < 4; ++y) {
        ColorIndex wanted = empty_color;
        bool undone_on_top = false;
        for (auto placement = all.rbegin(); placement != all.rend(); ++placement) {
          if (placement->cell != Cell{x, y} || placement->kind == PlacementKind::Rollback) continue;
          undone_on_top = undone_on_top || placement->kind == PlacementKind::Undo;
          if (placement->kind != PlacementKind::Place) continue;
          const bool was_undone = std::any_of(all.begin(), all.end(), [&](const Placement& other) { return other.kind == PlacementKind::Undo && other.target() == placement->seq; });
          const bool taken = std::any_of(list.begin(), list.end(), [&](const RollbackView& view) {
            return view.record.state == RollbackState::Applied && selects(view.record.selection, *placement);
          });
          if (was_undone || taken) continue;
          wanted = placement->color;
          break;
        }
        // A cell whose author undid what they drew over a rollback shows what it showed before, until the next rollback looks at it.
        if (!undone_on_top) REQUIRE(f.at(x, y) == wanted);
      }
    }
  }
}

}  // namespace tessera
