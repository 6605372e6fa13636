#include "server/net/address_limits.h"

#include <doctest/doctest.h>

using namespace tessera;
using boost::asio::ip::make_address;
using Verdict = AddressLimits::Verdict;

TEST_CASE("AddressLimits: connections count per IPv4 address, and per /64 of IPv6") {
  const auto key = [](const char* text) { return address_key(make_address(text)); };
  CHECK(key("10.0.0.1") != key("10.0.0.2"));
  CHECK(key("::ffff:10.0.0.1") == key("10.0.0.1"));
  CHECK(key("2001:db8:1:2::1") == key("2001:db8:1:2:ffff::9"));
  CHECK(key("2001:db8:1:2::1") != key("2001:db8:1:3::1"));
}

TEST_CASE("AddressLimits: full for one address, full for all, and free again") {
  AddressLimits limits({.connections = 3, .per_address = 2});
  const AddressKey ann = address_key(make_address("10.0.0.1")), bob = address_key(make_address("10.0.0.2"));
  CHECK(limits.enter(ann) == Verdict::Admitted);
  CHECK(limits.enter(ann) == Verdict::Admitted);
  CHECK(limits.enter(ann) == Verdict::AddressFull);
  CHECK(limits.enter(bob) == Verdict::Admitted);
  CHECK(limits.enter(bob) == Verdict::ServerFull);
  limits.leave(ann);
  CHECK(limits.enter(ann) == Verdict::Admitted);
  CHECK(limits.open() == 3);
}

TEST_CASE("AddressLimits: a proxy's connection counts in all, and for an address once it is known whose it is") {
  AddressLimits limits({.connections = 4, .per_address = 1});
  const AddressKey ann = address_key(make_address("10.0.0.1"));
  for (int i = 0; i < 4; ++i) REQUIRE(limits.enter(std::nullopt) == Verdict::Admitted);
  CHECK(limits.enter(std::nullopt) == Verdict::ServerFull);
  CHECK(limits.claim(ann));
  CHECK_FALSE(limits.claim(ann));
  limits.leave(ann);
  CHECK(limits.claim(ann));
  limits.leave(std::nullopt);
  CHECK(limits.open() == 2);
}

TEST_CASE("AddressLimits: without a limit per address only the total counts") {
  AddressLimits limits({.connections = 500, .per_address = std::nullopt});
  const AddressKey ann = address_key(make_address("10.0.0.1"));
  for (int i = 0; i < 500; ++i) REQUIRE(limits.enter(ann) == Verdict::Admitted);
  CHECK(limits.enter(ann) == Verdict::ServerFull);
}
