#include <cstdlib>

#include "server/commands/dataset.h"

// Both dataset readers take any text, cut anywhere, without harm, and give rows within their ranges, sorted by time.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace tessera;
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const auto check = [](const Result<Dataset>& dataset) {
    if (!dataset) return;
    for (std::size_t i = 0; i < dataset->rows.size(); ++i) {
      const DatasetRow& row = dataset->rows[i];
      if (row.user >= dataset->users.size()) std::abort();
      if (i > 0 && row.time < dataset->rows[i - 1].time) std::abort();
      if (row.shape == Shape::Rectangle && (row.x2 < row.x || row.y2 < row.y)) std::abort();
    }
  };
  const std::size_t cut = size / 2;
  RedditCsvParser csv;
  csv.feed(text.substr(0, cut));
  csv.feed(text.substr(cut));
  check(csv.finish());
  NdjsonParser ndjson;
  ndjson.feed(text.substr(0, cut));
  ndjson.feed(text.substr(cut));
  check(ndjson.finish());
  return 0;
}
