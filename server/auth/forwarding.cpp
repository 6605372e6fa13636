#include "server/auth/forwarding.h"

#include <algorithm>
#include <cstring>
#include <string>

#include <arpa/inet.h>

#include "shared/base/ascii.h"
#include "shared/base/text.h"

namespace tessera {
namespace {

constexpr unsigned mapped_bits = 96;  // of ::ffff:0:0/96, before an IPv4 address

/// An address as proxies write it, without what some put around it: `192.0.2.7:5678`, `[2001:db8::1]:5678`, and either in the
/// quotes that RFC 7239, section 6, asks of `Forwarded`. What is written otherwise stays as it is.
std::string_view without_port(std::string_view text) {
  const auto is_port = [](std::string_view behind) { return behind.empty() || (behind.front() == ':' && parse_number(behind.substr(1), 65'535)); };
  if (text.size() >= 2 && text.front() == '"' && text.back() == '"') text = text.substr(1, text.size() - 2);
  const std::size_t colon = text.find(':'), bracket = text.find(']');
  if (text.starts_with('[') && bracket != std::string_view::npos)
    return colon < bracket && is_port(text.substr(bracket + 1)) ? text.substr(1, bracket - 1) : text;
  const bool is_one = colon != std::string_view::npos && colon == text.rfind(':');  // of IPv6 there are more
  return is_one && is_port(text.substr(colon)) ? text.substr(0, colon) : text;
}

/// The addresses of every `X-Forwarded-For`, the nearest last.
std::vector<std::string_view> forwarded_for(const HttpRequest& request) {
  std::vector<std::string_view> addresses;
  for (const auto& [name, value] : request.headers) {
    if (name != "x-forwarded-for") continue;
    std::string_view rest = value;
    do {
      addresses.push_back(without_port(next_item(rest)));
    } while (!rest.empty());
  }
  return addresses;
}

}  // namespace

std::optional<AddressBits> read_address(std::string_view text) {
  const std::string address(text.substr(0, text.find('%')));
  AddressBits bits{};
  if (inet_pton(AF_INET6, address.c_str(), bits.data()) == 1) return bits;
  bits[10] = bits[11] = 0xff;
  if (inet_pton(AF_INET, address.c_str(), &bits[12]) == 1) return bits;
  return std::nullopt;
}

std::optional<Network> Network::parse(std::string_view text) {
  const std::size_t slash = text.find('/');
  const auto bits = read_address(text.substr(0, slash));
  if (!bits) return std::nullopt;
  const bool is_v4 = text.substr(0, slash).find(':') == std::string_view::npos;
  const unsigned most = is_v4 ? 32 : 128;
  const auto length = slash == std::string_view::npos ? most : parse_number(text.substr(slash + 1), most);
  if (!length) return std::nullopt;
  Network network;
  network.bits_ = *bits;
  network.length_ = static_cast<unsigned>(*length) + (is_v4 ? mapped_bits : 0);
  return network;
}

bool Network::contains(std::string_view address) const {
  const auto bits = read_address(address);
  if (!bits) return false;
  const unsigned whole = length_ / 8;
  if (std::memcmp(bits->data(), bits_.data(), whole) != 0) return false;
  const unsigned rest = length_ % 8;
  return rest == 0 || ((*bits)[whole] ^ bits_[whole]) >> (8 - rest) == 0;
}

bool is_trusted(std::string_view address, const std::vector<Network>& trusted) {
  return std::any_of(trusted.begin(), trusted.end(), [&](const Network& network) { return network.contains(address); });
}

void apply_forwarding(HttpRequest& request, const std::vector<Network>& trusted) {
  if (!is_trusted(request.peer, trusted)) return;
  const auto addresses = forwarded_for(request);
  for (auto address = addresses.rbegin(); address != addresses.rend(); ++address) {
    if (!read_address(*address)) break;
    request.peer = std::string(*address);
    if (!is_trusted(*address, trusted)) break;
  }
  if (const std::string* scheme = request.header("x-forwarded-proto")) request.is_secure = *scheme == "https";
}

}  // namespace tessera
