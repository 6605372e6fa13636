#include "tests/journey/simulation_world.h"

#include <algorithm>
#include <set>

#include "shared/base/crc32c.h"

namespace tessera::simulation {
namespace {

constexpr milliseconds drawing_time{8'000};
constexpr milliseconds settling_time{90'000};

bool is_going_on(const RollbackRecord& record) {
  return record.state == RollbackState::Applying || record.state == RollbackState::Undoing;
}

class World {
 public:
  World(std::uint64_t seed, Sabotage sabotage)
      : timeline_(seed), settings_(choose(timeline_, sabotage)), server_(timeline_, settings_, ledgers_, findings_) {
    const std::uint64_t count = 2 + timeline_.random().below(2);
    for (std::uint64_t i = 0; i < count; ++i) {
      clients_.push_back(std::make_unique<SimClient>(timeline_, server_, ledgers_, findings_, sabotage,
                                                     "player " + std::to_string(i)));
    }
  }

  Report run() {
    server_.start();
    for (const auto& client : clients_) {
      timeline_.after(timeline_.up_to(milliseconds{500}), [this, &client] {
        client->start();
        keep_busy(*client);
      });
    }
    const TimePoint end = timeline_.now() + drawing_time;
    keep_failing();
    if (settings_.rolls_back) keep_rolling_back();
    timeline_.run_until(end);
    settle();
    judge();
    return report_;
  }

 private:
  static ServerSettings choose(Timeline& timeline, Sabotage sabotage) {
    ServerSettings settings;
    settings.sabotage = sabotage;
    settings.limits = {.per_second = 4, .burst = 6, .per_minute = 60, .cooldown_ms = 0};
    if (timeline.chance(0.5))
      settings.limits = {.per_second = std::nullopt, .burst = 0, .per_minute = std::nullopt, .cooldown_ms = 0};
    if (timeline.chance(0.5)) settings.outbox.deltas_bytes = 100;
    if (timeline.chance(0.3)) settings.window = 200;
    if (timeline.chance(0.5) || sabotage != Sabotage::None) settings.hash_interval = std::chrono::hours{1};
    if (timeline.chance(0.3)) settings.disk_faults = 0.05;
    settings.rolls_back = timeline.chance(0.5);
    if (timeline.chance(0.25) && sabotage == Sabotage::None) {
      settings.loses_deltas = true;
      settings.hash_interval = std::chrono::seconds{1};
    }
    return settings;
  }

  void keep_busy(SimClient& client) {
    client.tick();
    if (!healed_) {
      if (timeline_.chance(0.5)) client.do_anything();
      if (timeline_.chance(0.02)) client.send_again();
      if (timeline_.chance(0.03)) {
        client.cut();
        ++report_.cuts;
      }
    }
    const Duration pause = healed_ ? milliseconds{250} : milliseconds{20} + timeline_.up_to(milliseconds{200});
    timeline_.after(pause, [this, &client] { keep_busy(client); });
  }

  void keep_rolling_back() {
    timeline_.after(milliseconds{100} + timeline_.up_to(milliseconds{1'500}), [this] {
      if (healed_) return;
      server_.roll_back_something();
      keep_rolling_back();
    });
  }

  void keep_failing() {
    timeline_.after(milliseconds{200} + timeline_.up_to(milliseconds{4'000}), [this] {
      if (healed_) return;
      if (server_.running()) {
        server_.kill();
        ++report_.kills;
        if (timeline_.chance(0.1)) server_.lose_store();
      } else {
        server_.start();
      }
      keep_failing();
    });
  }

  /// All is well from here on; everyone comes to rest.
  void settle() {
    healed_ = true;
    server_.heal();
    if (!server_.running()) server_.start();
    for (const auto& client : clients_) client->heal();
    const TimePoint end = timeline_.now() + settling_time;
    while (timeline_.now() < end) {
      timeline_.run_until(timeline_.now() + milliseconds{500});
      const bool rest =
          std::all_of(clients_.begin(), clients_.end(), [](const auto& client) { return client->settled(); });
      if (rest && !is_rolling_back()) break;
    }
    // What was lost without a trace is found by the checksums, one tile at a time.
    timeline_.run_until(timeline_.now() + milliseconds{settings_.loses_deltas ? 12'000 : 1'000});
  }

  bool is_rolling_back() const {
    const auto& rollbacks = ledgers_.back().rollbacks;
    return std::any_of(rollbacks.begin(), rollbacks.end(), [](const auto& each) { return is_going_on(each.second); });
  }

  void judge() {
    for (const auto& client : clients_) {
      if (!client->settled()) findings_.add(client->name() + " never came to rest");
      judge_picture(*client);
      for (const auto& [id, told] : client->requests()) judge_request(*client, id, told);
    }
    judge_journal();
    judge_rollbacks(ledgers_.back());
    if (server_.mismatches() > 0) findings_.add("a checksum had to repair a tile");
    report_.findings = findings_.text();
    for (const Ledger& ledger : ledgers_) report_.placements += ledger.journal.size();
    report_.stores = ledgers_.size();
  }

  /// Everyone sees the same canvas: the journal's.
  void judge_picture(const SimClient& client) {
    const Replica& replica = client.model().replica;
    for (const TileIndex tile : replica.held()) {
      if (!replica.wanted(tile)) continue;
      const Tile truth = ledgers_.back().tile(tile);
      if (replica.checksum(tile) != crc32c(truth.bytes()))
        findings_.add(client.name() + " holds another picture than the server");
      for (std::uint32_t offset = 0; offset < tile_cells; ++offset) {
        const Cell cell = cell_at(tile, static_cast<TileOffset>(offset));
        if (replica.shown(cell) == truth.cells[offset]) continue;
        findings_.add(client.name() + " shows what is not stored");
        break;
      }
    }
  }

  /// Where a request is stored; null: nowhere.
  const Ledger* find(AccountId account, RequestId id) const {
    const auto holds = [&](const Ledger& ledger) { return ledger.requests.count({account, id}) > 0; };
    const auto found = std::find_if(ledgers_.begin(), ledgers_.end(), holds);
    return found == ledgers_.end() ? nullptr : &*found;
  }

  /// Every answer was true, and there was one to each request.
  void judge_request(const SimClient& client, RequestId id, const SimClient::Told& told) {
    ++report_.requests;
    const Ledger* ledger = find(told.account, id);
    if (ledger && ledger->requests.at({told.account, id}).times > 1) findings_.add("one request was stored twice");
    if (!told.result) return findings_.add(client.name() + " never got an answer");
    const PlaceResult& result = *told.result;
    report_.rejected += result.rejected.size();
    if (result.outcome == Outcome::Unknown) {
      ++report_.unknown;
      // A store that was lost has taken its truth with it.
      if (ledger == &ledgers_[told.store - 1]) findings_.add(client.name() + " was told 'unknown' of what is stored");
      return;
    }
    ++report_.answered;
    if ((result.accepted > 0) != (ledger != nullptr)) return findings_.add(client.name() + " was told what is not so");
    if (ledger) judge_placements(client, told, *ledger);
  }

  void judge_placements(const SimClient& client, const SimClient::Told& told, const Ledger& ledger) {
    const std::vector<Rejection>& rejected = told.result->rejected;
    Seq seq = told.result->first_seq;
    for (std::size_t i = 0; i < told.cells.size(); ++i) {
      if (std::any_of(rejected.begin(), rejected.end(), [i](const Rejection& cell) { return cell.index == i; }))
        continue;
      if (seq < 1 || seq > ledger.journal.size())
        return findings_.add(client.name() + "'s acknowledged placement is lost");
      const Placement& stored = ledger.journal[seq++ - 1];
      const bool same =
          stored.cell == told.cells[i].cell && stored.color == told.cells[i].color && stored.account == told.account;
      if (!same) return findings_.add(client.name() + "'s acknowledged placement is another's");
    }
  }

  /// Each cell shows its newest placement that no rollback in force selects, and nobody undid, whatever came between: half a
  /// rollback is none.
  void judge_rollbacks(const Ledger& ledger) {
    if (is_rolling_back()) findings_.add("a rollback never came to its end");
    report_.rollbacks = ledger.rollbacks.size();
    std::map<Cell, std::vector<const Placement*>> cells;
    for (const Placement& placement : ledger.journal) cells[placement.cell].push_back(&placement);
    for (const auto& [cell, history] : cells) {
      report_.rolled_back += static_cast<std::size_t>(std::count_if(history.begin(), history.end(), is_rollback));
      std::set<Seq> undone;
      for (const Placement* placement : history)
        if (placement->kind == PlacementKind::Undo) undone.insert(placement->target());
      ColorIndex wanted = empty_color;
      for (const Placement* placement : history) {
        const bool is_placed = placement->kind != PlacementKind::Undo && !is_rollback(placement);
        if (is_placed && !undone.contains(placement->seq) && !is_rolled_back(ledger, *placement)) wanted = placement->color;
      }
      if (history.back()->color != wanted) findings_.add("a cell does not show what its rollbacks leave, seq " + std::to_string(history.back()->seq));
    }
  }

  static bool is_rollback(const Placement* placement) { return placement->kind == PlacementKind::Rollback; }
  static bool is_rolled_back(const Ledger& ledger, const Placement& placement) {
    return std::any_of(ledger.rollbacks.begin(), ledger.rollbacks.end(), [&](const auto& each) {
      const RollbackRecord& record = each.second;
      const Selection& selection = record.selection;
      if (record.state != RollbackState::Applied) return false;
      const auto& accounts = selection.accounts;
      const bool is_theirs = accounts.empty() || std::find(accounts.begin(), accounts.end(), placement.account) != accounts.end();
      const bool is_there = selection.region.empty() || selection.region.contains(placement.cell);
      return is_theirs && is_there && placement.seq > selection.after && placement.seq <= selection.until;
    });
  }

  /// An undo takes the newest placement off its cell, its author's own, and once; a redo puts it on again.
  void judge_undos(const std::vector<Placement>& all) {
    std::map<Cell, std::vector<Placement>> cells;
    std::set<Cell> rolled_back;
    for (const Placement& placement : all)
      if (is_rollback(&placement)) rolled_back.insert(placement.cell);
    for (const Placement& placement : all) {
      if (rolled_back.contains(placement.cell)) continue;  // what lies beneath is another then
      std::vector<Placement>& held = cells[placement.cell];
      if (placement.kind == PlacementKind::Undo) {
        const bool own = !held.empty() && held.back().seq == placement.target() && held.back().account == placement.account;
        if (!own) return findings_.add("seq " + std::to_string(placement.seq) + " undid what was not its author's newest there");
        held.pop_back();
        const ColorIndex beneath = held.empty() ? empty_color : held.back().color;
        if (placement.color != beneath) return findings_.add("seq " + std::to_string(placement.seq) + " brought back another colour");
        continue;
      }
      if (placement.kind == PlacementKind::Redo) {
        const Placement& undo = all[placement.target() - 1];
        const bool own = undo.kind == PlacementKind::Undo && undo.account == placement.account && undo.cell == placement.cell;
        if (!own || all[undo.target() - 1].color != placement.color)
          return findings_.add("seq " + std::to_string(placement.seq) + " drew again what was not undone");
      }
      held.push_back(placement);
    }
  }

  /// Nothing is stored that nobody asked for.
  void judge_journal() {
    for (const Ledger& ledger : ledgers_) {
      std::size_t asked_for = 0;
      for (const auto& [key, request] : ledger.requests) {
        asked_for += request.accepted;
        const bool known = std::any_of(clients_.begin(), clients_.end(), [id = key.second](const auto& client) {
          return client->requests().count(id) > 0 && client->requests().at(id).cells.size() > 0;
        });
        if (!known) findings_.add("a request is stored that nobody made");
      }
      const auto placed = std::count_if(ledger.journal.begin(), ledger.journal.end(),
                                        [](const Placement& placement) { return placement.kind == PlacementKind::Place; });
      if (asked_for != static_cast<std::size_t>(placed)) findings_.add("the journal holds what no request asked for");
      judge_undos(ledger.journal);
    }
  }

  Timeline timeline_;
  Findings findings_;
  std::vector<Ledger> ledgers_;
  ServerSettings settings_;
  SimServer server_;
  std::vector<std::unique_ptr<SimClient>> clients_;
  Report report_;
  bool healed_ = false;
};

}  // namespace

Report simulate(std::uint64_t seed, Sabotage sabotage) {
  World world(seed, sabotage);
  return world.run();
}

}  // namespace tessera::simulation
