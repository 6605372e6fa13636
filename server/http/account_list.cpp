#include "server/http/account_list.h"

#include <algorithm>
#include <functional>
#include <unordered_map>

#include "server/core/names.h"
#include "shared/base/ascii.h"
#include "shared/base/bytes.h"
#include "shared/base/crc32c.h"
#include "shared/base/text.h"

namespace tessera {
namespace {

/// Where an account stands in the order.
struct Rank {
  std::int64_t number = 0;
  std::string name{};
  AccountId id{};
  auto operator<=>(const Rank&) const = default;
};
struct Listed {
  Rank rank;
  ListedAccount account;
};

bool comes_before(const Rank& one, const Rank& other, const AccountListQuery& query) { return query.descending ? other < one : one < other; }

/// A cursor belongs to its list: on another it would skip accounts.
std::uint32_t mark_of(const AccountListQuery& query) {
  Bytes bytes;
  ByteWriter out(bytes);
  out.u8(static_cast<std::uint8_t>(query.sort));
  out.u8(query.descending ? 1 : 0);
  out.u8(query.role ? static_cast<std::uint8_t>(*query.role) : 255);
  out.u8(query.kind ? static_cast<std::uint8_t>(*query.kind) : 255);
  out.u8(query.banned_only ? 1 : 0);
  for (const std::string& text : {query.text, query.canvas}) {
    out.varint(text.size());
    out.raw(as_bytes(text));
  }
  return crc32c(bytes);
}

bool is_by_number(const AccountListQuery& query) { return query.sort == AccountSort::Id && !query.descending; }

std::string cursor_of(const Rank& rank, const AccountListQuery& query) {
  if (is_by_number(query)) return std::to_string(static_cast<std::uint32_t>(rank.id));
  Bytes bytes;
  ByteWriter out(bytes);
  out.u64(static_cast<std::uint64_t>(rank.number));
  out.u32(static_cast<std::uint32_t>(rank.id));
  out.raw(as_bytes(rank.name));
  out.u32(crc32c(bytes, mark_of(query)));
  return to_hex(ByteSpan(bytes));
}

std::optional<Rank> rank_of(const AccountListQuery& query) {
  if (is_by_number(query)) {
    const auto id = parse_number(query.after, UINT32_MAX);
    return id ? std::optional(Rank{.id = AccountId{static_cast<std::uint32_t>(*id)}}) : std::nullopt;
  }
  constexpr std::size_t sealed = 4, least = 8 + 4 + sealed;
  const auto bytes = from_hex(query.after);
  if (!bytes || bytes->size() < least) return std::nullopt;
  const ByteSpan body = ByteSpan(*bytes).first(bytes->size() - sealed);
  ByteReader in(*bytes);
  Rank rank;
  rank.number = static_cast<std::int64_t>(in.u64());
  rank.id = AccountId{in.u32()};
  rank.name = as_text(in.raw(body.size() - in.position()));
  return in.u32() == crc32c(body, mark_of(query)) ? std::optional(std::move(rank)) : std::nullopt;
}

/// Who matches, apart from the placements.
class Filter {
 public:
  Filter(const AccountListQuery& query, WallTime now) : query_(query), now_(now), look_(look_of(query.text)), id_(parse_number(query.text, UINT32_MAX)) {}

  bool takes(const RosterRow& row) const {
    if (query_.role && row.role != *query_.role) return false;
    if (query_.kind && row.kind != *query_.kind) return false;
    if (query_.banned_only && !row.is_banned(now_)) return false;
    if (query_.text.empty() || (id_ && *id_ == static_cast<std::uint32_t>(row.id))) return true;
    return !look_.empty() && look_of(row.name).find(look_) != std::string::npos;
  }

 private:
  const AccountListQuery& query_;
  WallTime now_;
  std::string look_;
  std::optional<std::uint64_t> id_;
};

using Placed = std::unordered_map<AccountId, ListedAccount>;

/// What each account has placed, its aliases with it.
Placed together(const Roster& roster, const Stats::PlacedByAll& placed) {
  Placed all;
  all.reserve(placed.accounts.size());
  for (const auto& each : placed.accounts) {
    const RosterRow* row = roster.resolve(each.account);
    if (row == nullptr) continue;
    ListedAccount& account = all[row->id];
    account.placements += each.placements;
    account.seen = std::max(account.seen, std::optional(each.last));
  }
  return all;
}

Rank rank_of(const RosterRow& row, const ListedAccount& account, AccountSort sort) {
  Rank rank{.id = row.id};
  switch (sort) {
    case AccountSort::Id: break;
    case AccountSort::Name: rank.name = lower_case(row.name); break;
    case AccountSort::Placements: rank.number = static_cast<std::int64_t>(account.placements); break;
    case AccountSort::Seen: rank.number = account.seen ? ms(*account.seen) : -1; break;
  }
  return rank;
}

}  // namespace

Result<AccountListPage> list_accounts(const Roster& roster, const Stats::PlacedByAll& placed, const AccountListQuery& query, WallTime now) {
  std::optional<Rank> after;
  if (!query.after.empty() && !(after = rank_of(query))) return Error{"after must be `next` of a page of this very list"};
  const Placed counts = together(roster, placed);
  const Filter filter(query, now);
  AccountListPage page;
  std::vector<Listed> left;  // that come after the page before
  roster.each([&](const RosterRow& row) {
    if (!filter.takes(row)) return;
    ++page.total;
    const auto count = counts.find(row.id);
    ListedAccount account = count == counts.end() ? ListedAccount{} : count->second;
    account.id = row.id;
    account.seen = std::max(account.seen, row.used);
    Rank rank = rank_of(row, account, query.sort);
    if (!after || comes_before(*after, rank, query)) left.push_back({std::move(rank), account});
  });
  const bool more = left.size() > query.limit;
  const auto end = left.begin() + static_cast<std::ptrdiff_t>(std::min(left.size(), query.limit));
  std::partial_sort(left.begin(), end, left.end(), [&](const Listed& one, const Listed& other) { return comes_before(one.rank, other.rank, query); });
  for (auto each = left.begin(); each != end; ++each) page.items.push_back(each->account);
  if (more) page.next = cursor_of(std::prev(end)->rank, query);
  return page;
}

}  // namespace tessera
