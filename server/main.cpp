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

/// Where a flag or a command is not known: the nearest that is, if any is near. A flag may be of any command that was named, a command
/// only of the innermost.
void suggest(const CLI::App& app) {
  std::vector<std::string> flags, commands;
  const auto add_flags = [&](const CLI::App& command) {
    for (const CLI::Option* option : command.get_options())
      flags.insert(flags.end(), option->get_lnames().begin(), option->get_lnames().end());
  };
  const CLI::App* command = &app;
  for (add_flags(app); !command->get_subcommands().empty(); add_flags(*command)) command = command->get_subcommands().front();
  for (const CLI::App* each : command->get_subcommands([](const CLI::App*) { return true; })) commands.push_back(each->get_name());
  for (const std::string& word : app.remaining(true)) {
    const bool is_flag = word.starts_with("--");
    const std::string name = is_flag ? word.substr(2, word.find('=') - 2) : word;
    const std::string nearest = tessera::nearest_word(name, is_flag ? flags : commands);
    const char* const dashes = is_flag ? "--" : "";
    if (!nearest.empty())
      std::fprintf(stderr, "There is no %s %s%s; the nearest is %s%s.\n", is_flag ? "flag" : "command", dashes, name.c_str(), dashes, nearest.c_str());
  }
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
  } catch (const CLI::ParseError& error) {
    if (error.get_exit_code() != 0) suggest(app);
    return app.exit(error) == 0 ? 0 : exit_usage;
  } catch (const std::exception& error) {  // memory, or a defect of a library: never lost without a word
    std::fprintf(stderr, "tessera-server: %s\n", error.what());
    return 1;
  }
  return exit_code;
}
