#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "app/model/canvases.h"
#include "app/model/link.h"
#include "app/model/lock_book.h"
#include "app/model/panel.h"
#include "app/model/notices.h"
#include "app/model/people.h"
#include "app/model/replica.h"
#include "app/model/report_desk.h"
#include "app/model/schedule_book.h"
#include "app/model/staff_panels.h"
#include "app/model/translate.h"
#include "app/model/undo_book.h"
#include "app/model/viewport.h"
#include "shared/base/clock.h"
#include "shared/canvas/palette.h"
#include "shared/protocol/messages.h"

namespace tessera {

enum class Screen : std::uint8_t { Start, Connecting, Canvas };

// ---- connection ----

enum class ConnectionState : std::uint8_t {
  Offline,   ///< none wanted
  Opening,   ///< the socket is being opened
  Greeting,  ///< `Hello` or `Enter` waits for its answer
  Live,      ///< on the canvas
  Waiting,   ///< will be tried again at `retry_at`
};

/// Why a connection ended or did not come about; from the network.
enum class DisconnectReason : std::uint8_t {
  Unreachable,  ///< no such host, refused, timed out
  NotTessera,   ///< answers, but not to our handshake
  TlsFailed,
  Full,     ///< 503, or close code 1013
  Lost,     ///< was open; cut, or closed without our asking
  Stopped,  ///< close code 1001: the server is going away
};

struct ConnectionStatus {
  ConnectionState state = ConnectionState::Offline;
  ConnectionId id{};          ///< of the newest; what older ones still deliver is ignored
  std::string server;         ///< base address, as in `Link`
  std::string canvas;         ///< wanted; empty: the server's default
  std::uint32_t attempt = 0;  ///< failed in a row; 0 again once one has held for a while
  std::optional<TimePoint> retry_at;
  std::optional<Phrase> trouble;  ///< why it is not live, in words
  bool greeted = false;           ///< `Welcome` has come
  bool ever_live = false;         ///< with this canvas
  std::uint32_t entering = 0;     ///< `Enter`s not answered yet
  TimePoint began_at{};           ///< this attempt
  TimePoint live_at{};
  TimePoint heard_at{};
  std::optional<TimePoint> ping_sent_at;
  TimePoint next_ping_at{};
  std::optional<Duration> latency;  ///< smoothed
};

struct ServerFacts {
  std::string name;
  std::string version;
  bool guests_allowed = false;
};

// ---- tools ----

/// `Lock` is the staff's.
enum class Tool : std::uint8_t { Pencil, Hand, Eyedropper, Inspect, Lock };
inline constexpr std::uint8_t tool_count = 5;

struct ToolState {
  Tool tool = Tool::Pencil;
  ColorIndex color = 0;
};

/// Why a cell may not be placed now. `NotSignedIn` and `NotJoined` are ones only where nothing that could be given here
/// and now, a nickname or a code, would change it.
enum class Obstacle : std::uint8_t {
  Offline,
  NotLoaded,
  OutOfBounds,
  BadColor,
  TooSoon,
  Paused,
  Locked,
  Banned,
  NotSignedIn,
  NotJoined,
  Archived,
  Forbidden,
  Busy,
};

enum class MarkerLook : std::uint8_t { Hidden, Outline, Filled, Hatched };

/// The cell one is about to act on. It follows the pointer, unless the arrow keys or a tap put it where it is: then it
/// stays on its cell when the view moves.
struct Marker {
  std::optional<Cell> cell;
  bool stays = false;
};

/// One's own placement that has just been made; pulses once.
struct Pulse {
  Cell cell;
  TimePoint since{};
};

enum class PointerButton : std::uint8_t { Left, Middle, Right };
enum class Gesture : std::uint8_t { None, Press, Pan, Paint, Frame };

/// The pointer between press and release. A press that moves less than 4 of the screen's own units is a click.
struct Pointer {
  Gesture gesture = Gesture::None;
  PointerButton button{};
  bool touch = false;
  bool inside = false;  ///< over the canvas, not over a panel or outside the window
  ScreenPoint pressed_at;
  ScreenPoint at;
  std::optional<Cell> painted;  ///< the last cell of a painted line
};

// ---- charges ----

/// One's charges at an instant: as the server last told them, less what was spent since.
struct ChargeClock {
  ChargeState known;
  TimePoint at{};
};

/// Charges now, by the local clock.
struct ChargesNow {
  bool unlimited = false;
  std::uint32_t charges = 0;
  std::uint32_t max = 0;
  Duration next{};      ///< until one more; zero when full
  double progress = 1;  ///< 0 … 1 towards the next, for the ring
};

// ---- around the canvas ----

enum class Level : std::uint8_t { Info, Good, Warn, Bad };

/// A short message that goes by itself.
struct Toast {
  std::uint32_t id = 0;
  Level level{};
  Phrase phrase;
  TimePoint since{};
  TimePoint until{};
};

/// One line at the top centre: what concerns everyone now.
struct Banner {
  Level level{};
  Phrase phrase;
  bool can_retry = false;
  bool locked = false;  ///< tells of a lock one has just met
};

struct CellDrawer {
  bool open = false;
  Cell cell;
  bool loading = false;
  bool failed = false;
  ColorIndex color = empty_color;
  std::vector<HistoryItem> items;
  bool stale = false;  ///< drawn over since it was asked
  TimePoint asked_at{};
};

enum class HostState : std::uint8_t { Off, Starting, Running, Stopping, Failed };

/// The server that this app launches beside itself.
struct Host {
  bool available = false;  ///< a platform without one hides the button
  HostState state = HostState::Off;
  std::string link;                    ///< for this machine
  std::vector<std::string> lan_links;  ///< for others on the network
  std::string owner_token;             ///< makes who runs this app its owner; never shown
  std::uint16_t port = 0;              ///< wanted; 0: any free one
  bool lan = false;
  std::optional<Phrase> error;
  std::vector<std::string> log;  ///< its newest lines
  bool details_open = false;
  static constexpr std::size_t log_lines = 200;
};

struct RecentServer {
  std::string server;
  std::string canvas;
  WallTime seen{};
  std::uint32_t picture_side = 0;  ///< 0: none
  Bytes picture;                   ///< RGBA, side × side
};
inline constexpr std::size_t recent_servers = 8;
inline constexpr std::uint32_t recent_picture_side = 48;

/// Of servers signed in to; never shown, logged or put into a link.
struct SavedToken {
  std::string server;
  std::string token;
  bool operator==(const SavedToken&) const = default;
};

enum class Theme : std::uint8_t { System, Dark, Light };
inline constexpr std::uint8_t theme_count = 3;

struct Settings {
  Theme theme = Theme::System;
  double scale = 1;                  ///< 0.75 … 2, times the display's
  std::optional<Language> language;  ///< nothing: the device's
  bool reduced_motion = false;
  bool grid = true;
  bool notify = false;   ///< when all charges are there again
  std::string nickname;  ///< last used, offered again
  bool operator==(const Settings&) const = default;
};

/// How sessions are kept: an app holds tokens; in a browser the server's cookie does it.
enum class SessionKeeping : std::uint8_t { Token, Cookie };

struct Device {
  bool touch = false;  ///< the last input was a touch
  bool dark = true;    ///< the system's theme
  bool prefers_reduced_motion = false;
  Language language = Language::English;
  SessionKeeping sessions = SessionKeeping::Token;
  bool web = false;
  Duration utc_offset{};    ///< how far its clock is ahead of UTC
  std::string page_server;  ///< web: the server this page came from
};

/// The tiles out of view that the minimap has not had yet, row by row: a few at a time are watched until they come.
struct Survey {
  std::uint32_t next = 0;
  std::vector<TileIndex> asked;
};

struct JoinForm {
  std::string text;
  std::optional<Phrase> error;
};

enum class Drawer : std::uint8_t { None, Cell, Settings, Account, Share, Help, Canvases, Setup, Lock, Announcements, Report, Staff };

/// Everything the app knows. Only update() changes it; panels read it.
struct Model {
  TimePoint now{};
  WallTime wall{};

  Screen screen = Screen::Start;
  ClientId client{};
  ConnectionStatus connection;
  ServerFacts server;
  AccountInfo account;
  std::vector<SavedToken> tokens;
  std::optional<TimePoint> tokens_due;  ///< still being read: until then no server is greeted

  CanvasInfo canvas;
  Palette palette = Palette::r_place_2022();
  Replica replica;
  Viewport viewport;
  bool may_place = false;
  Refusal why_not{};
  ChargeClock charge_clock;
  std::uint32_t online = 0;
  StaffNews staff_news;

  ToolState tool;
  Marker marker;
  Pointer pointer;
  std::vector<Pulse> pulses;

  std::vector<Toast> toasts;
  std::uint32_t next_toast = 1;
  std::uint64_t next_ask = 1;
  Drawer drawer = Drawer::None;
  CellDrawer cell;
  SignInPanel sign_in;
  SignInWays ways;
  DeviceList devices;
  std::optional<Ban> ban;
  bool ban_told = false;  ///< that one is banned is known, and need not be said again
  bool ban_due = false;   ///< its reason is being asked for, to be shown
  AskId me_asked{};
  Errand errand;
  CanvasList canvases;
  SetupPanel setup;
  UndoBook undo;
  ServerClock server_clock;
  LockBook locks;
  LockFrame lock_frame;
  LockEditor lock_editor;
  std::optional<LockNotice> lock_notice;
  AnnouncementBoard announcements;
  StaffPanel staff;
  ScheduleBook schedule;
  ReportDesk report_desk;
  NoticeQueue notices;
  std::optional<TimePoint> not_full_since;  ///< charges were spent then
  JoinForm join;
  Host host;
  std::vector<RecentServer> recent;
  Settings settings;
  Device device;

  bool hidden = false;              ///< the page is in the background: nothing is watched
  std::optional<Link> destination;  ///< where to look once entered
  std::optional<Rect> watched;      ///< tiles in view when last asked for; nothing: ask anew
  Survey survey;
  std::optional<TimePoint> ticked;  ///< the last Tick
  std::string address;              ///< the fragment last set
  std::optional<TimePoint> address_due;
  std::optional<TimePoint> recent_due;
};

// ---- what panels ask ----

/// Nothing: the cell may be placed in the chosen colour now (where a nickname or a code is still to be given, that is
/// asked first).
std::optional<Obstacle> may_place(const Model& model, Cell cell);
MarkerLook marker_look(const Model& model);
/// An obstacle in words; with the time left where there is one.
Phrase explain(const Model& model, Obstacle obstacle);
/// The same of this cell: which lock it is that keeps one out.
Phrase explain(const Model& model, Obstacle obstacle, Cell cell);
ChargesNow charges_now(const Model& model);
std::optional<Banner> banner(const Model& model);
Language language(const Model& model);
bool dark(const Model& model);
bool reduced_motion(const Model& model);
Motion motion(const Model& model);
/// The window is so narrow that the phone's layout is drawn, and the middle aims.
bool phone(const Model& model);
/// The link to what is seen now: host's LAN address where this app hosts.
std::string share_link(const Model& model);
/// Signed in, with a token or by cookie.
bool signed_in(const Model& model);
/// Something that one can give here and now stands before the first placement: who one is, or the canvas's code.
std::optional<SignInStep> missing(const Model& model);
bool is_admin(const Model& model);
/// When one's ban ends; nothing where there is none, or it lasts longer than anybody waits.
std::optional<WallTime> ban_end(const Model& model);
/// Signed in as a moderator, or more.
bool is_moderator(const Model& model);
bool may_undo(const Model& model);
bool may_redo(const Model& model);
/// When something will change without any event; nothing: draw again only on events. `now` where something moves.
std::optional<TimePoint> next_change(const Model& model);

// ---- locks and announcements ----

/// By the server's clock, by which locks and announcements end.
WallTime server_now(const Model& model);
/// Whether this lock lets one draw all the same.
bool may_draw_in(const Model& model, const LockInfo& lock);
/// A lock that keeps one from placing there; nothing: none does.
const LockInfo* lock_against(const Model& model, Cell cell);
/// The lock that a pointer there means: the smallest one.
const LockInfo* lock_at(const Model& model, Cell cell);
/// `Locked until 21:00 · contest judging`
Phrase explain(const Model& model, const LockInfo& lock);
/// The rectangle that is being drawn with the lock tool, and the one that the drawer edits.
std::optional<Rect> lock_frame(const Model& model);
std::optional<Rect> edited_area(const Model& model);
LockForm form_of(const Model& model, const LockWish& wish);
AnnouncementForm form_of(const Model& model, const AnnouncementWish& wish);
/// What the staff panel speaks of just now: the cells of a rollback or a report.
std::optional<Rect> rollback_area(const Model& model);
/// All there are, or those that were not put away; the pinned first, then the newest.
enum class WhichAnnouncements : std::uint8_t { All, InSight };
std::vector<const AnnouncementInfo*> announced(const Model& model, WhichAnnouncements which);

// ---- what is to come ----

/// What the schedule still holds, by time.
std::vector<const ScheduleInfo*> to_come(const Model& model);
/// The next of it that changes something, within a day; null: nothing does.
const ScheduleInfo* next_to_come(const Model& model);
/// The same where its countdown was not put away.
const ScheduleInfo* countdown(const Model& model);
/// `Grows to 2,000 × 1,000`
Phrase explain(const Model& model, const ScheduleInfo& entry);
/// `2 h 5 min`, by the server's clock; nothing where it is more than a day away.
std::optional<std::string> time_left(const Model& model, const ScheduleInfo& entry);

// ---- reports ----

/// Signed in, on a canvas, and not banned.
bool may_report(const Model& model);
/// What is drawn on the canvas now becomes the area of a report.
bool marks_report(const Model& model);
/// The area that the form says; nothing where it is none, or too large.
std::optional<Rect> reported_area(const Model& model);
/// As far as it is known; null: not at all.
const OwnReport* own_report(const Model& model, ReportId id);
/// Those of this canvas, the newest first.
std::vector<const OwnReport*> own_reports(const Model& model);

}  // namespace tessera
