#include "server/auth/sign_in_states.h"

#include "server/auth/token.h"

namespace tessera {
namespace {

constexpr std::chrono::minutes remembered{30};  // after the end
constexpr std::chrono::seconds between_sweeps{10};

}  // namespace

void SignInStates::sweep(TimePoint now) {
  const bool is_full = entries_.size() >= most;
  if (now < next_sweep_ && !is_full) return;
  next_sweep_ = now + between_sweeps;
  std::erase_if(entries_, [&](const auto& entry) { return entry.second.ends + remembered <= now; });
  if (entries_.size() >= most) std::erase_if(entries_, [&](const auto& entry) { return entry.second.ends <= now; });
}

bool SignInStates::add(const TokenHash& state, PendingSignIn pending) {
  const TimePoint now = clock_.now();
  const std::lock_guard lock(mutex_);
  sweep(now);
  if (entries_.size() >= most) return false;
  entries_[state] = {std::move(pending), now + lifetime};
  return true;
}

Result<PendingSignIn, SignInStates::Wrong> SignInStates::take(const TokenHash& state, const TokenHash& browser,
                                                              std::string_view origin) {
  const TimePoint now = clock_.now();
  const std::lock_guard lock(mutex_);
  auto taken = entries_.extract(state);
  if (taken.empty()) return Wrong::Unknown;
  Entry& entry = taken.mapped();
  if (!same_hash(entry.pending.browser, browser) || entry.pending.origin != origin) return Wrong::OtherBrowser;
  if (entry.ends <= now) return Wrong::Expired;
  return std::move(entry.pending);
}

}  // namespace tessera
