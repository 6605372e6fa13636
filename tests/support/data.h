#pragma once

#include <cstdlib>
#include <fstream>
#include <iterator>
#include <optional>
#include <string>

#include "shared/base/bytes.h"

namespace tessera::test {

/// Where the shared data are: `TESSERA_DATA`, else `../shared/data` beside the checkout, in which tests run.
inline std::string data_path(const std::string& name) {
  const char* folder = std::getenv("TESSERA_DATA");
  return std::string(folder != nullptr ? folder : "../shared/data") + "/" + name;
}

/// The bytes of a file, nothing where it cannot be read.
inline std::optional<Bytes> read_file(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  if (!file) return std::nullopt;
  return Bytes((std::istreambuf_iterator<char>(file)), std::istreambuf_iterator<char>());
}

}  // namespace tessera::test
