#include "server/http/automation_studies.h"

#include <doctest/doctest.h>

#include <future>

#include "server/storage/memory_store.h"
#include "tests/support/fake_clock.h"
#include "tests/support/quiet_hub.h"

namespace tessera {
namespace {

constexpr std::int64_t begin_ms = 1'600'000'000'000, second = 1'000, hour = 3'600 * second;
constexpr AccountId bot{1}, guest{2}, ann{3};

/// Knows a bot, of which a guest turned out to be the same, and a person.
class KnownHub final : public QuietHub {
 public:
  void post(Command) override {}
  void roster(Reply<Roster> reply) override {
    auto part = std::make_shared<Roster::Part>(Roster::rows_a_part);
    for (const AccountId id : {bot, guest, ann}) {
      RosterRow& row = (*part)[static_cast<std::size_t>(id)];
      row.id = id;
      row.name = id == ann ? "ann" : "bot";
      row.alias_of = id == guest ? bot : nobody;
    }
    ++asked;
    reply(Roster({std::move(part)}));
  }
  void addresses_of(std::vector<AccountId>, const Reply<AddressesOf>& reply) override { reply({}); }
  std::atomic<int> asked{0};  ///< as often as a study was made
};

struct Studying {
  FakeClock clock;
  MemoryStore store;
  KnownHub hub;
  Workers workers{2, 100};
  std::unique_ptr<Readers> readers;
  std::unique_ptr<AutomationStudies> studies;
  CanvasView view;

  Studying() {
    view.record.id = CanvasId{1};
    view.record.name = "main";
    view.record.size = {500, 500};
    view.record.epoch = Epoch{7};
    WriteSet writes;
    writes.canvases.push_back(view.record);
    REQUIRE(store.commit(writes).outcome == CommitOutcome::Stored);
    readers = *Readers::open(store);
    studies = std::make_unique<AutomationStudies>(AutomationStudies::Parts{hub, *readers, workers, clock});
  }
  ~Studying() {
    readers->stop();
    workers.stop();
  }
  /// One every so often, by turns of these accounts.
  void place(std::initializer_list<AccountId> accounts, std::int64_t from_ms, std::int64_t every_ms, std::uint16_t count) {
    auto batch = std::make_shared<Batch>();
    batch->canvas = view.record.id;
    for (std::uint16_t i = 0; i < count; ++i) {
      Placement placement;
      placement.seq = ++view.seq;
      placement.time = WallTime{from_ms + i * every_ms};
      placement.account = accounts.begin()[i % accounts.size()];
      placement.cell = {static_cast<std::uint16_t>(i * 37 % 500), static_cast<std::uint16_t>(i * 91 % 500)};
      placement.color = 1;
      batch->placements.push_back(placement);
    }
    WriteSet writes;
    writes.batches.push_back(std::move(batch));
    REQUIRE(store.commit(writes).outcome == CommitOutcome::Stored);
  }
  std::future<AutomationStudies::Findings> begin(std::optional<WallTime> since = {}) {
    const auto answered = std::make_shared<std::promise<AutomationStudies::Findings>>();
    studies->ask(view, since, [answered](AutomationStudies::Findings findings) { answered->set_value(std::move(findings)); });
    return answered->get_future();
  }
  AutomationStudies::Findings ask(std::optional<WallTime> since = {}) {
    auto answer = begin(since);
    REQUIRE(answer.wait_for(std::chrono::seconds(20)) == std::future_status::ready);
    return answer.get();
  }
};

}  // namespace

TEST_CASE("Automation studies: a clock is found in the journal, its alias with it, over the day before the newest placement") {
  Studying studying;
  studying.place({ann}, begin_ms, 400 * second, 300);  // days ago
  studying.place({bot, guest}, begin_ms + 60 * hour, 10 * second, 260);
  const auto findings = studying.ask();
  REQUIRE(findings);
  REQUIRE(findings->found.size() == 1);
  CHECK(findings->found[0].account.id == bot);
  CHECK(findings->found[0].suspect.placements == 260);
  CHECK(findings->found[0].suspect.score > 0.8);
  CHECK(ms(findings->until) == begin_ms + 60 * hour + 2'590 * second);
  CHECK(ms(findings->since) == ms(findings->until) - 24 * hour);
  const auto all = studying.ask(WallTime{0});
  REQUIRE(all->found.size() == 2);
  CHECK(ms(all->since) == ms(all->until) - 30 * 24 * hour);
  CHECK(studying.ask(WallTime{begin_ms + 60 * hour + 2'000 * second})->found.empty());
}

TEST_CASE("Automation studies: what was found is kept for a minute, while the canvas is what it was") {
  Studying studying;
  studying.place({bot}, begin_ms, 10 * second, 250);
  const auto first = studying.ask();
  studying.place({ann}, begin_ms + hour, 10 * second, 250);
  CHECK(studying.ask() == first);
  CHECK(studying.hub.asked == 1);
  studying.clock.advance(std::chrono::minutes{1});
  CHECK(studying.ask()->found.size() == 2);
  studying.view.record.epoch = Epoch{8};
  studying.ask();
  CHECK(studying.hub.asked == 3);
}

TEST_CASE("Automation studies: those who ask for the same share one, and past a number the rest are told to come again") {
  Studying studying;
  studying.place({bot}, begin_ms, 10 * second, 250);
  std::promise<void> go_on;
  const auto held = go_on.get_future().share();
  for (int i = 0; i < 2; ++i) REQUIRE(studying.readers->post([held](StoreReader&) { held.wait(); }));
  std::vector<std::future<AutomationStudies::Findings>> same, others;
  for (int i = 0; i < 5; ++i) same.push_back(studying.begin());
  for (int i = 0; i < 20; ++i) others.push_back(studying.begin(WallTime{begin_ms + i}));
  go_on.set_value();
  const auto first = same.front().get();
  REQUIRE(first);
  for (std::size_t i = 1; i < same.size(); ++i) CHECK(same[i].get() == first);
  int refused = 0;
  for (auto& each : others) refused += each.get() ? 0 : 1;
  CHECK(refused == 5);
  CHECK(studying.hub.asked == 16);
}

TEST_CASE("Automation studies: a canvas on which nobody placed has nothing to be found") {
  Studying studying;
  CHECK(studying.ask()->found.empty());
}

}  // namespace tessera
