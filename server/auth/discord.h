#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>

#include "server/auth/sign_in_states.h"
#include "server/auth/site.h"
#include "server/auth/web_client.h"
#include "server/core/people.h"
#include "shared/base/random.h"

namespace tessera {

struct DiscordSettings {
  std::string client_id{};
  std::string client_secret{};
  std::string api = "https://discord.com/api";  ///< without a final slash
  std::uint64_t guild = 0;                      ///< whose members alone may sign in; 0: everybody
  std::map<std::uint64_t, Role> roles{};        ///< of the guild, and what they are here
  std::string version{};                        ///< of this server, which Discord wants to know
};

/// Why nobody was signed in.
enum class DiscordTrouble : std::uint8_t {
  Denied,         ///< the person said no
  UnknownState,   ///< this sign-in was never begun here, or was finished already
  ExpiredState,
  OtherBrowser,   ///< it began elsewhere
  CodeRefused,    ///< Discord does not take the code that came back
  Misconfigured,  ///< Discord does not take our own id, secret or address
  NotMember,
  RateLimited,
  TimedOut,
  Down,           ///< not reached, an error of its own, or an answer that is none
  Crowded,        ///< too many sign-ins are under way here
};

struct DiscordFailure {
  DiscordTrouble trouble = DiscordTrouble::Down;
  std::string back = "/";    ///< where the person was, or the start
  std::string detail{};      ///< for the log; holds no secret
  std::uint32_t wait_s = 0;  ///< of `RateLimited`
};

struct DiscordArrival {
  DiscordPerson person;
  std::string back;
};

/// Sign-in with Discord: OAuth 2.0's authorization code (RFC 6749) with PKCE (RFC 7636). Knows nothing of accounts or pages. Any
/// thread; borrows the rest.
class Discord {
 public:
  using Done = std::function<void(Result<DiscordArrival, DiscordFailure>)>;

  Discord(DiscordSettings settings, WebClient& web, const Clock& clock, RandomSource& random);

  struct Begun {
    std::string url;      ///< Discord's own page, where the person is asked
    std::string browser;  ///< for the browser's cookie
  };
  /// `back`: an address below `origin`, as `back_to` gives one. `browser`: its cookie, where it has one. Nothing: crowded.
  std::optional<Begun> begin(const Origin& origin, std::string back, const std::string* browser);

  /// What Discord sends the browser back with.
  struct Callback {
    std::string state, code, error;
    std::string browser;  ///< its cookie
  };
  /// `done` is called once, now or from the web client's thread, which it must not keep.
  void finish(const Callback& callback, const Origin& origin, Done done);

 private:
  struct Attempt;
  using AttemptPtr = std::shared_ptr<Attempt>;

  void ask_token(const AttemptPtr& attempt, const std::string& code);
  void ask_person(const AttemptPtr& attempt);
  void ask_member(const AttemptPtr& attempt);
  void take_token(const AttemptPtr& attempt, const OutgoingAnswer& answer);
  void take_person(const AttemptPtr& attempt, const OutgoingAnswer& answer);
  void take_member(const AttemptPtr& attempt, const OutgoingAnswer& answer);
  void send(const AttemptPtr& attempt, OutgoingRequest request, void (Discord::*take)(const AttemptPtr&, const OutgoingAnswer&));

  const DiscordSettings settings_;
  WebClient& web_;
  const Clock& clock_;
  RandomSource& random_;
  SignInStates states_;
};

/// The origin under which Discord may be offered to this request; nothing where it may not: it is this site's public URL or this
/// machine itself, and what goes between is encrypted or never leaves the machine.
std::optional<Origin> discord_origin(const HttpRequest& request, const Site& site);

/// The address below the origin for a `return`: `/` and a fragment such as `#canvas=main&x=1`, or `/` alone for an empty one.
/// Nothing for anything else: nobody is sent elsewhere, and nothing gets into a header.
std::optional<std::string> back_to(std::string_view fragment);

}  // namespace tessera
