#include "server/core/sessions.h"

#include <algorithm>
#include <cstring>

#include "shared/base/text.h"

namespace tessera {
namespace {

constexpr std::chrono::milliseconds renewed_every = std::chrono::hours{24};
constexpr std::size_t id_bytes = 8;

}  // namespace

std::size_t HashOfTokenHash::operator()(const TokenHash& hash) const {
  std::size_t value = 0;
  std::memcpy(&value, hash.data(), sizeof value);
  return value;
}

std::string session_id(const TokenHash& hash) { return to_hex(ByteSpan(hash).first(id_bytes)); }

void Sessions::forget_owner(const SessionRecord& session) {
  changed_.mark(session.account);
  const auto [first, last] = of_account_.equal_range(session.account);
  const auto found = std::find_if(first, last, [&](const auto& each) { return each.second == &session; });
  if (found != last) of_account_.erase(found);
}

void Sessions::put(const SessionRecord& session) {
  const auto [place, is_new] = sessions_.try_emplace(session.hash);
  if (!is_new) forget_owner(place->second);
  place->second = session;
  of_account_.emplace(session.account, &place->second);
  changed_.mark(session.account);
}

SessionRecord Sessions::begin(const TokenHash& hash, AccountId account, WallTime now, std::string label) const {
  SessionRecord session;
  session.hash = hash;
  session.account = account;
  session.created = session.used = now;
  session.expires = WallTime{ms(now) + time_to_live_.count()};
  session.label = std::move(label);
  return session;
}

const SessionRecord* Sessions::find(const TokenHash& hash, WallTime now) const {
  const auto found = sessions_.find(hash);
  return found == sessions_.end() || found->second.expires <= now ? nullptr : &found->second;
}

const SessionRecord* Sessions::use(const TokenHash& hash, WallTime now) {
  const auto found = sessions_.find(hash);
  if (found == sessions_.end() || found->second.expires <= now) return nullptr;
  SessionRecord& session = found->second;
  if (session.kind == SessionKind::OwnerLink) return nullptr;
  const std::int64_t unused_ms = ms(now) - ms(session.used);
  if (unused_ms >= std::min(renewed_every, time_to_live_ / 2).count()) {
    session.used = now;
    if (session.kind == SessionKind::Person) session.expires = WallTime{ms(now) + time_to_live_.count()};
    renewed_.push_back(hash);
    changed_.mark(session.account);
  }
  return &session;
}

const SessionRecord* Sessions::token_of(AccountId service, WallTime now) const {
  const auto [first, last] = of_account_.equal_range(service);
  for (auto each = first; each != last; ++each)
    if (each->second->kind == SessionKind::Service && each->second->expires > now) return each->second;
  return nullptr;
}

std::vector<SessionRecord> Sessions::of(AccountId account, WallTime now) const {
  std::vector<SessionRecord> sessions;
  const auto [first, last] = of_account_.equal_range(account);
  for (auto each = first; each != last; ++each)
    if (each->second->expires > now) sessions.push_back(*each->second);
  return sessions;
}

std::optional<WallTime> Sessions::last_used(AccountId account, WallTime now) const {
  std::optional<WallTime> last;
  const auto [first, end] = of_account_.equal_range(account);
  for (auto each = first; each != end; ++each) {
    const SessionRecord& session = *each->second;
    if (session.expires > now && session.kind != SessionKind::OwnerLink) last = std::max(last, std::optional(session.used));
  }
  return last;
}

std::optional<SessionRecord> Sessions::end(const TokenHash& hash, WallTime now) {
  const auto found = sessions_.find(hash);
  if (found == sessions_.end()) return std::nullopt;
  forget_owner(found->second);
  std::optional<SessionRecord> was(std::move(found->second));
  sessions_.erase(found);
  if (was->expires <= now) was.reset();
  return was;
}

std::vector<SessionRecord> Sessions::take_renewed() {
  std::vector<SessionRecord> records;
  for (const TokenHash& hash : renewed_) {
    if (const auto found = sessions_.find(hash); found != sessions_.end()) records.push_back(found->second);
  }
  renewed_.clear();
  return records;
}

std::vector<SessionRecord> Sessions::sweep(WallTime now) {
  std::vector<SessionRecord> expired;
  for (auto session = sessions_.begin(); session != sessions_.end();) {
    if (session->second.expires <= now) {
      forget_owner(session->second);
      expired.push_back(std::move(session->second));
      session = sessions_.erase(session);
    } else {
      ++session;
    }
  }
  return expired;
}

}  // namespace tessera
