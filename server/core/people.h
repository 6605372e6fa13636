#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "server/core/address_prefix.h"
#include "server/core/changed.h"
#include "server/core/records.h"
#include "server/core/roster.h"

namespace tessera {

/// A new session: the hash of its token, and the device as its owner will know it.
struct NewSession {
  TokenHash token{};
  std::string label;  ///< at most 64 bytes; empty where nothing is known
  /// The session that the same browser showed until now, ended with the sign-in: whoever planted it there, or copied it, is not let
  /// into the account (session fixation).
  std::optional<TokenHash> replaces{};
};

/// What a sign-in came to: the token is told once and never kept.
struct SignInReply {
  std::optional<Refusal> refused;
  std::string detail;
  AccountRecord account;
  SessionRecord session;
};

/// Who a token belongs to.
struct FoundSession {
  AccountRecord account;
  SessionRecord session;
  std::vector<CanvasRole> canvases{};  ///< where it is more than on the whole server
};

/// Who signed in by Discord, as Discord says.
struct DiscordPerson {
  std::uint64_t id = 0;
  std::string name;          ///< already checked by `display_name`
  std::optional<Role> role;  ///< that the guild's roles map to; raises a lower one, never lowers, never to Owner
  std::string username{};    ///< the one that no other has there, checked likewise; empty where it cannot be shown
};

/// A change of an account by staff; what is absent stays.
struct AccountChange {
  std::optional<Role> role{};
  std::optional<std::optional<WallTime>> banned_until{};  ///< an inner nothing lifts the ban
  std::optional<std::string> ban_reason{};
  std::optional<std::string> note{};
};

struct NewService {
  AccountId maker{};
  std::string name;  ///< already checked by `display_name`
  std::uint8_t scopes = 0;
  TokenHash token{};
};
struct ServiceView {
  AccountRecord account;
  SessionRecord session;
};

struct NewInvite {
  AccountId maker{};
  TokenHash token{};
  std::string canvas{};  ///< empty: of the server, for its role alone
  Role role = Role::Guest;
  std::optional<std::uint32_t> uses = 1;
  std::optional<WallTime> expires{};
};
struct InviteView {
  InviteRecord invite;
  std::string canvas;
};

/// Everything about accounts, sessions, bots and invitations. Like the `Hub`, of which it is a part: every call returns at
/// once and may come from any thread; replies are called on the room loop, after the commit, and must only post. Ended
/// sessions, bans and changed roles reach open connections before the reply.
class People {
 public:
  template <typename Answer>
  using Reply = std::function<void(Answer)>;

  virtual ~People() = default;

  /// Whose token this is, where it signs somebody in and has not expired; renews the session where that is due.
  virtual void find_session(const TokenHash& token, Reply<std::optional<FoundSession>> reply) = 0;
  /// A guest account of that name, already checked by `display_name`. Refused as `Invalid` where the name looks like a staff
  /// member's.
  virtual void sign_in_guest(std::string name, NewSession session, Reply<SignInReply> reply) = 0;
  /// The account of that person, made at the first time. `guest`: who the browser is signed in as now. A guest becomes that
  /// account itself where the person is new, else its alias: what it drew stays, the lower charges and any ban stay, its
  /// sessions are the account's from then on.
  virtual void sign_in_discord(DiscordPerson person, AccountId guest, NewSession session, Reply<SignInReply> reply) = 0;
  /// One more session of an account: the device flow.
  virtual void begin_session(AccountId account, NewSession session, Reply<SignInReply> reply) = 0;
  /// False where it was not known.
  virtual void end_session(const TokenHash& token, Reply<bool> reply) = 0;

  /// Of persons' devices, the newest first.
  virtual void sessions(AccountId account, Reply<std::vector<SessionRecord>> reply) = 0;
  /// Those of `account` for which `id` is `session_id` of; an empty id: all but `kept`. How many were ended.
  virtual void end_sessions(AccountId account, std::string id, std::optional<TokenHash> kept, Reply<std::size_t> reply) = 0;

  /// The one-time link: makes `account` the owner where `secret` is the link's, which then is used up.
  virtual void claim_ownership(const TokenHash& secret, AccountId account, Reply<Changed<AccountRecord>> reply) = 0;

  /// Every account as it is once this was asked.
  virtual void roster(Reply<Roster> reply) = 0;
  /// Those of `ids` that there are, in their order.
  virtual void accounts(std::vector<AccountId> ids, Reply<std::vector<AccountRecord>> reply) = 0;
  /// The account signs in from there, or places for the first time on a connection from there. Needs no answer.
  virtual void note_address(AccountId account, std::vector<AddressPrefix> prefixes) = 0;
  /// Who was seen there, by id; for an alias, the account that it stands for.
  virtual void accounts_at(const AddressPrefix& prefix, const Reply<std::vector<AccountId>>& reply) = 0;
  /// Where each of `accounts` was seen, its aliases with it: single addresses, of IPv6 the /64.
  virtual void addresses_of(std::vector<AccountId> accounts, const Reply<AddressesOf>& reply) = 0;

  virtual void account(AccountId id, Reply<std::optional<AccountRecord>> reply) = 0;
  /// `actor` must be of a higher role than the account has, and gives none that is not below its own (an owner may make owners);
  /// the last owner stays; only owners change owners; nobody bans themselves. `version`: absent where any will do. What staff do
  /// to a maker's role or ban holds for its bots. `Forbidden` otherwise, `NotFound` for an account that is not there.
  virtual void change_account(AccountId actor, AccountId id, std::optional<std::uint32_t> version, AccountChange change,
                              Reply<Changed<AccountRecord>> reply) = 0;

  /// A bot: a service account and its token. A bot made by an admin or the owner has its own charges, any other its maker's.
  virtual void make_service(NewService service, Reply<Changed<ServiceView>> reply) = 0;
  virtual void services(AccountId maker, Reply<std::vector<ServiceView>> reply) = 0;
  /// Ends the bot's token; false where the maker has none of that account.
  virtual void end_service(AccountId maker, AccountId service, Reply<bool> reply) = 0;

  virtual void make_invite(NewInvite invite, Reply<Changed<InviteView>> reply) = 0;
  /// Those that `actor` made; of everybody for an admin. By id.
  virtual void invites(AccountId actor, Reply<std::vector<InviteView>> reply) = 0;
  virtual void end_invite(AccountId actor, InviteId id, Reply<bool> reply) = 0;
  virtual void accept_invite(const TokenHash& token, AccountId account, Reply<Changed<InviteView>> reply) = 0;
  /// With a canvas's code. `Forbidden` for a wrong one, `NotFound` where there is no such canvas.
  virtual void join(std::string canvas, AccountId account, std::string code, Reply<std::optional<Refusal>> reply) = 0;
};

}  // namespace tessera
