#pragma once

namespace CLI {
class App;
}

namespace tessera {

/// Each adds its subcommand to the program; when one runs, `exit_code` becomes what the process ends with.
void register_serve(CLI::App& app, int& exit_code);
void register_config(CLI::App& app, int& exit_code);

}  // namespace tessera
