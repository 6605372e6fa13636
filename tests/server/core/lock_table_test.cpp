#include "server/core/lock_table.h"

#include <algorithm>

#include <doctest/doctest.h>

#include "shared/base/random.h"

namespace tessera {
namespace {

const AccountId ann{7};

LockRecord lock(std::uint32_t id, Rect area, Role allowed = Role::Moderator, std::vector<AccountId> accounts = {}) {
  LockRecord record;
  record.id = LockId{id};
  record.area = area;
  record.allowed = allowed;
  record.accounts = std::move(accounts);
  return record;
}

}  // namespace

TEST_CASE("Locks: a cell in a rectangle is for those of the role; its edges count, cells beside it do not") {
  LockTable locks;
  CHECK_FALSE(locks.refuses({10, 10}, ann, Role::Guest));
  locks.put(lock(1, {10, 20, 3, 2}));
  for (const Cell inside : {Cell{10, 20}, Cell{12, 20}, Cell{10, 21}, Cell{12, 21}}) {
    CHECK(locks.refuses(inside, ann, Role::Member));
    CHECK_FALSE(locks.refuses(inside, ann, Role::Moderator));
  }
  for (const Cell beside : {Cell{9, 20}, Cell{13, 20}, Cell{10, 19}, Cell{10, 22}}) CHECK_FALSE(locks.refuses(beside, ann, Role::Guest));
}

TEST_CASE("Locks: whoever is named may draw, unless another lock over the same cell does not name them") {
  LockTable locks;
  locks.put(lock(1, {0, 0, 10, 10}, Role::Admin, {ann}));
  CHECK_FALSE(locks.refuses({5, 5}, ann, Role::Guest));
  CHECK(locks.refuses({5, 5}, AccountId{8}, Role::Guest));
  locks.put(lock(2, {5, 5, 10, 10}));
  CHECK(locks.refuses({5, 5}, ann, Role::Guest));
  CHECK_FALSE(locks.refuses({4, 4}, ann, Role::Guest));
  CHECK_FALSE(locks.refuses({5, 5}, ann, Role::Moderator));  // by her role in the one, by her name in the other
}

TEST_CASE("Locks: changed and ended ones count no more; expired ones are told by id") {
  LockTable locks;
  locks.put(lock(1, {250, 250, 20, 20}));
  CHECK(locks.refuses({260, 260}, ann, Role::Guest));
  locks.put(lock(1, {0, 0, 2, 2}));
  CHECK_FALSE(locks.refuses({260, 260}, ann, Role::Guest));
  CHECK(locks.refuses({1, 1}, ann, Role::Guest));
  LockRecord brief = lock(2, {100, 100, 5, 5});
  brief.expires = WallTime{1'000};
  locks.put(brief);
  CHECK(locks.expired(WallTime{999}).empty());
  CHECK(locks.expired(WallTime{1'000}) == std::vector{LockId{2}});
  locks.end(LockId{1});
  CHECK_FALSE(locks.refuses({1, 1}, ann, Role::Guest));
  CHECK(locks.refuses({101, 101}, ann, Role::Guest));
  CHECK(locks.find(LockId{1}) == nullptr);
}

TEST_CASE("Locks: a thousand of them, made, changed and ended at random, refuse what one after the other would") {
  SeededRandom random(5);
  LockTable locks;
  std::vector<LockRecord> all;
  for (int step = 0; step < 1'000; ++step) {
    const auto draw = [&](std::uint64_t below) { return static_cast<std::uint32_t>(random.next_u64() % below); };
    if (!all.empty() && draw(4) == 0) {
      const std::uint32_t gone = draw(all.size());
      locks.end(all[gone].id);
      all.erase(all.begin() + gone);
    } else {
      std::vector<AccountId> named;
      if (draw(3) == 0) named.push_back(AccountId{draw(3) + 6});
      const auto allowed = static_cast<Role>(1 + draw(role_count - 1));
      LockRecord made = lock(all.empty() || draw(3) > 0 ? static_cast<std::uint32_t>(step + 1) : static_cast<std::uint32_t>(all[draw(all.size())].id),
                             {draw(600), draw(600), 1 + draw(300), 1 + draw(300)}, allowed, named);
      std::erase_if(all, [&](const LockRecord& other) { return other.id == made.id; });
      all.push_back(made);
      locks.put(made);
    }
    for (int look = 0; look < 20; ++look) {
      const Cell cell{static_cast<std::uint16_t>(draw(800)), static_cast<std::uint16_t>(draw(800))};
      const AccountId account{6 + draw(3)};
      const auto role = static_cast<Role>(draw(role_count));
      const bool wanted = std::any_of(all.begin(), all.end(), [&](const LockRecord& each) {
        return each.area.contains(cell) && role < each.allowed && std::find(each.accounts.begin(), each.accounts.end(), account) == each.accounts.end();
      });
      REQUIRE(locks.refuses(cell, account, role) == wanted);
    }
  }
}

}  // namespace tessera
