#include "server/core/roster.h"

#include "server/core/accounts.h"
#include "server/core/sessions.h"

namespace tessera {
namespace {

std::size_t part_of(AccountId id) { return static_cast<std::size_t>(id) / Roster::rows_a_part; }

std::shared_ptr<const Roster::Part> make_part(std::size_t number, const Accounts& accounts, const Sessions& sessions, WallTime now) {
  auto part = std::make_shared<Roster::Part>(Roster::rows_a_part);
  for (std::size_t i = 0; i < Roster::rows_a_part; ++i) {
    const AccountRecord* account = accounts.find(AccountId{static_cast<std::uint32_t>(number * Roster::rows_a_part + i)});
    if (account == nullptr) continue;
    (*part)[i] = {.id = account->id,
                  .alias_of = account->alias_of,
                  .kind = account->kind,
                  .role = account->role,
                  .banned_until = account->banned_until,
                  .used = sessions.last_used(account->id, now),
                  .name = account->name};
  }
  return part;
}

}  // namespace

const RosterRow* Roster::find(AccountId id) const {
  const std::size_t part = part_of(id);
  if (part >= parts_.size()) return nullptr;
  const RosterRow& row = (*parts_[part])[static_cast<std::size_t>(id) % rows_a_part];
  return row.id == nobody ? nullptr : &row;
}

const RosterRow* Roster::resolve(AccountId id) const {
  const RosterRow* row = find(id);
  return row != nullptr && row->alias_of != nobody ? find(row->alias_of) : row;
}

void RosterMarks::mark(AccountId id) {
  const std::size_t part = part_of(id);
  if (part >= parts_.size()) parts_.resize(part + 1);
  parts_[part] = true;
}

void RosterMarks::take(RosterMarks& other) {
  if (other.parts_.size() > parts_.size()) parts_.resize(other.parts_.size());
  for (std::size_t i = 0; i < other.parts_.size(); ++i)
    if (other.parts_[i]) parts_[i] = true;
  other.parts_.clear();
}

bool RosterMarks::clear(std::size_t part) {
  if (part >= parts_.size() || !parts_[part]) return false;
  parts_[part] = false;
  return true;
}

void RosterMaker::begin(AccountId last, RosterMarks& accounts, RosterMarks& sessions) {
  parts_.resize(part_of(last) + 1);
  marks_.take(accounts);
  marks_.take(sessions);
  next_ = 0;
}

bool RosterMaker::go_on(const Accounts& accounts, const Sessions& sessions, WallTime now, std::size_t most) {
  for (; next_ < parts_.size(); ++next_) {
    const bool changed = marks_.clear(next_);
    if (!changed && parts_[next_]) continue;
    parts_[next_] = make_part(next_, accounts, sessions, now);
    if (most <= Roster::rows_a_part) return ++next_ == parts_.size();
    most -= Roster::rows_a_part;
  }
  return true;
}

}  // namespace tessera
