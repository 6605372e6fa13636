#include <cstdio>
#include <exception>
#include <string>
#include <vector>

#include <CLI/CLI.hpp>

#include "server/commands/commands.h"
#include "server/serve/hosting.h"
#include "server/serve/serve.h"
#include "server/serve/settings.h"

namespace {

constexpr int exit_usage = 2;

/// Where a flag is not known: the nearest that is.
void suggest(const CLI::App& app) {
  const auto commands = app.get_subcommands();
  const CLI::App& command = commands.empty() ? app : *commands.front();
  std::vector<std::string> known;
  for (const CLI::Option* option : command.get_options())
    for (const std::string& name : option->get_lnames()) known.push_back("--" + name);
  for (const std::string& word : command.remaining())
    if (word.starts_with("--"))
      std::fprintf(stderr, "There is no flag %s; the nearest is %s.\n", word.c_str(),
                   tessera::nearest_word(word.substr(0, word.find('=')), known).c_str());
}

}  // namespace

/// The program is its commands; each adds itself.
int main(int argc, char** argv) {
  CLI::App app("tessera-server: a real-time canvas that a community owns", "tessera-server");
  app.set_version_flag("--version", tessera::version_text());
  app.require_subcommand(1);
  int exit_code = 0;
  for (const auto add : {tessera::register_serve, tessera::register_import, tessera::register_export,
                         tessera::register_verify, tessera::register_replay, tessera::register_admin, tessera::register_config})
    add(app, exit_code);
  try {
    app.parse(argc, argv);
  } catch (const CLI::ExtrasError& error) {
    suggest(app);
    app.exit(error);
    return exit_usage;
  } catch (const CLI::ParseError& error) {
    return app.exit(error) == 0 ? 0 : exit_usage;
  } catch (const std::exception& error) {  // memory, or a defect of a library: never lost without a word
    std::fprintf(stderr, "tessera-server: %s\n", error.what());
    return 1;
  }
  return exit_code;
}
