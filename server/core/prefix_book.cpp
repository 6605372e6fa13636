#include "server/core/prefix_book.h"

#include <algorithm>

namespace tessera {
namespace {

constexpr std::int64_t renewed_after_ms = 3'600'000;

}  // namespace

void PrefixBook::put(const SeenRecord& record) {
  seen_[record.account] = record.prefixes;
  for (const SeenPrefix& seen : record.prefixes) accounts_[seen.prefix].insert(record.account);
}

void PrefixBook::note(AccountId account, std::span<const AddressPrefix> prefixes, WallTime now) {
  if (prefixes.empty()) return;
  std::vector<SeenPrefix>& all = seen_[account];
  // The widest network first, so that the address itself ends up as the newest.
  for (auto prefix = prefixes.rbegin(); prefix != prefixes.rend(); ++prefix) {
    const auto known = std::find_if(all.begin(), all.end(), [&](const SeenPrefix& seen) { return seen.prefix == *prefix; });
    if (known != all.end() && ms(now) - ms(known->last) < renewed_after_ms) continue;
    SeenPrefix seen{.prefix = *prefix, .first = now, .last = now};
    if (known != all.end()) {
      seen.first = known->first;
      all.erase(known);
    }
    all.insert(all.begin(), seen);
    accounts_[*prefix].insert(account);
    changed_.insert(account);
  }
  for (; all.size() > most_prefixes; all.pop_back()) {
    const auto left = accounts_.find(all.back().prefix);
    left->second.erase(account);
    if (left->second.empty()) accounts_.erase(left);
  }
}

std::vector<SeenRecord> PrefixBook::take_changed() {
  std::vector<SeenRecord> records;
  records.reserve(changed_.size());
  for (const AccountId account : changed_) records.push_back({account, seen_.at(account)});
  changed_.clear();
  return records;
}

void PrefixBook::give_back(const std::vector<SeenRecord>& records) {
  for (const SeenRecord& record : records) changed_.insert(record.account);
}

std::vector<SeenPrefix> PrefixBook::of(AccountId account) const {
  const auto found = seen_.find(account);
  return found == seen_.end() ? std::vector<SeenPrefix>{} : found->second;
}

std::vector<AccountId> PrefixBook::accounts_of(const AddressPrefix& prefix) const {
  const auto found = accounts_.find(prefix);
  return found == accounts_.end() ? std::vector<AccountId>{} : std::vector<AccountId>(found->second.begin(), found->second.end());
}

}  // namespace tessera
