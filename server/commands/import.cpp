#include "server/commands/import.h"

#include <algorithm>
#include <set>
#include <tuple>
#include <unordered_map>

#include "shared/base/crc32c.h"
#include "shared/base/text.h"
#include "shared/canvas/canvas.h"

namespace tessera {
namespace {

constexpr std::size_t batch_placements = 100'000;
constexpr std::size_t name_code_points = 32;

struct Bounds {
  std::int32_t min_x = 0, min_y = 0, max_x = 0, max_y = 0;
};

Bounds bounds_of(const std::vector<DatasetRow>& rows) {
  Bounds bounds;
  for (const DatasetRow& row : rows) {
    const std::int32_t reach = row.shape == Shape::Circle ? row.x2 : 0;
    const bool rectangle = row.shape == Shape::Rectangle;
    bounds.min_x = std::min(bounds.min_x, row.x - reach);
    bounds.min_y = std::min(bounds.min_y, row.y - reach);
    bounds.max_x = std::max(bounds.max_x, rectangle ? row.x2 : row.x + reach);
    bounds.max_y = std::max(bounds.max_y, rectangle ? row.y2 : row.y + reach);
  }
  return bounds;
}

/// Calls `draw(x, y)` for every cell of a row's shape, row by row, in the dataset's coordinates.
void for_each_cell(const DatasetRow& row, const auto& draw) {
  if (row.shape == Shape::Point) return draw(row.x, row.y);
  if (row.shape == Shape::Rectangle) {
    for (std::int32_t y = row.y; y <= row.y2; ++y)
      for (std::int32_t x = row.x; x <= row.x2; ++x) draw(x, y);
    return;
  }
  const std::int64_t radius = row.x2;
  for (std::int64_t dy = -radius; dy <= radius; ++dy)
    for (std::int64_t dx = -radius; dx <= radius; ++dx)
      if (dx * dx + dy * dy <= radius * radius)
        draw(static_cast<std::int32_t>(row.x + dx), static_cast<std::int32_t>(row.y + dy));
}

std::string account_name(const std::string& user) {
  if (auto name = display_name(user, name_code_points)) return *name;
  // Longer names (the public datasets' hashes) are cut: their first characters tell them apart.
  if (is_utf8(user) && user.size() > name_code_points)
    if (auto name = display_name(std::string_view(user).substr(0, name_code_points), name_code_points)) return *name;
  return "imported";
}

/// One import into one canvas: what is known of it, and the batch being gathered.
class Import {
 public:
  Import(Store& store, const ImportOptions& options, const Clock& clock, RandomSource& random)
      : store_(store), options_(options), clock_(clock), random_(random) {}

  Result<ImportReport> run(Dataset& dataset);

 private:
  Status open(const Dataset& dataset);
  Status open_existing(const StoreContents::StoredCanvas& stored);
  Status create(const Dataset& dataset);
  Result<Palette> palette_for(const Dataset& dataset) const;
  void map_colors(const Dataset& dataset);
  void map_accounts(const Dataset& dataset, const StoreContents& contents);
  Status find_stored_instant(StoreReader& reader, Seq last_seq);
  bool already_stored(const Placement& placement);
  void add_row(const DatasetRow& row);
  Status commit();
  Status check_stored();
  Status checkpoint();
  /// Not hidden by a smaller size since.
  bool shown(TileIndex tile) const { return tile.tx < record_.size.tile_columns() && tile.ty < record_.size.tile_rows(); }
  void skip(const char* reason) { ++report_.skipped[reason].count; }

  Store& store_;
  const ImportOptions& options_;
  const Clock& clock_;
  RandomSource& random_;

  CanvasRecord record_;
  Canvas cells_{Size{}};
  std::vector<std::pair<TileIndex, TilePicture>> base_;
  std::vector<Seq> tile_seqs_ = std::vector<Seq>(65'536, 0);
  std::vector<bool> touched_ = std::vector<bool>(65'536, false);
  ImportOptions::Origin origin_;
  std::vector<ColorIndex> colors_;  // of the dataset's; empty_color: not in the palette
  std::vector<AccountId> accounts_;
  std::vector<AccountRecord> new_accounts_;
  WallTime last_time_{};
  std::multiset<std::tuple<Cell, ColorIndex, AccountId>> stored_instant_;
  std::shared_ptr<Batch> batch_;
  WriteSet set_;
  ImportReport report_;
};

Result<ImportReport> Import::run(Dataset& dataset) {
  report_.skipped = dataset.skipped;
  if (auto opened = open(dataset); !opened) return opened.error();
  batch_ = std::make_shared<Batch>();
  batch_->canvas = record_.id;
  const std::size_t all = dataset.rows.size();
  for (std::size_t i = 0; i < all; ++i) {
    const bool instant_ends = i == 0 || dataset.rows[i].time != dataset.rows[i - 1].time;
    if (batch_->placements.size() >= batch_placements && instant_ends) {
      if (auto committed = commit(); !committed) return committed.error();
      if (options_.progress) options_.progress(i, all);
      if (options_.stop != nullptr && options_.stop->load(std::memory_order_relaxed)) {
        report_.stopped = true;
        break;
      }
    }
    add_row(dataset.rows[i]);
  }
  if (auto committed = commit(); !committed) return committed.error();
  if (auto checked = check_stored(); !checked) return checked.error();
  if (auto saved = checkpoint(); !saved) return saved.error();
  return report_;
}

Status Import::open(const Dataset& dataset) {
  auto contents = store_.contents(clock_.wall());
  if (!contents) return contents.error();
  const StoreContents::StoredCanvas* found = nullptr;
  std::uint32_t next_id = 1;
  for (const auto& stored : contents->canvases) {
    next_id = std::max(next_id, static_cast<std::uint32_t>(stored.record.id) + 1);
    if (stored.record.name == options_.canvas && !stored.record.archived) found = &stored;
  }
  record_.id = CanvasId{next_id};
  record_.epoch = Epoch{random_.next_u64()};
  map_accounts(dataset, *contents);
  if (found != nullptr) {
    if (auto opened = open_existing(*found); !opened) return opened.error();
  } else {
    if (auto created = create(dataset); !created) return created.error();
  }
  set_.accounts = std::move(new_accounts_);
  map_colors(dataset);
  return {};
}

Status Import::open_existing(const StoreContents::StoredCanvas& stored) {
  if (options_.base)
    return Error{"The canvas '" + options_.canvas + "' is there already, so it cannot begin with --base. Leave it out, or name a new canvas."};
  const Epoch epoch = record_.epoch;
  record_ = stored.record;
  record_.epoch = epoch;
  set_.canvases.push_back(record_);
  last_time_ = stored.last_time;
  report_.last_seq = stored.last_seq;
  cells_ = Canvas(record_.size);
  if (options_.origin) origin_ = *options_.origin;
  auto reader = store_.reader();
  if (!reader) return reader.error();
  auto tiles = (*reader)->load_tiles(record_.id);
  if (!tiles) return tiles.error();
  for (const TileAt& tile : *tiles) {
    if (!shown(tile.tile)) continue;
    cells_.replace(tile.tile, tile.picture);
    tile_seqs_[tile.tile.key()] = tile.seq;
  }
  return find_stored_instant(**reader, stored.last_seq);
}

/// Which placements of the last stored instant are there: an import that was stopped may end in the middle of one.
Status Import::find_stored_instant(StoreReader& reader, Seq last_seq) {
  constexpr Seq step = 1'000;
  for (Seq until = last_seq; until > 0;) {
    const Seq since = until > step ? until - step : 0;
    const auto placements = reader.placements(record_.id, since, static_cast<std::size_t>(until - since));
    if (!placements) return placements.error();
    for (const Placement& placement : *placements)
      if (placement.time == last_time_) stored_instant_.emplace(placement.cell, placement.color, placement.account);
    if (placements->empty() || placements->front().time != last_time_) break;
    until = since;
  }
  return {};
}

Status Import::create(const Dataset& dataset) {
  const Bounds bounds = bounds_of(dataset.rows);
  auto palette = palette_for(dataset);
  if (!palette) return palette.error();
  Size size;
  if (options_.origin) origin_ = *options_.origin;
  if (options_.base) {
    size = options_.base->size;
  } else if (dataset.rows.empty()) {
    return Error{"The file has no rows that can be read, so it cannot tell a new canvas's size. Nothing was imported."};
  } else if (options_.origin) {
    if (bounds.max_x < origin_.x || bounds.max_y < origin_.y) return Error{"--origin lies beyond everything in the file."};
    size = {static_cast<std::uint32_t>(bounds.max_x - origin_.x + 1), static_cast<std::uint32_t>(bounds.max_y - origin_.y + 1)};
  } else {
    // (0, 0) is the middle along a side that has negative coordinates, else the corner.
    const auto side = [](std::int32_t low, std::int32_t high) {
      return static_cast<std::uint32_t>(low < 0 ? 2 * std::max(-low, high + 1) : high + 1);
    };
    size = {side(bounds.min_x, bounds.max_x), side(bounds.min_y, bounds.max_y)};
  }
  if (!options_.origin) {
    if (bounds.min_x < 0) origin_.x = -static_cast<std::int32_t>(size.width / 2);
    if (bounds.min_y < 0) origin_.y = -static_cast<std::int32_t>(size.height / 2);
  }
  if (size.width > max_canvas_side || size.height > max_canvas_side || size.cells() > options_.max_cells)
    return Error{"The canvas would have " + std::to_string(size.width) + "×" + std::to_string(size.height) +
                 " cells, more than --max-cells allows. Give --origin and a smaller file, or raise --max-cells."};
  record_.name = options_.canvas;
  record_.size = size;
  record_.palette = std::move(*palette);
  record_.created = dataset.rows.empty() ? clock_.wall() : std::min(clock_.wall(), dataset.rows.front().time);
  record_.policy = Policy{};
  cells_ = Canvas(size);
  if (options_.base) {
    for (std::uint32_t y = 0; y < size.height; ++y)
      for (std::uint32_t x = 0; x < size.width; ++x) {
        const ColorIndex color = options_.base->indices[std::size_t{y} * size.width + x];
        if (color != empty_color) cells_.set(Cell{static_cast<std::uint16_t>(x), static_cast<std::uint16_t>(y)}, color);
      }
    for (std::uint32_t ty = 0; ty < size.tile_rows(); ++ty)
      for (std::uint32_t tx = 0; tx < size.tile_columns(); ++tx) {
        const TileIndex tile{static_cast<std::uint8_t>(tx), static_cast<std::uint8_t>(ty)};
        set_.checkpoints.push_back({record_.id, tile, 0, cells_.picture(tile), true});
      }
  }
  set_.canvases.push_back(record_);
  set_.events.push_back({record_.id, CanvasEvent{0, record_.created, record_}});
  report_.created = true;
  return {};
}

Result<Palette> Import::palette_for(const Dataset& dataset) const {
  const Palette usual = options_.base ? options_.base->palette : Palette::r_place_2022();
  std::vector<PaletteColor> colors;
  if (options_.base) {
    colors = usual.colors();
  } else if (dataset.color_indices ||
             (!dataset.fixed_palette && std::all_of(dataset.colors.begin(), dataset.colors.end(),
                                                    [&](Rgb color) { return usual.find(color).has_value(); }))) {
    return usual;
  }
  for (Rgb color : dataset.colors)
    if (std::none_of(colors.begin(), colors.end(), [&](const PaletteColor& known) { return known.color == color; }))
      colors.push_back({color, format_color(color), false});
  if (colors.size() > Palette::max_colors)
    return Error{"The file has " + std::to_string(colors.size()) + " colours; a palette holds 255 at most."};
  return Palette::make(std::move(colors));
}

void Import::map_colors(const Dataset& dataset) {
  if (dataset.color_indices) {
    for (std::size_t i = 0; i < record_.palette.size(); ++i) colors_.push_back(static_cast<ColorIndex>(i));
    return;
  }
  for (Rgb color : dataset.colors) colors_.push_back(record_.palette.find(color).value_or(empty_color));
}

void Import::map_accounts(const Dataset& dataset, const StoreContents& contents) {
  std::unordered_map<std::string, AccountId> known;
  std::uint32_t next = 1;
  for (const AccountRecord& account : contents.accounts) {
    next = std::max(next, static_cast<std::uint32_t>(account.id) + 1);
    if (account.kind == AccountKind::Imported) known.emplace(account.name, account.id);
  }
  const WallTime now = clock_.wall();
  accounts_.reserve(dataset.users.size());
  for (const std::string& user : dataset.users) {
    const auto [entry, is_new] = known.try_emplace(account_name(user), AccountId{next});
    if (is_new) {
      AccountRecord& account = new_accounts_.emplace_back();
      account.id = AccountId{next};
      account.name = entry->first;
      account.kind = AccountKind::Imported;
      account.created = now;
      ++next;
    }
    accounts_.push_back(entry->second);
  }
}

bool Import::already_stored(const Placement& placement) {
  if (placement.time != last_time_ || stored_instant_.empty()) return false;
  const auto found = stored_instant_.find({placement.cell, placement.color, placement.account});
  if (found == stored_instant_.end()) return false;
  stored_instant_.erase(found);
  return true;
}

void Import::add_row(const DatasetRow& row) {
  if (row.time < last_time_) return skip("older than what is stored");
  ColorIndex color = empty_color;
  if (row.color != DatasetRow::no_color) {
    color = row.color < colors_.size() ? colors_[row.color] : empty_color;
    if (color == empty_color) return skip("colour not in the canvas's palette");
  }
  bool outside = false, stored = false;
  for_each_cell(row, [&](std::int32_t x, std::int32_t y) {
    const std::int64_t cx = std::int64_t{x} - origin_.x, cy = std::int64_t{y} - origin_.y;
    if (cx < 0 || cy < 0 || cx >= record_.size.width || cy >= record_.size.height) {
      outside = true;
      return;
    }
    const Cell cell{static_cast<std::uint16_t>(cx), static_cast<std::uint16_t>(cy)};
    Placement placement{report_.last_seq + 1, row.time, accounts_[row.user], cell, color};
    if (already_stored(placement)) {
      stored = true;
      return;
    }
    ++report_.last_seq;
    const std::uint16_t key = tile_of(cell).key();
    tile_seqs_[key] = placement.seq;
    touched_[key] = true;
    cells_.set(cell, color);
    placement.kind = PlacementKind::Import;
    batch_->placements.push_back(placement);
  });
  if (outside) skip("reaches outside the canvas");
  if (stored) skip("stored already");
}

Status Import::commit() {
  report_.placements += batch_->placements.size();
  if (!batch_->placements.empty()) set_.batches.push_back(batch_);
  if (set_.empty()) return {};
  const CommitResult result = store_.commit(set_);
  if (result.outcome != CommitOutcome::Stored)
    return Error{"The import stopped, because the store could not write: " + result.message};
  set_ = {};
  batch_ = std::make_shared<Batch>();
  batch_->canvas = record_.id;
  batch_->placements.reserve(batch_placements + 1'000);
  return {};
}

Status Import::check_stored() {
  auto reader = store_.reader();
  if (!reader) return reader.error();
  const auto tiles = (*reader)->load_tiles(record_.id);
  if (!tiles) return tiles.error();
  std::size_t drawn = 0;
  for (const TileAt& tile : *tiles) {
    if (!shown(tile.tile)) continue;
    const std::uint16_t key = tile.tile.key();
    if (tile.seq != tile_seqs_[key] || crc32c(tile.picture->bytes()) != cells_.checksum(tile.tile))
      return Error{"What was stored is not what the file says: tile (" + std::to_string(tile.tile.tx) + ", " +
                   std::to_string(tile.tile.ty) + ") differs. The disk may be failing; run 'tessera-server verify'."};
    if (touched_[key]) ++drawn;
  }
  if (drawn != static_cast<std::size_t>(std::count(touched_.begin(), touched_.end(), true)))
    return Error{"What was stored is not what the file says: a tile is missing. Run 'tessera-server verify'."};
  return {};
}

Status Import::checkpoint() {
  for (std::uint32_t key = 0; key < touched_.size(); ++key) {
    if (!touched_[key]) continue;
    const TileIndex tile = TileIndex::from_key(static_cast<std::uint16_t>(key));
    set_.checkpoints.push_back({record_.id, tile, tile_seqs_[key], cells_.picture(tile), false});
  }
  return commit();
}

}  // namespace

Result<ImportReport> import_dataset(Store& store, Dataset dataset, const ImportOptions& options, const Clock& clock,
                                    RandomSource& random) {
  return Import(store, options, clock, random).run(dataset);
}

Result<ImportReport> import_picture(Store& store, const IndexedImage& image, const std::string& author,
                                    const ImportOptions& options, const Clock& clock, RandomSource& random) {
  const auto contents = store.contents(clock.wall());
  if (!contents) return contents.error();
  ImportOptions with_base = options;
  Dataset differences;
  const StoreContents::StoredCanvas* found = nullptr;
  for (const auto& stored : contents->canvases)
    if (stored.record.name == options.canvas && !stored.record.archived) found = &stored;
  if (found == nullptr && !options.base) {
    with_base.base = image;
    return import_dataset(store, std::move(differences), with_base, clock, random);
  }

  Canvas before(found != nullptr ? found->record.size : options.base->size);
  if (found != nullptr) {
    auto reader = store.reader();
    if (!reader) return reader.error();
    auto tiles = (*reader)->load_tiles(found->record.id);
    if (!tiles) return tiles.error();
    for (const TileAt& tile : *tiles) before.replace(tile.tile, tile.picture);
  }
  const Palette& palette = found != nullptr ? found->record.palette : options.base->palette;
  differences.users.push_back(author);
  for (const PaletteColor& color : image.palette.colors()) differences.colors.push_back(color.color);
  const WallTime time = found != nullptr ? std::max(clock.wall(), found->last_time) : clock.wall();
  for (std::uint32_t y = 0; y < image.size.height; ++y)
    for (std::uint32_t x = 0; x < image.size.width; ++x) {
      const ColorIndex color = image.indices[std::size_t{y} * image.size.width + x];
      if (color == empty_color) continue;
      const Cell cell{static_cast<std::uint16_t>(x), static_cast<std::uint16_t>(y)};
      const ColorIndex there = found == nullptr ? (options.base->size.contains(cell)
                                                       ? options.base->indices[std::size_t{y} * options.base->size.width + x]
                                                       : empty_color)
                               : before.contains(cell) ? before.at(cell)
                                                       : empty_color;
      if (there != empty_color && palette[there].color == image.palette[color].color) continue;
      DatasetRow row;
      row.time = time;
      row.color = color;
      row.x = static_cast<std::int32_t>(x);
      row.y = static_cast<std::int32_t>(y);
      differences.rows.push_back(row);
    }
  return import_dataset(store, std::move(differences), with_base, clock, random);
}

}  // namespace tessera
