#include "server/commands/export.h"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <nlohmann/json.hpp>
#include <unordered_map>
#include <utility>

#include "shared/base/text.h"
#include "shared/canvas/canvas.h"

namespace tessera {
namespace {

constexpr std::size_t placements_a_read = 50'000;

/// The record as it was just after `seq` (and, with a time, after the events up to it).
const CanvasRecord& record_at(const std::vector<CanvasEvent>& events, Seq seq, std::optional<WallTime> time,
                              const CanvasRecord& now) {
  const CanvasRecord* found = events.empty() ? &now : &events.front().record;
  for (const CanvasEvent& event : events) {
    const bool before = event.after_seq < seq || (time && event.after_seq <= seq && event.time <= *time);
    if (before) found = &event.record;
  }
  return *found;
}

Status export_png(StoreReader& reader, const StoreContents::StoredCanvas& stored, Seq at, const ExportOptions& options,
                  const Sink& sink) {
  const bool now = at == stored.last_seq && !options.at_seq && !options.at_time;
  CanvasRecord record = stored.record;
  std::vector<TilePicture> tiles;
  if (now) {
    const auto drawn = reader.load_tiles(record.id);
    if (!drawn) return drawn.error();
    tiles.resize(std::size_t{record.size.tile_columns()} * record.size.tile_rows());
    for (const TileAt& tile : *drawn)
      if (tile.tile.tx < record.size.tile_columns() && tile.tile.ty < record.size.tile_rows())
        tiles[tile.tile.ty * record.size.tile_columns() + tile.tile.tx] = tile.picture;
  } else {
    const auto events = reader.events(record.id);
    if (!events) return events.error();
    record = record_at(*events, at, options.at_time, stored.record);
    for (std::uint32_t ty = 0; ty < record.size.tile_rows(); ++ty)
      for (std::uint32_t tx = 0; tx < record.size.tile_columns(); ++tx) {
        auto tile = reader.tile_at(record.id, {static_cast<std::uint8_t>(tx), static_cast<std::uint8_t>(ty)}, at);
        if (!tile) return tile.error();
        tiles.push_back(tile->picture);
        if (options.progress) options.progress(tiles.size(), std::size_t{record.size.tile_columns()} * record.size.tile_rows());
        if (options.stop != nullptr && options.stop->load(std::memory_order_relaxed)) return Error{"Stopped; nothing was written."};
      }
  }
  const Picture picture(record.size, std::move(tiles));
  const auto indices = picture.indices({0, 0, record.size.width, record.size.height});
  const auto png = write_png(indices, record.size, record.palette, 1, options.compress);
  if (!png) return png.error();
  if (!sink(*png)) return Error{"The picture could not be written: " + std::string(std::strerror(errno)) + "."};
  return {};
}

/// `2022-04-04 12:00:00.024 UTC`, as the 2022 dataset writes it.
std::string dataset_time(WallTime time) {
  std::string text = format_time(time);
  text[10] = ' ';
  text.replace(text.size() - 1, 1, " UTC");
  return text;
}

void write_line(const Placement& placement, const std::string& name, const CanvasRecord& record, ExportFormat format,
                std::string& out) {
  const std::string x = std::to_string(placement.cell.x), y = std::to_string(placement.cell.y);
  if (format == ExportFormat::RedditCsv) {
    out += dataset_time(placement.time) + ',' + name + ',' + format_color(record.palette[placement.color].color) + ",\"" + x +
           ',' + y + "\"\n";
    return;
  }
  out += "{\"seq\":" + std::to_string(placement.seq) + ",\"time\":\"" + format_time(placement.time) + "\",\"x\":" + x +
         ",\"y\":" + y + ",\"color\":" + std::to_string(placement.color) +
         ",\"account\":" + std::to_string(static_cast<std::uint32_t>(placement.account)) +
         ",\"name\":" + nlohmann::json(name).dump() + "}\n";
}

/// A user as a CSV field: what would need quotes is replaced.
std::string csv_name(std::string name) {
  for (char& c : name)
    if (c == ',' || c == '"' || c == '\n') c = '_';
  return name;
}

Status export_journal(StoreReader& reader, const StoreContents::StoredCanvas& stored, Seq until,
                      const ExportOptions& options, const Sink& sink) {
  std::unordered_map<AccountId, std::string> names;
  std::string out;
  if (options.format == ExportFormat::RedditCsv) out = "timestamp,user_id,pixel_color,coordinate\n";
  for (Seq since = 0; since < until;) {
    const auto placements = reader.placements(stored.record.id, since, placements_a_read);
    if (!placements) return placements.error();
    if (placements->empty()) break;
    std::vector<AccountId> unknown;
    for (const Placement& placement : *placements)
      if (names.try_emplace(placement.account).second) unknown.push_back(placement.account);
    const auto found = reader.names(unknown);
    if (!found) return found.error();
    for (std::size_t i = 0; i < unknown.size(); ++i)
      names[unknown[i]] = options.format == ExportFormat::RedditCsv ? csv_name((*found)[i].name) : (*found)[i].name;
    for (const Placement& placement : *placements) {
      if (placement.seq > until) break;
      // The dataset's form has no word for 'emptied'.
      if (options.format == ExportFormat::RedditCsv && !stored.record.palette.contains(placement.color)) continue;
      write_line(placement, names[placement.account], stored.record, options.format, out);
    }
    since = placements->back().seq;
    if (!sink(as_bytes(out))) return Error{"The export could not be written: " + std::string(std::strerror(errno)) + "."};
    out.clear();
    if (options.progress) options.progress(since, until);
    if (options.stop != nullptr && options.stop->load(std::memory_order_relaxed)) return Error{"Stopped; nothing was written."};
  }
  if (!out.empty() && !sink(as_bytes(out))) return Error{"The export could not be written."};
  return {};
}

}  // namespace

Status export_canvas(Store& store, const ExportOptions& options, WallTime now, const Sink& sink) {
  const auto contents = store.contents(now);
  if (!contents) return contents.error();
  const StoreContents::StoredCanvas* found = nullptr;
  std::string known;
  for (const auto& stored : contents->canvases) {
    if (stored.record.name == options.canvas) found = &stored;
    known += (known.empty() ? "'" : ", '") + stored.record.name + "'";
  }
  if (found == nullptr)
    return Error{"There is no canvas '" + options.canvas + "' here. " +
                 (known.empty() ? "The store is empty." : "There are: " + known + ".")};
  auto reader = store.reader();
  if (!reader) return reader.error();
  Seq at = found->last_seq;
  if (options.at_seq) {
    if (*options.at_seq > at)
      return Error{"Seq " + std::to_string(*options.at_seq) + " is not reached yet; the last is " + std::to_string(at) + "."};
    at = *options.at_seq;
  } else if (options.at_time) {
    const auto seq = (*reader)->seq_at(found->record.id, *options.at_time);
    if (!seq) return seq.error();
    at = *seq;
  }
  if (options.format == ExportFormat::Png) return export_png(**reader, *found, at, options, sink);
  return export_journal(**reader, *found, at, options, sink);
}

Result<OutputFile> OutputFile::create(const std::string& path) {
  OutputFile output;
  output.path_ = path;
  if (path == "-") {
    output.file_ = stdout;
    return output;
  }
  output.temporary_ = path + ".part" + std::to_string(getpid());
  output.file_ = std::fopen(output.temporary_.c_str(), "wbx");
  if (output.file_ == nullptr) {
    output.temporary_.clear();
    return Error{"Cannot write " + path + ": " + std::strerror(errno) + "."};
  }
  return output;
}

OutputFile::OutputFile(OutputFile&& other) noexcept
    : path_(std::move(other.path_)),
      temporary_(std::exchange(other.temporary_, {})),
      file_(std::exchange(other.file_, nullptr)) {}

OutputFile::~OutputFile() {
  if (file_ != nullptr && file_ != stdout) std::fclose(file_);
  if (!temporary_.empty()) unlink(temporary_.c_str());
}

bool OutputFile::write(ByteSpan bytes) { return std::fwrite(bytes.data(), 1, bytes.size(), file_) == bytes.size(); }

Status OutputFile::finish() {
  const auto failed = [&] { return Error{"Cannot write " + path_ + ": " + std::strerror(errno) + "."}; };
  if (std::fflush(file_) != 0) return failed();
  if (file_ == stdout) return {};
  if (fsync(fileno(file_)) != 0) return failed();
  if (std::fclose(std::exchange(file_, nullptr)) != 0) return failed();
  if (std::rename(temporary_.c_str(), path_.c_str()) != 0) return failed();
  temporary_.clear();
  return {};
}

}  // namespace tessera
