#include "server/storage/log_check.h"

#include <array>
#include <cstdint>
#include <cstring>
#include <fstream>
#include <optional>
#include <string>
#include <vector>

#include "shared/base/bytes.h"

namespace tessera {
namespace {

// https://www.sqlite.org/fileformat2.html, 4
constexpr std::size_t header_bytes = 32;
constexpr std::size_t frame_header_bytes = 24;
constexpr std::size_t page_bytes = 4'096;  // of every database of ours, so that a damaged header misleads nobody
constexpr std::uint32_t magic_of_little_endian_sums = 0x377F0682;
constexpr int transactions_that_prove_damage = 2;

using Header = std::array<std::uint8_t, header_bytes>;

std::uint32_t big32(const std::uint8_t* at) {
  return std::uint32_t{at[0]} << 24 | std::uint32_t{at[1]} << 16 | std::uint32_t{at[2]} << 8 | at[3];
}

class Checksum {
 public:
  explicit Checksum(bool big_endian) : big_endian_(big_endian) {}
  void add(ByteSpan bytes) {
    for (std::size_t i = 0; i + 8 <= bytes.size(); i += 8) {
      first_ += word(&bytes[i]) + second_;
      second_ += word(&bytes[i + 4]) + first_;
    }
  }
  bool is(const std::uint8_t* stored) const { return first_ == big32(stored) && second_ == big32(stored + 4); }

 private:
  std::uint32_t word(const std::uint8_t* at) const {
    const std::uint32_t big = big32(at);
    return big_endian_ ? big : __builtin_bswap32(big);
  }
  bool big_endian_;
  std::uint32_t first_ = 0;
  std::uint32_t second_ = 0;
};

std::optional<Header> read_header(std::ifstream& file) {
  Header header;
  file.clear();
  file.seekg(0);
  if (!file.read(reinterpret_cast<char*>(header.data()), header.size())) return std::nullopt;
  return header;
}

/// Frames that end a transaction of this log (by its two salts) and stand after the first bad frame.
int transactions_after_damage(std::ifstream& file, const Header& header) {
  Checksum sum((big32(header.data()) & 1) != 0);
  sum.add(ByteSpan(header).first(24));
  bool good = sum.is(&header[24]) && (big32(header.data()) | 1u) == (magic_of_little_endian_sums | 1u);
  std::vector<std::uint8_t> frame(frame_header_bytes + page_bytes);
  std::array<std::uint8_t, 8> salts;
  std::memcpy(salts.data(), &header[16], salts.size());
  bool first_frame = true;
  int transactions = 0;
  while (file.read(reinterpret_cast<char*>(frame.data()), static_cast<std::streamsize>(frame.size()))) {
    if (first_frame && !good) std::memcpy(salts.data(), &frame[8], salts.size());
    first_frame = false;
    const bool same_log = std::memcmp(salts.data(), &frame[8], salts.size()) == 0;
    if (good) {
      sum.add(ByteSpan(frame).first(8));
      sum.add(ByteSpan(frame).subspan(frame_header_bytes));
      good = same_log && sum.is(&frame[16]);
    }
    const bool ends_transaction = big32(&frame[4]) != 0;
    if (!good && same_log && ends_transaction) ++transactions;
  }
  return transactions;
}

}  // namespace

Status check_log(const std::filesystem::path& database) {
  const std::string name = database.string() + "-wal";
  std::ifstream file(name, std::ios::binary);
  if (!file) return {};
  const auto before = read_header(file);
  if (!before) return {};
  const int transactions = transactions_after_damage(file, *before);
  if (transactions < transactions_that_prove_damage) return {};
  // A server that began the log anew meanwhile makes old frames follow new ones.
  if (const auto after = read_header(file); !after || *after != *before) return {};
  return Error{name + " is damaged: " + std::to_string(transactions) +
               " stored transactions cannot be read; put a backup back; nothing was changed"};
}

}  // namespace tessera
