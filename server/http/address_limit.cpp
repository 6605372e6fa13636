#include "server/http/address_limit.h"

#include <cstring>

#include <arpa/inet.h>

namespace tessera {

namespace {

/// IPv4 (also mapped into IPv6) and IPv6 with all but their first bytes zero; what is no address as it is.
std::string cut(std::string_view address, std::size_t v4_bytes, std::size_t v6_bytes) {
  const std::string text(address.substr(0, address.find('%')));
  in6_addr parsed{};
  in_addr v4{};
  const bool is_v6 = inet_pton(AF_INET6, text.c_str(), &parsed) == 1;
  char shown[INET6_ADDRSTRLEN];
  if (is_v6 && !IN6_IS_ADDR_V4MAPPED(&parsed)) {
    std::memset(&parsed.s6_addr[v6_bytes], 0, sizeof parsed.s6_addr - v6_bytes);
    return inet_ntop(AF_INET6, &parsed, shown, sizeof shown);
  }
  if (is_v6) std::memcpy(&v4, &parsed.s6_addr[12], sizeof v4);
  else if (inet_pton(AF_INET, text.c_str(), &v4) != 1) return text;
  if (v4_bytes < sizeof v4) std::memset(reinterpret_cast<char*>(&v4) + v4_bytes, 0, sizeof v4 - v4_bytes);
  return inet_ntop(AF_INET, &v4, shown, sizeof shown);
}

}  // namespace

std::string counted_address(std::string_view address) { return cut(address, 4, 8); }
std::string network_of(std::string_view address) { return cut(address, 3, 6); }

void AddressLimit::make_room(TimePoint now) {
  std::erase_if(calls_, [&](const auto& entry) { return entry.second.empty() || entry.second.back() + window <= now; });
  // Still too many: somebody has many addresses. Let the limit be lenient rather than the memory unbounded.
  if (calls_.size() >= most_addresses) calls_.clear();
}

std::optional<std::chrono::milliseconds> AddressLimit::refuse(std::string_view address, TimePoint now) {
  const auto most = per_minute();
  if (!most) return std::nullopt;
  const std::lock_guard lock(mutex_);
  if (calls_.size() >= most_addresses) make_room(now);
  std::deque<TimePoint>& calls = calls_[counted_address(address)];
  while (!calls.empty() && calls.front() + window <= now) calls.pop_front();
  if (calls.size() < *most) {
    calls.push_back(now);
    return std::nullopt;
  }
  refused_.fetch_add(1, std::memory_order_relaxed);
  return std::chrono::ceil<std::chrono::milliseconds>(calls.front() + window - now);
}

}  // namespace tessera
