#include <algorithm>

#include "app/model/backoff.h"
#include "app/model/turn.h"

/// Coming, staying and coming back: Hello → Welcome → Enter → Entered → Watch, at the first time and after every cut.
namespace tessera {
namespace {

constexpr Duration attempt_time{15'000'000};
constexpr Duration ping_period{5'000'000};
constexpr Duration pong_time{10'000'000};
constexpr Duration recent_delay{5'000'000};
/// Live for this long, a connection counts as one that holds: the next cut is answered at once again.
constexpr Duration steady_time{5'000'000};

Phrase trouble(const Model& model, DisconnectReason reason, const std::string& detail) {
  const std::string server = server_label(model.connection.server);
  switch (reason) {
    case DisconnectReason::Unreachable:
      return {Text::Unreachable, {server}};
    case DisconnectReason::NotTessera:
      return {Text::NotTessera, {server}};
    case DisconnectReason::TlsFailed:
      return {Text::TlsFailed, {server, detail}};
    case DisconnectReason::Full:
      return {Text::ServerFull, {server}};
    case DisconnectReason::Stopped:
      return {Text::ServerStopped, {}};
    case DisconnectReason::Lost:
      return {Text::Reconnecting, {}};
  }
  return {Text::Reconnecting, {}};
}

void open(Turn& turn) {
  ConnectionStatus& connection = turn.model.connection;
  connection.id = ConnectionId{static_cast<std::uint64_t>(connection.id) + 1};
  connection.state = ConnectionState::Opening;
  connection.greeted = false;
  connection.entering = 0;
  connection.retry_at.reset();
  connection.ping_sent_at.reset();
  connection.latency.reset();
  connection.began_at = turn.now();
  turn.emit(effect::OpenConnection{connection.id, connection.server});
}

bool open_or_greeting(const ConnectionStatus& connection) {
  return connection.state == ConnectionState::Opening || connection.state == ConnectionState::Greeting ||
         connection.state == ConnectionState::Live;
}

void close(Turn& turn) {
  if (open_or_greeting(turn.model.connection)) turn.emit(effect::CloseConnection{turn.model.connection.id});
}

/// Ends for good: trying again would end the same way.
void give_up(Turn& turn, Phrase why) {
  Model& model = turn.model;
  close(turn);
  model.replica.disconnected();
  model.connection.state = ConnectionState::Offline;
  model.connection.retry_at.reset();
  model.connection.trouble = why;
  if (model.connection.ever_live) return;
  model.screen = Screen::Start;
  model.join.text = model.connection.server;
  model.join.error = std::move(why);
}

void enter(Turn& turn) {
  Model& model = turn.model;
  ++model.connection.entering;
  turn.send(Enter{model.connection.canvas, model.replica.epoch(), model.replica.seq(), model.replica.unanswered()});
}

void forget_canvas(Turn& turn) {
  Model& model = turn.model;
  model.replica.clear();
  model.survey = {};
  model.canvas = {};
  model.may_place = false;
  model.online = 0;
  model.cell = {};
  model.pulses.clear();
  model.marker = {};
  if (model.drawer == Drawer::Cell) model.drawer = Drawer::None;
  forget_undo(model);
  forget_locks(model);
  leave_canvas_of_staff(model);
  model.schedule.entries.clear();
  model.report_desk.writing = false;
  if (model.drawer == Drawer::Report) model.drawer = Drawer::None;
  model.not_full_since.reset();
  model.connection.ever_live = false;
}

void take_palette(Model& model) {
  std::vector<PaletteColor> colors;
  for (const PaletteEntry& entry : model.canvas.palette) {
    colors.push_back({{entry.r, entry.g, entry.b}, entry.name, entry.retired});
  }
  auto palette = Palette::make(std::move(colors));
  if (palette) model.palette = std::move(*palette);
  if (model.palette.allows(model.tool.color)) return;
  const auto count = static_cast<ColorIndex>(model.palette.size());
  for (ColorIndex index = 0; index < count; ++index) {
    if (!model.palette.allows(index)) continue;
    model.tool.color = index;
    return;
  }
}

/// What was beyond the new edge is not there any more.
void keep_inside(Model& model) {
  const Size size = model.replica.size();
  if (model.marker.cell && !size.contains(*model.marker.cell)) model.marker = {};
  std::erase_if(model.pulses, [&](const Pulse& pulse) { return !size.contains(pulse.cell); });
  if (!model.cell.open || size.contains(model.cell.cell)) return;
  model.cell = {};
  if (model.drawer == Drawer::Cell) model.drawer = Drawer::None;
}

void take_canvas(Model& model, const CanvasInfo& canvas) {
  if (model.canvas.palette != canvas.palette || model.viewport.canvas() != Size{canvas.width, canvas.height}) model.survey = {};
  model.canvas = canvas;
  model.replica.resize({canvas.width, canvas.height});
  model.viewport.set_canvas({canvas.width, canvas.height});
  take_palette(model);
  keep_inside(model);
}

void say_hello(Turn& turn) { turn.send(Hello{protocol_version, turn.model.client, token_of(turn.model)}); }

void welcome(Turn& turn, const Welcome& message) {
  Model& model = turn.model;
  model.account = message.account;
  model.server = {message.server_name, message.server_version, message.guests_allowed};
  if (model.connection.greeted) return signed_in_now(turn);
  model.connection.greeted = true;
  if (!model.ways.known && model.ways.asked == unasked) read_ways(turn);
  enter(turn);
}

void entered(Turn& turn, const Entered& message) {
  Model& model = turn.model;
  ConnectionStatus& connection = model.connection;
  if (!connection.greeted) return;
  if (connection.entering > 0 && --connection.entering > 0) return;  // of a canvas left before it was reached
  const bool again = connection.ever_live;
  const bool anew = again && message.epoch != model.replica.epoch();
  model.replica.enter({message.canvas.width, message.canvas.height}, message.epoch, message.seq);
  // What there is of them follows.
  model.locks.clear();
  model.announcements.items.clear();
  model.schedule.entries.clear();
  take_canvas(model, message.canvas);
  take_charges(turn, message.charges);
  model.may_place = message.may_place;
  model.why_not = message.why_not;
  model.online = message.online;

  connection.state = ConnectionState::Live;
  connection.canvas = message.canvas.name;
  connection.ever_live = true;
  connection.trouble.reset();
  connection.live_at = turn.now();
  connection.next_ping_at = turn.now();
  model.screen = Screen::Canvas;
  model.join.error.reset();
  if (!again) {
    look_at(turn, std::exchange(model.destination, std::nullopt), Motion::AtOnce);
    model.recent_due = turn.now() + recent_delay;
  } else if (anew) {
    model.survey = {};
    turn.tell(Level::Warn, {Text::CanvasWasReset, {}});
  } else if (connection.attempt > 0) {
    turn.tell(Level::Good, {Text::BackAgain, {}});
  }
  model.watched.reset();
  watch_view(turn);
  if (signed_in(model) && (model.sign_in.busy || !model.sign_in.waiting.empty())) return signed_in_now(turn);
  claim_hosted(turn);
  run_errand(turn);
  // Who comes banned has been told; who comes back so has not.
  if (!again && !message.may_place && message.why_not == Refusal::Banned) model.ban_told = true;
  permission_changed(turn);
  if (again) catch_up_with_reports(turn);
}

void refused_before_live(Turn& turn, const Refused& message) {
  Model& model = turn.model;
  switch (message.reason) {
    case Refusal::BadToken:
      close(turn);
      if (token_of(model).empty()) return disconnected(turn, DisconnectReason::Lost, message.detail);
      // A session that is over locks nobody out: go on as nobody, at once.
      keep_token(turn, "");
      forget_person(model);
      if (model.connection.ever_live) turn.tell(Level::Info, {Text::SessionEnded, {}});
      return open(turn);
    case Refusal::BadVersion: {
      const bool older = message.server_version > protocol_version;
      give_up(turn, {!older ? Text::VersionTooNew : model.device.web ? Text::PageTooOld : Text::VersionTooOld, {}});
      if (older && model.device.web && model.connection.ever_live) turn.emit(effect::ReloadPage{});
      return;
    }
    case Refusal::NotFound:
      return give_up(turn, {Text::NoSuchCanvas, {model.connection.canvas}});
    case Refusal::Busy:
      close(turn);
      return disconnected(turn, DisconnectReason::Full, message.detail);
    default:
      return give_up(turn, {why(message.reason), {}});
  }
}

void refused(Turn& turn, const Refused& message) {
  if (!turn.live()) return refused_before_live(turn, message);
  Model& model = turn.model;
  if (message.reason == Refusal::BadToken || model.sign_in.busy) return sign_in_refused(turn, message.detail);
  if (model.cell.loading) {
    model.cell.loading = false;
    model.cell.failed = true;
    return;
  }
  turn.tell(Level::Warn, {why(message.reason), {}});
}

void paused(Turn& turn, const PauseChanged& message) {
  CanvasInfo& canvas = turn.model.canvas;
  if (canvas.paused && !message.paused) turn.tell(Level::Good, {Text::Resumed, {}});
  canvas.paused = message.paused;
  canvas.pause_message = message.message;
}

void pong(Turn& turn, const Pong& message) {
  ConnectionStatus& connection = turn.model.connection;
  if (!connection.ping_sent_at) return;
  const Duration taken = turn.now() - *connection.ping_sent_at;
  const auto on_the_way = std::chrono::duration_cast<std::chrono::milliseconds>(taken) / 2;
  turn.model.server_clock = {WallTime{static_cast<std::int64_t>(message.server_time_ms) + on_the_way.count()}, turn.now()};
  connection.latency = connection.latency ? (*connection.latency * 3 + taken) / 4 : taken;
  connection.ping_sent_at.reset();
  connection.next_ping_at = turn.now() + ping_period;
}

void note_change(Model& model, const Deltas& deltas) {
  if (!model.cell.open) return;
  const TileIndex tile = tile_of(model.cell.cell);
  const TileOffset offset = offset_of(model.cell.cell);
  for (const TileDelta& delta : deltas.tiles) {
    if (delta.tile != tile) continue;
    for (const DeltaCell& cell : delta.cells) model.cell.stale = model.cell.stale || cell.offset == offset;
  }
}

struct Receiver {
  Turn& turn;

  void operator()(const Welcome& message) { welcome(turn, message); }
  void operator()(const Refused& message) { refused(turn, message); }
  void operator()(const Entered& message) { entered(turn, message); }
  void operator()(const TileCurrent& message) { of_tile(message); }
  void operator()(const TileSnapshot& message) { of_tile(message); }
  void operator()(const TileHash& message) { of_tile(message); }
  void operator()(const Deltas& message) {
    of_tile(message);
    note_change(turn.model, message);
  }
  void operator()(const PlaceResult& message) {
    if (turn.live()) answered(turn, message);
  }
  void operator()(const Inspected& message) { inspected(turn, message); }
  void operator()(const Charges& message) {
    if (!turn.live()) return;
    take_charges(turn, message.charges);
    turn.model.may_place = message.may_place;
    turn.model.why_not = message.why_not;
    permission_changed(turn);
  }
  void operator()(const Online& message) { turn.model.online = message.count; }
  void operator()(const PauseChanged& message) { paused(turn, message); }
  void operator()(const CanvasChanged& message) {
    if (turn.live()) take_canvas(turn.model, message.canvas);
  }
  void operator()(const Pong& message) { pong(turn, message); }
  void operator()(const UndoResult& message) {
    if (turn.live()) undo_answered(turn, message);
  }
  void operator()(const AccountChanged& message) {
    account_changed(turn, message.account);
    role_changed(turn.model);
  }
  void operator()(const Locks& message) {
    if (turn.live()) locks_came(turn, message);
  }
  void operator()(const LockChanged& message) {
    if (turn.live()) lock_changed(turn, message.lock);
  }
  void operator()(const LockRemoved& message) {
    if (turn.live()) lock_removed(turn, message.id);
  }
  void operator()(const Announcements& message) {
    if (turn.live()) announcements_came(turn, message);
  }
  void operator()(const AnnouncementChanged& message) {
    if (turn.live()) announcement_changed(turn, message.announcement);
  }
  void operator()(const AnnouncementRemoved& message) {
    if (turn.live()) announcement_removed(turn, message.id);
  }
  void operator()(const Schedule& message) {
    if (turn.live()) schedule_came(turn, message);
  }
  void operator()(const ScheduleChanged& message) {
    if (turn.live()) schedule_changed(turn, message.entry);
  }
  void operator()(const ScheduleRemoved& message) {
    if (turn.live()) schedule_removed(turn, message.id);
  }
  void operator()(const ReportOutcome& message) { report_outcome(turn, message); }
  void operator()(const Warning& message) { warned(turn, message); }
  void operator()(const StaffNews& message) {
    const bool is_new = !(turn.model.staff_news == message);
    turn.model.staff_news = message;
    turn.model.staff.open_reports = message.open_reports;
    if (is_new) staff_changed(turn);
  }

  /// What still comes from a canvas that one is leaving is not of the next one.
  template <typename Message>
  void of_tile(const Message& message) {
    if (!turn.live()) return;
    Replica::Out out;
    turn.model.replica.receive(message, out);
    turn.send_all(out);
  }
};

void go_to_canvas(Turn& turn, const std::string& canvas) {
  turn.model.connection.canvas = canvas;
  forget_canvas(turn);
  ConnectionStatus& connection = turn.model.connection;
  if (connection.state == ConnectionState::Waiting) return open(turn);
  if (!connection.greeted) return;  // the Welcome will be answered with this canvas
  connection.state = ConnectionState::Greeting;
  connection.began_at = turn.now();
  enter(turn);
}

}  // namespace

void go_to_link(Turn& turn, const Link& link) {
  Model& model = turn.model;
  ConnectionStatus& connection = model.connection;
  take_errand(model, link);
  const bool same_server = connection.server == link.server && connection.state != ConnectionState::Offline;
  const bool same_canvas = same_server && (link.canvas.empty() || link.canvas == connection.canvas);
  if (same_canvas && turn.live()) {
    look_at(turn, link, motion(model));
    return run_errand(turn);
  }
  model.destination = link;
  model.screen = Screen::Connecting;
  if (same_server) return go_to_canvas(turn, link.canvas);
  leave(turn);
  take_errand(model, link);
  model.screen = Screen::Connecting;
  model.destination = link;
  connection.server = link.server;
  connection.canvas = link.canvas;
  connection.attempt = 0;
  open(turn);
}

void leave(Turn& turn) {
  Model& model = turn.model;
  if (turn.live()) remember_recent(turn);
  close(turn);
  forget_canvas(turn);
  const ConnectionId last = model.connection.id;
  model.connection = {};
  model.connection.id = last;
  forget_person(model);
  model.server = {};
  close_sign_in(turn);
  model.ways = {};
  model.errand = {};
  model.canvases = {};
  model.setup = {};
  model.server_clock = {};
  model.announcements.items.clear();
  model.announcements.editor = {};
  model.destination.reset();
  model.recent_due.reset();
  model.screen = Screen::Start;
}

void retry_now(Turn& turn) {
  const ConnectionStatus& connection = turn.model.connection;
  if (connection.server.empty()) return;
  const bool idle = connection.state == ConnectionState::Waiting || connection.state == ConnectionState::Offline;
  if (idle) open(turn);
}

void connected(Turn& turn) {
  ConnectionStatus& connection = turn.model.connection;
  if (connection.state != ConnectionState::Opening) return;
  connection.state = ConnectionState::Greeting;
  connection.heard_at = turn.now();
  if (!turn.model.tokens_due) say_hello(turn);
}

void greet_now(Turn& turn) {
  turn.model.tokens_due.reset();
  const ConnectionStatus& connection = turn.model.connection;
  if (connection.state == ConnectionState::Greeting && !connection.greeted) say_hello(turn);
}

void received(Turn& turn, const ServerMessage& message) {
  ConnectionStatus& connection = turn.model.connection;
  if (connection.state != ConnectionState::Greeting && connection.state != ConnectionState::Live) return;
  connection.heard_at = turn.now();
  std::visit(Receiver{turn}, message);
}

void unreadable(Turn& turn, const std::string& detail) {
  close(turn);
  disconnected(turn, DisconnectReason::NotTessera, detail);
}

void disconnected(Turn& turn, DisconnectReason reason, const std::string& detail) {
  Model& model = turn.model;
  ConnectionStatus& connection = model.connection;
  if (!open_or_greeting(connection)) return;
  const bool was_live = connection.state == ConnectionState::Live;
  model.replica.disconnected();
  undo_cut_off(model);
  model.cell.failed = model.cell.failed || model.cell.loading;
  model.cell.loading = false;
  connection.trouble = trouble(model, reason, detail);
  connection.latency.reset();
  connection.ping_sent_at.reset();
  // A stale cookie makes the handshake fail without a word; asking clears it.
  if (!connection.greeted && model.device.sessions == SessionKeeping::Cookie) {
    turn.emit(effect::CheckSession{connection.server});
  }
  ++connection.attempt;
  if (was_live && connection.attempt == 1 && reason == DisconnectReason::Lost) return open(turn);
  connection.state = ConnectionState::Waiting;
  connection.retry_at = turn.now() + retry_delay(connection.attempt, turn.moment.random);
}

void tick_connection(Turn& turn) {
  ConnectionStatus& connection = turn.model.connection;
  const TimePoint now = turn.now();
  if (turn.model.tokens_due && now >= *turn.model.tokens_due) greet_now(turn);
  switch (connection.state) {
    case ConnectionState::Offline:
      return;
    case ConnectionState::Waiting:
      if (connection.retry_at && now >= *connection.retry_at) open(turn);
      return;
    case ConnectionState::Opening:
    case ConnectionState::Greeting:
      if (now - connection.began_at < attempt_time) return;
      close(turn);
      return disconnected(turn, DisconnectReason::Unreachable, "");
    case ConnectionState::Live:
      break;
  }
  if (now - connection.live_at >= steady_time) connection.attempt = 0;
  if (connection.ping_sent_at) {
    const TimePoint alive_at = std::max(*connection.ping_sent_at, connection.heard_at);
    if (now - alive_at < pong_time) return;
    close(turn);
    return disconnected(turn, DisconnectReason::Lost, "");
  }
  if (now < connection.next_ping_at) return;
  connection.ping_sent_at = now;
  turn.send(Ping{static_cast<std::uint64_t>(now.time_since_epoch().count())});
}

void wake_connection(Turn& turn) {
  ConnectionStatus& connection = turn.model.connection;
  connection.began_at = turn.now();
  connection.heard_at = turn.now();
  if (turn.live() && !connection.ping_sent_at) connection.next_ping_at = turn.now();
}

}  // namespace tessera
