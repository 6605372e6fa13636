#include "server/serve/history_file.h"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <fstream>
#include <iterator>

#include "shared/base/crc32c.h"

namespace tessera {
namespace {

constexpr std::uint32_t magic = 0x31485354;  // "TSH1": a figure that is added makes another
constexpr std::size_t sealed = 4;
constexpr std::size_t most_file_bytes = 1u << 20;

void put(ByteWriter& out, const std::optional<std::uint32_t>& value) { out.varint(value ? std::uint64_t{*value} + 1 : 0); }

std::uint32_t number32(ByteReader& in) {
  const std::uint64_t value = in.varint();
  if (value > UINT32_MAX) in.fail();
  return static_cast<std::uint32_t>(value);
}

std::optional<std::uint32_t> optional32(ByteReader& in) {
  const std::uint64_t value = in.varint();
  if (value > std::uint64_t{UINT32_MAX} + 1) in.fail();
  return value == 0 ? std::nullopt : std::optional(static_cast<std::uint32_t>(value - 1));
}

void put(ByteWriter& out, const MinuteSample& sample) {
  out.u64(static_cast<std::uint64_t>(sample.minute));
  out.varint(sample.placements);
  for (const std::uint32_t count : sample.refused) out.varint(count);
  out.varint(sample.connections);
  out.varint(sample.online);
  put(out, sample.answer_p50_us);
  put(out, sample.answer_p99_us);
  put(out, sample.commit_p99_us);
  out.varint(sample.memory_bytes);
  out.varint(sample.cpu_us);
  out.varint(sample.covered_ms);
  out.varint(sample.bytes_out);
}

MinuteSample sample_in(ByteReader& in, std::uint8_t reasons) {
  MinuteSample sample;
  sample.minute = static_cast<std::int64_t>(in.u64());
  sample.placements = in.varint();
  for (std::size_t reason = 0; reason < reasons; ++reason) sample.refused[reason] = number32(in);
  sample.connections = number32(in);
  sample.online = number32(in);
  sample.answer_p50_us = optional32(in);
  sample.answer_p99_us = optional32(in);
  sample.commit_p99_us = optional32(in);
  sample.memory_bytes = in.varint();
  sample.cpu_us = in.varint();
  sample.covered_ms = number32(in);
  sample.bytes_out = in.varint();
  return sample;
}

std::string why() { return std::strerror(errno); }

Status write_to(const std::string& name, ByteSpan bytes) {
  const int file = ::open(name.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
  if (file < 0) return Error{name + " cannot be written: " + why()};
  bool good = true;
  while (good && !bytes.empty()) {
    const ssize_t written = ::write(file, bytes.data(), bytes.size());
    if (written < 0 && errno == EINTR) continue;
    good = written > 0;
    if (good) bytes = bytes.subspan(static_cast<std::size_t>(written));
  }
  good = good && ::fsync(file) == 0;
  const Status done = good ? Status{} : Status{Error{name + " cannot be written: " + why()}};
  ::close(file);
  return done;
}

}  // namespace

Bytes encode_history(const std::vector<MinuteSample>& samples) {
  Bytes bytes;
  ByteWriter out(bytes);
  out.u32(magic);
  out.u8(refusal_count);
  out.varint(samples.size());
  for (const MinuteSample& sample : samples) put(out, sample);
  out.u32(crc32c(bytes));
  return bytes;
}

std::optional<std::vector<MinuteSample>> decode_history(ByteSpan bytes) {
  if (bytes.size() < sealed) return std::nullopt;
  const ByteSpan body = bytes.first(bytes.size() - sealed);
  ByteReader seal(bytes.last(sealed)), in(body);
  if (seal.u32() != crc32c(body) || in.u32() != magic) return std::nullopt;
  const std::uint8_t reasons = in.u8();
  const std::uint64_t count = in.varint();
  if (reasons > refusal_count || count > MinuteHistory::most_samples) return std::nullopt;
  std::vector<MinuteSample> samples;
  for (std::uint64_t i = 0; i < count && in.ok(); ++i) samples.push_back(sample_in(in, reasons));
  if (!in.ok() || !in.at_end()) return std::nullopt;
  return samples;
}

Result<std::vector<MinuteSample>> load_history(const std::filesystem::path& path) {
  std::error_code failed;
  const auto size = std::filesystem::file_size(path, failed);
  if (failed == std::errc::no_such_file_or_directory) return std::vector<MinuteSample>{};
  if (failed) return Error{path.string() + " cannot be read: " + failed.message()};
  if (size > most_file_bytes) return Error{path.string() + " is not what this server wrote"};
  std::ifstream file(path, std::ios::binary);
  const Bytes bytes{std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
  auto samples = decode_history(bytes);
  if (!samples) return Error{path.string() + " is not what this server wrote"};
  return *std::move(samples);
}

Status save_history(const std::filesystem::path& path, const std::vector<MinuteSample>& samples) {
  const std::string fresh = path.string() + ".new";
  if (Status done = write_to(fresh, encode_history(samples)); !done) return done;
  if (std::rename(fresh.c_str(), path.c_str()) != 0) return Error{path.string() + " cannot be written: " + why()};
  return {};
}

}  // namespace tessera
