#include "app/model/update.h"

#include <algorithm>
#include <utility>

#include "app/model/turn.h"

namespace tessera {
namespace {

constexpr Duration toast_time{4'000'000};
constexpr std::size_t most_toasts = 4;
/// A pause between two ticks that no frame takes: the machine slept, or the page was hidden.
constexpr Duration sleep_time{3'000'000};
constexpr double least_scale = 0.75, most_scale = 2;

void open_link(Turn& turn, const std::string& text) {
  Model& model = turn.model;
  const auto link = parse_link(text);
  if (link) {
    model.join.error.reset();
    return go_to_link(turn, *link);
  }
  model.join.text = text;
  model.join.error = Phrase{link.error(), {}};
}

void set_settings(Turn& turn, Settings settings) {
  settings.scale = settings.scale >= least_scale ? std::min(settings.scale, most_scale) : least_scale;
  if (settings == turn.model.settings) return;
  turn.model.settings = std::move(settings);
  turn.emit(effect::SaveSettings{turn.model.settings});
}

void close_drawer(Model& model) {
  model.drawer = Drawer::None;
  model.cell.open = false;
}

void tick_toasts(Turn& turn) {
  std::erase_if(turn.model.toasts, [&](const Toast& toast) { return turn.now() >= toast.until; });
}

/// One function for each action; what an action means is said where it belongs.
struct Updater {
  Turn& turn;
  Model& model;

  bool of_ours(ConnectionId connection) const { return connection == model.connection.id; }
  ScreenPoint middle() const { return {model.viewport.width() / 2, model.viewport.height() / 2}; }

  void operator()(const action::Started& a) {
    model.client = ClientId{turn.moment.random.next_u64()};
    model.settings = a.settings;
    model.recent = a.recent;
    model.tokens = a.tokens;
    model.device = a.device;
    model.host.available = a.host_available;
    model.nickname.given = a.nickname;
    if (!a.link.empty()) open_link(turn, a.link);
  }
  void operator()(const action::Tick&) {
    if (model.ticked && turn.now() - *model.ticked > sleep_time) wake_connection(turn);
    model.ticked = turn.now();
    tick_connection(turn);
    tick_view(turn);
    tick_tools(turn);
    tick_toasts(turn);
  }
  void operator()(const action::WindowResized& a) { model.viewport.resize(a.width, a.height, a.pixel_ratio); }
  void operator()(const action::PageHidden&) {
    if (std::exchange(model.hidden, true)) return;
    model.watched.reset();
    Replica::Out out;
    model.replica.rest(out);
    if (turn.live()) turn.send_all(out);
  }
  void operator()(const action::PageShown&) {
    if (!std::exchange(model.hidden, false)) return;
    wake_connection(turn);
    watch_view(turn);
  }
  void operator()(const action::SystemThemeChanged& a) { model.device.dark = a.dark; }
  void operator()(const action::AddressChanged& a) { address_changed(turn, a.fragment); }
  void operator()(const action::Quit&) {
    leave(turn);
    if (model.host.state == HostState::Starting || model.host.state == HostState::Running)
      turn.emit(effect::StopLocalServer{});
    turn.emit(effect::CloseApp{});
  }

  void operator()(const action::EditJoin& a) {
    model.join.text = a.text;
    model.join.error.reset();
  }
  void operator()(const action::Join&) { open_link(turn, std::string(model.join.text)); }
  void operator()(const action::OpenLink& a) { open_link(turn, a.link); }
  void operator()(const action::ForgetRecent& a) {
    std::erase_if(model.recent,
                  [&](const RecentServer& entry) { return entry.server == a.server && entry.canvas == a.canvas; });
    turn.emit(effect::SaveRecent{model.recent});
  }
  void operator()(const action::RetryNow&) { retry_now(turn); }
  void operator()(const action::Leave&) {
    close_drawer(model);
    leave(turn);
  }
  void operator()(const action::SetHostPort& a) { model.host.port = a.port; }
  void operator()(const action::SetHostLan& a) { model.host.lan = a.lan; }
  void operator()(const action::ShowHostDetails& a) { model.host.details_open = a.open; }
  void operator()(const action::HostCanvas&) {
    Host& host = model.host;
    if (!host.available || host.state == HostState::Starting || host.state == HostState::Running) return;
    host.state = HostState::Starting;
    host.error.reset();
    host.log.clear();
    turn.emit(effect::StartLocalServer{host.port, host.lan});
  }
  void operator()(const action::StopHosting&) {
    Host& host = model.host;
    if (host.state != HostState::Starting && host.state != HostState::Running) return;
    if (!host.link.empty() && model.connection.server == host.link) leave(turn);
    host.state = HostState::Stopping;
    turn.emit(effect::StopLocalServer{});
  }
  void operator()(const action::SetSettings& a) { set_settings(turn, a.settings); }
  void operator()(const action::OpenDrawer& a) {
    close_drawer(model);
    model.drawer = a.drawer;
  }
  void operator()(const action::CloseDrawer&) { close_drawer(model); }
  void operator()(const action::CopyLink&) {
    turn.emit(effect::CopyText{share_link(model)});
    turn.tell(Level::Good, {Text::LinkCopied, {}});
  }
  void operator()(const action::DismissToast& a) {
    std::erase_if(model.toasts, [&](const Toast& toast) { return toast.id == a.id; });
  }
  void operator()(const action::EditNickname& a) {
    model.nickname.text = a.text;
    model.nickname.error.reset();
  }
  void operator()(const action::SubmitNickname&) { submit_nickname(turn); }
  void operator()(const action::CancelNickname&) {
    model.nickname.open = model.nickname.busy = false;
    model.nickname.waiting.clear();
  }
  void operator()(const action::SignOut&) { sign_out(turn); }

  void operator()(const action::SelectTool& a) { model.tool.tool = a.tool; }
  void operator()(const action::SelectColor& a) { select_color(turn, a.color); }
  void operator()(const action::StepColor& a) { step_color(turn, a.step); }
  void operator()(const action::PointerMoved& a) { pointer_moved(turn, a.at, a.touch); }
  void operator()(const action::PointerLeft&) { pointer_left(turn); }
  void operator()(const action::PointerPressed& a) { pointer_pressed(turn, a); }
  void operator()(const action::PointerReleased& a) { pointer_released(turn, a); }
  void operator()(const action::PointerCancelled&) { model.pointer.gesture = Gesture::None; }
  void operator()(const action::WheelTurned& a) { model.viewport.zoom_step(a.steps, a.at, motion(model), turn.now()); }
  void operator()(const action::Pinched& a) {
    model.viewport.pan(a.dx, a.dy);
    model.viewport.zoom_by(a.factor, a.at);
  }
  void operator()(const action::PinchEnded& a) { model.viewport.settle(a.at, motion(model), turn.now()); }
  void operator()(const action::Pan& a) { model.viewport.pan(a.dx, a.dy); }
  void operator()(const action::MoveCursor& a) { move_cursor(turn, a.dx, a.dy); }
  void operator()(const action::ActAtMarker&) {
    if (model.marker.cell) use_tool(turn, *model.marker.cell);
  }
  void operator()(const action::PlaceAtMarker&) {
    if (!model.marker.cell) return;
    const CellColor placement{*model.marker.cell, model.tool.color};
    place_cells(turn, {&placement, 1});
  }
  void operator()(const action::InspectAtMarker&) {
    if (model.marker.cell) inspect(turn, *model.marker.cell);
  }
  void operator()(const action::Inspect& a) { inspect(turn, a.cell); }
  void operator()(const action::ZoomStep& a) { model.viewport.zoom_step(a.steps, middle(), motion(model), turn.now()); }
  void operator()(const action::Fit&) { model.viewport.fit(motion(model), turn.now()); }
  void operator()(const action::GoTo& a) {
    model.viewport.go_to(a.centre, model.viewport.target_zoom(), Motion::AtOnce, turn.now());
  }

  void operator()(const action::Connected& a) {
    if (of_ours(a.connection)) connected(turn);
  }
  void operator()(const action::Received& a) {
    if (of_ours(a.connection)) received(turn, a.message);
  }
  void operator()(const action::Unreadable& a) {
    if (of_ours(a.connection)) unreadable(turn, a.detail);
  }
  void operator()(const action::Disconnected& a) {
    if (of_ours(a.connection)) disconnected(turn, a.reason, a.detail);
  }
  void operator()(const action::GuestAnswered& a) { guest_answered(turn, a); }
  void operator()(const action::SessionChecked&) {}
  void operator()(const action::LocalServerChanged& a) {
    Host& host = model.host;
    const bool opened = a.state == HostState::Running && host.state == HostState::Starting;
    host.state = a.state;
    host.error = a.error;
    host.link = a.link;
    host.lan_links = a.lan_links;
    if (opened) open_link(turn, a.link);
  }
  void operator()(const action::LocalServerLogged& a) {
    model.host.log.push_back(a.line);
    if (model.host.log.size() > Host::log_lines) model.host.log.erase(model.host.log.begin());
  }
};

}  // namespace

void Turn::tell(Level level, Phrase phrase) {
  std::vector<Toast>& toasts = model.toasts;
  const auto same =
      std::find_if(toasts.begin(), toasts.end(), [&](const Toast& toast) { return toast.phrase.text == phrase.text; });
  if (same != toasts.end()) {
    same->phrase = std::move(phrase);
    same->until = now() + toast_time;
    return;
  }
  toasts.push_back({model.next_toast++, level, std::move(phrase), now(), now() + toast_time});
  if (toasts.size() > most_toasts) toasts.erase(toasts.begin());
}

Effects update(Model& model, const Action& action, const Instant& moment) {
  Effects effects;
  model.now = moment.now;
  model.wall = moment.wall;
  Turn turn{model, moment, effects};
  std::visit(Updater{turn, model}, action);
  follow_pointer(turn);
  return effects;
}

}  // namespace tessera
