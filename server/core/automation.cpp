#include "server/core/automation.h"

#include <algorithm>
#include <cmath>
#include <cstdarg>
#include <cstdio>
#include <span>
#include <unordered_map>

#include "server/core/automation_pairs.h"

namespace tessera {
namespace {

constexpr std::uint32_t hour_ms = 3'600'000;
constexpr std::uint32_t pause_ms = 600'000;
constexpr std::uint32_t stroke_ms = 50;  // one gesture sends its cells within a frame or two
constexpr std::size_t least_intervals = 50;

double clamp(double value) { return std::clamp(value, 0.0, 1.0); }

[[gnu::format(printf, 1, 2)]] std::string text(const char* format, ...) {
  char out[256];
  va_list arguments;
  va_start(arguments, format);
  std::vsnprintf(out, sizeof out, format, arguments);
  va_end(arguments);
  return out;
}

int percent(double share) { return static_cast<int>(std::lround(share * 100)); }

/// The first mark of each stroke.
std::vector<Mark> strokes_of(std::span<const Mark> marks, std::uint32_t refill_ms) {
  const std::uint32_t within = std::max(stroke_ms, refill_ms - refill_ms / 10);
  std::vector<Mark> strokes;
  for (std::size_t i = 0; i < marks.size(); ++i)
    if (i == 0 || marks[i].time_ms - marks[i - 1].time_ms >= within) strokes.push_back(marks[i]);
  return strokes;
}

/// How many intervals between strokes are alike: within 5 % of the middle one, and a second at most. People at a long cooldown differ
/// by more, at a short one by a greater part.
void add_regular_timing(const std::vector<Mark>& strokes, std::vector<FoundSign>& signs) {
  std::vector<std::uint32_t> intervals;
  for (std::size_t i = 1; i < strokes.size(); ++i)
    if (const std::uint32_t interval = strokes[i].time_ms - strokes[i - 1].time_ms; interval < pause_ms) intervals.push_back(interval);
  if (intervals.size() < least_intervals) return;
  const auto middle = intervals.begin() + static_cast<std::ptrdiff_t>(intervals.size() / 2);
  std::nth_element(intervals.begin(), middle, intervals.end());
  const double median = *middle, tolerance = std::clamp(median * 0.05, 10.0, 1'000.0);
  const auto alike = std::count_if(intervals.begin(), intervals.end(), [&](std::uint32_t each) { return std::abs(each - median) <= tolerance; });
  const double share = static_cast<double>(alike) / static_cast<double>(intervals.size());
  const double value = clamp((share - 0.4) / 0.5);
  if (value <= 0) return;
  signs.push_back({AutomationSign::RegularTiming, value,
                   text("%d %% of %zu intervals are within %.2f s of %.2f s", percent(share), intervals.size(), tolerance / 1'000, median / 1'000),
                   {{"share", share}, {"intervals", static_cast<double>(intervals.size())}, {"median_ms", median}}});
}

/// The most clock hours within a day that have a mark.
std::size_t hours_active(std::span<const Mark> marks) {
  std::vector<std::uint32_t> hours;
  for (const Mark& mark : marks)
    if (const std::uint32_t hour = mark.time_ms / hour_ms; hours.empty() || hours.back() != hour) hours.push_back(hour);
  std::size_t most = 0, first = 0;
  for (std::size_t last = 0; last < hours.size(); ++last) {
    while (hours[last] - hours[first] >= 24) ++first;
    most = std::max(most, last - first + 1);
  }
  return most;
}

void add_no_pauses(std::span<const Mark> marks, std::uint32_t refill_ms, std::vector<FoundSign>& signs) {
  const std::uint32_t pause = std::max(pause_ms, 2 * refill_ms);
  std::uint32_t longest = 0, begun = marks.front().time_ms;
  for (std::size_t i = 1; i < marks.size(); ++i) {
    if (marks[i].time_ms - marks[i - 1].time_ms >= pause) begun = marks[i].time_ms;
    longest = std::max(longest, marks[i].time_ms - begun);
  }
  const double stretch = static_cast<double>(longest) / hour_ms;
  const std::size_t hours = hours_active(marks);
  const double value = std::max(clamp((stretch - 4) / 8), clamp((static_cast<double>(hours) - 17) / 6));
  if (value <= 0) return;
  signs.push_back({AutomationSign::NoPauses, value,
                   text("%.1f hours without a pause of %u minutes; active in %zu of 24 hours", stretch, pause / 60'000, hours),
                   {{"longest_stretch_ms", static_cast<double>(longest)}, {"hours_active", static_cast<double>(hours)}}});
}

void add_reading_order(const Scan& scan, std::vector<FoundSign>& signs) {
  if (scan.value() <= 0) return;
  signs.push_back({AutomationSign::ReadingOrder, scan.value(), text("%d %% of %zu steps go on in reading order, %s", percent(scan.share), scan.steps, scan.by_rows ? "row by row" : "column by column"),
                   {{"share", scan.share}, {"steps", static_cast<double>(scan.steps)}}});
}

std::string listed(const std::vector<AccountId>& accounts) {
  std::string names;
  for (const AccountId account : accounts) names += text("%s%u", names.empty() ? "" : ", ", static_cast<std::uint32_t>(account));
  return names;
}

void add_same_template(const Partners& partners, std::vector<FoundSign>& signs) {
  if (partners.value <= 0) return;
  const std::string with = text("with account%s ", partners.accounts.size() == 1 ? "" : "s") + listed(partners.accounts);
  FoundSign sign{AutomationSign::SameTemplate, partners.value, {}, {}, partners.accounts};
  if (partners.takes_turns) {
    sign.evidence = text("takes turns in one reading order, %d %% of the steps, ", percent(partners.order)) + with;
    sign.numbers = {{"order", partners.order}};
  } else {
    sign.evidence = text("%d %% of the cells alike, in the same order for %d %%, ", percent(partners.alike), percent(partners.order)) + with;
    sign.numbers = {{"alike", partners.alike}, {"order", partners.order}};
  }
  signs.push_back(std::move(sign));
}

bool share_an_address(const AddressesOf& addresses, AccountId one, AccountId other) {
  const auto ones = addresses.find(one), others = addresses.find(other);
  if (ones == addresses.end() || others == addresses.end()) return false;
  return std::find_first_of(ones->second.begin(), ones->second.end(), others->second.begin(), others->second.end()) != ones->second.end();
}

/// Of those who draw the same: who was seen at an address of this one's.
void add_same_address(AccountId account, const Partners& partners, const AddressesOf& addresses, std::vector<FoundSign>& signs) {
  if (partners.value <= 0) return;
  FoundSign sign{AutomationSign::SameAddress, 0, {}, {}, {}};
  for (const AccountId other : partners.accounts)
    if (share_an_address(addresses, account, other)) sign.accounts.push_back(other);
  if (sign.accounts.empty()) return;
  sign.value = clamp(0.4 + 0.2 * static_cast<double>(sign.accounts.size()));
  sign.evidence = text("seen at the same address as %zu of them: ", sign.accounts.size()) + listed(sign.accounts);
  sign.numbers = {{"accounts", static_cast<double>(sign.accounts.size())}};
  signs.push_back(std::move(sign));
}

/// Signs add up as if each were a chance of its own; none but even intervals is enough alone.
double score_of(const std::vector<FoundSign>& signs) {
  constexpr double weights[] = {0.85, 0.7, 0.5, 0.8, 0.6};
  double unlikely = 1;
  for (const FoundSign& sign : signs) unlikely *= 1 - weights[static_cast<std::size_t>(sign.sign)] * sign.value;
  return 1 - unlikely;
}

}  // namespace

std::string_view code(AutomationSign sign) {
  switch (sign) {
    case AutomationSign::RegularTiming: return "regular_timing";
    case AutomationSign::NoPauses: return "no_pauses";
    case AutomationSign::ReadingOrder: return "reading_order";
    case AutomationSign::SameTemplate: return "same_template";
    case AutomationSign::SameAddress: return "same_address";
  }
  return "";
}

std::vector<AccountId> drop_quiet(std::vector<Mark>& marks, std::size_t least_placements) {
  std::unordered_map<AccountId, std::size_t> counts;
  for (const Mark& mark : marks) ++counts[mark.account];
  std::vector<AccountId> busy;
  for (const auto& [account, count] : counts)
    if (count >= least_placements) busy.push_back(account);
  std::sort(busy.begin(), busy.end());
  std::erase_if(marks, [&](const Mark& mark) { return counts.at(mark.account) < least_placements; });
  return busy;
}

std::vector<Suspect> find_automation(std::vector<Mark> marks, const AutomationRules& rules) {
  drop_quiet(marks, rules.least_placements);
  std::stable_sort(marks.begin(), marks.end(), [](const Mark& one, const Mark& other) { return one.account < other.account; });
  std::vector<Painter> drawers;
  for (std::size_t begin = 0, end = 0; begin < marks.size(); begin = end) {
    while (end < marks.size() && marks[end].account == marks[begin].account) ++end;
    Painter drawer;
    drawer.marks = std::span(marks).subspan(begin, end - begin);
    drawer.strokes = strokes_of(drawer.marks, rules.refill_ms(marks[begin].account));
    drawer.scan = scan_of(drawer.strokes);
    drawers.push_back(std::move(drawer));
  }
  const std::vector<Partners> partners = find_partners(drawers);
  std::vector<Suspect> suspects;
  for (std::size_t i = 0; i < drawers.size(); ++i) {
    const Painter& drawer = drawers[i];
    Suspect suspect{.account = drawer.marks.front().account, .placements = drawer.marks.size(), .score = 0, .signs = {}};
    add_regular_timing(drawer.strokes, suspect.signs);
    add_no_pauses(drawer.marks, rules.refill_ms(suspect.account), suspect.signs);
    add_reading_order(drawer.scan, suspect.signs);
    add_same_template(partners[i], suspect.signs);
    add_same_address(suspect.account, partners[i], rules.addresses, suspect.signs);
    suspect.score = score_of(suspect.signs);
    if (!suspect.signs.empty()) suspects.push_back(std::move(suspect));
  }
  std::sort(suspects.begin(), suspects.end(), [](const Suspect& one, const Suspect& other) {
    return std::tuple(-one.score, other.placements, one.account) < std::tuple(-other.score, one.placements, other.account);
  });
  return suspects;
}

}  // namespace tessera
