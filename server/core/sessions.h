#pragma once

#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

#include "server/core/records.h"
#include "server/core/roster.h"
#include "shared/base/clock.h"

namespace tessera {

struct HashOfTokenHash {  // a SHA-256 is as random as can be
  std::size_t operator()(const TokenHash& hash) const;
};

/// A session as its owner names it to end it: 16 hexadecimal digits, the first 8 bytes of its hash.
std::string session_id(const TokenHash& hash);

/// Signed-in devices, bots' tokens and the owner's link, by the hash of their token and by account. Belongs to the room loop.
/// A session in use is renewed, at most once a day, so that only unused ones expire; what is not a person's is not renewed.
class Sessions {
 public:
  explicit Sessions(std::chrono::milliseconds time_to_live) : time_to_live_(time_to_live) {}

  void put(const SessionRecord& session);
  /// A person's session as it would begin now; not yet in the table.
  SessionRecord begin(const TokenHash& hash, AccountId account, WallTime now, std::string label = {}) const;
  /// The session, where it is known, signs somebody in and has not expired; renews it where that is due. Borrowed until the
  /// next change.
  const SessionRecord* use(const TokenHash& hash, WallTime now);
  /// Whatever its kind; null where it is not known or has expired.
  const SessionRecord* find(const TokenHash& hash, WallTime now) const;
  /// Of a bot: its token; null where it was ended.
  const SessionRecord* token_of(AccountId service, WallTime now) const;
  /// Those of an account, in no order.
  std::vector<SessionRecord> of(AccountId account, WallTime now) const;
  /// The last use of any of them, to within a day; nothing where the account has none.
  std::optional<WallTime> last_used(AccountId account, WallTime now) const;
  /// What it was, where it was known and had not expired.
  std::optional<SessionRecord> end(const TokenHash& hash, WallTime now);
  /// Sessions renewed since the last call, to be written.
  std::vector<SessionRecord> take_renewed();
  /// Forgets expired sessions; returns them, so that the store forgets them too.
  std::vector<SessionRecord> sweep(WallTime now);
  std::size_t size() const { return sessions_.size(); }
  /// Accounts whose sessions have changed since whoever makes rosters took them.
  RosterMarks& changed() { return changed_; }

 private:
  void forget_owner(const SessionRecord& session);

  std::chrono::milliseconds time_to_live_;
  std::unordered_map<TokenHash, SessionRecord, HashOfTokenHash> sessions_;
  std::unordered_multimap<AccountId, const SessionRecord*> of_account_;  // into `sessions_`, whose values stay in their place
  std::vector<TokenHash> renewed_;
  RosterMarks changed_;
};

}  // namespace tessera
