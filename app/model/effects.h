#pragma once

#include <cstdint>
#include <string>
#include <variant>
#include <vector>

#include "app/model/model.h"
#include "shared/protocol/messages.h"

/// What update() wants done outside: by `app/net` and `app/platform`, each answered by actions.
namespace tessera::effect {

/// Opens `ws(s)://…/ws` of `server` with subprotocol tessera.v1. Answered by `Connected` or `Disconnected`; whatever
/// else comes carries `connection`.
struct OpenConnection {
  ConnectionId connection{};
  std::string server;
};
/// Ours to close: no `Disconnected` need follow.
struct CloseConnection {
  ConnectionId connection{};
};
struct Send {
  ConnectionId connection{};
  ClientMessage message;
};
/// `POST /auth/guest {"name"}` → `GuestAnswered`.
struct SignInGuest {
  std::string server, name;
};
/// `POST /auth/logout` with the bearer token, or the cookie where it is empty; the answer does not matter.
struct SignOut {
  std::string server, token;
};
/// `GET /auth/me` by cookie → `SessionChecked`; only asked where sessions are cookies.
struct CheckSession {
  std::string server;
};
/// Anything else of the HTTP API, with the bearer token, or the cookie where it is empty → `Answered` with the same id.
struct Ask {
  AskId id{};
  std::string server, token;
  Question question;
};

/// → `LocalServerChanged`, `LocalServerLogged`.
struct StartLocalServer {
  std::uint16_t port = 0;
  bool lan = false;
};
struct StopLocalServer {};

struct SaveSettings {
  Settings settings;
};
struct SaveRecent {
  std::vector<RecentServer> recent;
};
/// In the desktop's keyring, or a file that only the owner can read.
struct SaveTokens {
  std::vector<SavedToken> tokens;
};
struct CopyText {
  std::string text;
};
/// `#canvas=…&x=…&y=…&zoom=…`, in place of the page's; nothing to do outside a browser.
struct SetAddress {
  std::string fragment;
};
/// In the person's browser, beside this app.
struct OpenBrowser {
  std::string address;
};
/// In place of this page; only asked in a browser. `kept` is secret and stays in this tab: `Started` brings it back, once.
struct LeavePage {
  std::string address, kept;
};
/// May this app show notifications? → `NotificationsAllowed`.
struct AskNotifications {};
/// Lets a person know who does not look: a notification, or a window that asks for attention.
struct Notify {
  std::string title, text;
};
/// Where a person finds it: among their downloads. Told by a toast → `FileSaved`.
struct SaveFile {
  std::string name, bytes;
};
/// Fetches the page anew, as the server is newer than it; only asked in a browser.
struct ReloadPage {};
struct CloseApp {};

}  // namespace tessera::effect

namespace tessera {

using Effect = std::variant<effect::OpenConnection, effect::CloseConnection, effect::Send, effect::SignInGuest,
                            effect::SignOut, effect::CheckSession, effect::Ask, effect::StartLocalServer, effect::StopLocalServer,
                            effect::SaveSettings, effect::SaveRecent, effect::SaveTokens, effect::CopyText,
                            effect::SetAddress, effect::OpenBrowser, effect::LeavePage,
                            effect::AskNotifications, effect::Notify, effect::SaveFile, effect::ReloadPage, effect::CloseApp>;
using Effects = std::vector<Effect>;

}  // namespace tessera
