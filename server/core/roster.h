#pragma once

#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "server/core/records.h"

namespace tessera {

class Accounts;
class Sessions;

/// What lists of accounts are filtered and sorted by.
struct RosterRow {
  AccountId id{};  ///< nobody: no account has this number
  AccountId alias_of{};
  AccountKind kind{};
  Role role{};
  std::optional<WallTime> banned_until{};
  std::optional<WallTime> used{};  ///< the last use of a session that it still has, to within a day
  std::string name{};

  bool is_banned(WallTime now) const { return banned_until && *banned_until > now; }
};

/// Every account at one instant, for what is worked out on other threads. Immutable: a copy costs a pointer for each thousand
/// accounts.
class Roster {
 public:
  static constexpr std::size_t rows_a_part = 1'024;
  using Part = std::vector<RosterRow>;  // `rows_a_part` of them, by id

  Roster() = default;
  explicit Roster(std::vector<std::shared_ptr<const Part>> parts) : parts_(std::move(parts)) {}

  /// Null where there is none; lives as long as the roster.
  const RosterRow* find(AccountId id) const;
  /// The same; for an alias, the account that it stands for.
  const RosterRow* resolve(AccountId id) const;
  /// Calls `visit(row)` for each account that stands for itself, by id.
  template <typename Visit>
  void each(Visit visit) const {
    for (const auto& part : parts_)
      for (const RosterRow& row : *part)
        if (row.id != nobody && row.alias_of == nobody) visit(row);
  }

 private:
  std::vector<std::shared_ptr<const Part>> parts_;
};

/// Which parts of a roster are to be made anew.
class RosterMarks {
 public:
  void mark(AccountId id);
  /// Takes over those of `other`, which has none then.
  void take(RosterMarks& other);
  /// Whether that part was marked; it is not any more.
  bool clear(std::size_t part);

 private:
  std::vector<bool> parts_;
};

/// Makes rosters: only the parts that have changed since the last one, a few at a time, so that it holds up no placement. Belongs
/// to the room loop.
class RosterMaker {
 public:
  /// Begins one of the accounts as they now are, up to `last`.
  void begin(AccountId last, RosterMarks& accounts, RosterMarks& sessions);
  /// Copies up to about `most` accounts more; whether that was all.
  bool go_on(const Accounts& accounts, const Sessions& sessions, WallTime now, std::size_t most);
  /// What was begun, once it is whole.
  Roster roster() const { return Roster({parts_.begin(), parts_.end()}); }

 private:
  std::vector<std::shared_ptr<const Roster::Part>> parts_;
  RosterMarks marks_;
  std::size_t next_ = 0;  // the part to look at
};

}  // namespace tessera
