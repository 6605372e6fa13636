#include "server/serve/history_file.h"

#include <doctest/doctest.h>

#include <fstream>

#include <sys/stat.h>

#include "tests/support/temporary_directory.h"

using namespace tessera;

namespace {

std::vector<MinuteSample> two_samples() {
  std::vector<MinuteSample> samples(2);
  samples[0].minute = 28'000'000;
  samples[0].placements = 12;
  samples[0].refused[2] = 3;
  samples[0].answer_p50_us = 0;
  samples[0].answer_p99_us = UINT32_MAX;
  samples[0].memory_bytes = 1ull << 33;
  samples[0].covered_ms = 60'000;
  samples[1].minute = 28'000'007;
  samples[1].bytes_out = UINT64_MAX;
  samples[1].covered_ms = 1;
  return samples;
}

}  // namespace

TEST_CASE("History file: what was written is read, and only its owner may") {
  const TemporaryDirectory directory;
  const std::filesystem::path path = directory.path() / "tessera.db.history";
  CHECK(load_history(path)->empty());
  REQUIRE(save_history(path, two_samples()));
  REQUIRE(save_history(path, two_samples()));
  CHECK(*load_history(path) == two_samples());
  struct stat found {};
  REQUIRE(::stat(path.c_str(), &found) == 0);
  CHECK((found.st_mode & 0777) == 0600);
  CHECK(std::distance(std::filesystem::directory_iterator(directory.path()), {}) == 1);
}

TEST_CASE("History file: any byte that was changed, cut or added is noticed") {
  const Bytes whole = encode_history(two_samples());
  REQUIRE(decode_history(whole));
  for (std::size_t i = 0; i < whole.size(); ++i) {
    Bytes bytes = whole;
    bytes[i] ^= 1;
    CHECK_FALSE(decode_history(bytes));
    CHECK_FALSE(decode_history(ByteSpan(whole).first(i)));
  }
  Bytes longer = whole;
  longer.push_back(0);
  CHECK_FALSE(decode_history(longer));
}

TEST_CASE("History file: one that is damaged, or cannot be written, is an error that names it") {
  const TemporaryDirectory directory;
  const std::filesystem::path path = directory.path() / "tessera.db.history";
  std::ofstream(path) << "not what was written";
  const auto damaged = load_history(path);
  REQUIRE_FALSE(damaged);
  CHECK(damaged.error().message.find("tessera.db.history") != std::string::npos);
  CHECK_FALSE(save_history(directory.path() / "nowhere" / "file", two_samples()));
}
