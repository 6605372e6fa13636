#include "app/net/inbox.h"

#include <doctest/doctest.h>

#include <thread>
#include <vector>

using namespace tessera;

TEST_CASE("Inbox: what several threads post comes out once, each thread's in its order") {
  std::atomic<int> woken = 0;
  Inbox inbox([&] { ++woken; });
  constexpr int threads = 4, each = 500;
  std::vector<std::thread> posters;
  for (int thread = 0; thread < threads; ++thread)
    posters.emplace_back([&inbox, thread] {
      for (int i = 0; i < each; ++i) inbox.post(action::MoveCursor{thread, i});
    });
  std::vector<int> next(threads, 0);
  int taken = 0;
  while (taken < threads * each) {
    for (const Action& action : inbox.take()) {
      const auto& moved = std::get<action::MoveCursor>(action);
      CHECK(moved.dy == next[static_cast<std::size_t>(moved.dx)]++);
      ++taken;
    }
  }
  for (std::thread& poster : posters) poster.join();
  CHECK(woken == threads * each);
  CHECK(inbox.take().empty());
}

TEST_CASE("Inbox: it is full past its limit, and empty once taken") {
  Inbox inbox([] {});
  inbox.post(action::Tick{}, Inbox::full_bytes);
  CHECK_FALSE(inbox.full());
  inbox.post(action::Tick{}, 1);
  CHECK(inbox.full());
  CHECK(inbox.take().size() == 2);
  CHECK_FALSE(inbox.full());
}
