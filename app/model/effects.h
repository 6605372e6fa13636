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
/// In a file that only the owner can read.
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
/// Fetches the page anew, as the server is newer than it; only asked in a browser.
struct ReloadPage {};
struct CloseApp {};

}  // namespace tessera::effect

namespace tessera {

using Effect = std::variant<effect::OpenConnection, effect::CloseConnection, effect::Send, effect::SignInGuest,
                            effect::SignOut, effect::CheckSession, effect::StartLocalServer, effect::StopLocalServer,
                            effect::SaveSettings, effect::SaveRecent, effect::SaveTokens, effect::CopyText,
                            effect::SetAddress, effect::ReloadPage, effect::CloseApp>;
using Effects = std::vector<Effect>;

}  // namespace tessera
