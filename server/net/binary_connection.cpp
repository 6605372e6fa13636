#include "server/net/binary_connection.h"

#include "server/net/net_thread.h"
#include "shared/protocol/codec.h"

namespace tessera {
namespace {

constexpr std::size_t tiles_under_way = 64;
constexpr std::uint32_t requests_under_way = 4096;
constexpr std::uint32_t cells_under_way = 1u << 18;
constexpr std::uint32_t inspects_under_way = 32;
constexpr std::chrono::seconds asked_time{10};

bool is_on(const CanvasInfo& canvas, TileIndex tile) {
  return tile.tx * tile_side < canvas.width && tile.ty * tile_side < canvas.height;
}

}  // namespace

void BinaryConnection::on_text(std::string_view) {
  close(ws_close::unsupported, "tessera.v1 is binary; without that subprotocol this address speaks JSON");
}

void BinaryConnection::on_binary(ByteSpan bytes) {
  auto message = decode_client(bytes);
  if (!message) return close(ws_close::bad_data, message.error().message);
  const bool is_hello = std::holds_alternative<Hello>(*message);
  if (is_hello == greeted_)
    return close(ws_close::policy, greeted_ ? "a second Hello" : "the first message must be Hello");
  std::visit([this](auto& m) { handle(m); }, *message);
}

void BinaryConnection::handle(Hello& hello) {
  greeted_ = true;
  client_ = hello.client;
  if (hello.version != protocol_version) {
    const std::string detail = "this server speaks version " + std::to_string(protocol_version) + " of the protocol, you " +
                               std::to_string(hello.version);
    send(Refused{Refusal::BadVersion, detail, protocol_version});
    return close(ws_close::policy, detail);
  }
  if (!hello.token.empty()) return check_token(std::move(hello.token), true);
  announce(client_);
  welcome();
}

void BinaryConnection::handle(SignIn& sign_in) {
  if (!sign_in.token.empty()) return check_token(std::move(sign_in.token), false);
  authenticated(Identity{}, false);
}

void BinaryConnection::check_token(std::string token, bool first) {
  pause(pause_sign_in);
  thread_.services().authenticator.authenticate_token(
      std::move(token), [mailbox = thread_.mailbox(), thread = &thread_, id = id(), first](Result<Identity, Refused> outcome) {
        mailbox->post(Mailbox::Task([thread, id, first, outcome = std::move(outcome)] {
          if (auto* found = static_cast<BinaryConnection*>(thread->find_ws(id))) found->authenticated(outcome, first);
        }));
      });
}

void BinaryConnection::authenticated(const Result<Identity, Refused>& outcome, bool first) {
  if (!outcome) {
    send(outcome.error());
    if (first) close(ws_close::policy, outcome.error().detail);
  } else {
    account_ = outcome->account;
    session_ = outcome->session;
    if (first)
      announce(client_);
    else
      thread_.command(SignedIn{id(), account_.id, session_});
    welcome();
  }
  unpause(pause_sign_in);
}

void BinaryConnection::welcome() {
  const NetSettings& settings = thread_.settings();
  send(Welcome{protocol_version, account_, settings.server_name, settings.server_version,
               thread_.services().authenticator.guests_allowed()});
}

void BinaryConnection::handle(Enter& enter) {
  ++entering_;
  wanted_.clear();
  unanswered_ += static_cast<std::uint32_t>(enter.unanswered.size());
  thread_.command(EnterCanvas{id(), std::move(enter)});
}

void BinaryConnection::handle(Watch& watch) {
  if (!is_on_canvas()) return close(ws_close::policy, "Watch before Enter");
  TileSet dropped;
  for (const WireTile& drop : watch.drop) {
    dropped.insert(drop.tile);
    outbox().unwatch(drop.tile);
    asked_.erase(drop.tile);
  }
  std::erase_if(wanted_, [&](const TileState& state) { return dropped.contains(state.tile); });
  if (wanted_.size() + watch.add.size() > limits::tiles_per_canvas)
    return close(ws_close::policy, "more tiles are asked for than a canvas has");
  wanted_.insert(wanted_.end(), watch.add.begin(), watch.add.end());
  if (!watch.drop.empty() && group != nullptr) thread_.command(WatchTiles{id(), Watch{{}, std::move(watch.drop)}});
  pump_watch();
}

void BinaryConnection::pump_watch() {
  if (wanted_.empty() || group == nullptr || entering_ > 0 || is_closing()) return;
  Watch next;
  std::size_t used = 0;
  while (used < wanted_.size() && asked_.size() + outbox().snapshots() < tiles_under_way) {
    const TileState& state = wanted_[used++];
    // One request is outstanding per tile: its answer serves a second one too.
    if (!is_on(group->info, state.tile) || asked_.contains(state.tile)) continue;
    outbox().watch(state.tile);
    asked_.insert(state.tile);
    next.add.push_back(state);
  }
  wanted_.erase(wanted_.begin(), wanted_.begin() + static_cast<std::ptrdiff_t>(used));
  if (wanted_.empty()) wanted_ = {};
  if (next.add.empty()) return;
  asked_since_ = thread_.now();
  thread_.command(WatchTiles{id(), std::move(next)});
}

void BinaryConnection::handle(Place& place) {
  if (!is_on_canvas()) return close(ws_close::policy, "Place before Enter");
  note_placing();
  ++unanswered_;
  unanswered_cells_ += static_cast<std::uint32_t>(place.cells.size());
  thread_.command(PlaceCells{id(), std::move(place)});
  if (unanswered_ > requests_under_way || unanswered_cells_ > cells_under_way) pause(pause_requests);
}

void BinaryConnection::handle(Undo& undo) { take_back(PlacementKind::Undo, undo.request, undo.count); }

void BinaryConnection::handle(Redo& redo) { take_back(PlacementKind::Redo, redo.request, redo.count); }

void BinaryConnection::take_back(PlacementKind kind, RequestId request, std::uint32_t count) {
  if (!is_on_canvas()) return close(ws_close::policy, "Undo before Enter");
  ++unanswered_;
  thread_.command(TakeBack{id(), kind, request, count});
  if (unanswered_ > requests_under_way) pause(pause_requests);
}

void BinaryConnection::count_answer(std::uint32_t cells) {
  unanswered_ -= std::min(unanswered_, 1u);
  unanswered_cells_ = unanswered_ == 0 ? 0 : unanswered_cells_ - std::min(unanswered_cells_, cells);
  if (unanswered_ <= requests_under_way / 2 && unanswered_cells_ <= cells_under_way / 2) unpause(pause_requests);
}

void BinaryConnection::handle(Inspect& inspect) {
  if (!is_on_canvas()) return close(ws_close::policy, "Inspect before Enter");
  if (group == nullptr || inspecting_ >= inspects_under_way || !thread_.services().inspect)
    return send(Refused{Refusal::Busy, "too many cells are being looked up", protocol_version});
  ++inspecting_;
  thread_.services().inspect(
      group->canvas, Cell{inspect.x, inspect.y},
      [mailbox = thread_.mailbox(), thread = &thread_, id = id()](Result<Inspected, Refused> outcome) {
        mailbox->post(Mailbox::Task([thread, id, outcome = std::move(outcome)] {
          auto* found = static_cast<BinaryConnection*>(thread->find_ws(id));
          if (found == nullptr) return;
          --found->inspecting_;
          found->send(outcome ? ServerMessage(*outcome) : ServerMessage(outcome.error()));
        }));
      });
}

void BinaryConnection::handle(Ping& ping) {
  send(Pong{ping.client_time, static_cast<std::uint64_t>(ms(thread_.services().clock.wall()))});
}

void BinaryConnection::handle(Mismatch& mismatch) {
  if (!is_on_canvas()) return close(ws_close::policy, "Mismatch before Enter");
  if (group != nullptr && outbox().watches(mismatch.tile.tile) && outbox().snapshots() < tiles_under_way)
    thread_.command(ReportMismatch{id(), mismatch.tile});
}

void BinaryConnection::on_message(const ServerMessage& message) {
  if (const auto* result = std::get_if<PlaceResult>(&message))
    count_answer(result->accepted + static_cast<std::uint32_t>(result->rejected.size()));
  if (std::holds_alternative<UndoResult>(message)) count_answer(0);
  if (const auto* changed = std::get_if<AccountChanged>(&message)) account_ = changed->account;
  if (const auto* current = std::get_if<TileCurrent>(&message)) asked_.erase(current->tile);
  if (std::holds_alternative<Refused>(message) && entering_ > 0) --entering_;
  send(message);
}

void BinaryConnection::on_joined(const Joined& joined) {
  if (entering_ > 0) --entering_;
  outbox().forget_tiles();
  asked_.clear();
  thread_.join(*this, joined);
  send(joined.message);
}

void BinaryConnection::on_snapshot(const std::shared_ptr<const Snapshot>& snapshot) {
  asked_.erase(snapshot->tile);
  outbox().push_snapshot(snapshot);
}

void BinaryConnection::on_sweep(TimePoint now) {
  if (asked_.empty() || wanted_.empty() || now - asked_since_ < asked_time) return;
  asked_.clear();
  pump_watch();
}

}  // namespace tessera
