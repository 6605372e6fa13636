#pragma once

#include <memory>
#include <string>

namespace CLI {
class App;
}

namespace tessera {

/// Each adds its subcommand to the program. When one runs, `exit_code` becomes what the process ends with: 0 done, 1 not done
/// (the reason is on standard error), 130 stopped by Ctrl-C with everything left whole.
void register_import(CLI::App& app, int& exit_code);
void register_export(CLI::App& app, int& exit_code);
void register_verify(CLI::App& app, int& exit_code);
void register_replay(CLI::App& app, int& exit_code);
void register_admin(CLI::App& app, int& exit_code);

/// `--data DIR | --store URL`, the same for every command that opens a store.
struct StoreChoice {
  std::string data = "./tessera-data";
  std::string store;

  /// The options bind to `choice`, which must live until the program has run.
  static void add_options(CLI::App& command, const std::shared_ptr<StoreChoice>& choice);
  std::string url() const;
};

inline constexpr int exit_stopped = 130;

}  // namespace tessera
