#include "app/model/update.h"

#include <algorithm>
#include <utility>

#include "app/model/turn.h"

namespace tessera {
namespace {

constexpr Duration toast_time{4'000'000};
/// A keyring that is locked waits for a person: whoever does not unlock it goes on as nobody.
constexpr Duration tokens_time{3'000'000};
constexpr std::size_t most_toasts = 4;
/// A pause between two ticks that no frame takes: the machine slept, or the page was hidden.
constexpr Duration sleep_time{3'000'000};
constexpr double least_scale = 0.75, most_scale = 2;

void open_link(Turn& turn, const std::string& text) {
  Model& model = turn.model;
  const auto link = parse_link(text);
  if (link) {
    model.join.error.reset();
    if (has_secret(*link)) model.join.text.clear();
    return go_to_link(turn, *link);
  }
  model.join.text = text;
  model.join.error = Phrase{link.error(), {}};
}

void set_settings(Turn& turn, Settings settings) {
  settings.scale = settings.scale >= least_scale ? std::min(settings.scale, most_scale) : least_scale;
  if (settings == turn.model.settings) return;
  const bool asks = settings.notify && !turn.model.settings.notify && turn.model.device.web;
  if (asks) turn.emit(effect::AskNotifications{});
  turn.model.settings = std::move(settings);
  turn.emit(effect::SaveSettings{turn.model.settings});
}

void close_drawer(Model& model) {
  model.drawer = Drawer::None;
  model.cell.open = false;
  model.lock_editor = {};
  model.staff.back = false;
  model.report_desk.marking = false;
  if (!model.announcements.editor.busy) model.announcements.editor = {};
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

  void start_at(const std::string& text, const std::string& canvas) const {
    if (text.empty()) return;
    auto link = parse_link(text);
    if (!link) return open_link(turn, text);
    // What is secret stands in a page's address no longer than it must.
    if (model.device.web && has_secret(*link)) turn.emit(effect::SetAddress{format_fragment(*link)});
    if (!canvas.empty()) link->canvas = canvas;
    go_to_link(turn, *link);
  }

  void operator()(const action::Started& a) {
    model.client = ClientId{turn.moment.random.next_u64()};
    model.settings = a.settings;
    model.recent = a.recent;
    model.tokens = a.tokens;
    if (a.tokens_follow) model.tokens_due = turn.now() + tokens_time;
    model.device = a.device;
    model.host.available = a.host_available;
    model.sign_in.given = a.nickname;
    start_at(a.link, a.canvas);
    if (!a.kept.empty()) take_kept_errand(model, a.kept);
  }
  void operator()(const action::TokensRead& a) { tokens_read(turn, a.tokens); }
  void operator()(const action::Tick&) {
    if (model.ticked && turn.now() - *model.ticked > sleep_time) wake_connection(turn);
    model.ticked = turn.now();
    tick_connection(turn);
    tick_view(turn);
    tick_tools(turn);
    tick_undo(model);
    tick_charges(turn);
    tick_device_flow(turn);
    tick_canvases(turn);
    tick_locks(turn);
    tick_announcements(turn);
    tick_staff(turn);
    tick_reports(model);
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
    if (a.drawer == Drawer::Staff) return open_staff(turn, {});
    model.drawer = a.drawer;
    if (a.drawer == Drawer::Canvases) read_canvases(turn);
    if (a.drawer != Drawer::Account) return;
    model.devices.confirming = false;
    read_devices(turn);
    read_me(turn);
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
    model.sign_in.text = a.text;
    model.sign_in.error.reset();
  }
  void operator()(const action::SubmitNickname&) { submit_nickname(turn); }
  void operator()(const action::OpenSignIn&) { open_sign_in(turn, {}); }
  void operator()(const action::CloseSignIn&) { close_sign_in(turn); }
  void operator()(const action::ContinueWithDiscord&) { continue_with_discord(turn); }
  void operator()(const action::CopyUserCode&) {
    turn.emit(effect::CopyText{model.sign_in.device.user_code});
    turn.tell(Level::Good, {Text::CodeCopied, {}});
  }
  void operator()(const action::OpenVerification&) {
    if (!model.sign_in.device.full_address.empty()) turn.emit(effect::OpenBrowser{model.sign_in.device.full_address});
  }
  void operator()(const action::EditCode& a) {
    model.sign_in.code = a.text;
    model.sign_in.error.reset();
  }
  void operator()(const action::SubmitCode&) { submit_code(turn); }
  void operator()(const action::SignOut&) { sign_out(turn); }
  void operator()(const action::ReadDevices&) { read_devices(turn); }
  void operator()(const action::EndDevice& a) { end_device(turn, a.id); }
  void operator()(const action::EndOtherDevices&) { end_other_devices(turn); }
  void operator()(const action::KeepOtherDevices&) { model.devices.confirming = false; }

  void operator()(const action::ReadCanvases&) { read_canvases(turn); }
  void operator()(const action::ReadMoreCanvases&) { read_more_canvases(turn); }
  void operator()(const action::OpenCanvas& a) { open_canvas(turn, a.canvas); }
  void operator()(const action::NewCanvas&) { new_canvas(turn); }
  void operator()(const action::SetUpCanvas& a) { set_up_canvas(turn, a.canvas); }
  void operator()(const action::ShowSetupPart& a) { model.setup.part = a.part; }
  void operator()(const action::EditSetup& a) { edit_setup(model, a.form); }
  void operator()(const action::EditColor& a) { model.setup.color = a.index; }
  void operator()(const action::AddColor&) { add_color(model); }
  void operator()(const action::DrawCode&) { draw_new_code(turn); }
  void operator()(const action::SubmitSetup&) { submit_setup(turn); }
  void operator()(const action::ConfirmSetup&) { confirm_setup(turn); }
  void operator()(const action::CancelConfirm&) { model.setup.confirm = SetupConfirm::None; }
  void operator()(const action::PauseCanvas& a) { pause_canvas(turn, a.paused); }
  void operator()(const action::ArchiveCanvas& a) { archive_canvas(turn, a.archived); }
  void operator()(const action::ChooseSide& a) { choose_side(model, a.field, a.side); }
  void operator()(const action::ResolveConflict&) { resolve_conflict(turn); }
  void operator()(const action::DropConflict&) { drop_conflict(model); }

  void operator()(const action::EditLock& a) { edit_lock(turn, a.id); }
  void operator()(const action::EditLockForm& a) { edit_lock_form(model, a.form); }
  void operator()(const action::SubmitLock&) { submit_lock(turn); }
  void operator()(const action::LiftLock&) { lift_lock(turn); }
  void operator()(const action::CancelLock&) { cancel_lock(turn); }
  void operator()(const action::DismissAnnouncement& a) { dismiss_announcement(model, a.id); }
  void operator()(const action::WriteAnnouncement&) { write_announcement(turn); }
  void operator()(const action::EditAnnouncement& a) { edit_announcement(turn, a.id); }
  void operator()(const action::EditAnnouncementForm& a) { edit_announcement_form(model, a.form); }
  void operator()(const action::SubmitAnnouncement&) { submit_announcement(turn); }
  void operator()(const action::WithdrawAnnouncement&) { withdraw_announcement(turn); }
  void operator()(const action::LeaveAnnouncement&) { leave_announcement(model); }
  void operator()(const action::ChooseStaffSide& a) { choose_staff_side(model, a.field, a.side); }
  void operator()(const action::ResolveStaffConflict&) { resolve_staff_conflict(turn); }
  void operator()(const action::DropStaffConflict&) { drop_staff_conflict(model); }

  void operator()(const PanelAction& a) { staff_acted(turn, a); }
  void operator()(const action::FileSaved& a) {
    if (a.where.empty()) turn.tell(Level::Bad, {Text::FileNotSaved, {}});
    else turn.tell(Level::Good, {Text::FileSaved, {a.where}});
  }

  void operator()(const action::PutAwayCountdown& a) { put_away_countdown(model, a.id); }
  void operator()(const action::ShowCountdown& a) { show_countdown(model, a.id); }
  void operator()(const action::ReportCell& a) { report_cell(turn, a.cell); }
  void operator()(const action::ShowOwnReports&) { show_own_reports(turn); }
  void operator()(const action::ReadOwnReports&) { read_own_reports(turn); }
  void operator()(const action::EditReportForm& a) { edit_report_form(model, a.form); }
  void operator()(const action::MarkReportArea& a) { mark_report_area(model, a.marking); }
  void operator()(const action::SubmitReport&) { submit_report(turn); }
  void operator()(const action::LookAtReport& a) { look_at_report(turn, a.id); }
  void operator()(const action::PutAwayNews&) { put_away_news(model); }
  void operator()(const action::UnderstandNotice&) { understand_notice(turn); }

  void operator()(const action::UndoStroke&) { undo_stroke(turn); }
  void operator()(const action::RedoStroke&) { redo_stroke(turn); }

  void operator()(const action::SelectTool& a) { select_tool(turn, a.tool); }
  void operator()(const action::SelectColor& a) { select_color(turn, a.color); }
  void operator()(const action::StepColor& a) { step_color(turn, a.step); }
  void operator()(const action::PointerMoved& a) { pointer_moved(turn, a.at, a.touch); }
  void operator()(const action::PointerLeft&) { pointer_left(turn); }
  void operator()(const action::PointerPressed& a) { pointer_pressed(turn, a); }
  void operator()(const action::PointerReleased& a) { pointer_released(turn, a); }
  void operator()(const action::PointerCancelled&) {
    if (model.pointer.gesture == Gesture::Frame) model.lock_frame = {};
    model.pointer.gesture = Gesture::None;
  }
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
  /// Each question's number is kept where its answer is wanted; of any other answer nobody wants to know any more.
  void operator()(const action::Answered& a) {
    if (a.id == unasked) return;
    if (a.id == model.ways.asked) return ways_came(turn, a.answer);
    if (a.id == model.me_asked) return me_came(turn, a.answer);
    if (a.id == model.devices.asked) return devices_came(turn, a.answer);
    if (a.id == model.devices.ending) return device_ended(turn, a.response);
    if (a.id == model.errand.asked) return errand_done(turn, a.response, a.answer);
    if (a.id == model.canvases.asked) return canvases_came(turn, a.response, a.answer);
    if (a.id == model.setup.asked) return setup_answered(turn, a.response, a.answer);
    if (a.id == model.lock_editor.asked) return lock_answered(turn, a.response, a.answer);
    if (a.id == model.announcements.editor.asked) return announcement_answered(turn, a.response, a.answer);
    if (a.id == model.report_desk.asked) return report_answered(turn, a.response, a.answer);
    if (a.id == model.report_desk.reading) return own_reports_came(turn, a.answer);
    if (a.id == model.sign_in.asked) return sign_in_answered(a);
    for (ListedCanvas& entry : model.canvases.items)
      if (entry.asked == a.id) return picture_came(turn, entry, a.answer);
    staff_answered(turn, a);
  }
  void sign_in_answered(const action::Answered& a) const {
    switch (model.sign_in.step) {
      case SignInStep::Choose:
        return;
      case SignInStep::Device:
        if (model.sign_in.device.user_code.empty()) return device_code_came(turn, a.response, a.answer);
        return device_token_came(turn, a.response, a.answer);
      case SignInStep::Code:
        return joined(turn, a.response);
    }
  }
  void operator()(const action::NotificationsAllowed& a) {
    if (a.allowed || !model.settings.notify) return;
    Settings settings = model.settings;
    settings.notify = false;
    set_settings(turn, std::move(settings));
    turn.tell(Level::Warn, {Text::NotifyRefused, {}});
  }
  void operator()(const action::LocalServerChanged& a) {
    Host& host = model.host;
    const bool opened = a.state == HostState::Running && host.state == HostState::Starting;
    host.state = a.state;
    host.error = a.error;
    host.link = a.link;
    host.lan_links = a.lan_links;
    host.owner_token = a.owner_token;
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
