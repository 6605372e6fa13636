#include "server/http/account_list.h"

#include <algorithm>
#include <utility>

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
  for (const std::string& text : {query.text, query.canvas, query.address}) {
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
    if (query_.among && !std::binary_search(query_.among->begin(), query_.among->end(), row.id)) return false;
    if (query_.text.empty() || (id_ && *id_ == static_cast<std::uint32_t>(row.id))) return true;
    return !look_.empty() && look_of(row.name).find(look_) != std::string::npos;
  }

 private:
  const AccountListQuery& query_;
  WallTime now_;
  std::string look_;
  std::optional<std::uint64_t> id_;
};

/// What each account has placed, its aliases with it. Ids are dense: their places in a vector are less than a table would be.
class Placed {
 public:
  Placed(const Roster& roster, const Stats::PlacedByAll& placed) {
    for (const auto& each : placed.accounts) {
      const RosterRow* row = roster.resolve(each.account);
      if (row == nullptr) continue;
      const auto index = static_cast<std::size_t>(row->id);
      if (index >= sums_.size()) sums_.resize(index + 1);
      sums_[index].placements += each.placements;
      sums_[index].last = std::max(sums_[index].last, each.last);
    }
  }
  ListedAccount of(const RosterRow& row) const {
    ListedAccount account{.id = row.id, .placements = 0, .seen = row.used};
    const auto index = static_cast<std::size_t>(row.id);
    if (index >= sums_.size() || sums_[index].placements == 0) return account;
    account.placements = sums_[index].placements;
    account.seen = std::max(account.seen, std::optional(sums_[index].last));
    return account;
  }

 private:
  struct Sum {
    std::uint64_t placements = 0;
    WallTime last{};
  };
  std::vector<Sum> sums_;
};

struct InOrder {
  const AccountListQuery& query;
  bool operator()(const Listed& one, const Listed& other) const { return comes_before(one.rank, other.rank, query); }
};

/// The first few of those that come after a place in the order, whatever order they are given in.
class FirstFew {
 public:
  FirstFew(const AccountListQuery& query, std::optional<Rank> after) : query_(query), after_(std::move(after)) {}

  void take(Rank rank, const ListedAccount& account) {
    if (after_ && !comes_before(*after_, rank, query_)) return;
    const bool is_full = few_.size() > query_.limit;  // and one that tells that there are more
    if (is_full && !comes_before(rank, few_.front().rank, query_)) return;
    if (is_full) {
      std::pop_heap(few_.begin(), few_.end(), InOrder{query_});
      few_.pop_back();
    }
    few_.push_back({std::move(rank), account});
    std::push_heap(few_.begin(), few_.end(), InOrder{query_});
  }
  std::vector<Listed> sorted() && {
    std::sort_heap(few_.begin(), few_.end(), InOrder{query_});
    return std::move(few_);
  }

 private:
  const AccountListQuery& query_;
  std::optional<Rank> after_;
  std::vector<Listed> few_;  // a heap, the last of them first
};

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
  const Placed counts(roster, placed);
  const Filter filter(query, now);
  AccountListPage page;
  FirstFew few(query, std::move(after));
  roster.each([&](const RosterRow& row) {
    if (!filter.takes(row)) return;
    ++page.total;
    const ListedAccount account = counts.of(row);
    few.take(rank_of(row, account, query.sort), account);
  });
  std::vector<Listed> listed = std::move(few).sorted();
  if (listed.size() > query.limit) {
    listed.pop_back();
    page.next = cursor_of(listed.back().rank, query);
  }
  for (const Listed& each : listed) page.items.push_back(each.account);
  return page;
}

}  // namespace tessera
