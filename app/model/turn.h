#pragma once

#include "app/model/update.h"

/// What the parts of update() share; of no concern to anyone outside `app/model`.
namespace tessera {

/// One call of update(): the model it changes, the moment, and the effects it gathers.
struct Turn {
  Model& model;
  const Instant& moment;
  Effects& effects;

  TimePoint now() const { return moment.now; }
  bool live() const { return model.connection.state == ConnectionState::Live; }
  void emit(Effect effect) { effects.push_back(std::move(effect)); }
  void send(ClientMessage message) { emit(effect::Send{model.connection.id, std::move(message)}); }
  void send_all(Replica::Out& messages) {
    for (ClientMessage& message : messages) send(std::move(message));
  }
  /// A toast; the same text shown twice only lasts longer.
  void tell(Level level, Phrase phrase);
};

// ---- connection.cpp ----

/// Goes where a link leads: another server, another canvas, or only another place.
void go_to_link(Turn& turn, const Link& link);
void leave(Turn& turn);
void retry_now(Turn& turn);
void connected(Turn& turn);
void received(Turn& turn, const ServerMessage& message);
/// Says `Hello` where that waited for the tokens.
void greet_now(Turn& turn);
void unreadable(Turn& turn, const std::string& detail);
void disconnected(Turn& turn, DisconnectReason reason, const std::string& detail);
/// Retries, pings and time-outs.
void tick_connection(Turn& turn);
/// After a pause of the whole app: nothing that was due meanwhile counts as late.
void wake_connection(Turn& turn);

// ---- session.cpp ----

const std::string& token_of(const Model& model);
void keep_token(Turn& turn, const std::string& token);
/// What was kept has been read, however late.
void tokens_read(Turn& turn, const std::vector<SavedToken>& tokens);
/// Opens the panel for what is missing; `cells` are placed once it is there.
void open_sign_in(Turn& turn, std::span<const CellColor> cells);
void close_sign_in(Turn& turn);
void submit_nickname(Turn& turn);
void submit_code(Turn& turn);
void joined(Turn& turn, const Response& response);
void guest_answered(Turn& turn, const action::GuestAnswered& answer);
/// A session's token came, whatever way: it is kept, and this connection signed in.
void take_session(Turn& turn, const std::string& token);
/// `Welcome` or `Refused` answered a `SignIn`.
void signed_in_now(Turn& turn);
/// The server has said whether one may place.
void permission_changed(Turn& turn);
void sign_in_refused(Turn& turn, const std::string& detail);
void sign_out(Turn& turn);

// ---- device_flow.cpp ----

void continue_with_discord(Turn& turn);
void device_code_came(Turn& turn, const Response& response, const QuestionAnswer& answer);
void device_token_came(Turn& turn, const Response& response, const QuestionAnswer& answer);
void tick_device_flow(Turn& turn);

// ---- account.cpp ----

AskId ask_question(Turn& turn, Question question);
/// Why a question failed, in a person's words.
Phrase failure(const Model& model, const Response& response);
/// All that is one's own.
void forget_person(Model& model);
void account_changed(Turn& turn, const AccountInfo& account);
void read_me(Turn& turn);
void me_came(Turn& turn, const QuestionAnswer& answer);
void read_devices(Turn& turn);
void devices_came(Turn& turn, const QuestionAnswer& answer);
void end_device(Turn& turn, const std::string& id);
void end_other_devices(Turn& turn);
void device_ended(Turn& turn, const Response& response);
bool has_secret(const Link& link);
void take_errand(Model& model, const Link& link);
/// It as a link, for whoever comes back to this page; empty where there is none.
std::string kept_errand(const Model& model);
/// The same that was kept: for the server that is being opened alone, and where a link has not brought another.
void take_kept_errand(Model& model, const std::string& kept);
/// Whoever signs in on the server that this app hosts owns it.
void claim_hosted(Turn& turn);
/// Does what a link brought along, as soon as somebody is signed in.
void run_errand(Turn& turn);
void errand_done(Turn& turn, const Response& response, const QuestionAnswer& answer);
void read_ways(Turn& turn);
void ways_came(Turn& turn, const QuestionAnswer& answer);

// ---- canvas_list.cpp ----

void read_canvases(Turn& turn);
/// The next page of them.
void read_more_canvases(Turn& turn);
void canvases_came(Turn& turn, const Response& response, const QuestionAnswer& answer);
void picture_came(Turn& turn, ListedCanvas& entry, const QuestionAnswer& answer);
void open_canvas(Turn& turn, const std::string& canvas);
void tick_canvases(Turn& turn);

// ---- setup.cpp ----

void new_canvas(Turn& turn);
void set_up_canvas(Turn& turn, const std::string& canvas);
void edit_setup(Model& model, const SetupForm& form);
void add_color(Model& model);
void draw_new_code(Turn& turn);
void submit_setup(Turn& turn);
void confirm_setup(Turn& turn);
void pause_canvas(Turn& turn, bool paused);
void archive_canvas(Turn& turn, bool archived);
void choose_side(Model& model, SetupField field, Side side);
void resolve_conflict(Turn& turn);
void drop_conflict(Model& model);
void setup_answered(Turn& turn, const Response& response, const QuestionAnswer& answer);

// ---- undo.cpp ----

void forget_undo(Model& model);
void begin_stroke(Model& model);
void note_placing(Model& model, RequestId request);
void note_placed(Turn& turn, const PlaceResult& result);
void undo_stroke(Turn& turn);
void redo_stroke(Turn& turn);
void undo_answered(Turn& turn, const UndoResult& result);
/// The connection is gone, and what was asked with it.
void undo_cut_off(Model& model);
void tick_undo(Model& model);

// ---- locks.cpp ----

void tell_locked(Turn& turn, const LockInfo& lock);
/// Of the canvas that is left, or entered anew.
void forget_locks(Model& model);
void locks_came(Turn& turn, const Locks& message);
void lock_changed(Turn& turn, const LockInfo& lock);
void lock_removed(Turn& turn, LockId id);
void tick_locks(Turn& turn);
void select_tool(Turn& turn, Tool tool);
/// Who is not staff any more works with nothing of theirs.
void role_changed(Model& model);
void begin_frame(Turn& turn, ScreenPoint at);
void drag_frame(Turn& turn, ScreenPoint at);
void end_frame(Turn& turn);
/// A click: on a lock, which opens it; else one of a rectangle's two corners.
void lock_corner(Turn& turn, Cell cell);
/// One of a rectangle's two corners.
void frame_corner(Turn& turn, Cell cell);
/// One step back: from the rectangle, the drawer, the tool.
void cancel_lock(Turn& turn);

// ---- lock_editor.cpp ----

void open_new_lock(Turn& turn, const Rect& area);
void edit_lock(Turn& turn, LockId id);
void close_lock(Model& model);
void edit_lock_form(Model& model, const LockForm& form);
void submit_lock(Turn& turn);
void lift_lock(Turn& turn);
void resolve_lock(Turn& turn);
void lock_answered(Turn& turn, const Response& response, const QuestionAnswer& answer);

// ---- announcements.cpp ----

void announcements_came(Turn& turn, const Announcements& message);
void announcement_changed(Turn& turn, const AnnouncementInfo& announcement);
void announcement_removed(Turn& turn, AnnouncementId id);
void tick_announcements(Turn& turn);
void dismiss_announcement(Model& model, AnnouncementId id);
void write_announcement(Turn& turn);
void edit_announcement(Turn& turn, AnnouncementId id);
void edit_announcement_form(Model& model, const AnnouncementForm& form);
void submit_announcement(Turn& turn);
void withdraw_announcement(Turn& turn);
/// Back to the list.
void leave_announcement(Model& model);
void resolve_announcement(Turn& turn);
void announcement_answered(Turn& turn, const Response& response, const QuestionAnswer& answer);
/// Of the drawer that is open.
void choose_staff_side(Model& model, StaffField field, Side side);
void resolve_staff_conflict(Turn& turn);
void drop_staff_conflict(Model& model);

// ---- panel.cpp ----

void open_staff(Turn& turn, std::optional<StaffTab> tab);
/// Who is not staff any more sees nothing of it.
void forget_staff(Model& model);
/// Of the canvas that is left; the tab stays.
void leave_canvas_of_staff(Model& model);
void tick_staff(Turn& turn);
std::optional<TimePoint> next_staff_change(const Model& model);
/// Something of what the panel shows has changed: it is read anew.
void staff_changed(Turn& turn);
/// True: it was the panel's.
bool staff_answered(Turn& turn, const action::Answered& a);
void staff_acted(Turn& turn, const PanelAction& action);
/// The rectangle that the panel had asked for; false: it had not.
bool region_picked(Turn& turn, const Rect& area);

// ---- schedule.cpp ----

void schedule_came(Turn& turn, const Schedule& message);
void schedule_changed(Turn& turn, const ScheduleInfo& entry);
void schedule_removed(Turn& turn, ScheduleId id);
void put_away_countdown(Model& model, ScheduleId id);
void show_countdown(Model& model, ScheduleId id);
/// When what is shown of the schedule will read otherwise.
std::optional<TimePoint> next_countdown(const Model& model);

// ---- report_form.cpp ----

void report_cell(Turn& turn, Cell cell);
void edit_report_form(Model& model, const ReportForm& form);
void mark_report_area(Model& model, bool marking);
/// The rectangle has been drawn.
void take_report_area(Model& model, const Rect& area);
void submit_report(Turn& turn);
void report_answered(Turn& turn, const Response& response, const QuestionAnswer& answer);

// ---- reports.cpp ----

void show_own_reports(Turn& turn);
void read_own_reports(Turn& turn);
/// After a cut: what staff decided meanwhile was told to nobody.
void catch_up_with_reports(Turn& turn);
void own_reports_came(Turn& turn, const QuestionAnswer& answer);
void report_outcome(Turn& turn, const ReportOutcome& message);
/// New, or as it now is; tells what staff have decided of it.
void take_own_report(Turn& turn, const OwnReport& report);
void look_at_report(Turn& turn, ReportId id);
void put_away_news(Model& model);
void tick_reports(Model& model);

// ---- notices.cpp ----

void warned(Turn& turn, const Warning& message);
/// The server has said whether one may place: tells of a ban that came while one was there.
void note_ban(Turn& turn);
/// Its reason has come, or cannot be had.
void tell_ban(Turn& turn);
void understand_notice(Turn& turn);
std::optional<TimePoint> next_notice(const Model& model);

// ---- tools.cpp ----

void use_tool(Turn& turn, Cell cell);
/// Places what may be placed of these; where nothing may, says why.
void place_cells(Turn& turn, std::span<const CellColor> cells);
void inspect(Turn& turn, Cell cell);
/// The server's word on the charges; what it has not answered yet is taken off.
void take_charges(Turn& turn, const ChargeState& charges);
void select_color(Turn& turn, ColorIndex color);
void step_color(Turn& turn, int direction);
void answered(Turn& turn, const PlaceResult& result);
void inspected(Turn& turn, const Inspected& message);
void tick_tools(Turn& turn);
/// Tells once all charges are there again, where that is wanted.
void tick_charges(Turn& turn);

// ---- gesture.cpp ----

void pointer_moved(Turn& turn, ScreenPoint at, bool touch);
void pointer_left(Turn& turn);
void pointer_pressed(Turn& turn, const action::PointerPressed& press);
void pointer_released(Turn& turn, const action::PointerReleased& release);
void move_cursor(Turn& turn, int dx, int dy);
/// The view has moved under the pointer.
void follow_pointer(Turn& turn);

// ---- view.cpp ----

/// Asks for the tiles that are in view.
void watch_view(Turn& turn);
void tick_view(Turn& turn);
/// Where a link wants to look, else the whole canvas.
void look_at(Turn& turn, const std::optional<Link>& destination, Motion motion);
Link link_here(const Model& model);
void remember_recent(Turn& turn);
void address_changed(Turn& turn, const std::string& fragment);

}  // namespace tessera
