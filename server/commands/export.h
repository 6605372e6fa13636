#pragma once

#include <atomic>
#include <cstdio>
#include <functional>
#include <optional>
#include <string>

#include "server/core/ports.h"
#include "shared/canvas/png.h"

namespace tessera {

enum class ExportFormat : std::uint8_t { Png, Ndjson, RedditCsv };

struct ExportOptions {
  std::string canvas;
  ExportFormat format = ExportFormat::Png;
  /// `--at`: a seq, or a time; absent: now.
  std::optional<Seq> at_seq;
  std::optional<WallTime> at_time;
  ZlibCompressor compress;
  std::function<void(std::uint64_t done, std::uint64_t all)> progress;
  const std::atomic<bool>* stop = nullptr;
};

/// Where an export's bytes go, piece by piece; false where they cannot be written.
using Sink = std::function<bool(ByteSpan)>;

/// Writes a canvas as a picture, or its journal as text. An error where the canvas is unknown, a seq not reached, or the
/// sink full; whoever owns the sink then throws it away.
Status export_canvas(Store& store, const ExportOptions& options, WallTime now, const Sink& sink);

/// A file that appears under its name only once it is whole; '-' is standard output.
class OutputFile {
 public:
  static Result<OutputFile> create(const std::string& path);
  OutputFile(OutputFile&& other) noexcept;
  OutputFile& operator=(OutputFile&&) = delete;
  ~OutputFile();

  bool write(ByteSpan bytes);
  /// Puts it in place; without this call nothing is left behind.
  Status finish();

 private:
  OutputFile() = default;
  std::string path_;
  std::string temporary_;
  std::FILE* file_ = nullptr;
};

}  // namespace tessera
