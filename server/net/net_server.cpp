#include "server/net/net_server.h"

#include <algorithm>
#include <thread>

#include <boost/asio/ip/v6_only.hpp>
#include <boost/asio/post.hpp>

#include <sys/resource.h>
#include <sys/socket.h>

#include "server/core/problem.h"
#include "server/net/http_writer.h"
#include "server/net/net_thread.h"
#include "server/net/tls_transport.h"

namespace tessera {
namespace {

using boost::asio::ip::tcp;
using boost::system::error_code;

constexpr int backlog = 4096;
constexpr std::chrono::milliseconds accept_pause{100};
constexpr std::chrono::milliseconds stop_step{10};

/// As many sockets as the machine allows this process.
void raise_file_limit() {
  rlimit limit{};
  if (::getrlimit(RLIMIT_NOFILE, &limit) != 0 || limit.rlim_cur == limit.rlim_max) return;
  limit.rlim_cur = limit.rlim_max;
  ::setrlimit(RLIMIT_NOFILE, &limit);
}

unsigned thread_count(const NetSettings& settings) {
  if (settings.threads > 0) return settings.threads;
  return std::max(1u, std::thread::hardware_concurrency() - std::min(1u, std::thread::hardware_concurrency()));
}

/// The address as people write it: an IPv4 address that arrived over IPv6 is an IPv4 address.
boost::asio::ip::address plain_address(const boost::asio::ip::address& address) {
  if (address.is_v6() && address.to_v6().is_v4_mapped())
    return boost::asio::ip::make_address_v4(boost::asio::ip::v4_mapped, address.to_v6());
  return address;
}

}  // namespace

struct NetServer::Impl {
  Impl(const NetSettings& settings, const NetServices& services)
      : shared{settings, services, AddressLimits({settings.connections, settings.connections_per_address}), {}, {}, {}, {1}} {
    for (unsigned i = 0; i < thread_count(settings); ++i) threads.push_back(std::make_unique<NetThread>(shared));
    acceptor.emplace(threads.front()->context());
    accept_timer.emplace(threads.front()->context());
  }

  Status listen();
  void accept();
  void admit(tcp::socket socket, NetThread& thread);
  void turn_away(tcp::socket& socket, AddressLimits::Verdict verdict);

  NetShared shared;
  std::vector<std::unique_ptr<NetThread>> threads;
  std::optional<tcp::acceptor> acceptor;  // on the first thread
  std::optional<boost::asio::steady_timer> accept_timer;
  std::size_t next_thread = 0;
  std::uint16_t port = 0;
  bool started = false;
  bool stopped = false;
};

Status NetServer::Impl::listen() {
  const NetSettings& settings = shared.settings;
  error_code error;
  const auto address = boost::asio::ip::make_address(settings.address, error);
  if (error) return Error{"cannot listen on '" + settings.address + "': not an IP address; 127.0.0.1 is this machine alone, 0.0.0.0 everybody"};
  const tcp::endpoint endpoint(address, settings.port);
  const std::string where = settings.address + " port " + std::to_string(settings.port);
  acceptor->open(endpoint.protocol(), error);
  if (!error) acceptor->set_option(tcp::acceptor::reuse_address(true), error);
  if (!error && address.is_v6()) acceptor->set_option(boost::asio::ip::v6_only(false), error);
  if (!error) acceptor->bind(endpoint, error);
  if (!error) acceptor->listen(backlog, error);
  if (error == boost::asio::error::address_in_use)
    return Error{"cannot listen on " + where + ": another program does already; choose another port with --listen"};
  if (error) return Error{"cannot listen on " + where + ": " + error.message()};
  port = acceptor->local_endpoint(error).port();
  return {};
}

void NetServer::Impl::accept() {
  NetThread& thread = *threads[next_thread++ % threads.size()];
  acceptor->async_accept(thread.context(), [this, &thread](const error_code& error, tcp::socket socket) {
    if (error == boost::asio::error::operation_aborted) return;
    if (error) {  // most likely out of file descriptors: wait for some to come back
      accept_timer->expires_after(accept_pause);
      accept_timer->async_wait([this](const error_code& waited) {
        if (!waited) accept();
      });
      return;
    }
    admit(std::move(socket), thread);
    accept();
  });
}

void NetServer::Impl::admit(tcp::socket socket, NetThread& thread) {
  error_code error;
  const tcp::endpoint remote = socket.remote_endpoint(error);
  if (error) return;
  const auto address = plain_address(remote.address());
  const std::string text = address.to_string();
  const bool is_proxy = shared.services.is_proxy && shared.services.is_proxy(text);
  const auto counted = is_proxy ? std::nullopt : std::optional(address_key(address));
  shared.counters.accepted.fetch_add(1, std::memory_order_relaxed);
  const auto verdict = shared.addresses.enter(counted);
  if (verdict != AddressLimits::Verdict::Admitted) return turn_away(socket, verdict);
  auto held = std::make_shared<tcp::socket>(std::move(socket));
  boost::asio::post(thread.context(), [&thread, held, text, local = address.is_loopback(), counted] {
    thread.adopt(std::move(*held), text, local, counted);
  });
}

void NetServer::Impl::turn_away(tcp::socket& socket, AddressLimits::Verdict verdict) {
  shared.counters.turned_away.fetch_add(1, std::memory_order_relaxed);
  if (shared.tls.get()) return;  // no answer without a handshake, which is what this spares
  const bool by_address = verdict == AddressLimits::Verdict::AddressFull;
  const HttpResponse answer = by_address ? too_many_connections() : no_room_for_connections();
  const FramePtr frame = write_response(answer, BodyWish::Send, Persistence::Close, shared.services.clock.wall());
  Bytes bytes = frame->own;
  if (frame->shared) bytes.insert(bytes.end(), frame->shared->begin(), frame->shared->end());
  ::send(socket.native_handle(), bytes.data(), bytes.size(), MSG_DONTWAIT | MSG_NOSIGNAL);
  error_code ignored;
  socket.shutdown(tcp::socket::shutdown_send, ignored);
}

NetServer::NetServer(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}

NetServer::~NetServer() { stop(std::chrono::milliseconds(0)); }

Result<std::unique_ptr<NetServer>> NetServer::open(const NetSettings& settings, const NetServices& services) {
  raise_file_limit();
  auto impl = std::make_unique<Impl>(settings, services);
  if (settings.tls_certificate.empty() != settings.tls_key.empty())
    return Error{"TLS needs both a certificate and its key: --tls-cert and --tls-key"};
  std::unique_ptr<NetServer> server(new NetServer(std::move(impl)));
  if (const Status read = server->reload_tls(); !read) return read.error();
  if (const Status listening = server->impl_->listen(); !listening) return listening.error();
  return server;
}

Status NetServer::reload_tls() {
  NetShared& shared = impl_->shared;
  if (shared.settings.tls_certificate.empty()) return {};
  auto context = open_tls_context(shared.settings.tls_certificate, shared.settings.tls_key);
  if (!context) return context.error();
  shared.tls.set(std::move(*context));
  return {};
}

std::uint16_t NetServer::port() const { return impl_->port; }

const NetCounters& NetServer::counters() const { return impl_->shared.counters; }

void NetServer::start() {
  impl_->started = true;
  for (auto& thread : impl_->threads) thread->start();
  boost::asio::post(impl_->threads.front()->context(), [impl = impl_.get()] { impl->accept(); });
}

void NetServer::stop(std::chrono::milliseconds patience) {
  if (impl_->stopped) return;
  impl_->stopped = true;
  if (impl_->started) {
    boost::asio::post(impl_->threads.front()->context(), [impl = impl_.get()] {
      error_code ignored;
      impl->acceptor->close(ignored);
      impl->accept_timer->cancel();
    });
    for (auto& thread : impl_->threads) thread->begin_stop();
    for (auto waited = std::chrono::milliseconds(0);
         waited < patience && impl_->shared.counters.open_connections.load() > 0; waited += stop_step)
      std::this_thread::sleep_for(stop_step);
  }
  for (auto& thread : impl_->threads) thread->end();
  // Only now that no thread can be closing them.
  impl_->acceptor.reset();
  impl_->accept_timer.reset();
}

}  // namespace tessera
