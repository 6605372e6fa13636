#include <algorithm>

#include "app/model/turn.h"

/// The canvases of this server, with small pictures, while their list is open.
namespace tessera {
namespace {

constexpr Duration again_time{10'000'000};
constexpr Duration again_soon{4'000'000};
constexpr std::ptrdiff_t pictures_at_once = 3;

/// What was known of a canvas stays, so that its picture need not come anew.
void take_items(CanvasList& list, std::vector<CanvasSetup> items) {
  std::vector<ListedCanvas> before = std::exchange(list.items, {});
  for (CanvasSetup& setup : items) {
    const auto known = std::find_if(before.begin(), before.end(),
                                    [&](const ListedCanvas& entry) { return entry.setup.name == setup.name; });
    ListedCanvas entry;
    if (known != before.end()) entry = std::move(*known);
    entry.failed = entry.failed && entry.setup.seq == setup.seq;
    entry.setup = std::move(setup);
    list.items.push_back(std::move(entry));
  }
  std::stable_sort(list.items.begin(), list.items.end(), [](const ListedCanvas& a, const ListedCanvas& b) {
    return a.setup.archived < b.setup.archived;
  });
}

bool outdated(const ListedCanvas& entry) {
  if (entry.failed || entry.asked != unasked) return false;
  return !entry.picture || entry.picture->epoch != entry.setup.epoch || entry.picture->seq != entry.setup.seq;
}

void ask_pictures(Turn& turn) {
  std::vector<ListedCanvas>& items = turn.model.canvases.items;
  auto asking = std::count_if(items.begin(), items.end(), [](const ListedCanvas& e) { return e.asked != unasked; });
  for (ListedCanvas& entry : items) {
    if (asking >= pictures_at_once) return;
    if (!outdated(entry)) continue;
    entry.asked = ask_question(turn, ask::Picture{entry.setup.name});
    ++asking;
  }
}

/// Admins are told of archived ones too.
void ask_page(Turn& turn, const std::string& after) {
  turn.model.canvases.asked = ask_question(turn, ask::Canvases{is_admin(turn.model), after});
}

}  // namespace

void read_canvases(Turn& turn) {
  CanvasList& list = turn.model.canvases;
  if (turn.model.connection.server.empty()) return;
  list.again_at.reset();
  if (list.asked != unasked) return;
  list.coming.clear();
  ask_page(turn, {});
}

void read_more_canvases(Turn& turn) {
  CanvasList& list = turn.model.canvases;
  if (list.asked != unasked || list.next.empty()) return;
  list.again_at.reset();
  list.wanted += CanvasList::page;
  list.coming.clear();
  for (const ListedCanvas& entry : list.items) list.coming.push_back(entry.setup);
  ask_page(turn, list.next);
}

void canvases_came(Turn& turn, const Response& response, const QuestionAnswer& answer) {
  CanvasList& list = turn.model.canvases;
  list.asked = unasked;
  const auto* page = std::get_if<answer::Canvases>(&answer);
  list.again_at = turn.now() + (page ? again_time : again_soon);
  if (!page) {
    list.error = failure(turn.model, response);
    return ask_pictures(turn);
  }
  list.error.reset();
  list.coming.insert(list.coming.end(), page->items.begin(), page->items.end());
  // A page without a canvas leads nowhere.
  const bool more = !page->next.empty() && !page->items.empty();
  if (more && list.coming.size() < list.wanted) return ask_page(turn, page->next);
  list.next = more ? page->next : std::string();
  take_items(list, std::exchange(list.coming, {}));
  list.loaded = true;
  ask_pictures(turn);
}

void picture_came(Turn& turn, ListedCanvas& entry, const QuestionAnswer& answer) {
  CanvasList& list = turn.model.canvases;
  entry.asked = unasked;
  const auto* picture = std::get_if<answer::Picture>(&answer);
  entry.failed = picture == nullptr;
  if (picture) {
    entry.picture = SmallPicture{entry.setup.epoch, entry.setup.seq, picture->size, picture->rgba};
    ++list.pictures;
  }
  ask_pictures(turn);
}

void open_canvas(Turn& turn, const std::string& canvas) {
  Link link;
  link.server = turn.model.connection.server;
  link.canvas = canvas;
  if (link.server.empty() || canvas == turn.model.canvas.name) return;
  if (turn.live()) remember_recent(turn);
  go_to_link(turn, link);
}

void tick_canvases(Turn& turn) {
  const Model& model = turn.model;
  const CanvasList& list = model.canvases;
  if (model.drawer == Drawer::Canvases && list.again_at && turn.now() >= *list.again_at) read_canvases(turn);
}

}  // namespace tessera
