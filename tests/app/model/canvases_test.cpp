#include <doctest/doctest.h>

#include "tests/support/question_fixture.h"

using namespace tessera;
using std::chrono::seconds;

namespace {

struct ListFixture : QuestionFixture {
  explicit ListFixture(Role role = Role::Guest) { live_as(role); }
  void open() { act(action::OpenDrawer{Drawer::Canvases}); }
  answer::Canvases list(std::initializer_list<const char*> names) {
    answer::Canvases canvases;
    for (const char* name : names) canvases.items.push_back(setup_of(name));
    return canvases;
  }
  /// So many canvases, `a10` and on.
  answer::Canvases page(const std::string& prefix, int count, bool more) {
    answer::Canvases canvases;
    for (int i = 0; i < count; ++i) canvases.items.push_back(setup_of(prefix + std::to_string(10 + i)));
    if (more) canvases.next = "a99";
    return canvases;
  }
  /// What the page that was just asked for comes after.
  std::string after() const {
    const effect::Ask* ask = asked<ask::Canvases>();
    return ask ? std::get<ask::Canvases>(ask->question).after : "none was asked for";
  }
  std::vector<effect::Ask> pictures() const {
    std::vector<effect::Ask> found;
    for (const effect::Ask& ask : all<effect::Ask>())
      if (std::holds_alternative<ask::Picture>(ask.question)) found.push_back(ask);
    return found;
  }
  static answer::Picture dots(std::uint32_t side) { return {{side, side}, Bytes(std::size_t{4} * side * side, 9)}; }
};

}  // namespace

TEST_CASE("Canvases: the list is read when it opens, and again while it is open") {
  ListFixture f;
  f.open();
  const AskId first = f.id_of<ask::Canvases>();
  REQUIRE(first != unasked);
  CHECK_FALSE(f.model.canvases.loaded);
  f.reply(first, 200, f.list({"main", "club"}));
  CHECK(f.model.canvases.loaded);
  REQUIRE(f.model.canvases.items.size() == 2);
  f.tick(seconds{9});
  CHECK(f.asked<ask::Canvases>() == nullptr);
  f.tick(seconds{2});
  CHECK(f.asked<ask::Canvases>() != nullptr);
  f.reply(f.model.canvases.asked, 200, f.list({"main"}));
  CHECK(f.model.canvases.items.size() == 1);
  f.act(action::CloseDrawer{});
  f.tick(seconds{30});
  CHECK(f.asked<ask::Canvases>() == nullptr);
}

TEST_CASE("Canvases: small pictures come a few at a time, and again only where something was drawn") {
  ListFixture f;
  f.open();
  f.reply(f.id_of<ask::Canvases>(), 200, f.list({"a", "b", "c", "d", "e"}));
  auto asked = f.pictures();
  CHECK(asked.size() == 3);
  f.reply(asked[0].id, 200, ListFixture::dots(96));
  CHECK(f.model.canvases.items[0].picture->size.width == 96);
  REQUIRE(f.pictures().size() == 1);
  const AskId fourth = f.pictures()[0].id;
  f.reply(asked[1].id, 0);  // one that fails is not asked for over and over
  REQUIRE(f.pictures().size() == 1);
  f.reply(asked[2].id, 200, ListFixture::dots(96));
  f.reply(fourth, 200, ListFixture::dots(96));
  CHECK(f.pictures().empty());
  f.tick(seconds{11});
  auto again = f.list({"a", "b", "c", "d", "e"});
  again.items[2].seq = 5;
  f.reply(f.model.canvases.asked, 200, again);
  for (const effect::Ask& ask : f.pictures()) CHECK(std::get<ask::Picture>(ask.question).canvas == "c");
  CHECK(f.pictures().size() == 1);
}

TEST_CASE("Canvases: a list that does not come is said, keeps what it had, and is tried again") {
  ListFixture f;
  f.open();
  f.reply(f.id_of<ask::Canvases>(), 0);
  CHECK(f.model.canvases.error == Phrase{Text::SignInUnreachable, {}});
  CHECK_FALSE(f.model.canvases.loaded);
  f.tick(seconds{5});
  f.reply(f.id_of<ask::Canvases>(), 200, f.list({"main"}));
  CHECK_FALSE(f.model.canvases.error);
  f.act(action::ReadCanvases{});
  f.reply(f.model.canvases.asked, 500);
  CHECK(f.model.canvases.error);
  CHECK(f.model.canvases.items.size() == 1);
}

TEST_CASE("Canvases: a late picture, or one of a canvas that is gone, is of no account") {
  ListFixture f;
  f.open();
  f.reply(f.id_of<ask::Canvases>(), 200, f.list({"a"}));
  const AskId picture = f.pictures()[0].id;
  f.act(action::ReadCanvases{});
  f.reply(f.model.canvases.asked, 200, f.list({"b"}));
  f.reply(picture, 200, ListFixture::dots(96));
  REQUIRE(f.model.canvases.items.size() == 1);
  CHECK_FALSE(f.model.canvases.items[0].picture);
  f.act(action::Leave{});
  f.reply(picture, 200, ListFixture::dots(96));
  CHECK(f.model.canvases.items.empty());
}

TEST_CASE("Canvases: archived ones are asked for and shown last, by admins alone") {
  ListFixture guest;
  guest.open();
  CHECK_FALSE(std::get<ask::Canvases>(guest.asked<ask::Canvases>()->question).archived);
  ListFixture f(Role::Admin);
  f.open();
  CHECK(std::get<ask::Canvases>(f.asked<ask::Canvases>()->question).archived);
  auto all = f.list({"club", "early", "main"});
  all.items[1].archived = true;
  f.reply(f.model.canvases.asked, 200, all);
  REQUIRE(f.model.canvases.items.size() == 3);
  CHECK(f.model.canvases.items[2].setup.name == "early");
}

TEST_CASE("Canvases: at the end of a page the next one is read, and from then on both are kept new") {
  ListFixture f;
  f.open();
  CHECK(f.after() == "");
  f.reply(f.model.canvases.asked, 200, f.page("a", 100, true));
  CHECK(f.model.canvases.items.size() == 100);
  const auto pictured = f.pictures();
  REQUIRE(pictured.size() == 3);
  f.reply(pictured[0].id, 200, ListFixture::dots(96));
  f.act(action::ReadMoreCanvases{});
  CHECK(f.after() == "a99");
  const AskId second = f.model.canvases.asked;
  f.act(action::ReadMoreCanvases{});  // once is enough
  CHECK(f.asked<ask::Canvases>() == nullptr);
  f.reply(second, 200, f.page("b", 7, false));
  REQUIRE(f.model.canvases.items.size() == 107);
  CHECK(f.model.canvases.items[0].picture);
  CHECK(f.model.canvases.items[106].setup.name == "b16");
  f.act(action::ReadMoreCanvases{});
  CHECK(f.asked<ask::Canvases>() == nullptr);
  f.tick(seconds{11});
  CHECK(f.after() == "");
  f.reply(f.model.canvases.asked, 200, f.page("a", 100, true));
  CHECK(f.model.canvases.items.size() == 107);
  CHECK(f.after() == "a99");
  f.reply(f.model.canvases.asked, 200, f.page("c", 2, false));
  REQUIRE(f.model.canvases.items.size() == 102);
  CHECK(f.model.canvases.items[101].setup.name == "c11");
}

TEST_CASE("Canvases: a next page that does not come leaves the list, and one without a canvas ends it") {
  ListFixture f;
  f.open();
  f.reply(f.model.canvases.asked, 200, f.page("a", 100, true));
  f.act(action::ReadMoreCanvases{});
  f.reply(f.model.canvases.asked, 0);
  CHECK(f.model.canvases.items.size() == 100);
  CHECK(f.model.canvases.error);
  f.act(action::ReadCanvases{});
  f.reply(f.model.canvases.asked, 200, f.page("a", 100, true));
  CHECK(f.after() == "a99");
  auto empty = f.list({});
  empty.next = "a99";
  f.reply(f.model.canvases.asked, 200, empty);
  CHECK(f.asked<ask::Canvases>() == nullptr);
  CHECK(f.model.canvases.items.size() == 100);
  CHECK(f.model.canvases.next.empty());
}

TEST_CASE("Canvases: switching goes over the same connection, with one Enter") {
  ListFixture f;
  f.act(action::OpenCanvas{"club"});
  CHECK(f.all<effect::OpenConnection>().empty());
  REQUIRE(f.sent<Enter>().size() == 1);
  CHECK(f.sent<Enter>()[0].canvas == "club");
  f.entered.canvas.name = "club";
  f.hear(f.entered);
  CHECK(f.model.canvas.name == "club");
  f.act(action::OpenCanvas{"club"});
  CHECK(f.effects.empty());
}

TEST_CASE("Canvases: another size is followed live: the replica, the view, and what lay beyond the edge") {
  ListFixture f;
  f.model.marker = {Cell{500, 300}, true};
  f.act(action::Inspect{{550, 350}});
  CanvasInfo changed = f.entered.canvas;
  changed.width = 300;
  changed.height = 200;
  f.hear(CanvasChanged{changed});
  CHECK(f.model.replica.size() == Size{300, 200});
  CHECK(f.model.viewport.canvas() == Size{300, 200});
  CHECK_FALSE(f.model.marker.cell);
  CHECK(f.model.drawer == Drawer::None);
  CHECK(may_place(f.model, {500, 300}) == Obstacle::OutOfBounds);
  CHECK(f.model.survey.next == 0);
  changed.width = 2'000;
  f.hear(CanvasChanged{changed});
  CHECK(f.model.replica.size() == Size{2'000, 200});
  f.act(action::Fit{});
  f.tick(seconds{1});
  f.tick(seconds{1});
  CHECK(f.model.viewport.visible_cells().width == 2'000);
}

TEST_CASE("Canvases: a retired colour goes out of one's hand live") {
  ListFixture f;
  f.model.tool.color = 4;
  CanvasInfo changed = f.entered.canvas;
  changed.palette[4].retired = true;
  f.hear(CanvasChanged{changed});
  CHECK(f.model.tool.color != 4);
  CHECK(f.model.palette.allows(f.model.tool.color));
}
