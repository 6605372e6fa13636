#include "server/core/room.h"

#include <algorithm>
#include <cassert>

#include "server/core/permissions.h"
#include "shared/protocol/codec.h"

namespace tessera {
namespace {

constexpr RequestId no_request{};  // of senders without ids of their own: never remembered

}  // namespace

CanvasInfo canvas_info(const CanvasRecord& record) {
  CanvasInfo info{.id = record.id,
                  .name = record.name,
                  .width = record.size.width,
                  .height = record.size.height,
                  .palette = {},
                  .paused = record.paused,
                  .pause_message = record.pause_message,
                  .access = record.access,
                  .version = record.version};
  for (const PaletteColor& color : record.palette.colors()) {
    info.palette.push_back({color.color.r, color.color.g, color.color.b, color.name, color.retired});
  }
  return info;
}

Room::Room(CanvasRecord record, Seq last_seq, WallTime last_time, const RoomSettings& settings, Counters& counters)
    : record_(std::move(record)),
      settings_(settings),
      counters_(counters),
      tiles_(record_.id, record_.size, settings.checkpoints),
      stored_(settings.max_outcomes),
      refused_(settings.max_refused),
      seq_(last_seq),
      last_time_(last_time),
      undo_(settings.undo) {}

void Room::remember(const RequestOutcome& outcome, Moment start) {
  const TimePoint then = monotonic_of(outcome.time, start);
  stored_.add_answered(outcome.account, outcome.request, outcome.first_seq, outcome.accepted, outcome.rejected, then);
}

void Room::place(Asker asker, const AccountRecord* author, const Place& message, Moment moment, RoomEvents& out) {
  if (author != nullptr && answer_known(asker, *author, message.request, moment, out)) return;
  if (const auto reason = refuses_placing(author, moment)) {
    return refuse(asker, author, message, *reason, moment, out);
  }
  if (message.cells.size() > limits::cells_per_request) {
    return refuse(asker, author, message, Refusal::TooLarge, moment, out);
  }
  if (is_busy(message.cells.size(), moment.now)) return refuse(asker, author, message, Refusal::Busy, moment, out);
  if (must_wait(author->id)) {
    return wait(author->id, message.cells.size(), [this, asker, account = *author, message](Moment then, RoomEvents& events) {
      place(asker, &account, message, then, events);
    });
  }

  const auto first = static_cast<std::uint32_t>(open_.placements.size());
  Gathered gathered = gather(*author, message.cells, moment);
  count_refused(gathered.rejected);
  if (gathered.accepted == 0) {
    return answer_refused(asker, author, message.request, std::nullopt, std::move(gathered.rejected), moment, out);
  }
  Waiting waiting{.asker = asker,
                  .account = author->id,
                  .charged = author->whose_charges(),
                  .role = role_of(*author),
                  .request = message.request,
                  .first = first,
                  .accepted = gathered.accepted,
                  .since = moment.now,
                  .outcome = {},
                  .taken = gathered.taken,
                  .rejected = std::move(gathered.rejected),
                  .also = {}};
  if (message.request != no_request) {
    const std::uint64_t number = open_.first_number + open_.waiting.size();
    waiting.outcome = stored_.add_pending(author->id, message.request, number, moment.now);
  }
  open_.waiting.push_back(std::move(waiting));
}

std::optional<Refusal> Room::refuses_placing(const AccountRecord* account, Moment moment) const {
  const bool joined = account != nullptr && joined_.contains(account->id);
  const Role role = account == nullptr ? Role::Guest : role_of(*account);
  return Permissions(account, role, record_, moment.wall, joined).refuses_placing();
}

void Room::grant(AccountId account, std::optional<Role> role) {
  if (role) granted_[account] = *role;
  else granted_.erase(account);
}

Role Room::role_of(const AccountRecord& account) const {
  const auto granted = granted_.find(account.id);
  return role_on(account.role, granted == granted_.end() ? std::nullopt : std::optional(granted->second));
}

Room::Gathered Room::gather(const AccountRecord& author, const std::vector<WireCell>& cells, Moment moment) {
  const Role role = role_of(author);
  const PlacingLimits& limits = limits_of(role);
  const AccountId charged = author.whose_charges();
  const std::uint32_t charges = limiter_.available(charged, limits, moment.now);
  const WallTime time = std::max(moment.wall, last_time_);
  Gathered gathered;
  bool too_soon = false;
  for (std::size_t i = 0; i < cells.size(); ++i) {
    const WireCell& cell = cells[i];
    const auto reject = [&](Refusal reason) {
      gathered.rejected.push_back({static_cast<std::uint16_t>(i), reason, 0});
    };
    if (!record_.size.contains({cell.x, cell.y})) {
      reject(Refusal::OutOfBounds);
    } else if (!record_.allows(cell.color)) {
      reject(Refusal::BadColor);
    } else if (locks_.refuses({cell.x, cell.y}, author.id, role)) {
      reject(Refusal::Locked);
    } else if (gathered.accepted == charges) {
      reject(Refusal::TooSoon);
      too_soon = true;
    } else {
      ++gathered.accepted;
      open_.placements.push_back(
          {.seq = 0, .time = time, .account = author.id, .cell = {cell.x, cell.y}, .color = cell.color});
    }
  }
  if (gathered.accepted > 0) {
    last_time_ = time;
    gathered.taken = limiter_.take(charged, role, limits, gathered.accepted, moment.now);
  }
  if (too_soon) {
    const std::uint32_t wait_ms = limiter_.state(charged, limits, moment.now).next_ms;
    for (Rejection& cell : gathered.rejected) {
      if (cell.reason == Refusal::TooSoon) cell.retry_after_ms = wait_ms;
    }
  }
  return gathered;
}

bool Room::is_busy(std::size_t cells, TimePoint now) const {
  if (stopping_ || open_.placements.size() + held_cells_ + cells > settings_.max_open) return true;
  return in_flight() && now - flight_.since > settings_.max_commit;
}

void Room::refuse(Asker asker, const AccountRecord* author, const Place& message, Refusal reason, Moment moment,
                  RoomEvents& out) {
  std::vector<Rejection> rejected;
  const std::size_t cells = std::min(message.cells.size(), limits::cells_per_request);
  rejected.reserve(cells);
  const std::uint32_t retry_ms = reason == Refusal::Busy ? busy_retry_ms() : 0;
  for (std::size_t i = 0; i < cells; ++i) rejected.push_back({static_cast<std::uint16_t>(i), reason, retry_ms});
  count_refused(rejected);
  answer_refused(asker, author, message.request, reason, std::move(rejected), moment, out);
}

void Room::refuse_busy(Asker asker, const AccountRecord* author, RequestId request, std::size_t cells, Moment moment,
                       RoomEvents& out) {
  if (author != nullptr && answer_known(asker, *author, request, moment, out)) return;
  const Place message{request, std::vector<WireCell>(std::min(cells, limits::cells_per_request))};
  refuse(asker, author, message, Refusal::Busy, moment, out);
}

void Room::answer_refused(Asker asker, const AccountRecord* author, RequestId request, std::optional<Refusal> whole,
                          std::vector<Rejection> rejected, Moment moment, RoomEvents& out) {
  if (author != nullptr && request != no_request) {
    refused_.add_answered(author->id, request, 0, 0, rejected, moment.now);
  }
  PlaceAnswer answer{.asker = asker, .refused = whole, .result = {}};
  answer.result.request = request;
  answer.result.rejected = std::move(rejected);
  answer.result.charges = charges(author, moment.now);
  out.push_back(std::move(answer));
}

void Room::ask(Asker asker, const AccountRecord* author, RequestId request, Moment moment, RoomEvents& out) {
  if (author != nullptr && answer_known(asker, *author, request, moment, out)) return;
  if (author != nullptr && request != no_request) refused_.add_unknown(author->id, request, moment.now);
  PlaceAnswer answer{.asker = asker, .refused = std::nullopt, .result = {}};
  answer.result.request = request;
  answer.result.outcome = Outcome::Unknown;
  answer.result.charges = charges(author, moment.now);
  out.push_back(std::move(answer));
}

bool Room::answer_known(Asker asker, const AccountRecord& author, RequestId request, Moment moment, RoomEvents& out) {
  if (request == no_request) return false;
  auto known = stored_.find(author.id, request, moment.now);
  if (!known) known = refused_.find(author.id, request, moment.now);
  if (!known) return false;
  count(counters_.repeated);
  if (known->state == Outcomes::State::Pending) {
    Waiting& waiting = pending(known->pending);
    const bool waits = waiting.asker == asker || std::count(waiting.also.begin(), waiting.also.end(), asker) > 0;
    if (!waits) waiting.also.push_back(asker);
    return true;
  }
  PlaceAnswer answer{.asker = asker, .refused = std::nullopt, .result = {}};
  answer.result.request = request;
  answer.result.outcome = known->state == Outcomes::State::Unknown ? Outcome::Unknown : Outcome::Answered;
  answer.result.first_seq = known->first_seq;
  answer.result.accepted = known->accepted;
  answer.result.rejected = std::move(known->rejected);
  answer.result.charges = charges(&author, moment.now);
  out.push_back(std::move(answer));
  return true;
}

Room::Waiting& Room::pending(std::uint64_t number) {
  if (number >= open_.first_number) return open_.waiting.at(number - open_.first_number);
  return flight_.waiting.at(number - flight_.first_number);
}

ChargeState Room::charges(const AccountRecord* account, TimePoint now) const {
  if (account == nullptr) return limiter_.state(nobody, limits_of(Role::Guest), now);
  return limiter_.state(account->whose_charges(), limits_of(role_of(*account)), now);
}

Entered Room::entered(const AccountRecord* account, Moment moment) const {
  const auto why_not = refuses_placing(account, moment);
  return {.canvas = canvas_info(record_),
          .epoch = record_.epoch,
          .seq = seq_,
          .charges = charges(account, moment.now),
          .may_place = !why_not,
          .why_not = why_not.value_or(Refusal{}),
          .online = 0};
}

std::optional<TimePoint> Room::flush_due() const {
  if (in_flight() || (open_.placements.empty() && !take_back_due())) return std::nullopt;
  if (!last_flush_ || stopping_ || holding_) return TimePoint::min();
  return *last_flush_ + settings_.flush_interval;
}

std::shared_ptr<const Batch> Room::flush(Moment moment, RoomEvents& out) {
  const auto due = flush_due();
  if (!due || moment.now < *due) return nullptr;
  auto batch = std::make_shared<Batch>();
  batch->canvas = record_.id;
  draw_take_backs(*batch, moment);
  ++flushes_;
  if (batch->placements.empty() && open_.placements.empty()) {
    undo_.keep(flight_.undone);
    answer_take_backs(true, moment, out);
    run_followers(moment, out);
    flight_ = {};
    return nullptr;
  }
  batch->charges = charges_to_save(moment);
  number(*batch);
  flight_.waiting = std::move(open_.waiting);
  flight_.first_number = open_.first_number;
  flight_.since = moment.now;
  last_flush_ = moment.now;
  open_.placements = {};
  open_.waiting = {};
  open_.first_number = flight_.first_number + flight_.waiting.size();
  flight_.batch = std::move(batch);
  run_followers(moment, out);
  return flight_.batch;
}

/// Puts what is open behind the undos and redos, and gives all of it its seqs.
void Room::number(Batch& batch) {
  const auto taken_back = static_cast<std::uint32_t>(batch.placements.size());
  if (taken_back == 0) {
    batch.placements = std::move(open_.placements);
  } else {
    batch.placements.insert(batch.placements.end(), open_.placements.begin(), open_.placements.end());
  }
  // What was accepted before an undo or a rollback was drawn is of its time too.
  const WallTime begin = std::max(batch.placements.front().time, flushed_time_);
  Seq next = seq_;
  for (Placement& placement : batch.placements) {
    placement.seq = ++next;
    placement.time = std::max(placement.time, begin);
  }
  flushed_time_ = batch.placements.back().time;
  for (std::uint32_t i = 0; i < taken_back; ++i)
    batch.placements[i].back = static_cast<std::uint32_t>(batch.placements[i].seq - targets_[i]);
  for (Waiting& waiting : open_.waiting) {
    waiting.first += taken_back;
    if (waiting.request == no_request) continue;
    const Placement& first = batch.placements[waiting.first];
    batch.outcomes.push_back({.account = waiting.account,
                              .request = waiting.request,
                              .time = first.time,
                              .first_seq = first.seq,
                              .accepted = waiting.accepted,
                              .rejected = waiting.rejected});
  }
}

std::vector<SavedCharges> Room::charges_to_save(Moment moment) const {
  std::vector<SavedCharges> charges;
  std::vector<std::pair<AccountId, Role>> authors;
  for (const Waiting& waiting : open_.waiting) {
    if (Limiter::outlasts_a_minute(limits_of(waiting.role))) authors.emplace_back(waiting.charged, waiting.role);
  }
  for (const TakeBackRequest& request : flight_.take_backs) {
    if (Limiter::outlasts_a_minute(limits_of(request.role))) authors.emplace_back(request.charged, request.role);
  }
  std::sort(authors.begin(), authors.end());
  authors.erase(std::unique(authors.begin(), authors.end()), authors.end());
  for (const auto& [account, role] : authors) {
    if (auto saved = limiter_.saved(account, limits_of(role), record_.id, moment)) charges.push_back(*saved);
  }
  return charges;
}

void Room::group_by_tile() {
  const auto& placements = flight_.batch->placements;
  std::vector<TileDelta>& tiles = flight_.deltas.tiles;
  flight_.deltas.first_seq = placements.front().seq;
  flight_.deltas.last_seq = placements.back().seq;
  tile_places_.resize(tiles_.count());
  std::vector<std::uint32_t> counts;
  for (const Placement& placement : placements) {
    const TileIndex tile = tile_of(placement.cell);
    std::uint32_t& place = tile_places_[tiles_.slot(tile)];
    if (place == 0) {
      tiles.push_back({.tile = tile, .from = tiles_.seq(tile), .to = 0, .cells = {}});
      counts.push_back(0);
      place = static_cast<std::uint32_t>(tiles.size());
    }
    ++counts[place - 1];
  }
  for (std::size_t i = 0; i < tiles.size(); ++i) tiles[i].cells.reserve(counts[i]);
  for (const Placement& placement : placements) {
    TileDelta& tile = tiles[tile_places_[tiles_.slot(tile_of(placement.cell))] - 1];
    tile.cells.push_back({offset_of(placement.cell), placement.color});
    tile.to = placement.seq;
  }
  for (const TileDelta& tile : tiles) tile_places_[tiles_.slot(tile.tile)] = 0;
  std::sort(tiles.begin(), tiles.end(), [](const auto& a, const auto& b) { return a.tile.key() < b.tile.key(); });
}

void Room::encode_ahead() {
  if (!in_flight() || flight_.encoded) return;
  group_by_tile();
  auto encoded = std::make_shared<Bytes>();
  encoded->reserve(64 + flight_.deltas.tiles.size() * 24 + flight_.batch->placements.size() * 3);
  encode(flight_.deltas, *encoded);
  flight_.encoded = std::move(encoded);
}

void Room::committed(const CommitResult& result, Moment moment, RoomEvents& out) {
  assert(in_flight() && result.outcome != CommitOutcome::Unknown && "settle the outcome first");
  if (result.outcome == CommitOutcome::Stored) {
    encode_ahead();
    publish(moment, out);
    answer_take_backs(true, moment, out);
    answer_stored(moment, out);
  } else {
    count(counters_.failed_commits);
    answer_take_backs(false, moment, out);
    refuse_flight(moment, out);
  }
  flight_ = {};
}

void Room::publish(Moment moment, RoomEvents& out) {
  const Batch& batch = *flight_.batch;
  Published published{.canvas = record_.id,
                      .epoch = record_.epoch,
                      .time = std::max(moment.wall, batch.placements.back().time),
                      .batch = flight_.batch,
                      .deltas = flight_.encoded,
                      .tiles = {}};
  if (!flight_.waiting.empty()) published.asked = flight_.waiting.front().since;  // they wait in the order in which they came
  undo_.keep(flight_.undone);
  undo_.add(batch, tiles_, moment.now);
  published.tiles.reserve(flight_.deltas.tiles.size());
  for (const TileDelta& tile : flight_.deltas.tiles) {
    tiles_.apply(tile, moment.now);
    published.tiles.push_back(tile.tile);
  }
  seq_ = batch.placements.back().seq;
  count(counters_.accepted, batch.placements.size());
  count(counters_.batches);
  counters_.batch_placements.add(batch.placements.size());
  out.push_back(std::move(published));
}

void Room::answer_stored(Moment moment, RoomEvents& out) {
  for (Waiting& waiting : flight_.waiting) {
    const Seq first_seq = flight_.batch->placements[waiting.first].seq;
    counters_.answer_us.add(static_cast<std::uint64_t>((moment.now - waiting.since).count()));
    answer(waiting, first_seq, waiting.accepted, std::move(waiting.rejected), moment, out);
  }
}

void Room::refuse_flight(Moment moment, RoomEvents& out) {
  for (auto waiting = flight_.waiting.rbegin(); waiting != flight_.waiting.rend(); ++waiting) {
    limiter_.give_back(waiting->charged, limits_of(waiting->role), waiting->accepted, waiting->taken, moment.now);
  }
  for (Waiting& waiting : flight_.waiting) {
    count(counters_.refused[static_cast<std::size_t>(Refusal::Busy)], waiting.accepted);
    answer(waiting, 0, 0, all_rejected(waiting), moment, out);
  }
}

/// The cells refused before, and the accepted ones as busy.
std::vector<Rejection> Room::all_rejected(const Waiting& waiting) const {
  std::vector<Rejection> all;
  const std::size_t cells = waiting.rejected.size() + waiting.accepted;
  all.reserve(cells);
  auto refused = waiting.rejected.begin();
  for (std::size_t i = 0; i < cells; ++i) {
    const bool before = refused != waiting.rejected.end() && refused->index == i;
    all.push_back(before ? *refused++ : Rejection{static_cast<std::uint16_t>(i), Refusal::Busy, busy_retry_ms()});
  }
  return all;
}

void Room::answer(const Waiting& waiting, Seq first_seq, std::uint32_t accepted, std::vector<Rejection> rejected,
                  Moment moment, RoomEvents& out) {
  if (waiting.request != no_request) stored_.answer(waiting.outcome, first_seq, accepted, rejected, moment.now);
  PlaceAnswer answer{.asker = waiting.asker, .refused = std::nullopt, .result = {}};
  answer.result.request = waiting.request;
  answer.result.first_seq = first_seq;
  answer.result.accepted = accepted;
  answer.result.rejected = std::move(rejected);
  answer.result.charges = limiter_.state(waiting.charged, limits_of(waiting.role), moment.now);
  for (const Asker also : waiting.also) out.push_back(PlaceAnswer{also, std::nullopt, answer.result});
  out.push_back(std::move(answer));
}

void Room::count_refused(const std::vector<Rejection>& rejected) {
  for (const Rejection& cell : rejected) count(counters_.refused[static_cast<std::size_t>(cell.reason)]);
}

void Room::sweep(TimePoint now) {
  limiter_.sweep(record_.policy, now);
  stored_.sweep(now);
  refused_.sweep(now);
  tiles_.find_due(now);
  undo_.sweep(now);
  std::erase_if(rolled_back_, [this](const auto& each) { return each.second.until < undo_.first(); });
}

}  // namespace tessera
