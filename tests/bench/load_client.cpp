#include "tests/bench/load_client.h"

#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <cstring>

namespace tessera::bench {
namespace {

[[noreturn]] void give_up(const char* what) {
  std::fprintf(stderr, "load client: %s: %s\n", what, std::strerror(errno));
  std::exit(1);
}

int connect_to(std::uint16_t port) {
  const int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(port);
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  if (fd < 0 || connect(fd, reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0) give_up("connect");
  const int on = 1;
  setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
  return fd;
}

void send_all(int fd, std::string_view text) {
  while (!text.empty()) {
    const ssize_t sent = ::send(fd, text.data(), text.size(), MSG_NOSIGNAL);
    if (sent <= 0) give_up("send");
    text.remove_prefix(static_cast<std::size_t>(sent));
  }
}

/// Reads byte by byte up to the blank line, so that nothing of what follows is taken.
std::string read_head(int fd) {
  std::string head;
  char c = 0;
  while (!head.ends_with("\r\n\r\n")) {
    if (recv(fd, &c, 1, 0) != 1) give_up("reading an answer");
    head += c;
  }
  return head;
}

/// A masked binary frame (RFC 6455, 5.2); the mask is zero, which is as valid as any.
void append_frame(Bytes& out, ByteSpan payload) {
  out.push_back(0x82);
  if (payload.size() < 126) {
    out.push_back(static_cast<std::uint8_t>(0x80 | payload.size()));
  } else if (payload.size() < 65'536) {
    out.push_back(0x80 | 126);
    out.push_back(static_cast<std::uint8_t>(payload.size() >> 8));
    out.push_back(static_cast<std::uint8_t>(payload.size()));
  } else {
    out.push_back(0x80 | 127);
    for (int shift = 56; shift >= 0; shift -= 8) out.push_back(static_cast<std::uint8_t>(std::uint64_t{payload.size()} >> shift));
  }
  out.insert(out.end(), 4, 0);
  out.insert(out.end(), payload.begin(), payload.end());
}

}  // namespace

LoadClient::LoadClient(std::uint16_t port, OnMessage on_message) : port_(port), on_message_(std::move(on_message)) {
  epoll_ = epoll_create1(EPOLL_CLOEXEC);
  if (epoll_ < 0) give_up("epoll");
}

LoadClient::~LoadClient() {
  for (const Socket& socket : sockets_) close(socket.fd);
  close(epoll_);
}

std::size_t LoadClient::add(const std::string& token, const std::vector<TileIndex>& tiles) {
  const std::size_t index = sockets_.size();
  Socket& added = sockets_.emplace_back();
  added.fd = connect_to(port_);
  send_all(added.fd, "GET /ws HTTP/1.1\r\nHost: 127.0.0.1:" + std::to_string(port_) +
                         "\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\n"
                         "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Protocol: tessera.v1\r\n\r\n");
  if (!read_head(added.fd).starts_with("HTTP/1.1 101")) give_up("the server did not upgrade");
  fcntl(added.fd, F_SETFL, O_NONBLOCK);
  epoll_event event{};
  event.events = EPOLLIN;
  event.data.u64 = index;
  if (epoll_ctl(epoll_, EPOLL_CTL_ADD, added.fd, &event) != 0) give_up("epoll_ctl");
  Hello hello;
  hello.client = ClientId{index + 1};
  hello.token = token;
  send(index, hello);
  wait_for(index, Tag::Welcome);
  send(index, Enter{});
  wait_for(index, Tag::Entered);
  if (!tiles.empty()) {
    Watch watch;
    for (const TileIndex tile : tiles) watch.add.push_back({tile, 0, 0});
    send(index, watch);
  }
  return index;
}

void LoadClient::send(std::size_t connection, const ClientMessage& message) {
  Socket& socket = sockets_[connection];
  append_frame(socket.out, encode(message));
  flush(socket);
}

void LoadClient::flush(Socket& socket) {
  std::size_t sent = 0;
  while (sent < socket.out.size()) {
    const ssize_t count = ::send(socket.fd, socket.out.data() + sent, socket.out.size() - sent, MSG_NOSIGNAL);
    if (count < 0 && errno == EAGAIN) break;
    if (count <= 0) give_up("send");
    sent += static_cast<std::size_t>(count);
  }
  socket.out.erase(socket.out.begin(), socket.out.begin() + static_cast<std::ptrdiff_t>(sent));
}

std::size_t LoadClient::take_frames(std::size_t connection, ByteSpan bytes, SteadyTime when) {
  std::size_t at = 0;
  while (bytes.size() - at >= 2) {
    std::size_t header = 2;
    std::uint64_t length = bytes[at + 1] & 127;
    if (length >= 126) {
      const std::size_t count = length == 126 ? 2 : 8;
      header += count;
      if (bytes.size() - at < header) break;
      length = 0;
      for (std::size_t i = 0; i < count; ++i) length = length << 8 | bytes[at + 2 + i];
    }
    if (bytes.size() - at - header < length) break;
    const ByteSpan payload = bytes.subspan(at + header, length);
    const int opcode = bytes[at] & 15;
    at += header + length;
    if (opcode == 8) give_up("the server closed a connection");
    if (opcode == 9) {
      Bytes pong;
      append_frame(pong, payload);
      pong[0] = 0x8A;
      Socket& socket = sockets_[connection];
      socket.out.insert(socket.out.end(), pong.begin(), pong.end());
      flush(socket);
    }
    if (opcode != 2 || payload.empty()) continue;
    if (catch_ != nullptr && connection == catch_connection_ && static_cast<Tag>(payload[0]) == catch_tag_)
      catch_->assign(payload.begin(), payload.end());
    on_message_(connection, payload, when);
  }
  return at;
}

void LoadClient::read(std::size_t connection, SteadyTime when) {
  Socket& socket = sockets_[connection];
  if (!socket.out.empty()) flush(socket);
  while (true) {
    const ssize_t count = recv(socket.fd, buffer_.data(), buffer_.size(), 0);
    if (count < 0 && (errno == EAGAIN || errno == EINTR)) return;
    if (count <= 0) give_up("the server cut a connection");
    const ByteSpan fresh{buffer_.data(), static_cast<std::size_t>(count)};
    if (socket.rest.empty()) {
      const std::size_t taken = take_frames(connection, fresh, when);
      socket.rest.assign(fresh.begin() + static_cast<std::ptrdiff_t>(taken), fresh.end());
    } else {
      socket.rest.insert(socket.rest.end(), fresh.begin(), fresh.end());
      const std::size_t taken = take_frames(connection, socket.rest, when);
      socket.rest.erase(socket.rest.begin(), socket.rest.begin() + static_cast<std::ptrdiff_t>(taken));
    }
    if (fresh.size() < buffer_.size()) return;
  }
}

void LoadClient::run_until(SteadyTime until, const std::function<bool()>& done) {
  const auto begun = std::chrono::steady_clock::now();
  epoll_event events[256];
  auto now = begun;
  while (now < until && !(done && done())) {
    const auto left = std::chrono::duration_cast<std::chrono::milliseconds>(until - now).count();
    const auto before = now;
    int count = epoll_wait(epoll_, events, 256, 0);
    if (count == 0) {
      count = epoll_wait(epoll_, events, 256, static_cast<int>(std::min<std::int64_t>(left, 1'000)));
      now = std::chrono::steady_clock::now();
      waited_ += now - before;
    } else {
      now = std::chrono::steady_clock::now();
    }
    for (int i = 0; i < count; ++i) read(events[i].data.u64, now);
    now = std::chrono::steady_clock::now();
  }
  ran_ += now - begun;
}

Bytes LoadClient::wait_for(std::size_t connection, Tag tag) {
  Bytes found;
  catch_ = &found;
  catch_tag_ = tag;
  catch_connection_ = connection;
  run_until(std::chrono::steady_clock::now() + std::chrono::seconds(20), [&] { return !found.empty(); });
  catch_ = nullptr;
  if (found.empty()) give_up("the server did not answer");
  return found;
}

double LoadClient::busy() const {
  return ran_.count() == 0 ? 0 : 1 - static_cast<double>(waited_.count()) / static_cast<double>(ran_.count());
}

std::string new_guest(std::uint16_t port, const std::string& name) {
  const int fd = connect_to(port);
  const std::string body = "{\"name\":\"" + name + "\"}";
  send_all(fd, "POST /auth/guest HTTP/1.1\r\nHost: 127.0.0.1:" + std::to_string(port) +
                   "\r\nContent-Type: application/json\r\nConnection: close\r\nContent-Length: " + std::to_string(body.size()) +
                   "\r\n\r\n" + body);
  std::string answer;
  char piece[4'096];
  for (ssize_t count; (count = recv(fd, piece, sizeof piece, 0)) > 0;) answer.append(piece, static_cast<std::size_t>(count));
  close(fd);
  const std::string key = "\"token\":\"";
  const std::size_t at = answer.find(key);
  if (at == std::string::npos) give_up("no guest account");
  return answer.substr(at + key.size(), answer.find('"', at + key.size()) - at - key.size());
}

}  // namespace tessera::bench
