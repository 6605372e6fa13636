#pragma once

#include <cstddef>
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>

#include "server/core/records.h"
#include "shared/base/clock.h"
#include "shared/base/random.h"
#include "shared/base/result.h"

namespace tessera {

/// `XXXX-XXXX` however somebody typed it: of either case, with or without its dash, with blanks. Nothing for anything else.
std::optional<std::string> user_code(std::string_view typed);

/// Apps that wait to be signed in by somebody's browser (RFC 8628): the app polls with its long code, the person types or
/// confirms the short one. Kept ten minutes, the long code as its hash. Any thread. Knows nothing of sessions.
class DeviceCodes {
 public:
  static constexpr std::chrono::minutes lifetime{10};
  static constexpr std::chrono::seconds interval{5};
  static constexpr std::size_t most = 4'096;

  struct Begun {
    std::string device_code;  ///< 256 random bits, for the app alone
    std::string user_code;    ///< eight letters that are easy to read, as `XXXX-XXXX`
  };
  enum class NotYet : std::uint8_t { Pending, SlowDown, Denied, Expired };
  struct Grant {
    AccountId account{};
    std::string label;  ///< the device as its owner will know it
  };

  DeviceCodes(const Clock& clock, RandomSource& random) : clock_(clock), random_(random) {}

  /// Nothing: too many wait.
  std::optional<Begun> begin(std::string label);

  /// What the app may know. A grant is given to one call alone, until `settle` says what came of it. A code that is not known, or
  /// was refused and told so, has expired.
  Result<Grant, NotYet> poll(std::string_view device_code);
  /// After a grant: is its session stored? Otherwise the app may ask again.
  void settle(std::string_view device_code, bool is_stored);

  /// The device that waits with this code, as `user_code` writes it, for somebody to decide.
  std::optional<std::string> waiting(std::string_view code);
  /// Lets the device in as `account`, or refuses it (nobody). False: no device waits with this code.
  bool decide(std::string_view code, std::optional<AccountId> account);

 private:
  enum class State : std::uint8_t { Waiting, Confirmed, Denied, Granted };
  struct Device {
    std::string label;
    std::string code;
    TimePoint ends;
    std::optional<TimePoint> polled;
    std::chrono::seconds pause = interval;
    State state = State::Waiting;
    AccountId account{};
  };
  using Devices = std::map<TokenHash, Device>;

  void sweep(TimePoint now);
  void forget(Devices::iterator device);
  Device* find(std::string_view code, TimePoint now);
  std::string new_code();

  const Clock& clock_;
  RandomSource& random_;
  std::mutex mutex_;  // guards what follows
  Devices devices_;   // by the hash of the long code
  std::map<std::string, TokenHash, std::less<>> by_code_;
  TimePoint next_sweep_{};
};

}  // namespace tessera
