#include "server/core/rooms.h"

#include <algorithm>
#include <utility>

#include "server/core/rooms_hall.h"

namespace tessera {
namespace {

constexpr std::uint64_t http_bit = std::uint64_t{1} << 63;  // askers of HTTP; a connection's number never gets there
constexpr std::uint16_t replaced_code = 4001;

Asker asker_of(ConnectionId connection) { return {static_cast<std::uint64_t>(connection), {}}; }

/// Who waits for this; a request that cannot come again goes with them, and is none to the room.
Asker take_asker(PlaceCells& command) {
  Asker asker = asker_of(command.connection);
  if (command.once) asker.once = std::exchange(command.message.request, RequestId{});
  return asker;
}

}  // namespace

Rooms::Rooms(const RoomsSettings& settings, const Clock& clock, RandomSource& random, RoomServices& services,
             Counters& counters, Opening opening)
    : settings_(settings),
      clock_(clock),
      services_(services),
      random_(random),
      counters_(counters),
      sessions_(settings.session_time) {
  const Moment start = Moment::of(clock_);
  for (AccountRecord& account : opening.accounts) accounts_.put(std::move(account));
  for (SessionRecord& session : opening.sessions) {
    if (const AccountRecord* account = accounts_.resolve(session.account)) session.account = account->id;
    sessions_.put(session);
  }
  for (const InviteRecord& invite : opening.invites) invites_.put(invite);
  for (const Opening::OpenedCanvas& canvas : opening.canvases) {
    auto hall = std::make_unique<Hall>(canvas, settings_.room, counters_);
    for (const GrantRecord& grant : opening.grants)
      if (grant.canvas == hall->id()) hall->grants.emplace(grant.account, grant);
    for (const auto& [account, grant] : hall->grants) apply_grant(*hall, account);
    const auto charged = [this, &room = hall->room](AccountId id) -> Limiter::Charged {
      const AccountRecord* account = accounts_.resolve(id);
      if (account != nullptr) account = accounts_.resolve(account->whose_charges());
      return account == nullptr ? Limiter::Charged{id, Role::Guest} : Limiter::Charged{account->id, room.role_of(*account)};
    };
    for (const TileAt& tile : canvas.tiles) hall->room.tiles().load(tile);
    hall->room.limiter().rebuild(canvas.charges, canvas.recent, canvas.stored.record.policy, charged, start);
    for (const RequestOutcome& outcome : canvas.outcomes) hall->room.remember(outcome, start);
    last_canvas_ = std::max(last_canvas_, static_cast<std::uint32_t>(hall->id()));
    halls_.push_back(std::move(hall));
  }
  for (const SeenRecord& seen : opening.seen) prefixes_.put(seen);
  audit_entries_ = opening.audit_entries;
  for (const JoinRecord& join : opening.joins)
    if (Hall* hall = hall_with(join.canvas)) put_join(*hall, join.account);
  for (AnnouncementRecord& announcement : opening.announcements) announcements_.emplace(announcement.id, std::move(announcement));
  for (LockRecord& lock : opening.locks)
    if (Hall* hall = hall_with(lock.canvas)) hall->room.locks().put(std::move(lock));
  std::map<CanvasId, std::vector<RollbackRecord>> rollbacks;
  for (RollbackRecord& rollback : opening.rollbacks) rollbacks[rollback.canvas].push_back(std::move(rollback));
  for (const auto& [canvas, records] : rollbacks)
    if (Hall* hall = hall_with(canvas)) set_rollbacks(*hall, records);
  for (const ScheduleRecord& entry : opening.schedule)
    if (Hall* hall = hall_with(entry.canvas)) put_scheduled(*hall, entry);
  for (SnapshotRecord& snapshot : opening.snapshots)
    if (Hall* hall = hall_with(snapshot.canvas)) hall->snapshots.emplace(snapshot.id, std::move(snapshot));
  for (ReportRecord& report : opening.reports)
    if (hall_with(report.canvas)) reports_.put(std::move(report));
  last_number_ = opening.last_number;
  next_housekeeping_ = start.now + settings_.online_interval;
}

Rooms::~Rooms() = default;

void Rooms::handle(Command command) {
  struct {
    Rooms& rooms;
    void operator()(const Opened& c) const { rooms.opened(c); }
    void operator()(const SignedIn& c) const { rooms.signed_in(c); }
    void operator()(const Closed& c) const { rooms.closed(c); }
    void operator()(const EnterCanvas& c) const { rooms.enter(c); }
    void operator()(const WatchTiles& c) const { rooms.watch(c); }
    void operator()(PlaceCells& c) const { rooms.place_cells(c); }
    void operator()(const TakeBack& c) const { rooms.take_back(c); }
    void operator()(const ReportMismatch& c) const { rooms.mismatch(c); }
    void operator()(const Refresh& c) const { rooms.refresh(c); }
  } each{*this};
  std::visit(each, command);
}

// ---- who is where ----

/// By name, one that is not archived before one that is; empty: the default one.
Rooms::Hall* Rooms::find(const std::string& name) {
  Hall* archived = nullptr;
  for (const auto& hall : halls_) {
    const CanvasRecord& record = hall->room.record();
    if (!name.empty() && record.name != name) continue;
    if (!record.archived) return hall.get();
    archived = hall.get();
  }
  return name.empty() ? nullptr : archived;
}

Rooms::Hall* Rooms::hall_of(const Connection& connection) const {
  return connection.canvas ? hall_with(*connection.canvas) : nullptr;
}

Rooms::Hall* Rooms::hall_with(CanvasId canvas) const {
  for (const auto& hall : halls_) {
    if (hall->id() == canvas) return hall.get();
  }
  return nullptr;
}

void Rooms::join(Connection& connection, Hall& hall) {
  connection.canvas = hall.id();
  ++hall.online;
  for (auto& [gate, connections] : hall.gates) {
    if (gate != connection.gate) continue;
    ++connections;
    return;
  }
  hall.gates.emplace_back(connection.gate, 1);
}

void Rooms::leave(Connection& connection) {
  Hall* hall = hall_of(connection);
  connection.canvas.reset();
  if (hall == nullptr) return;
  --hall->online;
  hall->staff.erase(connection.id);
  std::erase_if(hall->gates, [&](auto& gate) { return gate.first == connection.gate && --gate.second == 0; });
}

void Rooms::closed(const Closed& command) {
  if (auto connection = connections_.close(command.connection)) leave(*connection);
}

void Rooms::replace_older(const Connection& connection) {
  Connection* older = connections_.claim(connection);
  if (older == nullptr) return;
  leave(*older);
  older->gate->post(Close{older->id, replaced_code, "replaced by a newer connection of the same client"});
}

void Rooms::enter(const EnterCanvas& command) {
  Connection* connection = connections_.find(command.connection);
  if (connection == nullptr) return;
  Hall* hall = find(command.message.canvas);
  const AccountRecord* account = account_of(*connection);
  const bool hidden = hall != nullptr && hall->room.record().archived && (account == nullptr || role_on(*account, hall) < Role::Admin);
  if (hall == nullptr || hidden) {
    const std::string detail = "there is no canvas named '" + command.message.canvas + "'";
    connection->gate->post(Directed{connection->id, Refused{Refusal::NotFound, detail}});
    return;
  }
  replace_older(*connection);
  leave(*connection);
  join(*connection, *hall);
  const Moment moment = Moment::of(clock_);
  Entered entered = hall->room.entered(account, moment);
  entered.online = hall->online;
  connection->gate->post(Joined{connection->id, hall->id(), std::move(entered)});
  if (role_of(*connection) != connection->told) tell_account(*connection);
  send_locks(*hall, *connection);
  if (!announcements_.empty()) connection->gate->post(Directed{connection->id, Announcements{all_announcements()}});
  send_schedule(*hall, *connection);
  note_staff(*connection);
  for (const WireRequest& lost : command.message.unanswered) {
    hall->room.ask(asker_of(connection->id), account, lost.request, moment, events_);
  }
  carry(*hall);
}

// ---- tiles ----

void Rooms::watch(const WatchTiles& command) {
  Connection* connection = connections_.find(command.connection);
  Hall* hall = connection == nullptr ? nullptr : hall_of(*connection);
  if (hall == nullptr) return;
  RoomTiles& tiles = hall->room.tiles();
  bool outside = false;
  for (const TileState& held : command.message.add) {
    if (!tiles.contains(held.tile)) {
      outside = true;
    } else if (tiles.is_current(held)) {
      connection->gate->post(Directed{connection->id, TileCurrent{held.tile, held.seq}});
    } else {
      send_snapshot(*hall, *connection, held.tile);
    }
  }
  if (!outside) return;
  connection->gate->post(
      Directed{connection->id, Refused{Refusal::OutOfBounds, "a watched tile is outside the canvas"}});
}

void Rooms::mismatch(const ReportMismatch& command) {
  count(counters_.mismatches);
  refresh({command.connection, {command.tile.tile}});
}

void Rooms::refresh(const Refresh& command) {
  Connection* connection = connections_.find(command.connection);
  Hall* hall = connection == nullptr ? nullptr : hall_of(*connection);
  if (hall == nullptr) return;
  for (const TileIndex tile : command.tiles) {
    if (hall->room.tiles().contains(tile)) send_snapshot(*hall, *connection, tile);
  }
}

void Rooms::send_snapshot(Hall& hall, const Connection& connection, TileIndex tile) {
  const auto [snapshot, freshness] = hall.room.tiles().snapshot(tile);
  connection.gate->post(SnapshotFor{connection.id, snapshot});
  if (freshness == RoomTiles::Freshness::JustMade) {
    count(counters_.snapshots);
    Compression& compression = compressions_[snapshot.get()];
    compression.snapshot = snapshot;
    compression.gates.push_back(connection.gate);
    compression.posted = services_.compress(snapshot);
    if (!compression.posted) ++refused_compressions_;
  } else if (const auto waiting = compressions_.find(snapshot.get()); waiting != compressions_.end()) {
    auto& gates = waiting->second.gates;
    if (std::find(gates.begin(), gates.end(), connection.gate) == gates.end()) gates.push_back(connection.gate);
  }
}

void Rooms::compressed(const std::shared_ptr<Snapshot>& snapshot) {
  const auto done = compressions_.find(snapshot.get());
  if (done == compressions_.end()) return;
  for (Gate* gate : done->second.gates) gate->post(SnapshotReady{snapshot});
  compressions_.erase(done);
  compress_waiting();
}

void Rooms::compress_waiting() {
  if (refused_compressions_ == 0) return;
  for (auto& [key, compression] : compressions_) {
    if (compression.posted) continue;
    if (!services_.compress(compression.snapshot)) return;
    compression.posted = true;
    --refused_compressions_;
  }
}

// ---- placing ----

void Rooms::place_cells(PlaceCells& command) {
  Connection* connection = connections_.find(command.connection);
  if (connection == nullptr) return;
  Hall* hall = hall_of(*connection);
  if (hall == nullptr) {
    connection->gate->post(Directed{connection->id, Refused{Refusal::Invalid, "enter a canvas before placing on it"}});
    return;
  }
  const Asker asker = take_asker(command);
  hall->room.place(asker, account_of(*connection), command.message, Moment::of(clock_), events_);
  carry(*hall);
}

void Rooms::refuse_busy(PlaceCells command, std::size_t cells) {
  Connection* connection = connections_.find(command.connection);
  Hall* hall = connection == nullptr ? nullptr : hall_of(*connection);
  if (hall == nullptr) return;
  const Asker asker = take_asker(command);
  hall->room.refuse_busy(asker, account_of(*connection), command.message.request, cells, Moment::of(clock_), events_);
  carry(*hall);
}

void Rooms::place(const std::string& canvas, AccountId account, std::vector<WireCell> cells,
                  Hub::Reply<PlaceReply> reply) {
  Hall* hall = find(canvas);
  if (hall == nullptr) return reply({.refused = Refusal::NotFound, .result = {}});
  const Asker asker{++last_reply_ | http_bit, {}};
  replies_.emplace(asker.number, std::move(reply));
  const Place message{RequestId{}, std::move(cells)};
  hall->room.place(asker, accounts_.resolve(account), message, Moment::of(clock_), events_);
  carry(*hall);
}

void Rooms::take_back(const TakeBack& command) {
  Connection* connection = connections_.find(command.connection);
  if (connection == nullptr) return;
  Hall* hall = hall_of(*connection);
  if (hall == nullptr) {
    connection->gate->post(Directed{connection->id, Refused{Refusal::Invalid, "enter a canvas before taking anything back on it"}});
    return;
  }
  hall->room.take_back(asker_of(connection->id), account_of(*connection), command.kind, command.request, command.count,
                       Moment::of(clock_), events_);
  carry(*hall);
}

void Rooms::take_back(const std::string& canvas, AccountId account, PlacementKind kind, std::uint32_t count,
                      Hub::Reply<TakeBackReply> reply) {
  Hall* hall = find(canvas);
  if (hall == nullptr) {
    TakeBackReply none;
    none.refused = true;
    none.reason = Refusal::NotFound;
    return reply(none);
  }
  const Asker asker{++last_reply_ | http_bit, {}};
  take_back_replies_.emplace(asker.number, std::move(reply));
  hall->room.take_back(asker, accounts_.resolve(account), kind, RequestId{}, count, Moment::of(clock_), events_);
  carry(*hall);
}

void Rooms::carry(Hall& hall) {
  for (RoomEvent& event : events_) {
    if (auto* answer = std::get_if<PlaceAnswer>(&event)) {
      carry(hall, *answer);
    } else if (const auto* taken_back = std::get_if<TakeBackAnswer>(&event)) {
      carry(hall, *taken_back);
    } else {
      for (const auto& [gate, connections] : hall.gates) outgoing_[gate].push_back(std::get<Published>(event));
    }
  }
  events_.clear();
  for (auto& [gate, events] : outgoing_)
    if (!events.empty()) gate->post_all(events);
}

const Connection* Rooms::waits_here(const Hall& hall, Asker asker) {
  const Connection* connection = connections_.find(ConnectionId{asker.number});
  // Nothing of a canvas follows after its connection has entered another.
  return connection == nullptr || connection->canvas != hall.id() ? nullptr : connection;
}

void Rooms::carry(Hall& hall, PlaceAnswer& answer) {
  if (answer.asker.number & http_bit) {
    if (const auto reply = replies_.extract(answer.asker.number)) reply.mapped()({.refused = answer.refused, .result = answer.result});
    return;
  }
  const Connection* connection = waits_here(hall, answer.asker);
  if (connection == nullptr) return;
  if (answer.asker.once != RequestId{}) answer.result.request = answer.asker.once;
  outgoing_[connection->gate].push_back(Directed{connection->id, std::move(answer.result)});
}

void Rooms::carry(Hall& hall, const TakeBackAnswer& answer) {
  if (answer.asker.number & http_bit) {
    if (const auto reply = take_back_replies_.extract(answer.asker.number)) reply.mapped()(answer.result);
    return;
  }
  if (const Connection* connection = waits_here(hall, answer.asker))
    outgoing_[connection->gate].push_back(Directed{connection->id, answer.result});
}

// ---- questions ----

CanvasView Rooms::view(const Hall& hall) const {
  return {.record = hall.room.record(), .seq = hall.room.seq(), .online = hall.online};
}

void Rooms::canvases(const Hub::Reply<std::vector<CanvasView>>& reply) {
  std::vector<CanvasView> views;
  for (const auto& hall : halls_) views.push_back(view(*hall));
  reply(std::move(views));
}

void Rooms::figures(const Hub::Reply<HubFigures>& reply) {
  HubFigures figures{.accounts = accounts_.size()};
  for (const auto& hall : halls_) {
    figures.canvases += hall->room.record().archived ? 0 : 1;
    figures.online += hall->online;
  }
  reply(figures);
}

void Rooms::canvas(const std::string& name, const Hub::Reply<std::optional<CanvasView>>& reply) {
  const Hall* hall = find(name);
  reply(hall == nullptr ? std::nullopt : std::optional(view(*hall)));
}

void Rooms::picture(const std::string& name, const Hub::Reply<std::optional<Hub::CanvasPicture>>& reply) {
  Hall* hall = find(name);
  if (hall == nullptr) return reply(std::nullopt);
  reply(Hub::CanvasPicture{view(*hall), hall->room.tiles().picture()});
}

}  // namespace tessera
