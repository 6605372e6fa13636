#include "server/serve/serve.h"

#include <cstdio>
#include <memory>

#include <CLI/CLI.hpp>

#include "server/core/problem.h"
#include "server/serve/ending.h"
#include "server/serve/hosting.h"
#include "server/serve/log.h"
#include "server/serve/plan.h"
#include "server/serve/settings.h"

namespace tessera {
namespace {

int fail(const std::string& message) {
  std::fprintf(stderr, "tessera-server: %s\n", message.c_str());
  return 1;
}

/// The one line on standard output, for the program that started us.
void print_ready(const std::string& url, std::uint16_t port) {
  std::printf("{\"event\":\"ready\",\"url\":%s,\"port\":%u,\"version\":%s}\n", json_string(url).c_str(), unsigned{port},
              json_string(version_text()).c_str());
  std::fflush(stdout);
}

/// SIGHUP: what can change while serving is taken over; what cannot is named.
void reload(Hosting& hosting, ServeSettings& settings, const std::vector<std::string>& flags, const Log& log) {
  auto fresh = read_again(flags);
  if (!fresh) return log.error("the settings were not reloaded", {{"detail", fresh.error().message}});
  const auto plan = make_plan(*fresh);
  if (!plan) return log.error("the settings were not reloaded", {{"detail", plan.error().message}});
  if (const Status done = log.set_level(fresh->log_level); !done)
    return log.error("the settings were not reloaded", {{"detail", done.error().message}});
  hosting.reload(*plan);
  std::string later;
  for (const std::string& name : need_restart(settings, *fresh)) later += (later.empty() ? "" : ", ") + name;
  log.info("the settings were reloaded");
  if (!later.empty()) log.warn("these settings have changed and need a restart", {{"settings", later}});
}

int run(const Plan& plan, ServeSettings& settings, const std::vector<std::string>& flags, const Log& log) {
  EndingWatch ending(plan.exit_with_parent);
  raise_file_limit();
  auto hosting = Hosting::open(plan, log, [&ending] { ending.end_fatally(); });
  if (!hosting) {
    log.error(hosting.error().message);
    return 1;
  }
  for (const std::string& warning : warnings(plan)) log.warn(warning);
  (*hosting)->start();
  const std::string url = link(plan, (*hosting)->port());
  log.info("ready", {{"url", url}, {"version", version_text()}, {"store", plan.store_url}});
  print_ready(url, (*hosting)->port());

  const Ending why = ending.wait([&] { reload(**hosting, settings, flags, log); });
  log.info(why == Ending::Signal       ? "asked to end: closing"
           : why == Ending::ParentGone ? "standard input is closed: closing"
                                       : "closing after an error");
  (*hosting)->stop();
  log.info("closed");
  return why == Ending::Fatal ? 1 : 0;
}

int serve(CLI::App& command, ServeSettings& settings) {
  const std::vector<std::string> flags = given_flags(command);
  if (const Status filled = fill_settings(command, settings); !filled) return fail(filled.error().message);
  const auto plan = make_plan(settings);
  if (!plan) return fail(plan.error().message);
  const auto log = Log::open(settings.log_level);
  if (!log) return fail(log.error().message);
  return run(*plan, settings, flags, *log);
}

int show_config(CLI::App& command, ServeSettings& settings) {
  if (const Status filled = fill_settings(command, settings); !filled) return fail(filled.error().message);
  std::fputs(describe_settings(command, settings).c_str(), stdout);
  for (const ShownVariable& each : shown_variables())
    std::printf("# %s is %s%s\n", each.name.c_str(), each.value.c_str(), each.source.empty() ? "" : ("  # environment " + each.source).c_str());
  const auto plan = make_plan(settings);
  return plan ? 0 : fail(plan.error().message);
}

using Run = int (*)(CLI::App&, ServeSettings&);

void add_command(CLI::App& app, const char* name, const char* about, int& exit_code, Run run_command) {
  const auto settings = std::make_shared<ServeSettings>();
  CLI::App* command = app.add_subcommand(name, about);
  add_settings(*command, *settings);
  command->callback([command, settings, run_command, &exit_code] { exit_code = run_command(*command, *settings); });
}

}  // namespace

void register_serve(CLI::App& app, int& exit_code) {
  add_command(app, "serve", "Serve canvases", exit_code, serve);
}

void register_config(CLI::App& app, int& exit_code) {
  add_command(app, "config", "Print the settings of `serve` in force and where each came from", exit_code, show_config);
}

}  // namespace tessera
