#include "server/core/sessions.h"

#include <algorithm>
#include <cstring>

namespace tessera {
namespace {

constexpr std::chrono::milliseconds renewed_every = std::chrono::hours{24};

}  // namespace

std::size_t Sessions::HashOfHash::operator()(const TokenHash& hash) const {
  std::size_t value = 0;
  std::memcpy(&value, hash.data(), sizeof value);
  return value;
}

void Sessions::put(const SessionRecord& session) { sessions_.insert_or_assign(session.hash, session); }

SessionRecord Sessions::begin(const TokenHash& hash, AccountId account, WallTime now) const {
  SessionRecord session;
  session.hash = hash;
  session.account = account;
  session.created = session.used = now;
  session.expires = WallTime{ms(now) + time_to_live_.count()};
  return session;
}

std::optional<AccountId> Sessions::use(const TokenHash& hash, WallTime now) {
  const auto found = sessions_.find(hash);
  if (found == sessions_.end() || found->second.expires <= now) return std::nullopt;
  SessionRecord& session = found->second;
  const std::int64_t used_ms = ms(now) - (ms(session.expires) - time_to_live_.count());
  if (used_ms >= std::min(renewed_every, time_to_live_ / 2).count()) {
    session.expires = WallTime{ms(now) + time_to_live_.count()};
    renewed_.push_back(hash);
  }
  return session.account;
}

bool Sessions::end(const TokenHash& hash, WallTime now) {
  const auto found = sessions_.find(hash);
  if (found == sessions_.end()) return false;
  const bool valid = found->second.expires > now;
  sessions_.erase(found);
  return valid;
}

std::vector<SessionRecord> Sessions::take_renewed() {
  std::vector<SessionRecord> records;
  for (const TokenHash& hash : renewed_) {
    if (const auto found = sessions_.find(hash); found != sessions_.end()) records.push_back(found->second);
  }
  renewed_.clear();
  return records;
}

std::vector<TokenHash> Sessions::sweep(WallTime now) {
  std::vector<TokenHash> expired;
  for (auto session = sessions_.begin(); session != sessions_.end();) {
    if (session->second.expires <= now) {
      expired.push_back(session->first);
      session = sessions_.erase(session);
    } else {
      ++session;
    }
  }
  return expired;
}

}  // namespace tessera
