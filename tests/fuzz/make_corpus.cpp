#include <iostream>

#include "tests/fuzz/corpus.h"

namespace {

struct Target {
  const char* name;
  void (*add_seeds)(tessera::fuzz::Corpus&);
};

constexpr Target targets[] = {
    {"protocol_fuzz", tessera::fuzz::add_protocol_seeds},
    {"png_fuzz", tessera::fuzz::add_png_seeds},
    {"csv_fuzz", tessera::fuzz::add_csv_seeds},
    {"http_target_fuzz", tessera::fuzz::add_http_target_seeds},
    {"json_fuzz", tessera::fuzz::add_json_seeds},
    {"ws_frame_fuzz", tessera::fuzz::add_ws_frame_seeds},
    {"http_request_fuzz", tessera::fuzz::add_http_request_seeds},
    {"pixel_update_fuzz", tessera::fuzz::add_pixel_update_seeds},
};

}  // namespace

int main(int count, char** arguments) {
  if (count != 2) {
    std::cerr << "usage: make_corpus FOLDER\n";
    return 2;
  }
  for (const Target& target : targets) {
    tessera::fuzz::Corpus corpus(arguments[1], target.name);
    target.add_seeds(corpus);
    if (!corpus.ok()) {
      std::cerr << "make_corpus: cannot write to " << arguments[1] << "/" << target.name << "\n";
      return 1;
    }
  }
}
