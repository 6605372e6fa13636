#include "server/auth/device_codes.h"

#include <algorithm>

#include "server/auth/token.h"

namespace tessera {
namespace {

/// No vowel, so that no word comes of it, and no Y; no letter looks like a digit or another one (RFC 8628, 6.1).
constexpr std::string_view letters = "BCDFGHJKLMNPQRSTVWXZ";
constexpr std::size_t code_letters = 8;
constexpr std::chrono::seconds leniency{1};  // the network is not as punctual as the app
constexpr std::chrono::seconds longest_pause{60};
constexpr std::chrono::seconds between_sweeps{10};

}  // namespace

std::optional<std::string> user_code(std::string_view typed) {
  std::string code;
  for (char c : typed) {
    if (c == '-' || c == ' ') continue;
    if (c >= 'a' && c <= 'z') c = static_cast<char>(c - 'a' + 'A');
    if (letters.find(c) == std::string_view::npos || code.size() > code_letters) return std::nullopt;
    if (code.size() == code_letters / 2) code += '-';
    code += c;
  }
  if (code.size() != code_letters + 1) return std::nullopt;
  return code;
}

void DeviceCodes::sweep(TimePoint now) {
  if (now < next_sweep_ && devices_.size() < most) return;
  next_sweep_ = now + between_sweeps;
  for (auto device = devices_.begin(); device != devices_.end();) {
    const auto next = std::next(device);
    if (device->second.ends <= now) forget(device);
    device = next;
  }
}

void DeviceCodes::forget(Devices::iterator device) {
  by_code_.erase(device->second.code);
  devices_.erase(device);
}

/// The letters' number divides no power of two: bytes past its last multiple are drawn anew.
std::string DeviceCodes::new_code() {
  std::string code;
  while (code.size() < code_letters) {
    std::uint8_t byte[1];
    random_.fill(byte);
    if (byte[0] < 256 / letters.size() * letters.size()) code += letters[byte[0] % letters.size()];
  }
  return *user_code(code);
}

std::optional<DeviceCodes::Begun> DeviceCodes::begin(std::string label) {
  const TimePoint now = clock_.now();
  const std::lock_guard lock(mutex_);
  sweep(now);
  if (devices_.size() >= most) return std::nullopt;
  Begun begun{make_token(random_), new_code()};
  while (by_code_.contains(begun.user_code)) begun.user_code = new_code();
  const TokenHash hash = hash_token(begun.device_code);
  by_code_[begun.user_code] = hash;
  Device device;
  device.label = std::move(label);
  device.code = begun.user_code;
  device.ends = now + lifetime;
  devices_[hash] = std::move(device);
  return begun;
}

Result<DeviceCodes::Grant, DeviceCodes::NotYet> DeviceCodes::poll(std::string_view device_code) {
  const TimePoint now = clock_.now();
  const std::lock_guard lock(mutex_);
  const auto found = devices_.find(hash_token(device_code));
  if (found == devices_.end()) return NotYet::Expired;
  Device& device = found->second;
  if (device.ends <= now) return forget(found), NotYet::Expired;
  if (device.state == State::Denied) return forget(found), NotYet::Denied;
  if (device.state == State::Confirmed) {
    device.state = State::Granted;
    return Grant{device.account, device.label};
  }
  const bool too_soon = device.polled && now - *device.polled < device.pause - leniency;
  device.polled = now;
  if (!too_soon) return NotYet::Pending;
  device.pause = std::min(device.pause + interval, longest_pause);
  return NotYet::SlowDown;
}

void DeviceCodes::settle(std::string_view device_code, bool is_stored) {
  const std::lock_guard lock(mutex_);
  const auto found = devices_.find(hash_token(device_code));
  if (found == devices_.end()) return;
  if (is_stored) forget(found);
  else found->second.state = State::Confirmed;
}

DeviceCodes::Device* DeviceCodes::find(std::string_view code, TimePoint now) {
  const auto found = by_code_.find(code);
  if (found == by_code_.end()) return nullptr;
  Device& device = devices_.find(found->second)->second;
  return device.state == State::Waiting && device.ends > now ? &device : nullptr;
}

std::optional<std::string> DeviceCodes::waiting(std::string_view code) {
  const TimePoint now = clock_.now();
  const std::lock_guard lock(mutex_);
  const Device* device = find(code, now);
  return device ? std::optional(device->label) : std::nullopt;
}

bool DeviceCodes::decide(std::string_view code, std::optional<AccountId> account) {
  const TimePoint now = clock_.now();
  const std::lock_guard lock(mutex_);
  Device* device = find(code, now);
  if (!device) return false;
  device->state = account ? State::Confirmed : State::Denied;
  device->account = account.value_or(AccountId{});
  return true;
}

}  // namespace tessera
