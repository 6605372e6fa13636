// The signs of automation over two real hours of r/place, in which cells and colours are real, moments and accounts drawn at random.
#include <doctest/doctest.h>

#include <cstdio>

#include "server/commands/dataset.h"
#include "server/commands/input_file.h"
#include "server/core/automation.h"
#include "tests/support/data.h"

using namespace tessera;

namespace {

/// As marks of `accounts` accounts, so that each has enough to be looked at.
std::vector<Mark> marks_of(const Dataset& data, std::uint32_t accounts) {
  std::vector<Mark> marks;
  for (const DatasetRow& row : data.rows)
    marks.push_back({AccountId{1 + row.user % accounts}, static_cast<std::uint32_t>(ms(row.time) - ms(data.rows.front().time)),
                     {static_cast<std::uint16_t>(row.x), static_cast<std::uint16_t>(row.y)}, static_cast<ColorIndex>(row.color)});
  return marks;
}

}  // namespace

TEST_CASE("Automation: nobody among two real hours of r/place looks like a program, and one that is put among them does") {
  auto file = InputFile::open(test::data_path("rplace2022/placements.csv.gz"));
  if (!file) {
    std::puts("skip - Automation: the real placements: they are not there");
    return;
  }
  RedditCsvParser parser;
  for (;;) {
    const auto text = file->read();
    REQUIRE(text);
    if (text->empty()) break;
    parser.feed(*text);
  }
  const auto data = parser.finish();
  REQUIRE(data);
  for (const auto& [accounts, least] : {std::pair(3'000u, 200u), std::pair(300u, 200u), std::pair(60'000u, 10u)}) {
    std::vector<Mark> marks = marks_of(*data, accounts);
    const std::uint32_t end = marks.back().time_ms;
    const AccountId bot{70'000};
    for (std::uint32_t time = 0; time < end; time += 15'000) marks.push_back({bot, time, {static_cast<std::uint16_t>(time % 1'999), 7}, 5});
    std::stable_sort(marks.begin(), marks.end(), [](const Mark& one, const Mark& other) { return one.time_ms < other.time_ms; });
    const auto found = find_automation(std::move(marks), {.least_placements = least});
    REQUIRE_FALSE(found.empty());
    CHECK(found.front().account == bot);
    const auto high = std::count_if(found.begin(), found.end(), [](const Suspect& each) { return each.score > 0.8; });
    MESSAGE(accounts << " accounts: " << high << " above 0.8, " << found.size() << " with a sign, the second " << (found.size() > 1 ? found[1].score : 0));
    CHECK(high == 1);
  }
}
