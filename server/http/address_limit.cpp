#include "server/http/address_limit.h"

#include <cstring>

#include <arpa/inet.h>

namespace tessera {

std::string counted_address(std::string_view address) {
  std::string text(address.substr(0, address.find('%')));
  in6_addr parsed{};
  if (inet_pton(AF_INET6, text.c_str(), &parsed) != 1) return text;
  if (IN6_IS_ADDR_V4MAPPED(&parsed)) {
    char shown[INET_ADDRSTRLEN];
    return inet_ntop(AF_INET, &parsed.s6_addr[12], shown, sizeof shown);
  }
  std::memset(&parsed.s6_addr[8], 0, 8);
  char shown[INET6_ADDRSTRLEN];
  return inet_ntop(AF_INET6, &parsed, shown, sizeof shown);
}

void AddressLimit::make_room(TimePoint now) {
  std::erase_if(calls_, [&](const auto& entry) { return entry.second.empty() || entry.second.back() + window <= now; });
  // Still too many: somebody has many addresses. Let the limit be lenient rather than the memory unbounded.
  if (calls_.size() >= most_addresses) calls_.clear();
}

std::optional<std::uint32_t> AddressLimit::refuse(std::string_view address, TimePoint now) {
  if (!per_minute_) return std::nullopt;
  const std::lock_guard lock(mutex_);
  if (calls_.size() >= most_addresses) make_room(now);
  std::deque<TimePoint>& calls = calls_[counted_address(address)];
  while (!calls.empty() && calls.front() + window <= now) calls.pop_front();
  if (calls.size() < *per_minute_) {
    calls.push_back(now);
    return std::nullopt;
  }
  return static_cast<std::uint32_t>(std::chrono::ceil<std::chrono::seconds>(calls.front() + window - now).count());
}

}  // namespace tessera
