#include <doctest/doctest.h>

#include "tests/support/question_fixture.h"

using namespace tessera;

namespace {

LockInfo lock_of(std::uint32_t id, Rect area, std::string reason = "contest judging") {
  LockInfo lock;
  lock.id = LockId{id};
  lock.x = static_cast<std::uint16_t>(area.x);
  lock.y = static_cast<std::uint16_t>(area.y);
  lock.width = area.width;
  lock.height = area.height;
  lock.reason = std::move(reason);
  lock.maker = {AccountId{3}, "julie", AccountKind::Guest, Role::Moderator};
  lock.version = 1;
  return lock;
}

struct LocksFixture : QuestionFixture {
  explicit LocksFixture(Role role = Role::Guest) { live_as(role); }

  void know(std::vector<LockInfo> locks, bool first = true) { hear(Locks{first, std::move(locks)}); }
  std::uint64_t server_ms(std::chrono::milliseconds later) {
    return static_cast<std::uint64_t>(ms(server_now(model)) + later.count());
  }
  ScreenPoint point_of(Cell cell) const { return model.viewport.to_screen({cell.x + 0.5, cell.y + 0.5}); }
  void drag(Cell from, Cell to, bool release = true) {
    act(action::PointerPressed{point_of(from), PointerButton::Left, false, false, false});
    act(action::PointerMoved{point_of(to), false});
    if (release) act(action::PointerReleased{point_of(to), PointerButton::Left});
  }
  void click(Cell cell) {
    act(action::PointerMoved{point_of(cell), false});
    act(action::PointerPressed{point_of(cell), PointerButton::Left, false, false, false});
    act(action::PointerReleased{point_of(cell), PointerButton::Left});
  }
};

const Rect middle{100, 100, 20, 10};

}  // namespace

TEST_CASE("Locks: the first message replaces what was known, later ones add, changes and removals follow") {
  LocksFixture f;
  f.know({lock_of(1, middle), lock_of(2, {0, 0, 5, 5})});
  f.know({lock_of(3, {50, 50, 1, 1})}, false);
  CHECK(f.model.locks.all().size() == 3);
  LockInfo moved = lock_of(2, {10, 10, 5, 5});
  moved.version = 2;
  f.hear(LockChanged{false, moved});
  CHECK(lock_at(f.model, {0, 0}) == nullptr);
  REQUIRE(lock_at(f.model, {14, 14}));
  f.hear(LockChanged{false, lock_of(2, {0, 0, 5, 5})});  // an older one that came late
  CHECK(lock_at(f.model, {0, 0}) == nullptr);
  f.hear(LockRemoved{LockId{2}});
  CHECK(lock_at(f.model, {14, 14}) == nullptr);
  f.know({lock_of(9, {0, 0, 1, 1})});
  CHECK(f.model.locks.all().size() == 1);
  f.hear(f.entered);
  CHECK(f.model.locks.empty());
}

TEST_CASE("Locks: who may draw in one is its role and above, and its accounts") {
  LocksFixture f;
  LockInfo lock = lock_of(1, middle);
  f.know({lock});
  CHECK(may_place(f.model, {100, 100}) == Obstacle::Locked);
  CHECK(may_place(f.model, {119, 109}) == Obstacle::Locked);
  CHECK_FALSE(may_place(f.model, {120, 109}));
  CHECK_FALSE(may_place(f.model, {119, 110}));
  f.model.account = LocksFixture::as(Role::Moderator);
  CHECK_FALSE(may_place(f.model, {100, 100}));
  f.model.account = LocksFixture::as(Role::Member);
  CHECK(may_place(f.model, {100, 100}) == Obstacle::Locked);
  lock.accounts = {{AccountId{7}}};
  f.know({lock});
  CHECK_FALSE(may_place(f.model, {100, 100}));
  // All of those that lie over a cell must let one in.
  f.know({lock, lock_of(2, {100, 100, 1, 1})});
  CHECK(may_place(f.model, {100, 100}) == Obstacle::Locked);
  CHECK_FALSE(may_place(f.model, {101, 100}));
  lock.accounts.clear();
  lock.allowed = Role::Member;
  f.know({lock});
  CHECK_FALSE(may_place(f.model, {100, 100}));
}

TEST_CASE("Locks: they end by the server's clock, whatever this device's says") {
  LocksFixture f;
  const std::int64_t ahead = 7'200'000;
  f.tick();
  f.hear(Pong{0, static_cast<std::uint64_t>(ms(f.model.wall) + ahead)});
  CHECK(ms(server_now(f.model)) == ms(f.model.wall) + ahead);
  LockInfo lock = lock_of(1, middle);
  lock.expires_ms = f.server_ms(std::chrono::seconds(30));
  f.know({lock, lock_of(2, {0, 0, 1, 1})});
  f.tick(std::chrono::milliseconds(29'900));
  CHECK(may_place(f.model, {100, 100}) == Obstacle::Locked);
  REQUIRE(next_change(f.model));
  CHECK(*next_change(f.model) <= f.model.now + std::chrono::milliseconds(100));
  f.tick(std::chrono::milliseconds(200));
  CHECK_FALSE(lock_at(f.model, {100, 100}));
  CHECK(f.model.locks.all().size() == 1);
}

TEST_CASE("Locks: they are told by when they end and why, in either language") {
  LocksFixture f;
  f.model.device.utc_offset = std::chrono::hours(1);
  f.model.device.language = Language::English;
  LockInfo lock = lock_of(1, middle);
  CHECK(translate(Language::English, explain(f.model, lock)) == "Locked · contest judging");
  const std::int64_t day_ms = 86'400'000, start = ms(server_now(f.model)) / day_ms * day_ms;
  lock.expires_ms = static_cast<std::uint64_t>(start + day_ms - 4 * 3'600'000);  // 20:00 by UTC
  CHECK(translate(Language::English, explain(f.model, lock)) == "Locked until 21:00 · contest judging");
  f.model.device.language = Language::French;
  CHECK(translate(Language::French, explain(f.model, lock)) == "Verrouillé jusqu’à 21:00 · contest judging");
  lock.expires_ms += static_cast<std::uint64_t>(3 * day_ms);
  CHECK(translate(Language::French, explain(f.model, lock)).starts_with("Verrouillé jusqu’au "));
  lock.reason.clear();
  CHECK(translate(Language::French, explain(f.model, lock)).ends_with("21:00"));
}

TEST_CASE("Locks: a stroke leaves locked cells out, and says why at the top") {
  LocksFixture f;
  f.know({lock_of(1, middle)});
  f.model.tool = {Tool::Pencil, 3};
  const std::vector<CellColor> stroke{{{98, 100}, 3}, {{99, 100}, 3}, {{100, 100}, 3}, {{101, 100}, 3}};
  const ScreenPoint from = f.point_of({98, 100}), to = f.point_of({101, 100});
  f.act(action::PointerPressed{from, PointerButton::Left, false, false, true});
  std::size_t placed = 0;
  for (const Place& place : f.sent<Place>()) placed += place.cells.size();
  f.act(action::PointerMoved{to, false});
  for (const Place& place : f.sent<Place>()) placed += place.cells.size();
  CHECK(placed == 2);
  REQUIRE(banner(f.model));
  CHECK(banner(f.model)->locked);
  CHECK(translate(Language::English, banner(f.model)->phrase) == "Locked · contest judging");
  CHECK(f.model.toasts.empty());
  f.tick(std::chrono::seconds(5));
  CHECK_FALSE(banner(f.model));
}

TEST_CASE("Locks: on a locked cell the marker is hatched, and nothing is placed") {
  LocksFixture f;
  f.know({lock_of(1, middle)});
  CHECK(f.place({105, 105}, 2).cells.empty());
  CHECK(marker_look(f.model) == MarkerLook::Hatched);
  CHECK(f.place({99, 105}, 2).cells.size() == 1);
  CHECK(marker_look(f.model) == MarkerLook::Filled);
}

TEST_CASE("Locks: what the server refuses as locked is told in the lock's own words") {
  LocksFixture f;
  const Place place = f.place({105, 105}, 2);
  REQUIRE(place.cells.size() == 1);
  f.hear(LockChanged{true, lock_of(1, middle)});
  f.hear(PlaceResult{place.request, Outcome::Answered, 0, 0, {{0, Refusal::Locked, 0}}, {20, 20, 0, 100}});
  REQUIRE(f.model.toasts.size() == 1);
  CHECK(translate(Language::English, f.model.toasts[0].phrase) == "1 cell taken back · Locked · contest judging");
}

TEST_CASE("Locks: ten thousand of them, removed one by one, leave nothing behind") {
  LocksFixture f;
  std::vector<LockInfo> some;
  for (std::uint32_t id = 1; id <= 10'000; ++id) {
    some.push_back(lock_of(id, {id % 600, id % 400, 1 + id % 9, 1 + id % 7}));
    if (some.size() < limits::locks_per_message) continue;
    f.know(std::exchange(some, {}), id == limits::locks_per_message);
  }
  CHECK(f.model.locks.all().size() == 10'000);
  std::size_t seen = 0;
  f.model.locks.each_in({0, 0, 10, 10}, [&](const LockInfo& lock) {
    CHECK_FALSE(area_of(lock).intersect({0, 0, 10, 10}).empty());
    return ++seen, true;
  });
  CHECK(seen > 10);
  for (std::uint32_t id = 1; id <= 10'000; ++id) f.hear(LockRemoved{LockId{id}});
  CHECK(f.model.locks.empty());
  CHECK_FALSE(lock_at(f.model, {1, 1}));
}

TEST_CASE("Lock tool: it is the staff's alone, and goes when they are staff no more") {
  LocksFixture guest;
  guest.act(action::SelectTool{Tool::Lock});
  CHECK(guest.model.tool.tool == Tool::Pencil);
  LocksFixture f(Role::Moderator);
  f.act(action::SelectTool{Tool::Lock});
  CHECK(f.model.tool.tool == Tool::Lock);
  f.drag({10, 10}, {20, 20});
  CHECK(f.model.drawer == Drawer::Lock);
  f.hear(AccountChanged{LocksFixture::as(Role::Member)});
  CHECK(f.model.tool.tool == Tool::Pencil);
  CHECK(f.model.drawer == Drawer::None);
}

TEST_CASE("Lock tool: a drag draws a rectangle, both corners included, and opens its drawer") {
  LocksFixture f(Role::Moderator);
  f.act(action::SelectTool{Tool::Lock});
  f.drag({30, 40}, {20, 20}, false);
  CHECK(lock_frame(f.model) == Rect{20, 20, 11, 21});
  CHECK(f.model.drawer == Drawer::None);
  f.act(action::PointerReleased{f.point_of({20, 20}), PointerButton::Left});
  CHECK(f.model.drawer == Drawer::Lock);
  const LockForm& form = f.model.lock_editor.form;
  CHECK(form.x == "20");
  CHECK(form.y == "20");
  CHECK(form.width == "11");
  CHECK(form.height == "21");
  CHECK_FALSE(lock_frame(f.model));
}

TEST_CASE("Lock tool: a rectangle drawn beyond the edge ends at it") {
  LocksFixture f(Role::Moderator);
  f.act(action::SelectTool{Tool::Lock});
  f.act(action::PointerPressed{f.point_of({590, 390}), PointerButton::Left, false, false, false});
  const ScreenPoint beyond = f.model.viewport.to_screen({900, 900});
  f.act(action::PointerMoved{beyond, false});
  f.act(action::PointerReleased{beyond, PointerButton::Left});
  CHECK(f.model.lock_editor.form.width == "10");
  CHECK(f.model.lock_editor.form.height == "10");
}

TEST_CASE("Lock tool: two clicks are two corners, and Escape goes back step by step") {
  LocksFixture f(Role::Moderator);
  f.act(action::SelectTool{Tool::Lock});
  f.click({10, 10});
  f.act(action::PointerMoved{f.point_of({14, 12}), false});
  CHECK(lock_frame(f.model) == Rect{10, 10, 5, 3});
  f.act(action::CancelLock{});
  CHECK_FALSE(lock_frame(f.model));
  CHECK(f.model.tool.tool == Tool::Lock);
  f.act(action::CancelLock{});
  CHECK(f.model.tool.tool == Tool::Pencil);
  f.act(action::SelectTool{Tool::Lock});
  f.model.marker = {Cell{10, 10}, true};
  f.act(action::ActAtMarker{});
  f.model.marker = {Cell{14, 12}, true};
  f.act(action::ActAtMarker{});
  CHECK(f.model.lock_editor.form.width == "5");
  f.act(action::CancelLock{});
  CHECK(f.model.drawer == Drawer::None);
  CHECK(f.model.tool.tool == Tool::Lock);
}

TEST_CASE("Lock tool: on a phone a finger moves the canvas, and two taps are the corners") {
  LocksFixture f(Role::Moderator);
  f.act(action::WindowResized{400, 800, 1});
  f.act(action::SelectTool{Tool::Lock});
  const CanvasPoint before = f.model.viewport.centre();
  f.act(action::PointerMoved{{200, 400}, true});
  f.act(action::PointerPressed{{200, 400}, PointerButton::Left, true, false, false});
  f.act(action::PointerMoved{{150, 400}, true});
  f.act(action::PointerReleased{{150, 400}, PointerButton::Left});
  CHECK_FALSE(lock_frame(f.model));
  CHECK(f.model.drawer == Drawer::None);
  CHECK(f.model.marker.cell.has_value());
  CHECK(f.model.viewport.centre().x >= before.x);
}
