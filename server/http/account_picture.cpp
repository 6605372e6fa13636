#include "server/http/account_picture.h"

#include <algorithm>

#include "server/core/problem.h"
#include "server/http/compress.h"
#include "server/http/picture_queue.h"
#include "server/http/pictures.h"
#include "server/http/router.h"
#include "server/http/services.h"
#include "shared/canvas/png.h"

namespace tessera {
namespace {

constexpr int compression = 3;
constexpr std::size_t page = 65'536;
constexpr Seq most_read = 64 * page;  // the newest placements of a canvas: what is older is not looked at
constexpr std::size_t greys = 16;

/// The picture on its way: one page of the journal at a time, so that other readers' work comes between.
struct Drawing {
  Hub::CanvasPicture state;
  std::vector<AccountId> accounts;
  std::vector<bool> theirs;  // cells that the account has placed on, row by row
  Seq since = 0;
  PictureQueue::Done done;

  Size size() const { return state.view.record.size; }
};
using DrawingPtr = std::shared_ptr<Drawing>;

/// Middle greys, before which black and white are seen alike, then as many of the canvas's colours as there is room for; a colour beyond them is drawn as the last grey.
Result<Palette> palette_of(const Palette& canvas) {
  std::vector<PaletteColor> colors;
  const auto is_grey = [&](const PaletteColor& color) {
    return std::any_of(colors.begin(), colors.end(), [&](const PaletteColor& each) { return each.color == color.color; });
  };
  for (std::size_t i = 0; i < greys; ++i) {
    const auto level = static_cast<std::uint8_t>(104 + i * 3);
    colors.push_back({{level, level, static_cast<std::uint8_t>(level + 1)}, {}, false});
  }
  for (PaletteColor color : canvas.colors()) {
    color.name.clear();
    while (is_grey(color)) ++color.color.b;  // no two may be alike
    if (colors.size() < Palette::max_colors) colors.push_back(std::move(color));
  }
  return Palette::make(std::move(colors));
}

ColorIndex greyed(const Palette& palette, ColorIndex color) {
  if (!palette.contains(color)) return empty_color;
  const Rgb rgb = palette[color].color;
  return static_cast<ColorIndex>((rgb.r * 299u + rgb.g * 587u + rgb.b * 114u) / 1'000u * greys / 256u);
}

void draw(const Drawing& drawing) {
  const CanvasRecord& record = drawing.state.view.record;
  const Size size = drawing.size();
  std::vector<ColorIndex> cells = drawing.state.picture->indices({0, 0, size.width, size.height});
  const auto palette = palette_of(record.palette);
  if (!palette) return drawing.done(problem(500, "internal", "the picture cannot be made: " + palette.error().message));
  for (std::size_t i = 0; i < cells.size(); ++i) {
    const bool is_shown = drawing.theirs[i] && cells[i] != empty_color && cells[i] + greys < palette->size();
    cells[i] = is_shown ? static_cast<ColorIndex>(cells[i] + greys) : greyed(record.palette, cells[i]);
  }
  auto png = write_png(cells, size, *palette, 1, deflate_compressor(compression));
  if (!png) return drawing.done(problem(500, "internal", "the picture cannot be made: " + png.error().message));
  PictureQueue::Picture picture;
  picture.response.add("Content-Type", "image/png");
  picture.response.add("Cache-Control", "no-store");
  picture.response.add("X-Tessera-Seq", std::to_string(drawing.state.view.seq));
  picture.response.add("X-Tessera-First-Seq", std::to_string(drawing.state.view.seq - std::min(drawing.state.view.seq, most_read) + 1));
  picture.response.body = std::make_shared<const Bytes>(std::move(*png));
  drawing.done(std::move(picture));
}

void read_page(const HttpServices& services, const DrawingPtr& drawing, StoreReader& reader);

void read_on(const HttpServices& services, const DrawingPtr& drawing) {
  const auto job = [&services, drawing](StoreReader& reader) { read_page(services, drawing, reader); };
  if (!services.readers.post(job)) drawing->done(busy_problem());
}

void read_page(const HttpServices& services, const DrawingPtr& drawing, StoreReader& reader) {
  const auto placements = reader.placements(drawing->state.view.record.id, drawing->since, page);
  if (!placements) return drawing->done(problem(500, "storage", "the store cannot be read: " + placements.error().message));
  for (const Placement& placement : *placements) {
    const bool is_theirs = std::find(drawing->accounts.begin(), drawing->accounts.end(), placement.account) != drawing->accounts.end();
    const bool is_own = placement.kind != PlacementKind::Undo && placement.kind != PlacementKind::Rollback;
    const bool is_within = placement.cell.x < drawing->size().width && placement.cell.y < drawing->size().height;
    if (is_theirs && is_own && is_within) drawing->theirs[std::size_t{placement.cell.y} * drawing->size().width + placement.cell.x] = true;
    drawing->since = placement.seq;
  }
  if (placements->size() == page && drawing->since < drawing->state.view.seq) return read_on(services, drawing);
  const bool posted = services.workers.post(Workers::Urgency::Picture, [drawing] { draw(*drawing); });
  if (!posted) drawing->done(busy_problem());
}

PictureQueue::Make make_picture(const HttpServices& services, const std::string& canvas, std::vector<AccountId> accounts) {
  return [&services, canvas, accounts = std::move(accounts)](PictureQueue::Done done) {
    services.hub.picture(canvas, [&services, accounts, done = std::move(done)](const std::optional<Hub::CanvasPicture>& state) {
      if (!state) return done(problem(404, "not_found", "there is no such canvas"));
      const Size size = state->view.record.size;
      if (size.cells() > most_picture_dots) return done(problem(413, "too_large", "this canvas has too many cells for one picture"));
      const auto drawing = std::make_shared<Drawing>();
      drawing->state = *state;
      drawing->accounts = accounts;
      drawing->theirs.resize(size.cells());
      drawing->since = state->view.seq - std::min(state->view.seq, most_read);
      drawing->done = done;
      read_on(services, drawing);
    });
  };
}

void answer(const HttpServices& services, const CallPtr& call) {
  const AccountId id{static_cast<std::uint32_t>(call->number("account"))};
  services.hub.profile(call->account.id, id, on_worker<Changed<AccountProfile>>(services, call, [&services, call, id](const Changed<AccountProfile>& reply) {
                         if (reply.refused) return refuse(call, *reply.refused, reply.detail);
                         std::vector<AccountId> accounts = reply.current->aliases;
                         accounts.push_back(reply.current->account.id);
                         const std::string key = call->text("canvas") + " account " + std::to_string(static_cast<std::uint32_t>(id));
                         services.pictures.order(key, make_picture(services, call->text("canvas"), std::move(accounts)), [call](const PictureQueue::Made& made) {
                           call->answer(HttpResponse(made ? made->response : made.error()));
                         });
                       }));
}

}  // namespace

void add_account_picture(Router& router, const HttpServices& services) {
  router.add({.pattern = "/api/v1/canvases/{canvas}/accounts/{account}/placements.png",
              .who = Who::Moderator,
              .summary = "Where an account placed: those cells in colour, the rest of the canvas grey; of the newest 4,194,304 placements",
              .path = {canvas_parameter(), account_parameter()},
              .answers = {{200, "the picture; X-Tessera-First-Seq tells from where on it was looked at", "", "image/png"}, {413, "more cells than are drawn"}},
              .handler = [&services](const CallPtr& call) { answer(services, call); }});
}

}  // namespace tessera
