#pragma once

#include <filesystem>
#include <fstream>
#include <string>

#include "shared/base/bytes.h"

namespace tessera::fuzz {

/// The folder of one target's first inputs.
class Corpus {
 public:
  Corpus(const std::filesystem::path& root, const std::string& target) : folder_(root / target) {
    std::filesystem::create_directories(folder_);
  }

  void add(ByteSpan input) {
    std::ofstream file(folder_ / ("seed-" + std::to_string(count_++)), std::ios::binary);
    file.write(reinterpret_cast<const char*>(input.data()), static_cast<std::streamsize>(input.size()));
    ok_ = ok_ && file.good();
  }
  bool ok() const { return ok_; }

 private:
  std::filesystem::path folder_;
  int count_ = 0;
  bool ok_ = true;
};

void add_protocol_seeds(Corpus& corpus);
void add_png_seeds(Corpus& corpus);
void add_csv_seeds(Corpus& corpus);
void add_http_target_seeds(Corpus& corpus);
void add_json_seeds(Corpus& corpus);
void add_ws_frame_seeds(Corpus& corpus);
void add_http_request_seeds(Corpus& corpus);
void add_pixel_update_seeds(Corpus& corpus);

}  // namespace tessera::fuzz
