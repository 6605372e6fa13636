#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "server/core/roster.h"
#include "server/http/stats.h"
#include "shared/base/result.h"

namespace tessera {

enum class AccountSort : std::uint8_t { Id, Name, Placements, Seen };

/// Which accounts are asked for, and in what order. Equal ones are by id; `descending` turns both around.
struct AccountListQuery {
  std::string text{};  ///< part of the name, as it looks, or the whole id; empty: any
  std::optional<Role> role{};
  std::optional<AccountKind> kind{};
  bool banned_only = false;
  std::string address{};  ///< prefix_id of where it was seen; empty: anywhere
  std::optional<std::vector<AccountId>> among{};  ///< who was seen there, by id; absent: everybody
  AccountSort sort = AccountSort::Id;
  bool descending = false;
  std::string canvas{};  ///< whose placements are counted
  std::size_t limit = 50;
  std::string after{};  ///< `next` of the page before; empty: the first page
};

struct ListedAccount {
  AccountId id{};
  std::uint64_t placements = 0;  ///< with those of its aliases
  std::optional<WallTime> seen{};  ///< the later of its last placement and the last use of a session
};
struct AccountListPage {
  std::vector<ListedAccount> items;
  std::size_t total = 0;  ///< how many match, on all pages
  std::string next{};     ///< empty: this is the last page
};

/// One page. What comes after it is told by the last item's own place in the order (keyset), so that no account is listed twice or
/// left out because of equal ones, or because others changed. An error: `after` was not the `next` of this list. A pure
/// function, for workers: it looks at every account.
Result<AccountListPage> list_accounts(const Roster& roster, const Stats::PlacedByAll& placed, const AccountListQuery& query, WallTime now);

}  // namespace tessera
