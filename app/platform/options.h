#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>

#include "app/model/translate.h"
#include "shared/base/result.h"

namespace tessera {

/// The command line: `tessera [URL] [--host [--port N] [--lan]] [--name NICKNAME] [--canvas NAME] [--lang en|fr] [--data DIR]`.
struct Options {
  std::string link;  ///< connect at once
  bool host = false;
  std::optional<std::uint16_t> port;
  bool lan = false;
  std::string nickname;
  std::string canvas;
  std::optional<Language> language;
  std::string data;  ///< where a hosted server stores its canvases
  bool help = false;
  bool version = false;
};

/// `arguments` without the program's name. An error names the argument that is wrong.
Result<Options> parse_options(std::span<const char* const> arguments);

/// What `--help` prints.
extern const char* const usage_text;

}  // namespace tessera
