#include "server/auth/address_hasher.h"

#include <doctest/doctest.h>

using namespace tessera;

namespace {

const AddressHasher hasher{AddressHasher::Key{1, 2, 3}};

std::vector<unsigned> bits(std::string_view address) {
  std::vector<unsigned> all;
  for (const AddressPrefix& prefix : hasher.prefixes(address)) all.push_back(bits_of(prefix.kind));
  return all;
}

}  // namespace

TEST_CASE("Address hasher: an address is of networks of the sizes that are kept") {
  CHECK(bits("192.0.2.7") == std::vector<unsigned>{32, 24});
  CHECK(bits("2001:db8::1") == std::vector<unsigned>{128, 64, 48});
  CHECK(bits("nowhere").empty());
  CHECK(hasher.prefixes("::ffff:192.0.2.7") == hasher.prefixes("192.0.2.7"));
  CHECK(hasher.prefixes("fe80::1%eth0") == hasher.prefixes("fe80::1"));
}

TEST_CASE("Address hasher: addresses share just the networks that both are of") {
  const auto one = hasher.prefixes("192.0.2.7"), other = hasher.prefixes("192.0.2.200"), far = hasher.prefixes("192.0.3.7");
  CHECK(one[0] != other[0]);
  CHECK(one[1] == other[1]);
  CHECK(one[1] != far[1]);
  const auto v6 = hasher.prefixes("2001:db8:0:1::1"), same_site = hasher.prefixes("2001:db8:0:2::1");
  CHECK(v6[1] != same_site[1]);
  CHECK(v6[2] == same_site[2]);
  CHECK(one[0].hash != one[1].hash);
  const AddressHasher another{AddressHasher::Key{9}};
  CHECK(another.prefixes("192.0.2.7")[0] != one[0]);
}

TEST_CASE("Address hasher: what staff type finds the same network, and what it cannot be is said without repeating it") {
  const auto v4 = hasher.prefixes("192.0.2.7");
  CHECK(*hasher.find("192.0.2.7") == v4[0]);
  CHECK(*hasher.find("192.0.2.7/32") == v4[0]);
  CHECK(*hasher.find("192.0.2.0/24") == v4[1]);
  CHECK(*hasher.find("192.0.2.99/24") == v4[1]);
  CHECK(*hasher.find(prefix_id(v4[1])) == v4[1]);
  CHECK(*hasher.find("2001:db8::/48") == hasher.prefixes("2001:db8:0:77::5")[2]);
  for (const char* wrong : {"", "ann", "192.0.3", "192.0.2.0/23", "192.0.2.0/", "192.0.2.0/24/24", "2001:db8::/24", "v4-24/12"}) {
    CAPTURE(wrong);
    const auto found = hasher.find(wrong);
    REQUIRE_FALSE(found.ok());
    if (std::string_view(wrong).size() > 4) CHECK(found.error().message.find(wrong) == std::string::npos);
  }
}
