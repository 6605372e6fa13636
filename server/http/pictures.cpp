#include "server/http/pictures.h"

#include <algorithm>
#include <array>

#include "server/core/problem.h"
#include "server/http/compress.h"
#include "server/http/etag.h"
#include "server/http/past.h"
#include "server/http/picture_queue.h"
#include "server/http/router.h"
#include "server/http/routes.h"
#include "server/http/shapes.h"

namespace tessera {
namespace {

constexpr int picture_compression = 3;
constexpr int bitmap_compression = 3;

enum class Format { Png, Bitmap };

/// What to draw, apart from the state to draw it of.
struct Wanted {
  Format format = Format::Png;
  std::optional<Rect> region;
  std::uint32_t scale = 1;
  std::optional<std::uint32_t> fit;  // most dots along the longer side
};

std::string tag_of(const CanvasRecord& record, Seq seq) {
  return "\"" + epoch_text(record.epoch) + "-" + std::to_string(seq) + "-" + std::to_string(record.version) + "\"";
}

Rect whole(Size size) { return {0, 0, size.width, size.height}; }

/// Nothing where this may be drawn of a canvas of that size.
std::optional<HttpResponse> refuse(const Wanted& wanted, Size size) {
  const Rect region = wanted.region.value_or(whole(size));
  if (region.intersect(whole(size)) != region)
    return problem(400, "out_of_bounds", "region leaves the canvas, which has " + std::to_string(size.width) + "×" +
                                             std::to_string(size.height) + " cells");
  const std::uint64_t dots = std::uint64_t{region.width} * region.height * wanted.scale * wanted.scale;
  if (dots <= most_picture_dots) return std::nullopt;
  return problem(413, "too_large", "this would have " + std::to_string(dots) + " dots; at most " +
                                       std::to_string(most_picture_dots) + " are drawn: ask for a smaller region or scale");
}

/// The size that a region shrinks to, so that its longer side has at most `fit` dots.
Size fitted(Size size, std::uint32_t fit) {
  const std::uint32_t longer = std::max(size.width, size.height);
  if (longer <= fit) return size;
  const auto shrink = [&](std::uint32_t side) { return std::max<std::uint32_t>(1, static_cast<std::uint32_t>(std::uint64_t{side} * fit / longer)); };
  return {shrink(size.width), shrink(size.height)};
}

/// Each dot has the colour that most of its cells have; those never drawn count only where all are.
std::vector<ColorIndex> shrink(const std::vector<ColorIndex>& cells, Size from, Size to) {
  std::vector<ColorIndex> dots;
  dots.reserve(to.cells());
  for (std::uint64_t y = 0; y < to.height; ++y) {
    for (std::uint64_t x = 0; x < to.width; ++x) {
      std::array<std::uint32_t, 256> counts{};
      for (std::uint64_t row = y * from.height / to.height; row < (y + 1) * from.height / to.height; ++row)
        for (std::uint64_t column = x * from.width / to.width; column < (x + 1) * from.width / to.width; ++column)
          ++counts[cells[row * from.width + column]];
      const auto most = std::max_element(counts.begin(), counts.begin() + empty_color);
      dots.push_back(*most > 0 ? static_cast<ColorIndex>(most - counts.begin()) : empty_color);
    }
  }
  return dots;
}

/// Draws on a worker.
PictureQueue::Made draw(const Wanted& wanted, const CanvasRecord& record, Seq seq, const std::vector<ColorIndex>& cells) {
  const Rect region = wanted.region.value_or(whole(record.size));
  PictureQueue::Picture picture{tag_of(record, seq), {}};
  HttpResponse& response = picture.response;
  response.add("Cache-Control", "no-cache");
  response.add("X-Tessera-Seq", std::to_string(seq));
  response.add("X-Tessera-Epoch", epoch_text(record.epoch));
  if (wanted.format == Format::Bitmap) {
    response.add("Content-Type", "application/octet-stream");
    response.add("Content-Encoding", "gzip");
    response.body = std::make_shared<const Bytes>(gzip(cells, bitmap_compression));
    return picture;
  }
  const Size whole_size{region.width, region.height};
  const Size size = wanted.fit ? fitted(whole_size, *wanted.fit) : whole_size;
  auto png = write_png(size == whole_size ? cells : shrink(cells, whole_size, size), size, record.palette, wanted.scale,
                       deflate_compressor(picture_compression));
  if (!png) return problem(500, "internal", "the picture cannot be made: " + png.error().message);
  response.add("Content-Type", "image/png");
  response.body = std::make_shared<const Bytes>(std::move(*png));
  return picture;
}

/// Draws the newest committed state, whatever it is by then.
PictureQueue::Make make_current(const HttpServices& services, const std::string& canvas, const Wanted& wanted) {
  return [&hub = services.hub, &workers = services.workers, canvas, wanted](PictureQueue::Done done) {
    hub.picture(canvas, [&workers, wanted, done = std::move(done)](const std::optional<Hub::CanvasPicture>& state) {
      if (!state) return done(problem(404, "not_found", "there is no such canvas"));
      if (auto refusal = refuse(wanted, state->view.record.size)) return done(std::move(*refusal));
      const bool posted = workers.post(Workers::Urgency::Picture, [state, wanted, done] {
        const CanvasRecord& record = state->view.record;
        done(draw(wanted, record, state->view.seq, state->picture->indices(wanted.region.value_or(whole(record.size)))));
      });
      if (!posted) done(busy_problem());
    });
  };
}

/// Draws a state of the past.
PictureQueue::Make make_past(const HttpServices& services, const CanvasView& now, const PointInTime& at,
                             const Wanted& wanted) {
  return [&readers = services.readers, &workers = services.workers, now, at, wanted](const PictureQueue::Done& done) {
    const bool posted = readers.post([&workers, now, at, wanted, done](StoreReader& reader) {
      const auto failed = [&](const Error& error) {
        done(problem(500, "storage", "the store cannot be read: " + error.message));
      };
      const auto past = canvas_at(reader, now, at);
      if (!past) return failed(past.error());
      if (!*past) return done(problem(404, "not_found", "the canvas has no such moment: it was not there yet, or has not come so far"));
      if (auto refusal = refuse(wanted, (**past).record.size)) return done(std::move(*refusal));
      auto cells = cells_at(reader, **past, wanted.region.value_or(whole((**past).record.size)));
      if (!cells) return failed(cells.error());
      const bool drawn = workers.post(Workers::Urgency::Picture,
                                      [past = **past, wanted, done, cells = std::move(*cells)] {
                                        done(draw(wanted, past.record, past.seq, cells));
                                      });
      if (!drawn) done(busy_problem());
    });
    if (!posted) done(busy_problem());
  };
}

std::string key_of(const std::string& canvas, const Wanted& wanted, const PointInTime* at) {
  std::string key = canvas + (wanted.format == Format::Png ? " png " : " bitmap ") + std::to_string(wanted.scale);
  if (wanted.region) {
    for (const std::uint32_t number : {wanted.region->x, wanted.region->y, wanted.region->width, wanted.region->height})
      key += " " + std::to_string(number);
  }
  if (wanted.fit) key += " fit " + std::to_string(*wanted.fit);
  if (at && std::holds_alternative<Seq>(*at)) key += " seq " + std::to_string(std::get<Seq>(*at));
  if (at && std::holds_alternative<WallTime>(*at)) key += " time " + std::to_string(ms(std::get<WallTime>(*at)));
  return key;
}

void answer_wanted(const HttpServices& services, const CallPtr& call, const Wanted& wanted) {
  with_canvas(services, call, [&services, call, wanted](const CanvasView& view) {
    const auto* at = call->find<PointInTime>("at");
    const std::string key = key_of(view.record.name, wanted, at);
    const std::string tag = tag_of(view.record, view.seq);
    if (!at) {
      if (auto refusal = refuse(wanted, view.record.size)) return call->answer(std::move(*refusal));
      HttpResponse unchanged = with_tag(call->request, {}, tag);
      if (unchanged.status == 304) {
        unchanged.add("Cache-Control", "no-cache");
        return call->answer(std::move(unchanged));
      }
      if (const auto kept = services.pictures.find(key, tag)) return call->answer(with_tag(call->request, kept->response, tag));
    }
    services.pictures.order(
        key, at ? make_past(services, view, *at, wanted) : make_current(services, view.record.name, wanted),
        [call](const PictureQueue::Made& made) {
          if (made) call->answer(with_tag(call->request, made->response, made->tag));
          else call->answer(HttpResponse(made.error()));
        });
  });
}

}  // namespace

void answer_picture(const HttpServices& services, const CallPtr& call) {
  Wanted wanted;
  if (const Rect* region = call->find<Rect>("region")) wanted.region = *region;
  if (const auto* scale = call->find<std::uint64_t>("scale")) wanted.scale = static_cast<std::uint32_t>(*scale);
  if (const auto* fit = call->find<std::uint64_t>("fit")) wanted.fit = static_cast<std::uint32_t>(*fit);
  if (wanted.fit && wanted.scale != 1) return call->refuse(400, "invalid", "fit and scale do not go together: a picture is shrunk or enlarged");
  answer_wanted(services, call, wanted);
}

void answer_bitmap(const HttpServices& services, const CallPtr& call) {
  answer_wanted(services, call, {.format = Format::Bitmap, .region = std::nullopt, .scale = 1, .fit = std::nullopt});
}

void add_picture_routes(Router& router, const HttpServices& services) {
  const auto limited = [&services](auto answer) {
    return [&services, answer](const CallPtr& call) {
      if (refuse_often(services.wide_reads, services.clock, call)) return;
      answer(services, call);
    };
  };
  router.add({.pattern = "/api/v1/canvases/{canvas}/image.png",
              .summary = "The canvas as a PNG: now, just after a placement, or at a time",
              .path = {canvas_parameter()},
              .query = {{.name = "at", .kind = ParameterKind::Instant, .about = "a seq, or a time as RFC 3339"},
                        {.name = "region", .kind = ParameterKind::Region, .about = "x,y,width,height in cells"},
                        {.name = "scale", .kind = ParameterKind::Number, .min = 1, .max = largest_scale, .otherwise = 1,
                         .about = "dots along a cell's side"},
                        {.name = "fit", .kind = ParameterKind::Number, .min = 16, .max = 512, .about = "shrinks to so many dots along the longer side"}},
              .answers = {{200, "the picture", "", "image/png"},
                          not_changed,
                          {413, "more dots than are drawn"},
                          too_many_reads},
              .handler = limited(answer_picture)});
  router.add({.pattern = "/api/v1/canvases/{canvas}/bitmap",
              .summary = "Width × height palette indices, row by row; 255 where never drawn",
              .path = {canvas_parameter()},
              .answers = {{200, "the indices; X-Tessera-Seq and X-Tessera-Epoch say of when", "", "application/octet-stream"},
                          not_changed,
                          too_many_reads},
              .handler = limited(answer_bitmap)});
}

}  // namespace tessera
