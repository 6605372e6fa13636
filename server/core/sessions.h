#pragma once

#include <optional>
#include <unordered_map>
#include <vector>

#include "server/core/records.h"
#include "shared/base/clock.h"

namespace tessera {

/// Signed-in devices, by the hash of their token. Belongs to the room loop. A session in use is renewed, at most once a
/// day, so that only unused ones expire.
class Sessions {
 public:
  explicit Sessions(std::chrono::milliseconds time_to_live) : time_to_live_(time_to_live) {}

  void put(const SessionRecord& session);
  /// A session as it would begin now; not yet in the table.
  SessionRecord begin(const TokenHash& hash, AccountId account, WallTime now) const;
  /// The account, where the session is known and not expired; renews it where that is due.
  std::optional<AccountId> use(const TokenHash& hash, WallTime now);
  /// False where it was unknown or expired.
  bool end(const TokenHash& hash, WallTime now);
  /// Sessions renewed since the last call, to be written.
  std::vector<SessionRecord> take_renewed();
  /// Forgets expired sessions; returns their hashes, so that the store forgets them too.
  std::vector<TokenHash> sweep(WallTime now);
  std::size_t size() const { return sessions_.size(); }

 private:
  struct HashOfHash {  // a SHA-256 is as random as can be
    std::size_t operator()(const TokenHash& hash) const;
  };

  std::chrono::milliseconds time_to_live_;
  std::unordered_map<TokenHash, SessionRecord, HashOfHash> sessions_;
  std::vector<TokenHash> renewed_;
};

}  // namespace tessera
