#include <algorithm>
#include <array>
#include <climits>
#include <cstdlib>
#include <cstring>
#include <memory>

#include <zlib.h>

#include "shared/canvas/png.h"

namespace {

/// What stb may allocate for the picture that this thread is reading; its hooks have no argument to pass it by.
struct Allowance {
  std::size_t left = 0;
  std::size_t most_regrown = 0;  ///< longest that inflated data may become
  bool passed = false;           ///< inflated data wanted to become longer
};
thread_local Allowance allowance;

// Before each block its size, at the alignment of malloc.
constexpr std::size_t prefix = alignof(std::max_align_t) > sizeof(std::size_t) ? alignof(std::max_align_t)
                                                                               : sizeof(std::size_t);

std::size_t size_of(void* block) {
  std::size_t size = 0;
  std::memcpy(&size, static_cast<char*>(block) - prefix, sizeof(size));
  return size;
}

void* limited_malloc(std::size_t size) {
  if (size > allowance.left) return nullptr;
  auto* start = static_cast<char*>(std::malloc(prefix + size));
  if (start == nullptr) return nullptr;
  allowance.left -= size;
  std::memcpy(start, &size, sizeof(size));
  return start + prefix;
}

void limited_free(void* block) {
  if (block == nullptr) return;
  allowance.left += size_of(block);
  std::free(static_cast<char*>(block) - prefix);
}

void* limited_realloc(void* block, std::size_t size) {
  if (block == nullptr) return limited_malloc(size);
  if (size > allowance.most_regrown) {
    allowance.passed = true;
    return nullptr;
  }
  void* moved = limited_malloc(size);
  if (moved == nullptr) return nullptr;
  std::memcpy(moved, block, std::min(size, size_of(block)));
  limited_free(block);
  return moved;
}

}  // namespace

#define STB_IMAGE_IMPLEMENTATION
#define STB_IMAGE_STATIC
#define STBI_ONLY_PNG
#define STBI_NO_STDIO
#define STBI_NO_LINEAR
#define STBI_NO_HDR
#define STBI_MAX_DIMENSIONS 65535
#define STBI_MALLOC limited_malloc
#define STBI_REALLOC limited_realloc
#define STBI_FREE limited_free
#include <stb/stb_image.h>

namespace tessera {
namespace {

constexpr std::array<std::uint8_t, 8> signature{137, 'P', 'N', 'G', '\r', '\n', 26, '\n'};

enum class ColorType : std::uint8_t { Grey = 0, Rgb = 2, Palette = 3, GreyAlpha = 4, RgbAlpha = 6 };

struct Header {
  Size size;
  unsigned depth = 0;
  ColorType type{};
  bool interlaced = false;

  unsigned channels() const {
    switch (type) {
      case ColorType::Rgb:
        return 3;
      case ColorType::GreyAlpha:
        return 2;
      case ColorType::RgbAlpha:
        return 4;
      case ColorType::Grey:
      case ColorType::Palette:
        break;
    }
    return 1;
  }
};

/// What counts of a file, its checksums and lengths verified.
struct Chunks {
  Header header;
  std::vector<Rgb> palette;
  Bytes transparency;
  Bytes data;
};

Error bad(const std::string& what) { return Error{"PNG: " + what}; }

std::uint32_t big_endian(ByteSpan bytes) {
  return std::uint32_t{bytes[0]} << 24 | std::uint32_t{bytes[1]} << 16 | std::uint32_t{bytes[2]} << 8 | bytes[3];
}

void append_big_endian(Bytes& out, std::uint32_t value) {
  for (int shift = 24; shift >= 0; shift -= 8) out.push_back(static_cast<std::uint8_t>(value >> shift));
}

bool allowed_depth(ColorType type, unsigned depth) {
  switch (type) {
    case ColorType::Grey:
      return depth == 1 || depth == 2 || depth == 4 || depth == 8 || depth == 16;
    case ColorType::Palette:
      return depth == 1 || depth == 2 || depth == 4 || depth == 8;
    case ColorType::Rgb:
    case ColorType::GreyAlpha:
    case ColorType::RgbAlpha:
      return depth == 8 || depth == 16;
  }
  return false;
}

Result<Header> read_header(ByteSpan data, const PngLimits& limits) {
  if (data.size() != 13) return bad("its header is " + std::to_string(data.size()) + " bytes long, not 13");
  const Size size{big_endian(data), big_endian(data.subspan(4))};
  const std::string sides = std::to_string(size.width) + "×" + std::to_string(size.height);
  if (size.cells() == 0) return bad("its header says " + sides + ", which is nothing");
  if (size.width > limits.max_side || size.height > limits.max_side)
    return bad("its header says " + sides + "; at most " + std::to_string(limits.max_side) + " a side are read");
  if (size.cells() > limits.max_cells)
    return bad("its header says " + sides + "; at most " + std::to_string(limits.max_cells) + " dots are read");
  const Header header{size, data[8], ColorType{data[9]}, data[12] == 1};
  if (!allowed_depth(header.type, header.depth))
    return bad("no picture has colour type " + std::to_string(data[9]) + " and " + std::to_string(data[8]) + " bits");
  if (data[10] != 0 || data[11] != 0 || data[12] > 1)
    return bad("a compression, filter or interlace method that does not exist");
  return header;
}

/// Walks the chunks of a file, in the order that the specification (5.6) asks for.
class ChunkReader {
 public:
  ChunkReader(ByteSpan file, const PngLimits& limits) : file_(file), limits_(limits) {}

  Result<Chunks> read() {
    if (file_.size() < signature.size() || !std::equal(signature.begin(), signature.end(), file_.begin()))
      return bad("this is not a PNG file");
    for (std::size_t at = signature.size();;) {
      if (file_.size() - at < 12) return bad("cut short: its end is missing");
      const std::size_t length = big_endian(file_.subspan(at));
      if (length > file_.size() - at - 12)
        return bad("cut short: a part says " + std::to_string(length) + " bytes, more than there are");
      const ByteSpan typed = file_.subspan(at + 4, 4 + length);
      const std::string_view type = as_text(typed.first(4));
      if (::crc32(0, typed.data(), static_cast<uInt>(typed.size())) != big_endian(file_.subspan(at + 8 + length)))
        return bad("damaged: the checksum of its part at byte " + std::to_string(at) + " is wrong");
      if (type == "IEND") break;
      if (const Status status = take(type, typed.subspan(4)); !status) return status.error();
      at += 12 + length;
    }
    if (out_.data.empty()) return bad("it has no picture data");
    return std::move(out_);
  }

 private:
  Status take(std::string_view type, ByteSpan data) {
    if (!header_seen_) {
      if (type != "IHDR") return bad("it does not begin with its header");
      const Result<Header> header = read_header(data, limits_);
      if (!header) return header.error();
      out_.header = *header;
      header_seen_ = true;
      return {};
    }
    if (type == "IDAT") {
      if (data_ended_) return bad("its picture data is in pieces that are apart");
      out_.data.insert(out_.data.end(), data.begin(), data.end());
      return {};
    }
    data_ended_ = !out_.data.empty();
    if (type == "PLTE") return palette(data);
    if (type == "tRNS") return transparency(data);
    const bool critical = (type[0] & 0x20) == 0;
    if (critical) return bad(type == "IHDR" ? "it has two headers" : "it has a part that only newer programs know");
    return {};
  }

  Status palette(ByteSpan data) {
    if (data_ended_ || !out_.palette.empty()) return bad("its palette is there twice, or after the picture data");
    if (data.empty() || data.size() % 3 != 0 || data.size() > 256 * 3)
      return bad("its palette is " + std::to_string(data.size()) + " bytes long, not 3 for each of 1 to 256 colours");
    for (std::size_t i = 0; i < data.size(); i += 3) out_.palette.push_back({data[i], data[i + 1], data[i + 2]});
    return {};
  }

  Status transparency(ByteSpan data) {
    const ColorType type = out_.header.type;
    const bool fits = type == ColorType::Palette ? data.size() <= out_.palette.size()
                      : type == ColorType::Grey  ? data.size() == 2
                                                 : type == ColorType::Rgb && data.size() == 6;
    if (data_ended_ || data.empty() || !out_.transparency.empty() || !fits)
      return bad("its transparency is misplaced, or of a wrong length");
    out_.transparency.assign(data.begin(), data.end());
    return {};
  }

  ByteSpan file_;
  const PngLimits& limits_;
  Chunks out_;
  bool header_seen_ = false;
  bool data_ended_ = false;
};

void append_chunk(Bytes& out, std::string_view type, ByteSpan data) {
  append_big_endian(out, static_cast<std::uint32_t>(data.size()));
  ByteWriter writer(out);
  writer.raw(as_bytes(type));
  writer.raw(data);
  append_big_endian(out, 0);  // stb does not look at checksums
}

/// A file for stb of nothing but what it needs. A palette picture becomes a grey one, whose dots are the indices:
/// stb does not check them against the palette.
Bytes for_stb(const Chunks& chunks) {
  const Header& header = chunks.header;
  const bool indexed = header.type == ColorType::Palette;
  Bytes ihdr;
  append_big_endian(ihdr, header.size.width);
  append_big_endian(ihdr, header.size.height);
  const auto type = static_cast<std::uint8_t>(indexed ? ColorType::Grey : header.type);
  ihdr.insert(ihdr.end(),
              {static_cast<std::uint8_t>(header.depth), type, 0, 0, static_cast<std::uint8_t>(header.interlaced)});
  Bytes out(signature.begin(), signature.end());
  append_chunk(out, "IHDR", ihdr);
  if (!indexed && !chunks.transparency.empty()) append_chunk(out, "tRNS", chunks.transparency);
  append_chunk(out, "IDAT", chunks.data);
  append_chunk(out, "IEND", {});
  return out;
}

std::uint64_t inflated_size(std::uint64_t width, std::uint64_t height, unsigned bits_a_dot) {
  return width == 0 || height == 0 ? 0 : (1 + (width * bits_a_dot + 7) / 8) * height;
}

/// Bytes of the rows with their filter bytes, as the header promises them (PNG specification, 8.2 for the passes).
std::uint64_t inflated_size(const Header& header) {
  const unsigned bits = header.depth * header.channels();
  const auto [width, height] = header.size;
  if (!header.interlaced) return inflated_size(width, height, bits);
  struct Pass {
    unsigned x, y, step_x, step_y;
  };
  constexpr Pass passes[] = {{0, 0, 8, 8}, {4, 0, 8, 8}, {0, 4, 4, 8}, {2, 0, 4, 4},
                             {0, 2, 2, 4}, {1, 0, 2, 2}, {0, 1, 1, 2}};
  std::uint64_t sum = 0;
  for (const Pass& pass : passes)
    sum += inflated_size((std::uint64_t{width} + pass.step_x - 1 - pass.x) / pass.step_x,
                         (std::uint64_t{height} + pass.step_y - 1 - pass.y) / pass.step_y, bits);
  return sum;
}

struct Free {
  void operator()(stbi_uc* memory) const { limited_free(memory); }
};
using Dots = std::unique_ptr<stbi_uc, Free>;

/// `channels` bytes a dot, or why not.
Result<Dots> decode(const Chunks& chunks, int channels) {
  constexpr std::uint64_t most_inflation = 1032;  // of DEFLATE
  const Header& header = chunks.header;
  const std::uint64_t promised = inflated_size(header);
  if (promised > chunks.data.size() * most_inflation) return bad("its picture data is too short for its size");
  const Bytes file = for_stb(chunks);
  if (file.size() > INT_MAX) return bad("the file is too long");

  // stb begins with what rows without passes need, and doubles.
  const std::uint64_t guess =
      std::uint64_t{(header.size.width * header.depth + 7) / 8} * header.channels() * header.size.height +
      header.size.height;
  std::uint64_t most = guess;
  while (most < promised) most *= 2;
  const std::uint64_t bytes_a_dot = header.depth == 16 ? 8 : 4;
  const std::uint64_t pictures = header.size.cells() * (bytes_a_dot + 4 + 4);
  allowance = {static_cast<std::size_t>(chunks.data.size() + 8192 + most * 2 + pictures),
               static_cast<std::size_t>(most), false};
  int width = 0, height = 0, file_channels = 0;
  Dots dots(
      stbi_load_from_memory(file.data(), static_cast<int>(file.size()), &width, &height, &file_channels, channels));
  if (dots) return dots;
  if (allowance.passed) return bad("its picture data is longer than its header promises");
  return bad(std::string("its picture data is damaged or cut short (") + stbi_failure_reason() + ")");
}

Result<RgbaImage> read_indexed(const Chunks& chunks) {
  const Header& header = chunks.header;
  const std::size_t colors = chunks.palette.size();
  if (colors == 0) return bad("its palette is missing");
  const Result<Dots> decoded = decode(chunks, 1);
  if (!decoded) return decoded.error();
  const ByteSpan dots(decoded->get(), static_cast<std::size_t>(header.size.cells()));

  RgbaImage image{header.size, Bytes(dots.size() * 4), {}};
  const unsigned grey_step =
      header.depth == 8 ? 1 : 255u / ((1u << header.depth) - 1);  // stb spreads few bits over a byte
  std::array<std::array<std::uint8_t, 4>, 256> table{};
  for (std::size_t i = 0; i < colors; ++i) {
    const std::uint8_t alpha = i < chunks.transparency.size() ? chunks.transparency[i] : 255;
    table[i] = {chunks.palette[i].r, chunks.palette[i].g, chunks.palette[i].b, alpha};
    if (alpha >= 128) image.file_palette.push_back(chunks.palette[i]);
  }
  for (std::size_t i = 0; i < dots.size(); ++i) {
    const std::size_t index = dots[i] / grey_step;
    if (index >= colors)
      return bad("index " + std::to_string(index) + " at (" + std::to_string(i % header.size.width) + ", " +
                 std::to_string(i / header.size.width) + ") is outside its palette of " + std::to_string(colors));
    std::memcpy(image.rgba.data() + i * 4, table[index].data(), 4);
  }
  return image;
}

}  // namespace

Result<RgbaImage> read_png(ByteSpan file, const PngLimits& limits) {
  const Result<Chunks> chunks = ChunkReader(file, limits).read();
  if (!chunks) return chunks.error();
  if (chunks->header.type == ColorType::Palette) return read_indexed(*chunks);
  const Result<Dots> dots = decode(*chunks, 4);
  if (!dots) return dots.error();
  const std::size_t bytes = static_cast<std::size_t>(chunks->header.size.cells()) * 4;
  return RgbaImage{chunks->header.size, Bytes(dots->get(), dots->get() + bytes), {}};
}

}  // namespace tessera
