#include <doctest/doctest.h>

#include "server/http/address_limit.h"
#include "server/http/etag.h"
#include "server/http/picture_queue.h"
#include "tests/support/fake_clock.h"

using namespace tessera;

TEST_CASE("Address limit: so many in any minute, then the exact wait") {
  FakeClock clock;
  AddressLimit limit(3);
  for (int i = 0; i < 3; ++i) {
    CHECK_FALSE(limit.refuse("192.0.2.1", clock.now()));
    clock.advance(std::chrono::seconds(10));
  }
  CHECK(limit.refuse("192.0.2.1", clock.now()) == std::chrono::seconds(30));
  CHECK(limit.refuse("192.0.2.1", clock.now()) == std::chrono::seconds(30));  // being refused costs nothing
  CHECK_FALSE(limit.refuse("192.0.2.2", clock.now()));
  clock.advance(std::chrono::milliseconds(29'999));
  CHECK(limit.refuse("192.0.2.1", clock.now()) == std::chrono::milliseconds(1));
  clock.advance(std::chrono::milliseconds(1));
  CHECK_FALSE(limit.refuse("192.0.2.1", clock.now()));
  CHECK(limit.refuse("192.0.2.1", clock.now()) == std::chrono::seconds(10));
}

TEST_CASE("Address limit: an IPv6 network of 64 bits counts as one, a mapped address as itself") {
  CHECK(counted_address("2001:db8:1:2:3::4") == counted_address("2001:db8:1:2:ffff::9"));
  CHECK(counted_address("2001:db8:1:2::") != counted_address("2001:db8:1:3::"));
  CHECK(counted_address("::ffff:192.0.2.1") == "192.0.2.1");
}

TEST_CASE("Address limit: off is off, and many addresses take no more memory than some") {
  FakeClock clock;
  AddressLimit off(std::nullopt);
  for (int i = 0; i < 1'000; ++i) CHECK_FALSE(off.refuse("a", clock.now()));
  AddressLimit limit(1);
  for (int i = 0; i < 40'000; ++i) CHECK_FALSE(limit.refuse("n" + std::to_string(i), clock.now()));
}

TEST_CASE("ETag: named alone, in a list, weak, or by a star") {
  for (const char* header : {"\"a-1\"", "W/\"a-1\"", "\"b\", \"a-1\"", " \"b\" ,W/\"a-1\" ", "*"}) CHECK_MESSAGE(names_tag(header, "\"a-1\""), header);
  for (const char* header : {"", "a-1", "\"a-10\"", "\"b\"", "\"a-1", "\"b\" x \"a-1\""}) CHECK_MESSAGE(!names_tag(header, "\"a-1\""), header);
}

TEST_CASE("ETag: 304 keeps the tag and leaves the body") {
  HttpRequest request;
  request.headers = {{"if-none-match", "\"t\""}};
  HttpResponse response;
  response.add("Content-Type", "image/png");
  response.body = shared_bytes("picture");
  const HttpResponse answer = with_tag(request, response, "\"t\"");
  CHECK(answer.status == 304);
  CHECK(answer.body == nullptr);
  CHECK(answer.headers == std::vector<NamedValue>{{"ETag", "\"t\""}});
  CHECK(with_tag(request, response, "\"u\"").status == 200);
}

namespace {

/// Makes pictures when the test says so.
struct Kitchen {
  std::vector<PictureQueue::Done> cooking;
  PictureQueue::Make make() {
    return [this](PictureQueue::Done done) { cooking.push_back(std::move(done)); };
  }
  void serve(const std::string& tag) {
    const auto done = std::move(cooking.front());
    cooking.erase(cooking.begin());
    HttpResponse response;
    response.body = shared_bytes("picture " + tag);
    done(PictureQueue::Picture{tag, response});
  }
};

}  // namespace

TEST_CASE("Picture queue: those who wait for the same picture share it, those after its beginning do not") {
  PictureQueue queue({.at_once = 1});
  Kitchen kitchen;
  std::vector<std::string> got;
  const auto done = [&](const PictureQueue::Made& made) { got.push_back(made ? made->tag : "refused"); };
  queue.order("main", kitchen.make(), done);
  queue.order("main", kitchen.make(), done);  // the first may have read an older state already
  queue.order("main", kitchen.make(), done);
  CHECK(kitchen.cooking.size() == 1);
  kitchen.serve("1");
  CHECK(got == std::vector<std::string>{"1"});
  REQUIRE(kitchen.cooking.size() == 1);
  kitchen.serve("2");
  CHECK(got == std::vector<std::string>{"1", "2", "2"});
  CHECK(kitchen.cooking.empty());
}

TEST_CASE("Picture queue: keeps the newest by version, within its bytes") {
  PictureQueue queue({.at_once = 1, .max_waiting = 8, .kept_bytes = 25});
  Kitchen kitchen;
  const auto make = [&](const std::string& key, const std::string& tag) {
    queue.order(key, kitchen.make(), [](const PictureQueue::Made&) {});
    kitchen.serve(tag);
  };
  make("a", "1");
  CHECK(queue.find("a", "1") != nullptr);
  CHECK(queue.find("a", "2") == nullptr);
  make("b", "1");
  CHECK(queue.find("a", "1") != nullptr);  // used later than b
  make("c", "1");
  CHECK(queue.find("b", "1") == nullptr);
  CHECK(queue.find("a", "1") != nullptr);
  CHECK(queue.find("c", "1") != nullptr);
}

TEST_CASE("Picture queue: past what may wait it says busy at once") {
  PictureQueue queue({.at_once = 1, .max_waiting = 2});
  Kitchen kitchen;
  unsigned refused = 0;
  const auto done = [&](const PictureQueue::Made& made) { refused += made ? 0 : made.error().status == 503; };
  for (const char* key : {"running", "one", "two", "three"}) queue.order(key, kitchen.make(), done);
  CHECK(refused == 1);
}
