#include "server/http/stats.h"

#include <algorithm>

namespace tessera {
namespace {

constexpr std::int64_t minute_ms = 60'000;

/// Who placed more comes first, of two alike who came earlier.
constexpr auto placed_more = [](const auto& a, const auto& b) { return std::pair(b.second.placements, a.first) < std::pair(a.second.placements, b.first); };

}  // namespace

std::shared_ptr<Stats::Canvas> Stats::canvas(CanvasId id) {
  const std::lock_guard lock(mutex_);
  auto& found = canvases_[id];
  if (!found) found = std::make_shared<Canvas>();
  return found;
}

void Stats::ask(const CanvasView& view, WallTime now, Done done) {
  ask(Waiting{.view = view, .now = now, .done = std::move(done)});
}

void Stats::ask_placed(const CanvasView& view, std::vector<AccountId> accounts, PlacedDone done) {
  ask(Waiting{.view = view, .done = {}, .take = [accounts = std::move(accounts), done = std::move(done)](const Count* count) {
                const auto placed = count ? std::optional(placed_by(*count, accounts)) : std::nullopt;
                return std::function<void()>([done, placed] { done(placed); });
              }});
}

void Stats::ask_placed_by_all(const CanvasView& view, PlacedByAllDone done) {
  ask(Waiting{.view = view, .done = {}, .take = [done = std::move(done)](const Count* count) {
                if (!count) return std::function<void()>([done] { done(std::nullopt); });
                const auto placed = std::make_shared<PlacedByAll>();
                placed->seq = count->seq;
                placed->accounts.reserve(count->placers.size());
                for (const auto& [account, placer] : count->placers) placed->accounts.push_back({account, placer.placements, placer.last});
                return std::function<void()>([done, placed] { done(std::move(*placed)); });
              }});
}

void Stats::ask(Waiting waiting) {
  const CanvasId id = waiting.view.record.id;
  const Epoch epoch = waiting.view.record.epoch;
  const auto known = canvas(id);
  {
    const std::lock_guard lock(known->mutex);
    if (known->count.epoch != epoch) known->count = Count{.epoch = epoch, .seq = 0, .placers = {}, .per_minute = {}};
    known->waiting.push_back(std::move(waiting));
    if (std::exchange(known->reading, true)) return;
  }
  read_on(known, id);
}

void Stats::read_on(const std::shared_ptr<Canvas>& known, CanvasId id) {
  if (readers_.post([this, known, id](StoreReader& reader) { read_page(known, id, reader); })) return;
  std::vector<Waiting> refused;
  {
    const std::lock_guard lock(known->mutex);
    known->reading = false;
    refused.swap(known->waiting);
  }
  for (const Waiting& each : refused) each.refuse();
}

/// One page at a time, so that other readers' work comes between.
void Stats::read_page(const std::shared_ptr<Canvas>& known, CanvasId id, StoreReader& reader) {
  Seq since = 0;
  {
    const std::lock_guard lock(known->mutex);
    since = known->count.seq;
  }
  const auto placements = reader.placements(id, since, page);
  std::vector<Waiting> ready;
  bool more = false;
  {
    const std::lock_guard lock(known->mutex);
    if (placements) add(known->count, *placements);
    const bool at_end = !placements || placements->size() < page;
    for (Waiting& each : known->waiting) ++each.pages;
    const auto last = std::partition(known->waiting.begin(), known->waiting.end(), [&](const Waiting& each) {
      return !at_end && known->count.seq < each.view.seq && each.pages < pages_waited_for;
    });
    ready.assign(std::make_move_iterator(last), std::make_move_iterator(known->waiting.end()));
    known->waiting.erase(last, known->waiting.end());
    more = !at_end;  // a long journal is counted to its end, whoever waits
    known->reading = more;
  }
  if (more) read_on(known, id);
  for (Waiting& each : ready) {
    if (!placements) each.refuse();
    else if (each.take) take_count(*known, each);
    else finish(reader, known, std::move(each));
  }
}

void Stats::add(Count& count, const std::vector<Placement>& placements) {
  for (const Placement& placement : placements) {
    if (placement.seq <= count.seq) continue;
    count.seq = placement.seq;
    if (placement.kind == PlacementKind::Rollback) continue;
    if (placement.account != nobody && placement.kind != PlacementKind::Undo) {
      Count::Placer& placer = count.placers[placement.account];
      ++placer.placements;
      placer.last = placement.time;
    }
    const std::int64_t minute = ms(placement.time) / minute_ms;
    if (count.per_minute.empty() || count.per_minute.back().first != minute) count.per_minute.emplace_back(minute, 0);
    ++count.per_minute.back().second;
    while (count.per_minute.size() > minutes) count.per_minute.pop_front();
  }
}

Stats::Placed Stats::placed_by(const Count& count, const std::vector<AccountId>& accounts) {
  Placed placed{.seq = count.seq, .last = {}};
  for (const AccountId account : accounts) {
    const auto placer = count.placers.find(account);
    if (placer == count.placers.end()) continue;
    placed.placements += placer->second.placements;
    placed.last = std::max(placed.last, std::optional(placer->second.last));
  }
  return placed;
}

void Stats::take_count(Canvas& known, const Waiting& waiting) {
  std::function<void()> tell;
  {
    const std::lock_guard lock(known.mutex);
    tell = waiting.take(&known.count);
  }
  tell();
}

void Stats::finish(StoreReader& reader, const std::shared_ptr<Canvas>& known, Waiting waiting) {
  Figures figures;
  std::vector<std::pair<AccountId, Count::Placer>> most;
  {
    const std::lock_guard lock(known->mutex);
    const Count& count = known->count;
    figures.seq = count.seq;
    figures.accounts = count.placers.size();
    most.resize(std::min(top_placers, count.placers.size()));
    std::partial_sort_copy(count.placers.begin(), count.placers.end(), most.begin(), most.end(), placed_more);
    const std::int64_t first = ms(waiting.now) / minute_ms - static_cast<std::int64_t>(minutes) + 1;
    for (const auto& [minute, placements] : count.per_minute)
      if (minute >= first) figures.per_minute.emplace_back(WallTime{minute * minute_ms}, placements);
  }
  std::vector<AccountId> accounts;
  for (const auto& [account, placer] : most) accounts.push_back(account);
  auto names = reader.names(accounts);
  if (!names) return waiting.done(std::nullopt);
  for (std::size_t i = 0; i < most.size(); ++i) figures.top.push_back({(*names)[i].account, std::move((*names)[i].name), most[i].second.placements});
  count_colors(waiting, std::move(figures));
}

void Stats::count_colors(const Waiting& waiting, Figures figures) {
  hub_.picture(waiting.view.record.name, [this, done = waiting.done, figures = std::move(figures)](const std::optional<Hub::CanvasPicture>& state) {
    if (!state) return done(std::nullopt);
    const bool posted = workers_.post(Workers::Urgency::Picture, [done, figures, picture = state->picture, colors = state->view.record.palette.size()]() mutable {
      std::array<std::uint64_t, 256> cells{};
      std::vector<ColorIndex> row(picture->size().width);
      for (std::uint32_t y = 0; y < picture->size().height; ++y) {
        picture->copy_row(0, y, picture->size().width, row.data());
        for (const ColorIndex color : row) ++cells[color];
      }
      figures.colors.assign(cells.begin(), cells.begin() + static_cast<std::ptrdiff_t>(colors));
      done(std::move(figures));
    });
    if (!posted) done(std::nullopt);
  });
}

}  // namespace tessera
