#include "app/platform/options.h"

#include "shared/base/text.h"

namespace tessera {
namespace {

/// Goes through the arguments; a flag's value is the next one, or what follows its `=`.
class Arguments {
 public:
  explicit Arguments(std::span<const char* const> all) : all_(all) {}

  bool next() {
    value_.reset();
    if (at_ == all_.size()) return false;
    std::string_view argument = all_[at_++];
    if (const std::size_t equals = argument.find('='); argument.starts_with("--") && equals != std::string_view::npos) {
      value_ = argument.substr(equals + 1);
      argument = argument.substr(0, equals);
    }
    name_ = argument;
    return true;
  }
  const std::string& name() const { return name_; }
  bool has_value() const { return value_.has_value(); }
  std::optional<std::string> value() {
    if (!value_ && at_ < all_.size()) value_ = all_[at_++];
    return value_;
  }

 private:
  std::span<const char* const> all_;
  std::size_t at_ = 0;
  std::string name_;
  std::optional<std::string> value_;
};

Status take_value(Options& options, const std::string& name, const std::string& value) {
  if (name == "--name") options.nickname = value;
  else if (name == "--canvas") options.canvas = value;
  else if (name == "--data") options.data = value;
  else if (name == "--port") {
    const auto port = parse_number(value, 65'535);
    if (!port) return Error{"--port takes a number from 0 to 65535, not '" + value + "'."};
    options.port = static_cast<std::uint16_t>(*port);
  } else if (value == "en") options.language = Language::English;
  else if (value == "fr") options.language = Language::French;
  else return Error{"--lang takes en or fr, not '" + value + "'."};
  return {};
}

bool take_switch(Options& options, const std::string& name) {
  if (name == "--host") options.host = true;
  else if (name == "--lan") options.lan = true;
  else if (name == "--help" || name == "-h") options.help = true;
  else if (name == "--version") options.version = true;
  else return false;
  return true;
}

bool takes_value(const std::string& name) {
  return name == "--name" || name == "--canvas" || name == "--data" || name == "--port" || name == "--lang";
}

Status take_all(Options& options, Arguments arguments) {
  while (arguments.next()) {
    const std::string name = arguments.name();
    if (takes_value(name)) {
      const auto value = arguments.value();
      if (!value || value->empty()) return Error{name + " needs a value."};
      if (auto taken = take_value(options, name, *value); !taken) return taken;
    } else if (!name.starts_with("-")) {
      if (!options.link.empty()) return Error{"Only one link, please: '" + name + "' is a second one."};
      options.link = name;
    } else if (arguments.has_value() || !take_switch(options, name)) {
      return Error{"tessera does not know '" + name + "'. See tessera --help."};
    }
  }
  if (!options.host && (options.lan || options.port)) return Error{"--port and --lan only go with --host."};
  if (options.host && !options.link.empty()) return Error{"Either a link or --host, not both."};
  return {};
}

}  // namespace

Result<Options> parse_options(std::span<const char* const> arguments) {
  Options options;
  if (auto taken = take_all(options, Arguments(arguments)); !taken) return taken.error();
  return options;
}

const char* const usage_text =
    "tessera [LINK] [--host [--port N] [--lan]] [--name NICKNAME] [--canvas NAME] [--lang en|fr] [--data DIR]\n"
    "\n"
    "  LINK             joins the canvas at once, as in http://192.168.1.5:7878/#canvas=main\n"
    "  --host           opens a canvas of your own with the tessera-server beside this program, else on the path\n"
    "  --port N         on this port; any free one without it\n"
    "  --lan            others on the network may join\n"
    "  --name NICKNAME  draws under this name\n"
    "  --canvas NAME    this canvas of the server\n"
    "  --lang en|fr     the language of the interface\n"
    "  --data DIR       where the canvases you host are stored\n";

}  // namespace tessera
