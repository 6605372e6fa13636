#pragma once

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ssl/host_name_verification.hpp>
#include <boost/beast/core/tcp_stream.hpp>
#include <boost/beast/ssl/ssl_stream.hpp>
#include <chrono>
#include <string>
#include <thread>
#include <type_traits>
#include <utility>

#include "app/net/address.h"
#include "app/net/net_loop.h"

namespace tessera {

namespace asio = boost::asio;
namespace beast = boost::beast;
using tcp = asio::ip::tcp;
using ErrorCode = boost::system::error_code;

using PlainStream = beast::tcp_stream;
using TlsStream = beast::ssl_stream<beast::tcp_stream>;
template <typename Stream>
inline constexpr bool is_tls = std::is_same_v<Stream, TlsStream>;

/// The network thread and what it owns.
struct NetLoop::Parts {
  asio::io_context io{1};
  asio::ssl::context tls{asio::ssl::context::tls_client};
  asio::executor_work_guard<asio::io_context::executor_type> work = asio::make_work_guard(io);
  std::thread thread;
};

/// How far a stream came.
enum class Dialled { Unreachable, Untrusted, Ready };

inline constexpr std::chrono::seconds dial_timeout{10};

template <typename Stream>
Stream make_stream(NetLoop::Parts& parts) {
  if constexpr (is_tls<Stream>) return Stream(parts.io, parts.tls);
  else return Stream(parts.io);
}

/// TLS names the server it wants and checks that the certificate is that server's; `done(Dialled, detail)`.
template <typename Done>
void prove(TlsStream& stream, const Address& address, Done done) {
  SSL_set_tlsext_host_name(stream.native_handle(), address.host.c_str());
  stream.set_verify_callback(asio::ssl::host_name_verification(address.host));
  stream.async_handshake(asio::ssl::stream_base::client, [&stream, done = std::move(done)](ErrorCode error) {
    if (!error) return done(Dialled::Ready, std::string());
    const long verdict = SSL_get_verify_result(stream.native_handle());
    done(Dialled::Untrusted, verdict != X509_V_OK ? X509_verify_cert_error_string(verdict) : error.message());
  });
}

/// Looks the host up, connects, and where it is TLS proves the server. `done(Dialled, detail)` on the network thread; it
/// must keep `stream` and `resolver` alive.
template <typename Stream, typename Done>
void dial(Stream& stream, tcp::resolver& resolver, const Address& address, Done done) {
  resolver.async_resolve(
      address.host, address.port,
      [&stream, address, done = std::move(done)](ErrorCode error, tcp::resolver::results_type found) mutable {
        if (error) return done(Dialled::Unreachable, error.message());
        auto& socket = beast::get_lowest_layer(stream);
        socket.expires_after(dial_timeout);
        socket.async_connect(found, [&stream, address = std::move(address), done = std::move(done)](
                                        ErrorCode failed, const tcp::endpoint&) mutable {
          if (failed) return done(Dialled::Unreachable, failed.message());
          ErrorCode ignored;
          beast::get_lowest_layer(stream).socket().set_option(tcp::no_delay(true), ignored);
          if constexpr (is_tls<Stream>) prove(stream, address, std::move(done));
          else done(Dialled::Ready, std::string());
        });
      });
}

}  // namespace tessera
