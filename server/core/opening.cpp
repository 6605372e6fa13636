#include "server/core/opening.h"

#include <algorithm>
#include <tuple>

#include "server/core/canvas_change.h"
#include "server/core/limiter.h"

namespace tessera {
namespace {

constexpr std::size_t page = 65'536;
constexpr Seq most_replayed = 1u << 21;  // so that a minute of an event without a cap does not hold the start up

using OpenedCanvas = Opening::OpenedCanvas;

bool is_limited(const Policy& policy) {
  if (!Limiter::unlimited(policy.limits)) return true;
  return std::any_of(policy.roles.begin(), policy.roles.end(),
                     [](const auto& own) { return own && !Limiter::unlimited(*own); });
}

Status check(const NamedCanvas& named, std::uint64_t max_cells) {
  const std::string shown = "canvas '" + named.name + "': ";
  if (!is_canvas_name(named.name)) {
    return Error{shown + "a name is 1 to 64 of a-z, 0-9, - and _, and starts with a letter or a digit"};
  }
  if (const Status fits = check_size(named.size, max_cells); !fits) return Error{shown + fits.error().message};
  return {};
}

const StoreContents::StoredCanvas* find(const StoreContents& contents, const std::string& name) {
  for (const auto& canvas : contents.canvases) {
    if (!canvas.record.archived && canvas.record.name == name) return &canvas;
  }
  return nullptr;
}

CanvasRecord new_record(const NamedCanvas& named, CanvasId id, const PlacingLimits& limits, RandomSource& random,
                        WallTime now) {
  CanvasRecord record;
  record.id = id;
  record.name = named.name;
  record.size = named.size;
  record.policy.limits = limits;
  record.epoch = Epoch{std::max<std::uint64_t>(1, random.next_u64())};
  record.created = now;
  return record;
}

/// Adds the named canvases that are missing, to the store and to its contents.
Status create_missing(Store& store, StoreContents& contents, const std::vector<NamedCanvas>& named,
                      const OpeningSettings& settings, RandomSource& random, WallTime now) {
  WriteSet writes;
  std::uint32_t last_id = 0;
  for (const auto& canvas : contents.canvases)
    last_id = std::max(last_id, static_cast<std::uint32_t>(canvas.record.id));
  for (const NamedCanvas& canvas : named) {
    if (find(contents, canvas.name) != nullptr) continue;
    if (const Status valid = check(canvas, settings.max_cells); !valid) return valid;
    const CanvasRecord record = new_record(canvas, CanvasId{++last_id}, settings.limits, random, now);
    writes.canvases.push_back(record);
    writes.events.emplace_back(record.id, CanvasEvent{0, now, record});
    contents.canvases.push_back({.record = record, .last_seq = 0, .last_time = now});
  }
  if (writes.empty()) return {};
  const CommitResult result = store.commit(writes);
  if (result.outcome != CommitOutcome::Stored) return Error{"a new canvas could not be stored: " + result.message};
  return {};
}

Result<std::vector<Placement>> load_recent(StoreReader& reader, const StoreContents::StoredCanvas& stored,
                                           WallTime now) {
  std::vector<Placement> recent;
  const std::int64_t reference_ms = std::max(ms(now), ms(stored.last_time));
  const std::int64_t from_ms = reference_ms - std::chrono::milliseconds(Limiter::replayed).count();
  if (!is_limited(stored.record.policy) || stored.last_seq == 0 || ms(stored.last_time) < from_ms) return recent;
  const auto before = reader.seq_at(stored.record.id, WallTime{from_ms});
  if (!before) return before.error();
  Seq since = std::max(*before, stored.last_seq > most_replayed ? stored.last_seq - most_replayed : 0);
  while (since < stored.last_seq) {
    auto part = reader.placements(stored.record.id, since, page);
    if (!part) return part.error();
    if (part->empty()) break;
    since = part->back().seq;
    recent.insert(recent.end(), part->begin(), part->end());
  }
  return recent;
}

/// The default canvas: the first named, else `main`, else the oldest.
void put_default_first(std::vector<OpenedCanvas>& canvases, const std::vector<NamedCanvas>& named) {
  const auto by_name = [&](const std::string& name) {
    return std::find_if(canvases.begin(), canvases.end(),
                        [&](const OpenedCanvas& canvas) { return canvas.stored.record.name == name && !canvas.stored.record.archived; });
  };
  auto chosen = by_name(named.empty() ? "main" : named.front().name);
  if (chosen == canvases.end()) {
    chosen = std::min_element(canvases.begin(), canvases.end(), [](const OpenedCanvas& a, const OpenedCanvas& b) {
      return std::tuple(a.stored.record.archived, a.stored.record.created, a.stored.record.id) <
             std::tuple(b.stored.record.archived, b.stored.record.created, b.stored.record.id);
    });
  }
  if (chosen != canvases.end()) std::rotate(canvases.begin(), chosen, chosen + 1);
}

}  // namespace

bool is_canvas_name(std::string_view name) {
  const auto plain = [](char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9'); };
  if (name.empty() || name.size() > limits::canvas_name_bytes || !plain(name.front())) return false;
  return std::all_of(name.begin(), name.end(), [&](char c) { return plain(c) || c == '-' || c == '_'; });
}

Result<Opening> open_canvases(Store& store, const OpeningSettings& settings, RandomSource& random, Moment moment) {
  auto contents = store.contents(moment.wall);
  if (!contents) return contents.error();
  std::vector<NamedCanvas> named = settings.named;
  const bool none_served = std::all_of(contents->canvases.begin(), contents->canvases.end(),
                                       [](const auto& canvas) { return canvas.record.archived; });
  if (named.empty() && none_served) named.push_back({.name = "main"});
  if (const Status created = create_missing(store, *contents, named, settings, random, moment.wall); !created) {
    return created.error();
  }

  auto reader = store.reader();
  if (!reader) return reader.error();
  Opening opening;
  for (const auto& stored : contents->canvases) {
    OpenedCanvas canvas{.stored = stored, .tiles = {}, .outcomes = {}, .charges = {}, .recent = {}};
    auto tiles = (*reader)->load_tiles(stored.record.id);
    if (!tiles) return tiles.error();
    canvas.tiles = *std::move(tiles);
    auto recent = load_recent(**reader, stored, moment.wall);
    if (!recent) return recent.error();
    canvas.recent = *std::move(recent);
    for (auto& [id, outcome] : contents->outcomes) {
      if (id == stored.record.id) canvas.outcomes.push_back(std::move(outcome));
    }
    for (const SavedCharges& charges : contents->charges) {
      if (charges.canvas == stored.record.id) canvas.charges.push_back(charges);
    }
    opening.canvases.push_back(std::move(canvas));
  }
  put_default_first(opening.canvases, named);
  opening.accounts = std::move(contents->accounts);
  opening.sessions = std::move(contents->sessions);
  opening.joins = std::move(contents->joins);
  opening.invites = std::move(contents->invites);
  opening.locks = std::move(contents->locks);
  opening.grants = std::move(contents->grants);
  opening.seen = std::move(contents->seen);
  opening.settings = std::move(contents->settings);
  opening.announcements = std::move(contents->announcements);
  opening.rollbacks = std::move(contents->rollbacks);
  opening.schedule = std::move(contents->schedule);
  opening.snapshots = std::move(contents->snapshots);
  opening.reports = std::move(contents->reports);
  opening.last_number = contents->last_number;
  AuditQuery newest;
  newest.limit = 1;
  const auto entry = (*reader)->audit(newest);
  if (!entry) return entry.error();
  if (!entry->empty()) opening.audit_entries = entry->front().id;
  return opening;
}

}  // namespace tessera
