#pragma once

#include <cstdint>
#include <cstdio>
#include <functional>
#include <memory>
#include <string>
#include <string_view>

#include "shared/base/bytes.h"
#include "shared/base/result.h"

namespace tessera {

/// A file, or standard input ('-'), read from front to back; gzip is told by its first two bytes and inflated on the way.
class InputFile {
 public:
  static Result<InputFile> open(const std::string& path);
  InputFile(InputFile&&) noexcept;
  InputFile& operator=(InputFile&&) noexcept;
  ~InputFile();

  /// The next piece of text; empty at the end. An error where the file cannot be read or its gzip is damaged or cut.
  Result<std::string_view> read();
  /// Bytes of the file taken so far, and in all (0 where unknown).
  std::uint64_t position() const { return position_; }
  std::uint64_t size() const { return size_; }

 private:
  struct Inflater;
  InputFile();
  bool refill();
  Result<std::string_view> inflate_some();

  std::string path_;
  std::FILE* file_ = nullptr;
  bool own_ = false;
  std::uint64_t position_ = 0;
  std::uint64_t size_ = 0;
  Bytes in_;
  ByteSpan left_;
  Bytes out_;
  std::unique_ptr<Inflater> inflater_;
  bool started_ = false;
};

/// A whole file of at most `limit` bytes; an error that names it where it is longer or cannot be read.
Result<Bytes> read_whole(const std::string& path, std::uint64_t limit);

}  // namespace tessera
