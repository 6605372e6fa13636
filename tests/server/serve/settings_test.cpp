#include "server/serve/settings.h"

#include <cstdlib>
#include <filesystem>
#include <fstream>

#include <CLI/CLI.hpp>
#include <doctest/doctest.h>

using namespace tessera;

namespace {

/// The settings of a run with these arguments, this file and these variables.
struct Run {
  ServeSettings settings;
  Status status;
  std::string shown;

  Run(std::vector<std::string> arguments, const std::string& file, std::vector<std::pair<std::string, std::string>> variables = {}) {
    const auto path = std::filesystem::temp_directory_path() / "tessera-settings-test.toml";
    if (!file.empty()) {
      std::ofstream(path) << file;
      arguments.insert(arguments.end(), {"--config", path.string()});
    }
    for (const auto& [name, value] : variables) setenv(name.c_str(), value.c_str(), 1);
    CLI::App app;
    add_settings(app, settings);
    std::reverse(arguments.begin(), arguments.end());
    app.parse(arguments);
    status = fill_settings(app, settings);
    shown = describe_settings(app, settings);
    for (const auto& [name, value] : variables) unsetenv(name.c_str());
    std::filesystem::remove(path);
  }
  bool shows(const std::string& line) const { return shown.find(line + "\n") != std::string::npos; }
};

}  // namespace

TEST_CASE("Settings: a flag before a variable before the file before the default") {
  const std::string file = "limit = \"1\"\nread-limit = \"1\"\nmax_cells = \"1M\"\n[serve]\nname = \"File\"\n";
  const Run run({"--limit", "3"}, file, {{"TESSERA_LIMIT", "2"}, {"TESSERA_READ_LIMIT", "2"}});
  REQUIRE(run.status.ok());
  CHECK(run.settings.limit == "3");
  CHECK(run.settings.read_limit == "2");
  CHECK(run.settings.max_cells == "1M");
  CHECK(run.settings.name == "File");
  CHECK(run.settings.session_ttl == "30d");
  CHECK(run.shows("limit = \"3\"  # flag"));
  CHECK(run.shows("read-limit = \"2\"  # environment TESSERA_READ_LIMIT"));
  CHECK(run.shown.find("max-cells = \"1M\"  # /") != std::string::npos);
  CHECK(run.shows("session-ttl = \"30d\"  # default"));
}

TEST_CASE("Settings: of a flag that is given twice the last counts, so that a script's own can be overruled") {
  CHECK(Run({"--limit", "3", "--limit", "4"}, "").settings.limit == "4");
}

TEST_CASE("Settings: lists and switches from everywhere") {
  const Run flags({"--canvas", "a:1x1", "--canvas", "b:2x2", "--exit-with-parent"}, "");
  CHECK(flags.settings.canvases == std::vector<std::string>{"a:1x1", "b:2x2"});
  CHECK(flags.settings.exit_with_parent);
  const Run file({}, "canvas = [\"a:1x1\", \"b:2x2\"]\nexit-with-parent = true\n");
  CHECK(file.settings.canvases == std::vector<std::string>{"a:1x1", "b:2x2"});
  CHECK(file.settings.exit_with_parent);
  const Run variables({}, "", {{"TESSERA_CANVAS", "a:1x1, b:2x2"}, {"TESSERA_EXIT_WITH_PARENT", "true"}});
  CHECK(variables.settings.canvases == std::vector<std::string>{"a:1x1", "b:2x2"});
  CHECK(variables.settings.exit_with_parent);
}

TEST_CASE("Settings: a key that means nothing is refused with the nearest that does") {
  const Run run({}, "red-limit = 5\n");
  REQUIRE_FALSE(run.status.ok());
  CHECK(run.status.error().message.find("there is no setting 'red-limit'; the nearest is 'read-limit'") != std::string::npos);
  CHECK(Run({}, "READ-LIMIT = 5\n").status.error().message.ends_with("there is no setting 'READ-LIMIT'; the nearest is 'read-limit'"));
  CHECK(Run({}, "colour = 5\n").status.error().message.ends_with("there is no setting 'colour'; `tessera-server config` prints those that there are"));
  CHECK_FALSE(Run({}, "[other]\nlimit = 5\n").status.ok());
  CHECK(Run({}, "network-threads = many\n").status.error().message.ends_with(", line 1, network-threads: 'many' is not a whole number"));
  CHECK(Run({}, "", {{"TESSERA_EXIT_WITH_PARENT", "maybe"}}).status.error().message == "TESSERA_EXIT_WITH_PARENT: 'maybe' is not true or false");
  CHECK_FALSE(Run({"--config", "/nowhere/x.toml"}, "").status.ok());
}

TEST_CASE("Settings: the nearest word is one that was likely meant, or none") {
  const std::vector<std::string> known{"read-limit", "serve", "web", "data"};
  CHECK(nearest_word("read-limt", known) == "read-limit");
  CHECK(nearest_word("READ-LIMIT", known) == "read-limit");
  CHECK(nearest_word("serv", known) == "serve");
  CHECK(nearest_word("dtaa", known) == "");
  CHECK(nearest_word("reader", known) == "");
  CHECK(nearest_word("x", known) == "");
  CHECK(nearest_word("serve", {}) == "");
}

TEST_CASE("Settings: what a file says twice, or with more than one value, is refused with its line") {
  const auto refused = [](const std::string& file) {
    const Run run({}, file);
    REQUIRE_FALSE(run.status.ok());
    const std::string& message = run.status.error().message;
    return message.substr(message.find(", line") + 2);
  };
  CHECK(refused("limit = 1\nread-limit = 5 6\n") == "line 2: read-limit takes one value: put it in quotes where it has blanks or commas");
  CHECK(refused("name = A server # c\n") == "line 1: name takes one value: put it in quotes where it has blanks or commas");
  CHECK(refused("name = \"unterminated\n") == "line 1: name: the text that begins with \" has no closing quote");
  CHECK(refused("limit = 1\nlimit = 2\n") == "line 2: 'limit' was said in line 1 already");
}

TEST_CASE("Settings: what is printed is a file that says the same") {
  const Run first({"--name", "A \"server\" \\ é", "--canvas", "a:1x1", "--canvas", "b:2x2", "--dev-header-auth"}, "", {{"TESSERA_READ_LIMIT", "7"}});
  REQUIRE(first.status.ok());
  const Run again({}, first.shown);
  REQUIRE(again.status.ok());
  CHECK(again.settings.name == "A \"server\" \\ é");
  CHECK(again.settings.canvases == std::vector<std::string>{"a:1x1", "b:2x2"});
  CHECK(need_restart(first.settings, again.settings) == std::vector<std::string>{"config"});
  CHECK(again.settings.read_limit == "7");
  const Run nothing({}, "");
  const Run defaults({}, nothing.shown);
  REQUIRE(defaults.status.ok());
  CHECK(defaults.settings.canvases.empty());
  CHECK(need_restart(nothing.settings, defaults.settings) == std::vector<std::string>{"config"});
}

TEST_CASE("Settings: a mistyped variable is refused with the one that was meant; those of other programs are left alone") {
  const Run run({}, "", {{"TESSERA_READ_LIMT", "5"}});
  REQUIRE_FALSE(run.status.ok());
  CHECK(run.status.error().message == "the environment has TESSERA_READ_LIMT, which is no setting; the nearest is TESSERA_READ_LIMIT");
  CHECK(Run({}, "", {{"TESSERA_DISCORD_GILD", "5"}}).status.error().message.ends_with("the nearest is TESSERA_DISCORD_GUILD"));
  for (const char* other : {"TESSERA_OWNER_TOKEN", "TESSERA_OWNER_TOKEN_FILE", "TESSERA_DISCORD_CLIENT_ID", "TESSERA_DISCORD_API", "TESSERA_URL", "TESSERA_SHOTS",
                            "TESSERA_NODE", "TESSERA_SERVICE_HOST", "TESSERA_PORT", "OTHER_LIMT"})
    CHECK_MESSAGE(Run({}, "", {{other, "x"}}).status.ok(), other);
}

TEST_CASE("Settings: what Discord needs is shown with where it came from, its secret is not") {
  setenv("TESSERA_DISCORD_CLIENT_ID", "4177", 1);
  setenv("TESSERA_DISCORD_CLIENT_SECRET_FILE", "/run/hush", 1);
  std::string all;
  for (const ShownVariable& each : shown_variables()) all += each.name.substr(8) + " is " + each.value + " by " + each.source + "\n";
  unsetenv("TESSERA_DISCORD_CLIENT_ID");
  unsetenv("TESSERA_DISCORD_CLIENT_SECRET_FILE");
  CHECK(all ==
        "OWNER_TOKEN is not set by \n"
        "DISCORD_CLIENT_SECRET is set (hidden) by TESSERA_DISCORD_CLIENT_SECRET_FILE, /run/hush\n"
        "DISCORD_CLIENT_ID is 4177 by TESSERA_DISCORD_CLIENT_ID\n"
        "DISCORD_GUILD is not set by \n"
        "DISCORD_API is not set by \n");
  setenv("TESSERA_DISCORD_CLIENT_SECRET", "hush", 1);
  for (const ShownVariable& each : shown_variables()) CHECK(each.value.find("hush") == std::string::npos);
  unsetenv("TESSERA_DISCORD_CLIENT_SECRET");
}

TEST_CASE("Settings: of two places to keep everything the one said more loudly counts") {
  CHECK_FALSE(Run({"--data", "a", "--store", "memory:"}, "").status.ok());
  const Run store({"--store", "memory:"}, "", {{"TESSERA_DATA", "/a"}});
  REQUIRE(store.status.ok());
  CHECK(store.settings.store == "memory:");
  const Run data({"--data", "/b"}, "store = \"memory:\"\n");
  REQUIRE(data.status.ok());
  CHECK(data.settings.store.empty());
}

TEST_CASE("Settings: a secret comes from a variable or a file, and is no setting") {
  setenv("TESSERA_TEST_SECRET", "hush", 1);
  CHECK(**read_secret("TESSERA_TEST_SECRET") == "hush");
  unsetenv("TESSERA_TEST_SECRET");
  CHECK_FALSE(read_secret("TESSERA_TEST_SECRET")->has_value());
  const auto path = std::filesystem::temp_directory_path() / "tessera-secret-test";
  std::ofstream(path) << "from a file\r\n";
  setenv("TESSERA_TEST_SECRET_FILE", path.c_str(), 1);
  CHECK(**read_secret("TESSERA_TEST_SECRET") == "from a file");
  std::filesystem::remove(path);
  CHECK_FALSE(read_secret("TESSERA_TEST_SECRET").ok());
  unsetenv("TESSERA_TEST_SECRET_FILE");
}

TEST_CASE("Settings: as people see them, with where each came from in a word and no secret") {
  const Run run({"--limit", "3"}, "name = \"File\"\nhost-name = [\"a\", \"b\"]\n", {{"TESSERA_READ_LIMIT", "2"}});
  REQUIRE(run.status.ok());
  const auto shown = shown_settings(run.settings);
  const auto find = [&](const std::string& name) {
    const auto found = std::find_if(shown.begin(), shown.end(), [&](const ShownSetting& each) { return each.name == name; });
    REQUIRE(found != shown.end());
    return found->value + " by " + found->from;
  };
  CHECK(find("limit") == "3 by flag");
  CHECK(find("read-limit") == "2 by environment");
  CHECK(find("name") == "File by file");
  CHECK(find("host-name") == "a, b by file");
  CHECK(find("dev-header-auth") == "false by default");
  CHECK(hidden_secret(true) == "set (hidden)");
  CHECK(hidden_secret(false) == "not set");
}

TEST_CASE("Settings: what a running server does not take over is shown as it was") {
  const auto before = shown_settings(Run({"--name", "Old", "--guests", "on"}, "").settings);
  const auto after = in_force(before, shown_settings(Run({"--name", "New", "--guests", "off"}, "").settings));
  for (const ShownSetting& each : after) {
    if (each.name == "name") CHECK(each.value == "Old");
    if (each.name == "guests") CHECK(each.value == "off");
  }
}
