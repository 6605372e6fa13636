#include "tests/journey/simulation_server.h"

#include <algorithm>
#include <array>
#include <utility>

#include "server/core/opening.h"
#include "shared/base/text.h"
#include "shared/canvas/deflate.h"
#include "shared/protocol/codec.h"

namespace tessera::simulation {
namespace {

constexpr milliseconds thread_delay{4};
constexpr milliseconds disk_delay{30};
constexpr milliseconds worker_delay{10};
constexpr AccountId owner{1};

TokenHash hash_of(const std::string& token) {
  TokenHash hash{};
  std::copy_n(token.begin(), std::min(token.size(), hash.size()), hash.begin());
  return hash;
}

}  // namespace

SimServer::SimServer(Timeline& timeline, const ServerSettings& settings, std::vector<Ledger>& ledgers,
                     Findings& findings)
    : timeline_(timeline),
      settings_(settings),
      ledgers_(ledgers),
      findings_(findings),
      secrets_(timeline.random().next()) {
  lose_store();
}

SimServer::~SimServer() = default;

void SimServer::lose_store() {
  ledgers_.emplace_back();
  store_ = std::make_unique<FaultyStore>(timeline_, ledgers_, findings_);
  AccountRecord account;
  account.id = owner;
  account.name = "owner";
  account.kind = AccountKind::Service;
  account.role = Role::Owner;
  WriteSet writes;
  writes.accounts.push_back(account);
  store_->commit(writes);
}

void SimServer::heal() {
  healed_ = true;
  store_->faults = 0;
}

void SimServer::start() {
  const OpeningSettings opening_settings{.named = {{"main", {300, 270}}}, .limits = settings_.limits};
  store_->faults = 0;
  auto opening = open_canvases(*store_, opening_settings, secrets_, timeline_.clock().moment());
  if (!opening) return findings_.add("the store could not be opened: " + opening.error().message);
  if (settings_.sabotage == Sabotage::ForgetOutcomes) {
    for (auto& canvas : opening->canvases) canvas.outcomes.clear();
  }
  if (settings_.sabotage == Sabotage::ForgetRollbacks) opening->rollbacks.clear();
  store_->faults = healed_ ? 0 : settings_.disk_faults;
  hub_.emplace(timeline_, thread_delay);
  net_.emplace(timeline_, thread_delay);
  disk_.emplace(timeline_, disk_delay);
  workers_.emplace(timeline_, worker_delay);
  RoomsSettings rooms_settings;
  rooms_settings.hash_interval = settings_.hash_interval;
  rooms_ = std::make_unique<Rooms>(rooms_settings, timeline_.clock(), secrets_, static_cast<RoomServices&>(*this), counters_,
                                   *std::move(opening));
  pump_at_ = TimePoint::max();
  pump();
}

void SimServer::kill() {
  if (!running()) return;
  hub_.reset();
  net_.reset();
  disk_.reset();
  workers_.reset();
  for (Write& write : std::exchange(writes_, {})) {
    if (timeline_.chance(0.5)) break;
    store_->commit(write.set);
  }
  rooms_.reset();
  ++run_;
  const auto ends = std::exchange(ends_, {});
  for (const auto& [id, end] : ends) end->hang_up();
}

// ---- the other threads ----

bool SimServer::commit(WriteSet set, Journal::Done done) {
  if (settings_.sabotage == Sabotage::AnswerBeforeCommit) {
    hub_->post([this, done] {
      done({.result = {}, .took = {}});
      pump();
    });
    done = [](const Written&) {};
  }
  writes_.push_back({std::move(set), std::move(done)});
  disk_->post([this] { write_next(); });
  return true;
}

void SimServer::write_next() {
  Write write = std::move(writes_.front());
  writes_.erase(writes_.begin());
  const CommitResult result = settled_commit(*store_, write.set);
  hub_->post([this, done = std::move(write.done), result] {
    done({.result = result, .took = {}});
    pump();
  });
}

bool SimServer::compress(std::shared_ptr<Snapshot> snapshot) {
  if (timeline_.chance(0.02)) return false;
  workers_->post([this, snapshot = std::move(snapshot)] {
    snapshot->encoded =
        encode(ServerMessage(TileSnapshot{snapshot->tile, snapshot->seq, compress_tile(*snapshot->picture, 1)}));
    snapshot->ready.store(true);
    hub_->post([this, snapshot] {
      rooms_->compressed(snapshot);
      pump();
    });
  });
  return true;
}

bool SimServer::read(std::function<std::function<void()>(StoreReader&)> work) {
  workers_->post([this, work = std::move(work)] {
    const auto reader = store_->reader();
    hub_->post([this, answer = work(**reader)] {
      answer();
      pump();
    });
  });
  return true;
}

void SimServer::post(GateEvent event) {
  net_->post([this, event = std::move(event)] {
    on(event);
    flush_all();
  });
}

void SimServer::command(Command command) {
  hub_->post([this, command = std::move(command)]() mutable {
    rooms_->handle(std::move(command));
    pump();
  });
}

void SimServer::pump() {
  rooms_->tick();
  const TimePoint due = rooms_->next_due();
  if (pump_at_ > timeline_.now() && pump_at_ <= due) return;
  pump_at_ = std::max(due, timeline_.now() + Duration{1});
  timeline_.at(pump_at_, [this, at = pump_at_, run = run_] {
    if (run != run_ || pump_at_ != at || !running()) return;
    pump_at_ = TimePoint::min();
    pump();
  });
}

// ---- from staff ----

void SimServer::roll_back_something() {
  if (!running()) return;
  hub_->post([this] {
    const auto unheard = [](const Changed<RollbackView>&) {};
    const Ledger& ledger = ledgers_.back();
    SeededRandom& random = timeline_.random();
    if (!ledger.rollbacks.empty() && timeline_.chance(0.5)) {
      const auto any = std::next(ledger.rollbacks.begin(), static_cast<std::ptrdiff_t>(random.below(ledger.rollbacks.size())));
      const RollbackStep step = timeline_.chance(0.6) ? RollbackStep::Undo : RollbackStep::Redo;
      rooms_->change_rollback(owner, "main", any->first, step, true, unheard);
    } else {
      RollbackAsked asked;
      if (timeline_.chance(0.7)) asked.account = AccountId{static_cast<std::uint32_t>(2 + random.below(3))};
      else asked.region = {static_cast<std::uint16_t>(random.below(8)), static_cast<std::uint16_t>(random.below(8)), 200, 4};
      if (timeline_.chance(0.5)) asked.since = Seq{1 + random.below(ledger.journal.size() + 1)};
      rooms_->roll_back(owner, "main", asked, true, unheard);
    }
    pump();
  });
}

// ---- from the clients ----

std::shared_ptr<ServerEnd> SimServer::accept() {
  auto end = std::make_shared<ServerEnd>(ConnectionId{++last_connection_}, settings_.outbox);
  ends_.emplace(end->id, end);
  return end;
}

ServerEnd* SimServer::find(ConnectionId id) {
  const auto found = ends_.find(id);
  return found == ends_.end() ? nullptr : found->second.get();
}

void SimServer::gone(const std::shared_ptr<ServerEnd>& end) {
  if (ends_.erase(end->id) == 0) return;
  if (end->announced) command(Closed{end->id});
}

void SimServer::arrived(const std::shared_ptr<ServerEnd>& end, ByteSpan bytes) {
  Bytes copy(bytes.begin(), bytes.end());
  std::span<std::uint8_t> rest(copy);
  while (find(end->id) == end.get()) {
    const auto event = end->reader.next(rest);
    if (!event) break;
    if (event->kind != WsEvent::Kind::Binary) {
      findings_.add("a client sent a frame that is not binary: " + std::string(event->reason));
      return;
    }
    auto message = decode_client(event->payload);
    if (!message) return findings_.add("a client's message could not be read: " + message.error().message);
    handle(*end, std::move(*message));
  }
  flush_all();
}

void SimServer::handle(ServerEnd& end, ClientMessage message) {
  if (end.checking) return end.held.push_back(std::move(message));
  if (auto* hello = std::get_if<Hello>(&message)) return greet(end, *hello);
  if (!end.greeted) return findings_.add("a client did not begin with Hello");
  if (auto* sign_in = std::get_if<SignIn>(&message)) return check_token(end, sign_in->token, false);
  if (auto* enter = std::get_if<Enter>(&message)) {
    ++end.entering;
    end.wanted.clear();
    return command(EnterCanvas{end.id, std::move(*enter)});
  }
  if (auto* ping = std::get_if<Ping>(&message)) return send(end, Pong{ping->client_time, 0});
  if (!end.joined && end.entering == 0) return findings_.add("a client spoke of cells before it entered");
  if (auto* asked = std::get_if<Watch>(&message)) return watch(end, std::move(*asked));
  if (auto* place = std::get_if<Place>(&message)) return command(PlaceCells{end.id, std::move(*place)});
  if (auto* undo = std::get_if<Undo>(&message)) return command(TakeBack{end.id, PlacementKind::Undo, undo->request, undo->count});
  if (auto* redo = std::get_if<Redo>(&message)) return command(TakeBack{end.id, PlacementKind::Redo, redo->request, redo->count});
  if (auto* mismatch = std::get_if<Mismatch>(&message)) return command(ReportMismatch{end.id, mismatch->tile});
  findings_.add("a client sent what this simulation does not expect");
}

void SimServer::greet(ServerEnd& end, const Hello& hello) {
  if (end.greeted) return findings_.add("a second Hello");
  end.greeted = true;
  end.client = hello.client;
  if (!hello.token.empty()) return check_token(end, hello.token, true);
  end.announced = true;
  command(Opened{end.id, static_cast<Gate*>(this), ConnectionKind::Binary, end.client, nobody});
  welcome(end);
}

void SimServer::check_token(ServerEnd& end, const std::string& token, bool first) {
  end.checking = true;
  hub_->post([this, id = end.id, token, first] {
    std::optional<AccountRecord> account;
    rooms_->find_session(hash_of(token), [&](const std::optional<FoundSession>& found) {
      if (found) account = found->account;
    });
    net_->post([this, id, first, token, account] {
      ServerEnd* known = find(id);
      if (known == nullptr) return;
      known->checking = false;
      if (!account) return turn_away(*known, first);
      known->account = account->info();
      if (first) {
        known->announced = true;
        command(Opened{id, static_cast<Gate*>(this), ConnectionKind::Binary, known->client, account->id, hash_of(token)});
      } else {
        command(SignedIn{id, account->id, hash_of(token)});
      }
      welcome(*known);
      for (ClientMessage& message : std::exchange(known->held, {})) handle(*known, std::move(message));
      flush_all();
    });
  });
}

/// Only a store that was lost forgets a session.
void SimServer::turn_away(ServerEnd& end, bool first) {
  if (ledgers_.size() == 1) findings_.add("a session that was told is unknown");
  send(end, Refused{Refusal::BadToken, "this session is over", protocol_version});
  if (first) return close(end, ws_close::policy, "this session is over");
  flush(end);
}

void SimServer::welcome(ServerEnd& end) { send(end, Welcome{protocol_version, end.account, "simulation", "0", true}); }

void SimServer::watch(ServerEnd& end, Watch asked) {
  for (const WireTile& drop : asked.drop) {
    end.outbox.unwatch(drop.tile);
    std::erase_if(end.wanted, [&](const TileState& state) { return state.tile == drop.tile; });
  }
  end.wanted.insert(end.wanted.end(), asked.add.begin(), asked.add.end());
  if (!asked.drop.empty() && end.joined) command(WatchTiles{end.id, Watch{{}, std::move(asked.drop)}});
  pump_watch(end);
}

void SimServer::pump_watch(ServerEnd& end) {
  if (end.wanted.empty() || !end.joined || end.entering > 0) return;
  Watch next;
  next.add = std::exchange(end.wanted, {});
  for (const TileState& state : next.add) end.outbox.watch(state.tile);
  command(WatchTiles{end.id, std::move(next)});
}

void SimServer::sign_in(const std::string& name, std::function<void(std::string)> done) {
  const std::string token = to_hex(secrets_.next()) + to_hex(secrets_.next());
  hub_->post([this, name, token, done = std::move(done)] {
    rooms_->sign_in_guest(name, {hash_of(token), {}}, [this, token, done](const SignInReply& reply) {
      net_->post([token, done, refused = reply.refused] { done(refused ? std::string() : token); });
    });
    pump();
  });
}

// ---- to the clients ----

void SimServer::on(const GateEvent& event) {
  if (const auto* published = std::get_if<Published>(&event)) return publish(*published);
  if (const auto* announced = std::get_if<Announced>(&event)) {
    const FramePtr frame = make_frame(ws_frame(WsOpcode::Binary, encode(announced->message)));
    const auto* hash = std::get_if<TileHash>(&announced->message);
    for (const auto& [id, end] : ends_) {
      if (!end->joined) continue;
      if (hash != nullptr) {
        end->outbox.push_hash(frame, hash->tile.tile);
      } else {
        end->outbox.push_notice(frame);
      }
    }
  } else if (const auto* message = std::get_if<Directed>(&event)) {
    if (ServerEnd* end = find(message->connection)) directed(*end, message->message);
  } else if (const auto* snapshot = std::get_if<SnapshotFor>(&event)) {
    if (ServerEnd* end = find(snapshot->connection)) end->outbox.push_snapshot(snapshot->snapshot);
  } else if (const auto* joined = std::get_if<Joined>(&event)) {
    ServerEnd* end = find(joined->connection);
    if (end == nullptr) return;
    if (end->entering > 0) --end->entering;
    end->outbox.forget_tiles();
    end->joined = true;
    send(*end, joined->message);
  } else if (const auto* ended = std::get_if<Close>(&event)) {
    if (ServerEnd* end = find(ended->connection)) close(*end, ended->code, ended->reason);
  }
}

void SimServer::publish(const Published& published) {
  if (published.batch->placements.back().seq > ledgers_.back().journal.size())
    findings_.add("deltas shown before they were stored");
  const FramePtr frame =
      std::make_shared<const Frame>(Frame{ws_frame(WsOpcode::Binary, *published.deltas), nullptr, published.tiles});
  for (const auto& [id, end] : ends_) {
    if (!end->joined || !end->outbox.watches_any()) continue;
    const bool loses = (settings_.loses_deltas && !healed_) || settings_.sabotage == Sabotage::LoseDeltas;
    if (loses && timeline_.chance(0.2)) continue;
    end->outbox.push_deltas(frame);
  }
}

void SimServer::directed(ServerEnd& end, const ServerMessage& message) {
  if (const auto* result = std::get_if<PlaceResult>(&message)) check_answer(end, *result);
  if (std::holds_alternative<Refused>(message) && end.entering > 0) --end.entering;
  send(end, message);
}

/// Acknowledged means stored: at the moment the answer leaves the rooms.
void SimServer::check_answer(const ServerEnd& end, const PlaceResult& result) {
  if (result.outcome != Outcome::Answered || result.accepted == 0) return;
  const auto stored = ledgers_.back().requests.find({end.account.id, result.request});
  if (stored != ledgers_.back().requests.end() && stored->second.first_seq == result.first_seq) return;
  findings_.add("a placement was acknowledged before it was stored, seq " + std::to_string(result.first_seq));
}

void SimServer::close(ServerEnd& end, std::uint16_t code, const std::string& why) {
  end.outbox.push_close(ws_close_frame(code, why));
  flush(end);
  const auto kept = ends_.at(end.id);
  timeline_.after(timeline_.up_to(milliseconds{50}), [kept] { kept->hang_up(); });
}

void SimServer::send(ServerEnd& end, const ServerMessage& message) {
  end.outbox.push_answer(WsOpcode::Binary, encode(message));
}

void SimServer::flush(ServerEnd& end) {
  std::array<iovec, 16> parts;
  while (const std::size_t count = end.outbox.gather(parts)) {
    std::size_t taken = 0, offered = 0;
    for (std::size_t i = 0; i < count; ++i) {
      const std::size_t room = settings_.window - std::min(settings_.window, end.under_way());
      const std::size_t take = std::min(parts[i].iov_len, room);
      end.send({static_cast<const std::uint8_t*>(parts[i].iov_base), take});
      offered += parts[i].iov_len;
      taken += take;
      if (take < parts[i].iov_len) break;
    }
    if (taken > 0) end.outbox.sent(taken);
    if (taken < offered) break;
  }
  if (!running()) return;
  std::vector<TileIndex> stale = end.outbox.take_refresh();
  if (!stale.empty()) command(Refresh{end.id, std::move(stale)});
  pump_watch(end);
}

void SimServer::flush_all() {
  for (const auto& [id, end] : ends_) flush(*end);
}

}  // namespace tessera::simulation
