#include "server/core/automation_pairs.h"

#include <cstdint>
#include <tuple>
#include <unordered_map>

namespace tessera {
namespace {

constexpr std::size_t least_alike = 50;        // cells
constexpr std::size_t most_sharers = 16;       // of one cell and colour: what more have in common is everybody's
constexpr std::size_t most_pairs = 1u << 20;   // that are counted
constexpr std::size_t most_readers = 100;      // of which each pair is looked at
constexpr std::size_t most_partners = 10;
constexpr double least_told = 0.3;

double clamp(double value) { return std::clamp(value, 0.0, 1.0); }

std::uint64_t by_row(Cell cell) { return std::uint64_t{cell.y} << 16 | cell.x; }
std::uint64_t by_column(Cell cell) { return std::uint64_t{cell.x} << 16 | cell.y; }

/// The share of steps that go on, or of those that go back where they are more.
double one_way(std::span<const Mark> strokes, auto position) {
  std::size_t on = 0, back = 0;
  for (std::size_t i = 1; i < strokes.size(); ++i) {
    on += position(strokes[i].cell) > position(strokes[i - 1].cell) ? 1 : 0;
    back += position(strokes[i].cell) < position(strokes[i - 1].cell) ? 1 : 0;
  }
  return static_cast<double>(std::max(on, back)) / static_cast<double>(strokes.size() - 1);
}

/// A cell in a colour, and when an account first drew it.
struct Drawn {
  std::uint64_t what = 0;
  std::uint32_t drawer = 0;
  std::uint32_t time_ms = 0;
};

std::uint64_t what_of(const Mark& mark) { return std::uint64_t{mark.cell.y} << 24 | std::uint64_t{mark.cell.x} << 8 | mark.color; }

/// By cell and colour, then drawer: each once.
std::vector<Drawn> all_drawn(const std::vector<Painter>& drawers) {
  std::vector<Drawn> all;
  for (std::uint32_t i = 0; i < drawers.size(); ++i)
    for (const Mark& mark : drawers[i].marks) all.push_back({what_of(mark), i, mark.time_ms});
  const auto rank = [](const Drawn& each) { return std::tuple(each.what, each.drawer, each.time_ms); };
  std::sort(all.begin(), all.end(), [&](const Drawn& one, const Drawn& other) { return rank(one) < rank(other); });
  const auto same = [](const Drawn& one, const Drawn& other) { return one.what == other.what && one.drawer == other.drawer; };
  all.erase(std::unique(all.begin(), all.end(), same), all.end());
  return all;
}

using Pair = std::uint64_t;  // the lower drawer above, the higher below
Pair pair_of(std::uint32_t one, std::uint32_t other) { return std::uint64_t{one} << 32 | other; }

/// Calls `visit(one, other)` for each two accounts that drew the same.
void each_alike(const std::vector<Drawn>& all, auto visit) {
  for (std::size_t begin = 0, end = 0; begin < all.size(); begin = end) {
    while (end < all.size() && all[end].what == all[begin].what) ++end;
    if (end - begin > most_sharers) continue;
    for (std::size_t i = begin; i < end; ++i)
      for (std::size_t j = i + 1; j < end; ++j) visit(all[i], all[j]);
  }
}

/// Of each pair of times, in the order of the first: how far the second ones rise too.
double same_order(std::vector<std::pair<std::uint32_t, std::uint32_t>>& times) {
  std::sort(times.begin(), times.end());
  std::size_t rises = 0;
  for (std::size_t i = 1; i < times.size(); ++i) rises += times[i].second > times[i - 1].second ? 1 : 0;
  return static_cast<double>(rises) / static_cast<double>(times.size() - 1);
}

/// Both sequences as one, by time: how far it goes on reading, where the two take turns.
double turns_order(const Painter& one, const Painter& other) {
  std::vector<Mark> both;
  std::merge(one.strokes.begin(), one.strokes.end(), other.strokes.begin(), other.strokes.end(), std::back_inserter(both),
             [](const Mark& a, const Mark& b) { return a.time_ms < b.time_ms; });
  std::size_t turns = 0;
  for (std::size_t i = 1; i < both.size(); ++i) turns += both[i].account != both[i - 1].account ? 1 : 0;
  return turns * 5 < both.size() ? 0 : scan_of(both).share;
}

void take(Partners& partners, const Partners& found, AccountId other) {
  if (found.value < least_told) return;
  std::vector<AccountId> accounts = std::move(partners.accounts);
  if (accounts.size() < most_partners && std::find(accounts.begin(), accounts.end(), other) == accounts.end()) accounts.push_back(other);
  if (found.value > partners.value) partners = found;
  partners.accounts = std::move(accounts);
}

class PartnerSearch {
 public:
  explicit PartnerSearch(const std::vector<Painter>& drawers) : drawers_(drawers), partners_(drawers.size()) {}

  std::vector<Partners> run() {
    find_alike();
    find_turns();
    return std::move(partners_);
  }

 private:
  void found(std::uint32_t one, std::uint32_t other, const Partners& what) {
    take(partners_[one], what, drawers_[other].marks.front().account);
    take(partners_[other], what, drawers_[one].marks.front().account);
  }

  /// The same cells in the same colours, one after the other as the other did.
  void find_alike() {
    const std::vector<Drawn> all = all_drawn(drawers_);
    std::vector<std::size_t> sizes(drawers_.size());
    for (const Drawn& each : all) ++sizes[each.drawer];
    std::unordered_map<Pair, std::size_t> counts;
    each_alike(all, [&](const Drawn& one, const Drawn& other) {
      const Pair pair = pair_of(one.drawer, other.drawer);
      if (counts.size() < most_pairs || counts.contains(pair)) ++counts[pair];
    });
    const auto alike = [&](Pair pair, std::size_t count) {
      const std::size_t fewer = std::min(sizes[pair >> 32], sizes[pair & UINT32_MAX]);
      return static_cast<double>(count) / static_cast<double>(fewer);
    };
    std::erase_if(counts, [&](const auto& each) { return each.second < least_alike || alike(each.first, each.second) <= 0.3; });
    std::unordered_map<Pair, std::vector<std::pair<std::uint32_t, std::uint32_t>>> times;
    each_alike(all, [&](const Drawn& one, const Drawn& other) {
      const Pair pair = pair_of(one.drawer, other.drawer);
      if (counts.contains(pair)) times[pair].emplace_back(one.time_ms, other.time_ms);
    });
    for (auto& [pair, both] : times) {
      Partners what{.alike = alike(pair, both.size()), .order = same_order(both)};
      what.value = clamp((what.alike - 0.3) / 0.4) * clamp((what.order - 0.6) / 0.3);
      found(static_cast<std::uint32_t>(pair >> 32), static_cast<std::uint32_t>(pair), what);
    }
  }

  /// Each a part of the cells of one template, which all of them read as one.
  void find_turns() {
    std::vector<std::uint32_t> readers;
    for (std::uint32_t i = 0; i < drawers_.size(); ++i)
      if (drawers_[i].scan.value() >= 0.5) readers.push_back(i);
    std::sort(readers.begin(), readers.end(), [&](std::uint32_t one, std::uint32_t other) { return drawers_[one].marks.size() > drawers_[other].marks.size(); });
    if (readers.size() > most_readers) readers.resize(most_readers);
    for (std::size_t i = 0; i < readers.size(); ++i)
      for (std::size_t j = i + 1; j < readers.size(); ++j) {
        Partners what{.order = turns_order(drawers_[readers[i]], drawers_[readers[j]]), .takes_turns = true};
        what.value = clamp((what.order - 0.75) / 0.2);
        found(readers[i], readers[j], what);
      }
  }

  const std::vector<Painter>& drawers_;
  std::vector<Partners> partners_;
};

}  // namespace

Scan scan_of(std::span<const Mark> strokes) {
  Scan scan;
  if (strokes.size() < 2) return scan;
  const double rows = one_way(strokes, by_row), columns = one_way(strokes, by_column);
  scan.by_rows = rows >= columns;
  scan.share = std::max(rows, columns);
  scan.steps = strokes.size() - 1;
  return scan;
}

std::vector<Partners> find_partners(const std::vector<Painter>& drawers) { return PartnerSearch(drawers).run(); }

}  // namespace tessera
