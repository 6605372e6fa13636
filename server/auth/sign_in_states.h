#pragma once

#include <cstddef>
#include <map>
#include <mutex>
#include <string>
#include <string_view>

#include "server/core/records.h"
#include "shared/base/clock.h"
#include "shared/base/result.h"

namespace tessera {

/// A sign-in that was sent off to Discord and is to come back.
struct PendingSignIn {
  TokenHash browser{};   ///< of what its cookie holds: it may come back only there
  std::string verifier;  ///< PKCE's secret
  std::string origin;    ///< where it began: `https://canvas.example.org`
  std::string back;      ///< the address, below that origin, where the person wanted to be
};

/// The `state` of each sign-in under way, kept as its hash, ten minutes, and taken once. Any thread.
class SignInStates {
 public:
  enum class Wrong : std::uint8_t {
    Unknown,       ///< never begun, taken already, or begun before this server started
    Expired,
    OtherBrowser,
  };
  static constexpr std::chrono::minutes lifetime{10};
  static constexpr std::size_t most = 8'192;

  explicit SignInStates(const Clock& clock) : clock_(clock) {}

  /// False: too many are under way.
  [[nodiscard]] bool add(const TokenHash& state, PendingSignIn pending);
  /// Whatever the answer, this state is used up by it.
  Result<PendingSignIn, Wrong> take(const TokenHash& state, const TokenHash& browser, std::string_view origin);

 private:
  struct Entry {
    PendingSignIn pending;
    TimePoint ends;
  };

  /// Those that ended lately stay a while, so that late ones hear why; not where room is needed.
  void sweep(TimePoint now);

  const Clock& clock_;
  std::mutex mutex_;  // guards what follows
  std::map<TokenHash, Entry> entries_;
  TimePoint next_sweep_{};
};

}  // namespace tessera
