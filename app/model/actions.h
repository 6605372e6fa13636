#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "app/model/model.h"
#include "app/model/panel_actions.h"
#include "app/model/player_actions.h"
#include "app/model/staff_actions.h"
#include "shared/protocol/messages.h"

/// All that can happen: what a person does, pushed by panels and input, and what the network and the platform report.
namespace tessera::action {

// ---- the app ----

/// First of all: what was stored and what this device is. `link` is where to go at once (a command line's, a page's own
/// address with its fragment); nothing: the start screen.
struct Started {
  Settings settings;
  std::vector<RecentServer> recent;
  std::vector<SavedToken> tokens;
  bool tokens_follow = false;  ///< by `TokensRead`
  Device device;
  bool host_available = false;
  std::string link;
  std::string canvas;    ///< --canvas: in place of the link's
  std::string nickname;  ///< --name
  std::string kept;      ///< of `LeavePage`
};
/// What is kept where it takes time to look.
struct TokensRead {
  std::vector<SavedToken> tokens;
};
/// Once per frame, or when `next_change` is due.
struct Tick {};
struct WindowResized {
  double width = 0, height = 0, pixel_ratio = 1;
};
struct PageHidden {};
struct PageShown {};
struct SystemThemeChanged {
  bool dark = true;
};
/// The page's fragment was changed by the person.
struct AddressChanged {
  std::string fragment;
};
struct Quit {};

// ---- start screen, panels ----

struct EditJoin {
  std::string text;
};
/// Goes where the join field says.
struct Join {};
struct OpenLink {
  std::string link;
};
struct ForgetRecent {
  std::string server, canvas;
};
struct RetryNow {};
/// Back to the start screen; the connection is closed.
struct Leave {};
struct SetHostPort {
  std::uint16_t port = 0;
};
struct SetHostLan {
  bool lan = false;
};
struct ShowHostDetails {
  bool open = false;
};
struct HostCanvas {};
struct StopHosting {};
struct SetSettings {
  Settings settings;
};
struct OpenDrawer {
  Drawer drawer{};
};
struct CloseDrawer {};
struct CopyLink {};
struct DismissToast {
  std::uint32_t id = 0;
};
struct EditNickname {
  std::string text;
};
struct SubmitNickname {};
/// The panel that asks for what is missing, or, where nothing is, the one that lets a guest become a Discord account.
struct OpenSignIn {};
struct CloseSignIn {};
struct ContinueWithDiscord {};
struct CopyUserCode {};
/// Opens the page at which the code is confirmed.
struct OpenVerification {};
struct EditCode {
  std::string text;
};
struct SubmitCode {};
struct SignOut {};
struct ReadDevices {};
struct EndDevice {
  std::string id;
};
/// First asks whether one is sure, then does it; or not.
struct EndOtherDevices {};
struct KeepOtherDevices {};

// ---- canvases ----

struct ReadCanvases {};
/// What follows those that are listed.
struct ReadMoreCanvases {};
struct OpenCanvas {
  std::string canvas;
};
struct NewCanvas {};
/// Of this server; empty: the one that one is on.
struct SetUpCanvas {
  std::string canvas;
};
struct ShowSetupPart {
  SetupPart part{};
};
struct EditSetup {
  SetupForm form;
};
/// -1: none.
struct EditColor {
  int index = -1;
};
struct AddColor {};
struct DrawCode {};
struct SubmitSetup {};
/// What was asked with `SetupConfirm` is to be done.
struct ConfirmSetup {};
struct CancelConfirm {};
struct PauseCanvas {
  bool paused = true;
};
struct ArchiveCanvas {
  bool archived = true;
};
struct ChooseSide {
  SetupField field{};
  Side side{};
};
struct ResolveConflict {};
struct DropConflict {};

struct UndoStroke {};
struct RedoStroke {};

// ---- canvas ----

struct SelectTool {
  Tool tool{};
};
struct SelectColor {
  ColorIndex color = 0;
};
/// To the next colour that may be placed: +1 or -1.
struct StepColor {
  int step = 0;
};
struct PointerMoved {
  ScreenPoint at;
  bool touch = false;
};
struct PointerLeft {};
/// `pan`: Space is held; `paint`: Shift is.
struct PointerPressed {
  ScreenPoint at;
  PointerButton button{};
  bool touch = false, pan = false, paint = false;
};
struct PointerReleased {
  ScreenPoint at;
  PointerButton button{};
};
/// The gesture is over without a click (focus lost, a second finger came).
struct PointerCancelled {};
/// > 0 is closer; whole notches of a wheel.
struct WheelTurned {
  ScreenPoint at;
  int steps = 0;
};
/// Two fingers, or a touch pad: moved by so many pixels and apart by so much.
struct Pinched {
  ScreenPoint at;
  double dx = 0, dy = 0, factor = 1;
};
struct PinchEnded {
  ScreenPoint at;
};
/// By pixels; a key held sends it each frame.
struct Pan {
  double dx = 0, dy = 0;
};
struct MoveCursor {
  int dx = 0, dy = 0;
};
/// What the tool does, at the marker: Enter, or the phone's button.
struct ActAtMarker {};
struct PlaceAtMarker {};
struct InspectAtMarker {};
struct Inspect {
  Cell cell;
};
/// About the middle of the window.
struct ZoomStep {
  int steps = 0;
};
struct Fit {};
/// From the minimap: this point to the middle.
struct GoTo {
  CanvasPoint centre;
};

// ---- from the network; `connection` as the effect named it ----

/// The WebSocket is open.
struct Connected {
  ConnectionId connection{};
};
struct Received {
  ConnectionId connection{};
  ServerMessage message;
};
/// A frame that is no message: our version and the server's differ, or it is broken.
struct Unreadable {
  ConnectionId connection{};
  std::string detail;
};
struct Disconnected {
  ConnectionId connection{};
  DisconnectReason reason{};
  std::string detail;
};
/// Of `SignInGuest`. `token` where `status` is 201, else the problem's `code` and `detail`; status 0: no answer.
struct GuestAnswered {
  std::string server;
  int status = 0;
  std::string token, code, detail;
};
/// Of `Ask`.
struct Answered {
  AskId id{};
  Response response;
  QuestionAnswer answer;
};
/// Of `CheckSession`: 200, 401 (a stale cookie is cleared by that answer), or 0.
struct SessionChecked {
  std::string server;
  int status = 0;
};

// ---- from the platform ----

/// Of `SaveFile`: where it is; empty: it could not be kept.
struct FileSaved {
  std::string where;
};
/// Of `AskNotifications`.
struct NotificationsAllowed {
  bool allowed = false;
};

/// `starting` → `running` with its links, or `failed` with why, or `off`.
struct LocalServerChanged {
  HostState state{};
  std::string link;
  std::vector<std::string> lan_links;
  std::optional<Phrase> error;
  std::string owner_token = {};  ///< makes its bearer the owner of it
};
struct LocalServerLogged {
  std::string line;
};

}  // namespace tessera::action

namespace tessera {

using Action =
    std::variant<action::Started, action::TokensRead, action::Tick, action::WindowResized, action::PageHidden, action::PageShown,
                 action::SystemThemeChanged, action::AddressChanged, action::Quit, action::EditJoin, action::Join,
                 action::OpenLink, action::ForgetRecent, action::RetryNow, action::Leave, action::SetHostPort,
                 action::SetHostLan, action::ShowHostDetails, action::HostCanvas, action::StopHosting,
                 action::SetSettings, action::OpenDrawer, action::CloseDrawer, action::CopyLink,
                 action::DismissToast, action::EditNickname, action::SubmitNickname, action::OpenSignIn,
                 action::CloseSignIn, action::ContinueWithDiscord, action::CopyUserCode, action::OpenVerification,
                 action::EditCode, action::SubmitCode, action::SignOut, action::ReadDevices, action::EndDevice,
                 action::EndOtherDevices, action::KeepOtherDevices, action::ReadCanvases, action::ReadMoreCanvases, action::OpenCanvas,
                 action::NewCanvas, action::SetUpCanvas, action::ShowSetupPart, action::EditSetup, action::EditColor,
                 action::AddColor, action::DrawCode, action::SubmitSetup, action::ConfirmSetup,
                 action::CancelConfirm, action::PauseCanvas, action::ArchiveCanvas, action::ChooseSide,
                 action::ResolveConflict, action::DropConflict, action::EditLock, action::EditLockForm, action::SubmitLock,
                 action::LiftLock, action::CancelLock, action::DismissAnnouncement, action::WriteAnnouncement,
                 action::EditAnnouncement, action::EditAnnouncementForm, action::SubmitAnnouncement,
                 action::WithdrawAnnouncement, action::LeaveAnnouncement, action::ChooseStaffSide,
                 action::ResolveStaffConflict, action::DropStaffConflict, action::UndoStroke, action::RedoStroke,
                 action::SelectTool, action::SelectColor, action::StepColor, action::PointerMoved,
                 action::PointerLeft, action::PointerPressed, action::PointerReleased, action::PointerCancelled,
                 action::WheelTurned, action::Pinched, action::PinchEnded, action::Pan, action::MoveCursor,
                 action::ActAtMarker, action::PlaceAtMarker, action::InspectAtMarker, action::Inspect,
                 action::ZoomStep, action::Fit, action::GoTo, action::Connected, action::Received,
                 action::Unreadable, action::Disconnected, action::GuestAnswered, action::SessionChecked,
                 action::Answered, action::FileSaved, PanelAction, action::NotificationsAllowed, action::LocalServerChanged,
                 action::LocalServerLogged, action::PutAwayCountdown, action::ShowCountdown,
                 action::ReportCell, action::ShowOwnReports, action::ReadOwnReports, action::EditReportForm,
                 action::MarkReportArea, action::SubmitReport, action::LookAtReport, action::PutAwayNews,
                 action::UnderstandNotice>;

/// What panels push into.
using Actions = std::vector<Action>;

}  // namespace tessera
