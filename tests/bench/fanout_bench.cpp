// What a delivered message costs: the server's network thread beside a bare epoll loop that sends the same frames to as many
// sockets. Both run in this process, in turn, at the same number of frames a second; another process reads.
#include <algorithm>
#include <atomic>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <thread>

#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/tcp.h>
#include <sys/epoll.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "server/net/net_server.h"
#include "server/net/ws_frame.h"
#include "shared/base/random.h"
#include "shared/protocol/codec.h"
#include "tests/bench/server_process.h"
#include "tests/support/quiet_hub.h"

using namespace tessera;
using namespace tessera::bench;
using namespace std::chrono_literals;
using Steady = std::chrono::steady_clock;

namespace {

constexpr CanvasId the_canvas{1};
constexpr std::size_t cells_per_frame = 266;  // 8,000 placements a second at 30 frames a second
constexpr int frames_per_run = 15;
constexpr int pairs = 7;
constexpr int tries = 21;
constexpr double on_time = 0.8;  // of the frames a second that are scheduled
constexpr double wanted_ratio = 1.25;

/// What the reading process tells: bytes from each side, and whether all are connected.
struct Tally {
  std::atomic<std::uint64_t> bytes[2];
  std::atomic<std::size_t> connected;
};

[[noreturn]] void give_up(const char* what) {
  std::perror(what);
  std::exit(1);
}

void pin(int core) {
  cpu_set_t set;
  CPU_ZERO(&set);
  CPU_SET(core, &set);
  ::sched_setaffinity(0, sizeof set, &set);
}

int connect_to(std::uint16_t port) {
  const int fd = ::socket(AF_INET, SOCK_STREAM, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(port);
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  if (fd < 0 || ::connect(fd, reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0) give_up("connect");
  return fd;
}

Bytes masked(const ClientMessage& message) {
  const Bytes payload = encode(message);
  Bytes frame;
  append_ws_header(WsOpcode::Binary, payload.size(), frame);
  frame[1] = static_cast<std::uint8_t>(frame[1] | 128);
  frame.insert(frame.end(), 4, 0);  // a mask of zeros changes nothing
  frame.insert(frame.end(), payload.begin(), payload.end());
  return frame;
}

/// Everything a watching client says, in one piece.
Bytes opening() {
  const std::string handshake =
      "GET /ws HTTP/1.1\r\nHost: localhost\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n"
      "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Protocol: tessera.v1\r\n\r\n";
  Bytes out(handshake.begin(), handshake.end());
  for (const ClientMessage& message : {ClientMessage(Hello{}), ClientMessage(Enter{}), ClientMessage(Watch{{{{0, 0}, 0, 0}}, {}})}) {
    const Bytes frame = masked(message);
    out.insert(out.end(), frame.begin(), frame.end());
  }
  return out;
}

/// The reading process: connects to both sides, then counts until it is ended.
[[noreturn]] void read_for_ever(const std::uint16_t (&ports)[2], std::size_t readers, Tally& tally) {
  pin(1);
  const int epoll = ::epoll_create1(0);
  const Bytes hello = opening();
  for (std::size_t i = 0; i < readers; ++i) {
    for (std::uint32_t side = 0; side < 2; ++side) {
      const int fd = connect_to(ports[side]);
      if (side == 1 && ::send(fd, hello.data(), hello.size(), MSG_NOSIGNAL) < 0) give_up("send");
      epoll_event event{};
      event.events = EPOLLIN;
      event.data.u64 = std::uint64_t{side} << 32 | static_cast<std::uint32_t>(fd);
      ::epoll_ctl(epoll, EPOLL_CTL_ADD, fd, &event);
    }
    tally.connected.store(i + 1);
  }
  std::vector<char> buffer(1u << 18);
  std::vector<epoll_event> events(1024);
  for (;;) {
    const int count = ::epoll_wait(epoll, events.data(), static_cast<int>(events.size()), -1);
    for (int i = 0; i < count; ++i) {
      const std::uint64_t data = events[static_cast<std::size_t>(i)].data.u64;
      const ssize_t got = ::recv(static_cast<int>(data & 0xffffffffu), buffer.data(), buffer.size(), MSG_DONTWAIT);
      if (got > 0) tally.bytes[data >> 32].fetch_add(static_cast<std::uint64_t>(got), std::memory_order_relaxed);
    }
  }
}

/// Lets everyone enter, and has nothing else to say.
class OpenHub final : public QuietHub {
 public:
  void post(Command command) override {
    if (const auto* opened = std::get_if<Opened>(&command)) gate = opened->gate;
    if (const auto* enter = std::get_if<EnterCanvas>(&command)) {
      Entered entered;
      entered.canvas.id = the_canvas;
      entered.canvas.name = "main";
      entered.canvas.width = entered.canvas.height = 256;
      entered.canvas.palette = {{0, 0, 0, "black", false}};
      entered.canvas.version = 1;
      gate.load()->post(Joined{enter->connection, the_canvas, std::move(entered)});
    }
    if (std::holds_alternative<WatchTiles>(command)) watching.fetch_add(1);
  }

  std::atomic<Gate*> gate{nullptr};
  std::atomic<std::size_t> watching{0};
};

class NoHttp final : public HttpHandler {
  void handle(HttpRequest, Respond respond) override { respond({}); }
};

class Anybody final : public Authenticator {
  void authenticate(const HttpRequest&, std::function<void(Result<Identity, HttpResponse>)> done) override { done(Identity{}); }
  void authenticate_token(std::string, std::function<void(Result<Identity, Refused>)> done) override { done(Identity{}); }
  bool guests_allowed() const override { return true; }
};

Published next_batch(SeededRandom& random, Seq first) {
  Deltas deltas{first, first + cells_per_frame - 1, {{{0, 0}, first - 1, first + cells_per_frame - 1, {}}}};
  for (std::size_t i = 0; i < cells_per_frame; ++i)
    deltas.tiles[0].cells.push_back({static_cast<TileOffset>(random.below(65'536)), static_cast<ColorIndex>(random.below(32))});
  return {the_canvas, Epoch{1}, WallTime{1}, nullptr, std::make_shared<const Bytes>(encode(ServerMessage(deltas))), {{0, 0}}};
}

/// The bare loop: one epoll, one timer of frames, one `send` to each socket.
class RawServer {
 public:
  RawServer() : listener_(::socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0)), epoll_(::epoll_create1(0)) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof address;
    if (::bind(listener_, reinterpret_cast<const sockaddr*>(&address), size) != 0 || ::listen(listener_, 4096) != 0) give_up("listen");
    ::getsockname(listener_, reinterpret_cast<sockaddr*>(&address), &size);
    port_ = ntohs(address.sin_port);
  }
  std::uint16_t port() const { return port_; }
  void accept_all() {
    for (int fd; (fd = ::accept4(listener_, nullptr, nullptr, SOCK_NONBLOCK)) >= 0;) {
      const int yes = 1;
      ::setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &yes, sizeof yes);
      epoll_event event{};
      event.events = EPOLLIN;
      event.data.fd = fd;
      ::epoll_ctl(epoll_, EPOLL_CTL_ADD, fd, &event);
      sockets_.push_back(fd);
    }
  }
  std::size_t size() const { return sockets_.size(); }
  /// A frame to everyone, after a look at the epoll as a server would.
  void send_all(const Bytes& frame) const {
    epoll_event events[64];
    ::epoll_wait(epoll_, events, 64, 0);
    for (const int fd : sockets_)
      if (::send(fd, frame.data(), frame.size(), MSG_DONTWAIT | MSG_NOSIGNAL) != static_cast<ssize_t>(frame.size())) give_up("raw send");
  }

 private:
  int listener_, epoll_;
  std::uint16_t port_ = 0;
  std::vector<int> sockets_;
};

struct Run {
  double cpu_us = 0;       ///< per delivered message
  double frames_rate = 0;  ///< that reached the readers, a second
};

/// Sends `frames_per_run` frames on schedule by `send`, waits until the readers have them all.
template <typename Send>
Run measure(Tally& tally, int side, std::size_t readers, const std::vector<Bytes>& frames, std::chrono::microseconds frame_time,
            Send send) {
  std::uint64_t wanted = tally.bytes[side].load();
  const double cpu_before = own_cpu_seconds();
  const auto begun = Steady::now();
  auto next = begun;
  for (int i = 0; i < frames_per_run; ++i) {
    std::this_thread::sleep_until(next);
    next += frame_time;
    send(static_cast<std::size_t>(i));
    wanted += frames[static_cast<std::size_t>(i)].size() * readers;
  }
  while (tally.bytes[side].load() < wanted) {
    if (Steady::now() - begun > 30s) give_up("the readers never got everything");
    std::this_thread::sleep_for(1ms);
  }
  const double seconds = std::chrono::duration<double>(Steady::now() - begun).count();
  const double messages = frames_per_run * static_cast<double>(readers);
  return {(own_cpu_seconds() - cpu_before) * 1e6 / messages, frames_per_run / seconds};
}

double median(std::vector<double> values) {
  std::sort(values.begin(), values.end());
  return values[values.size() / 2];
}

void compare(std::size_t readers, int frames_a_second) {
  const std::chrono::microseconds frame_time(1'000'000 / frames_a_second);
  auto* tally = static_cast<Tally*>(::mmap(nullptr, sizeof(Tally), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0));
  OpenHub hub;
  NoHttp http;
  Anybody anybody;
  SystemClock clock;
  SystemRandom system_random;
  NetSettings settings;
  settings.port = 0;
  settings.threads = 1;
  settings.connections_per_address = std::nullopt;
  settings.ping_every = settings.idle_time = std::chrono::hours(1);  // the readers count bytes, and answer nothing
  auto net = NetServer::open(settings, NetServices{hub, http, anybody, clock, system_random, nullptr, {}});
  if (!net) give_up(net.error().message.c_str());
  RawServer raw;
  const std::uint16_t ports[2] = {raw.port(), (*net)->port()};
  const pid_t child = ::fork();
  if (child == 0) read_for_ever(ports, readers, *tally);

  pin(0);
  (*net)->start();
  const auto begun = Steady::now();
  while (tally->connected.load() < readers || raw.size() < readers || hub.watching.load() < readers) {
    raw.accept_all();
    if (Steady::now() - begun > 60s) give_up("not everybody connected");
    std::this_thread::sleep_for(1ms);
  }
  std::this_thread::sleep_for(200ms);  // what was said while they entered is read

  SeededRandom random(1);
  std::vector<Published> batches;
  std::vector<Bytes> frames;
  for (Seq i = 0; i < frames_per_run; ++i) {
    batches.push_back(next_batch(random, 1 + i * cells_per_frame));
    frames.push_back(ws_frame(WsOpcode::Binary, *batches.back().deltas));
  }
  std::uint64_t waited_before = 0;
  std::vector<double> ratios, ours, bare, rates;
  for (int run = 0; run < tries && ratios.size() < pairs; ++run) {
    const Run first = measure(*tally, 0, readers, frames, frame_time, [&](std::size_t i) { raw.send_all(frames[i]); });
    const Run second = measure(*tally, 1, readers, frames, frame_time, [&](std::size_t i) { hub.gate.load()->post(batches[i]); });
    // A server that falls behind merges frames, and looks cheap: such a run does not count.
    const std::uint64_t waited = (*net)->counters().deltas_waited.load();
    if (std::exchange(waited_before, waited) != waited) continue;
    if (std::min(first.frames_rate, second.frames_rate) < on_time * frames_a_second) continue;
    ratios.push_back(second.cpu_us / first.cpu_us);
    bare.push_back(first.cpu_us);
    ours.push_back(second.cpu_us);
    rates.push_back(std::min(second.frames_rate, first.frames_rate));
  }
  ::kill(child, SIGKILL);
  ::waitpid(child, nullptr, 0);
  (*net)->stop(0ms);
  ::munmap(tally, sizeof(Tally));

  const std::string what = "CPU per delivered message beside a raw epoll fan-out, " + std::to_string(readers) + " readers";
  if (ratios.size() < pairs) {
    std::printf("only %zu of %d runs were on time on both sides: this machine is too busy for a comparison\n", ratios.size(), tries);
    return figure(what, "not on time", "≤ 1.25×", false);
  }
  const double ratio = median(ratios);
  std::printf("fan-out to %zu readers: %.2f µs a message, bare loop %.2f µs; at least %.1f frames/s reached everybody, on both sides\n",
              readers, median(ours), median(bare), *std::min_element(rates.begin(), rates.end()));
  char measured[64];
  std::snprintf(measured, sizeof measured, "%.2f× (%.2f µs)", ratio, median(ours));
  figure(what, measured, "≤ 1.25×", ratio <= wanted_ratio);
}

}  // namespace

int main() {
  rlimit limit{};
  ::getrlimit(RLIMIT_NOFILE, &limit);
  limit.rlim_cur = limit.rlim_max;
  ::setrlimit(RLIMIT_NOFILE, &limit);
  compare(1'000, 30);
  if (limit.rlim_max >= 10'100) compare(5'000, 5);
  else std::printf("5,000 readers need 10,100 open files; this machine allows %lu\n", static_cast<unsigned long>(limit.rlim_max));
}
