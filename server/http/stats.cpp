#include "server/http/stats.h"

#include <algorithm>

namespace tessera {
namespace {

constexpr std::int64_t minute_ms = 60'000;

/// Who placed more comes first, of two alike who came earlier.
constexpr auto placed_more = [](const auto& a, const auto& b) { return std::pair(b.second, a.first) < std::pair(a.second, b.first); };

}  // namespace

std::shared_ptr<Stats::Canvas> Stats::canvas(CanvasId id) {
  const std::lock_guard lock(mutex_);
  auto& found = canvases_[id];
  if (!found) found = std::make_shared<Canvas>();
  return found;
}

void Stats::ask(const CanvasView& view, WallTime now, Done done) {
  const auto known = canvas(view.record.id);
  {
    const std::lock_guard lock(known->mutex);
    if (known->count.epoch != view.record.epoch) known->count = Count{.epoch = view.record.epoch, .seq = 0, .placements = {}, .per_minute = {}};
    known->waiting.push_back({view, now, std::move(done)});
    if (std::exchange(known->reading, true)) return;
  }
  read_on(known, view.record.id);
}

void Stats::read_on(const std::shared_ptr<Canvas>& known, CanvasId id) {
  if (readers_.post([this, known, id](StoreReader& reader) { read_page(known, id, reader); })) return;
  std::vector<Waiting> refused;
  {
    const std::lock_guard lock(known->mutex);
    known->reading = false;
    refused.swap(known->waiting);
  }
  for (const Waiting& each : refused) each.done(std::nullopt);
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
    if (placements) finish(reader, known, std::move(each));
    else each.done(std::nullopt);
  }
}

void Stats::add(Count& count, const std::vector<Placement>& placements) {
  for (const Placement& placement : placements) {
    if (placement.seq <= count.seq) continue;
    count.seq = placement.seq;
    if (placement.kind == PlacementKind::Rollback) continue;
    if (placement.account != nobody && placement.kind != PlacementKind::Undo) ++count.placements[placement.account];
    const std::int64_t minute = ms(placement.time) / minute_ms;
    if (count.per_minute.empty() || count.per_minute.back().first != minute) count.per_minute.emplace_back(minute, 0);
    ++count.per_minute.back().second;
    while (count.per_minute.size() > minutes) count.per_minute.pop_front();
  }
}

void Stats::finish(StoreReader& reader, const std::shared_ptr<Canvas>& known, Waiting waiting) {
  Figures figures;
  std::vector<std::pair<AccountId, std::uint64_t>> most;
  {
    const std::lock_guard lock(known->mutex);
    const Count& count = known->count;
    figures.seq = count.seq;
    figures.accounts = count.placements.size();
    most.resize(std::min(top_placers, count.placements.size()));
    std::partial_sort_copy(count.placements.begin(), count.placements.end(), most.begin(), most.end(), placed_more);
    const std::int64_t first = ms(waiting.now) / minute_ms - static_cast<std::int64_t>(minutes) + 1;
    for (const auto& [minute, placements] : count.per_minute)
      if (minute >= first) figures.per_minute.emplace_back(WallTime{minute * minute_ms}, placements);
  }
  std::vector<AccountId> accounts;
  for (const auto& [account, placements] : most) accounts.push_back(account);
  auto names = reader.names(accounts);
  if (!names) return waiting.done(std::nullopt);
  for (std::size_t i = 0; i < most.size(); ++i) figures.top.push_back({(*names)[i].account, std::move((*names)[i].name), most[i].second});
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
