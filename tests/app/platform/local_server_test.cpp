#include "app/platform/local_server.h"

#include <arpa/inet.h>
#include <doctest/doctest.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include <condition_variable>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <mutex>

using namespace tessera;

namespace {

/// A folder on PATH whose `tessera-server` is a script, and what the LocalServer posts.
class Stage {
 public:
  explicit Stage(const char* script) {
    std::filesystem::remove_all(folder_);
    std::filesystem::create_directories(folder_);
    if (script) {
      std::ofstream(folder_ / "tessera-server") << "#!/bin/sh\n" << script;
      ::chmod((folder_ / "tessera-server").c_str(), 0755);
    }
    old_path_ = std::getenv("PATH");
    ::setenv("PATH", (script ? folder_.string() + ":" + old_path_ : folder_.string()).c_str(), 1);
  }
  ~Stage() {
    ::setenv("PATH", old_path_.c_str(), 1);
    std::filesystem::remove_all(folder_);
  }
  std::function<void(Action)> post() {
    return [this](Action action) {
      const std::lock_guard lock(mutex_);
      actions_.push_back(std::move(action));
      posted_.notify_all();
    };
  }
  /// The next change of state, after the lines of log that came before it.
  action::LocalServerChanged change() {
    for (;;) {
      std::unique_lock lock(mutex_);
      if (!posted_.wait_for(lock, std::chrono::seconds(20), [this] { return !actions_.empty(); })) return {};
      Action first = std::move(actions_.front());
      actions_.erase(actions_.begin());
      if (auto* line = std::get_if<action::LocalServerLogged>(&first)) log.push_back(line->line);
      if (auto* changed = std::get_if<action::LocalServerChanged>(&first)) return *changed;
    }
  }
  LocalServer::Setup setup() const { return {(folder_ / "data").string(), ""}; }
  std::string read(const char* name) const {
    std::ifstream file(folder_ / name);
    return {std::istreambuf_iterator<char>(file), {}};
  }
  std::string path(const char* name) const { return (folder_ / name).string(); }
  std::vector<std::string> log;

 private:
  std::filesystem::path folder_ = std::filesystem::temp_directory_path() / ("tessera-local-" + std::to_string(::getpid()));
  std::string old_path_;
  std::mutex mutex_;
  std::condition_variable posted_;
  Actions actions_;
};

constexpr const char* good_server =
    "echo \"$@\" > \"$(dirname \"$0\")/arguments\"\n"
    "echo '{\"level\":\"info\",\"message\":\"opening\"}' >&2\n"
    "echo '{\"event\":\"ready\",\"url\":\"http://127.0.0.1:4321\",\"port\":4321,\"version\":\"1\"}'\n"
    "cat > /dev/null\n"
    "echo ended > \"$(dirname \"$0\")/ended\"\n";

}  // namespace

TEST_CASE("LocalServer: ready it says where, and its end is asked for by closing its input") {
  Stage stage(good_server);
  LocalServer server(stage.setup(), stage.post());
  server.start(0, false);
  const auto running = stage.change();
  CHECK(running.state == HostState::Running);
  CHECK(running.link == "http://127.0.0.1:4321");
  CHECK(running.lan_links.empty());
  CHECK(stage.read("arguments").starts_with("serve --exit-with-parent --listen 127.0.0.1:0 --data "));
  server.stop();
  CHECK(stage.change().state == HostState::Off);
  CHECK(stage.read("ended") == "ended\n");
  REQUIRE(stage.log.size() == 1);
  CHECK(stage.log[0] == "opening");
}

TEST_CASE("LocalServer: the owner's token goes to it by its environment alone, and stays the same") {
  Stage stage(
      "echo \"$TESSERA_OWNER_TOKEN\" > \"$(dirname \"$0\")/token\"\n"
      "echo \"$@\" > \"$(dirname \"$0\")/arguments\"\n"
      "echo '{\"event\":\"ready\",\"port\":4321}'\n"
      "cat > /dev/null\n");
  ::setenv("TESSERA_OWNER_TOKEN", "of another server", 1);
  const auto run = [&] {
    LocalServer server(stage.setup(), stage.post());
    server.start(0, false);
    const std::string token = stage.change().owner_token;
    CHECK(stage.read("token") == token + "\n");
    CHECK(stage.read("arguments").find(token) == std::string::npos);
    server.stop();
    CHECK(stage.change().state == HostState::Off);
    return token;
  };
  const std::string token = run();
  CHECK(token.size() == 64);
  CHECK(run() == token);
  const std::string file = stage.setup().data + "/owner-token";
  struct stat about {};
  REQUIRE(::stat(file.c_str(), &about) == 0);
  CHECK((about.st_mode & 0777) == 0600);
  // What others could read, or what is no token, is drawn anew.
  ::chmod(file.c_str(), 0644);
  const std::string second = run();
  CHECK(second != token);
  std::ofstream(file, std::ios::trunc) << "short\n";
  CHECK(run() != second);
  ::unsetenv("TESSERA_OWNER_TOKEN");
}

TEST_CASE("LocalServer: it ends with the app, and can be started again") {
  Stage stage(good_server);
  {
    LocalServer server(stage.setup(), stage.post());
    server.start(0, true);
    CHECK(stage.change().state == HostState::Running);
    CHECK(stage.read("arguments").find("--listen 0.0.0.0:0") != std::string::npos);
    server.stop();
    server.start(0, false);
    CHECK(stage.change().state == HostState::Off);
    CHECK(stage.change().state == HostState::Running);
    std::filesystem::remove(stage.path("ended"));
  }
  CHECK(stage.read("ended") == "ended\n");
}

TEST_CASE("LocalServer: where there is no program it says so") {
  Stage stage(nullptr);
  LocalServer server(stage.setup(), stage.post());
  server.start(0, false);
  const auto failed = stage.change();
  CHECK(failed.state == HostState::Failed);
  REQUIRE(failed.error.has_value());
  CHECK(failed.error->text == Text::HostNoProgram);
}

TEST_CASE("LocalServer: a port that is taken is named") {
  const int taken = ::socket(AF_INET, SOCK_STREAM, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  REQUIRE(::bind(taken, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0);
  REQUIRE(::listen(taken, 1) == 0);
  socklen_t size = sizeof address;
  ::getsockname(taken, reinterpret_cast<sockaddr*>(&address), &size);
  const std::uint16_t port = ntohs(address.sin_port);

  Stage stage("echo 'cannot listen' >&2\nexit 1\n");
  LocalServer server(stage.setup(), stage.post());
  server.start(port, false);
  const auto failed = stage.change();
  CHECK(failed.state == HostState::Failed);
  CHECK(failed.error == Phrase{Text::HostPortTaken, {std::to_string(port)}});
  REQUIRE(stage.log.size() == 1);
  CHECK(stage.log[0] == "cannot listen");
  ::close(taken);
}

TEST_CASE("LocalServer: a server that dies, before or after it was ready, is told as failed") {
  {
    Stage stage("exit 3\n");
    LocalServer server(stage.setup(), stage.post());
    server.start(0, false);
    CHECK(stage.change().error == Phrase{Text::HostFailed, {}});
  }
  Stage stage("echo '{\"event\":\"ready\",\"port\":5}'\nexit 3\n");
  LocalServer server(stage.setup(), stage.post());
  server.start(0, false);
  CHECK(stage.change().state == HostState::Running);
  CHECK(stage.change().error == Phrase{Text::ServerStopped, {}});
}
