#pragma once

#include <optional>
#include <string>
#include <vector>

#include "app/model/questions.h"
#include "app/model/translate.h"
#include "shared/base/clock.h"
#include "shared/protocol/messages.h"

/// Who one is, and how one comes to be somebody.
namespace tessera {

enum class SignInStep : std::uint8_t {
  Choose,  ///< a nickname, or Discord
  Device,  ///< a code to confirm in the browser (RFC 8628)
  Code,    ///< signed in already: the canvas asks for its code
};

/// What the device flow was granted, and where it is. Neither saved nor logged.
struct DeviceGrant {
  std::string device_code;
  std::string user_code;  ///< empty: still asked for
  std::string address, full_address;
  TimePoint expires_at{};
  Duration interval{};
  std::optional<TimePoint> poll_at;  ///< nothing: a poll is out, or it is over
  bool over = false;                 ///< expired or denied: a new code has to be asked for
};

/// The panel that opens where something has to be given before one may place.
struct SignInPanel {
  bool open = false;
  bool busy = false;
  SignInStep step{};
  std::string text;  ///< the nickname
  std::string code;  ///< the canvas's
  std::optional<Phrase> error;
  std::vector<CellColor> waiting;  ///< placed once it may be
  std::string given;               ///< a nickname by the command line: used at once, without asking
  DeviceGrant device;
  AskId asked{};
};

/// One's own signed-in devices, as the account drawer lists them.
struct DeviceList {
  std::vector<SignedInDevice> items;
  bool loaded = false;
  bool failed = false;
  bool confirming = false;  ///< 'end all others' was pressed once
  AskId asked{};            ///< for the list
  AskId ending{};
  std::string ending_id;  ///< which one; empty: all others
};

/// What a link brought along that is done once somebody is signed in. Never shown, saved, logged or put into a link.
struct Errand {
  std::string server;
  std::string owner;
  std::string invite;
  AskId asked{};
  bool empty() const { return owner.empty() && invite.empty(); }
};

/// Which ways to sign in the server offers; nothing asked yet: a nickname where its `Welcome` says so.
struct SignInWays {
  bool known = false;
  bool discord = false;
  AskId asked{};
};

}  // namespace tessera
