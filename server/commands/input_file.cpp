#include "server/commands/input_file.h"

#include <sys/stat.h>
#include <zlib.h>

#include <cerrno>
#include <cstring>
#include <utility>

namespace tessera {
namespace {

constexpr std::size_t piece = 1u << 18;
constexpr int gzip_window = 15 + 16;  // zlib: largest window, gzip framing

}  // namespace

struct InputFile::Inflater {
  z_stream stream{};
  bool ok = false;
  bool ended = false;  // between two members of the file
  Inflater() { ok = inflateInit2(&stream, gzip_window) == Z_OK; }
  ~Inflater() { inflateEnd(&stream); }
  Inflater(const Inflater&) = delete;
  Inflater& operator=(const Inflater&) = delete;
};

InputFile::InputFile() = default;
InputFile::InputFile(InputFile&& other) noexcept { *this = std::move(other); }
InputFile& InputFile::operator=(InputFile&& other) noexcept {
  std::swap(path_, other.path_);
  std::swap(file_, other.file_);
  std::swap(own_, other.own_);
  std::swap(position_, other.position_);
  std::swap(size_, other.size_);
  std::swap(in_, other.in_);
  std::swap(left_, other.left_);
  std::swap(out_, other.out_);
  std::swap(inflater_, other.inflater_);
  std::swap(started_, other.started_);
  return *this;
}
InputFile::~InputFile() {
  if (own_) std::fclose(file_);
}

Result<InputFile> InputFile::open(const std::string& path) {
  InputFile input;
  input.path_ = path == "-" ? "standard input" : path;
  if (path == "-") {
    input.file_ = stdin;
  } else {
    input.file_ = std::fopen(path.c_str(), "rb");
    if (input.file_ == nullptr) return Error{"Cannot open " + path + ": " + std::strerror(errno) + "."};
    input.own_ = true;
    struct stat status {};
    if (fstat(fileno(input.file_), &status) == 0) {
      if (S_ISDIR(status.st_mode)) return Error{"Cannot read " + path + ": it is a directory."};
      if (S_ISREG(status.st_mode)) input.size_ = static_cast<std::uint64_t>(status.st_size);
    }
  }
  input.in_.resize(piece);
  return input;
}

bool InputFile::refill() {
  const std::size_t count = std::fread(in_.data(), 1, in_.size(), file_);
  position_ += count;
  left_ = ByteSpan{in_.data(), count};
  return count > 0;
}

Result<std::string_view> InputFile::read() {
  if (!started_) {
    started_ = true;
    if (refill() && left_.size() >= 2 && left_[0] == 0x1F && left_[1] == 0x8B) {
      inflater_ = std::make_unique<Inflater>();
      out_.resize(4 * piece);
    }
  } else if (!inflater_) {
    refill();
  }
  if (std::ferror(file_) != 0) return Error{"Cannot read " + path_ + ": " + std::strerror(errno) + "."};
  if (!inflater_) return as_text(left_);
  return inflate_some();
}

Result<std::string_view> InputFile::inflate_some() {
  z_stream& stream = inflater_->stream;
  const Error damaged{"The gzip data of " + path_ + " is damaged or cut short."};
  if (!inflater_->ok) return damaged;
  stream.next_out = out_.data();
  stream.avail_out = static_cast<uInt>(out_.size());
  while (stream.avail_out > 0) {
    if (left_.empty() && !refill()) {
      if (std::ferror(file_) != 0) return Error{"Cannot read " + path_ + ": " + std::strerror(errno) + "."};
      if (!inflater_->ended) return damaged;
      break;
    }
    if (inflater_->ended) {
      if (inflateReset(&stream) != Z_OK) return damaged;
      inflater_->ended = false;
    }
    stream.next_in = const_cast<Bytef*>(left_.data());
    stream.avail_in = static_cast<uInt>(left_.size());
    const int outcome = inflate(&stream, Z_NO_FLUSH);
    left_ = left_.last(stream.avail_in);
    if (outcome == Z_STREAM_END) inflater_->ended = true;
    else if (outcome != Z_OK && outcome != Z_BUF_ERROR) return damaged;
  }
  return as_text(ByteSpan{out_.data(), out_.size() - stream.avail_out});
}

Result<Bytes> read_whole(const std::string& path, std::uint64_t limit) {
  auto input = InputFile::open(path);
  if (!input) return input.error();
  Bytes all;
  while (true) {
    const auto text = input->read();
    if (!text) return text.error();
    if (text->empty()) return all;
    if (all.size() + text->size() > limit)
      return Error{path + " is larger than " + std::to_string(limit >> 20) + " MiB, the most that is read here."};
    const ByteSpan bytes = as_bytes(*text);
    all.insert(all.end(), bytes.begin(), bytes.end());
  }
}

}  // namespace tessera
