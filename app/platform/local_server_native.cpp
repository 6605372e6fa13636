#include "app/platform/local_server.h"

#include <arpa/inet.h>
#include <fcntl.h>
#include <ifaddrs.h>
#include <net/if.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <atomic>
#include <filesystem>
#include <nlohmann/json.hpp>
#include <optional>
#include <thread>

#include "app/platform/child_native.h"
#include "app/platform/owner_token_native.h"

namespace tessera {
namespace {

using nlohmann::json;

constexpr const char* server_program = "tessera-server";
constexpr const char* new_canvas_size = ":1000x1000";

std::vector<std::string> lan_addresses() {
  std::vector<std::string> addresses;
  ifaddrs* first = nullptr;
  if (::getifaddrs(&first) != 0) return addresses;
  for (const ifaddrs* at = first; at != nullptr; at = at->ifa_next) {
    const bool usable = (at->ifa_flags & (IFF_UP | IFF_RUNNING)) == (IFF_UP | IFF_RUNNING) && !(at->ifa_flags & IFF_LOOPBACK);
    if (!usable || at->ifa_addr == nullptr || at->ifa_addr->sa_family != AF_INET) continue;
    char text[INET_ADDRSTRLEN] = "";
    ::inet_ntop(AF_INET, &reinterpret_cast<const sockaddr_in*>(at->ifa_addr)->sin_addr, text, sizeof text);
    addresses.emplace_back(text);
  }
  ::freeifaddrs(first);
  return addresses;
}

bool port_taken(std::uint16_t port, bool lan) {
  if (port == 0) return false;
  const int probe = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  if (probe < 0) return false;
  const int on = 1;
  ::setsockopt(probe, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(port);
  address.sin_addr.s_addr = htonl(lan ? INADDR_ANY : INADDR_LOOPBACK);
  const bool taken = ::bind(probe, reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0 && errno == EADDRINUSE;
  ::close(probe);
  return taken;
}

/// The web client's files, where they are built beside this program or installed with it.
std::optional<std::string> web_folder() {
  namespace fs = std::filesystem;
  const fs::path here = program_folder();
  for (const fs::path& folder : {here / "web", here / "../web", here / "../share/tessera/web"}) {
    std::error_code error;
    if (fs::exists(folder / "index.html", error)) return folder.lexically_normal().string();
  }
  return std::nullopt;
}

/// A line of the server's log as a person reads it.
std::string readable(const std::string& line) {
  const json entry = json::parse(line, nullptr, false);
  if (!entry.is_object()) return line;
  for (const char* key : {"message", "msg"})
    if (const auto found = entry.find(key); found != entry.end() && found->is_string()) return found->get<std::string>();
  return line;
}

/// Cuts what a pipe delivers into lines.
class Lines {
 public:
  static constexpr std::size_t longest = 64u << 10;

  /// False at the end of the stream.
  template <typename Each>
  bool read(int file, Each each) {
    char buffer[4096];
    const ssize_t count = ::read(file, buffer, sizeof buffer);
    if (count <= 0) return false;
    rest_.append(buffer, static_cast<std::size_t>(count));
    std::size_t end;
    while ((end = rest_.find('\n')) != std::string::npos) {
      each(rest_.substr(0, end));
      rest_.erase(0, end + 1);
    }
    if (rest_.size() > longest) rest_.clear();
    return true;
  }

 private:
  std::string rest_;
};

}  // namespace

struct LocalServer::Impl {
  Setup setup;
  std::function<void(Action)> post;
  std::thread thread;
  int end_pipe[2] = {-1, -1};  // writing to it asks the thread to end the server

  /// One run of the server, as its thread sees it.
  struct Run {
    std::uint16_t port;
    bool lan;
    Child child;
    int end_pipe;
    std::string owner_token;
    bool ready = false;
    bool asked = false;
  };

  std::vector<std::string> arguments(std::uint16_t port, bool lan) const {
    std::vector<std::string> out{"serve",  "--exit-with-parent", "--listen", (lan ? "0.0.0.0:" : "127.0.0.1:") + std::to_string(port),
                                 "--data", setup.data};
    if (const auto web = web_folder()) out.insert(out.end(), {"--web", *web});
    if (!setup.canvas.empty())
      out.insert(out.end(), {"--canvas", setup.canvas.find(':') == std::string::npos ? setup.canvas + new_canvas_size : setup.canvas});
    return out;
  }

  void fail(Phrase why) const { post(action::LocalServerChanged{HostState::Failed, {}, {}, std::move(why)}); }

  void become_ready(Run& run, const std::string& line) const {
    const json entry = json::parse(line, nullptr, false);
    if (!entry.is_object() || entry.value("event", json()) != "ready") return;
    const auto port = entry.find("port");
    if (port == entry.end() || !port->is_number_unsigned()) return;
    run.ready = true;
    const std::string tail = ":" + std::to_string(port->get<unsigned>());
    action::LocalServerChanged changed{HostState::Running, "http://127.0.0.1" + tail, {}, {}, run.owner_token};
    if (run.lan)
      for (const std::string& address : lan_addresses()) changed.lan_links.push_back("http://" + address + tail);
    post(std::move(changed));
  }

  /// The thread: until the server's output ends.
  void watch(Run run) const {
    Lines output, errors;
    bool output_open = true, errors_open = true;
    while (output_open || errors_open) {
      pollfd files[] = {{output_open ? run.child.output() : -1, POLLIN, 0},
                        {errors_open ? run.child.errors() : -1, POLLIN, 0},
                        {run.asked ? -1 : run.end_pipe, POLLIN, 0}};
      if (::poll(files, 3, -1) < 0 && errno != EINTR) break;
      if (files[0].revents != 0) output_open = output.read(run.child.output(), [&](const std::string& line) { become_ready(run, line); });
      if (files[1].revents != 0)
        errors_open = errors.read(run.child.errors(), [&](const std::string& line) { post(action::LocalServerLogged{readable(line)}); });
      if (files[2].revents != 0) {
        run.asked = true;
        run.child.ask_to_end();
      }
    }
    run.child.wait();
    if (run.asked) post(action::LocalServerChanged{HostState::Off, {}, {}, {}});
    else if (run.ready) fail({Text::ServerStopped, {}});
    else if (port_taken(run.port, run.lan)) fail({Text::HostPortTaken, {std::to_string(run.port)}});
    else fail({Text::HostFailed, {}});
  }

  void end() {
    if (end_pipe[1] >= 0) ::close(std::exchange(end_pipe[1], -1));
  }

  void join() {
    end();
    if (thread.joinable()) thread.join();
    if (end_pipe[0] >= 0) ::close(std::exchange(end_pipe[0], -1));
  }
};

LocalServer::LocalServer(Setup setup, std::function<void(Action)> post) : impl_(new Impl{std::move(setup), std::move(post), {}, {-1, -1}}) {}

LocalServer::~LocalServer() { impl_->join(); }

bool LocalServer::available() { return true; }

void LocalServer::start(std::uint16_t port, bool lan) {
  impl_->join();
  const auto program = find_program(server_program);
  if (!program) return impl_->fail({Text::HostNoProgram, {}});
  std::error_code ignored;
  std::filesystem::create_directories(impl_->setup.data, ignored);
  SystemRandom random;
  const std::string token = owner_token(impl_->setup.data, random);
  std::vector<std::string> secrets;
  if (!token.empty()) secrets.push_back("TESSERA_OWNER_TOKEN=" + token);
  auto child = Child::start(*program, impl_->arguments(port, lan), secrets);
  if (!child || ::pipe2(impl_->end_pipe, O_CLOEXEC) != 0) {
    impl_->post(action::LocalServerLogged{child ? "no pipe" : child.error().message});
    return impl_->fail({Text::HostFailed, {}});
  }
  impl_->thread = std::thread([this, run = std::make_shared<Impl::Run>(Impl::Run{port, lan, std::move(*child), impl_->end_pipe[0], token})] {
    impl_->watch(std::move(*run));
  });
}

void LocalServer::stop() { impl_->end(); }

}  // namespace tessera
