#include <doctest/doctest.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>
#include <unistd.h>

#include <boost/asio/ssl.hpp>
#include <boost/beast/core.hpp>
#include <boost/beast/websocket.hpp>
#include <boost/beast/websocket/ssl.hpp>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <memory>

#include "app/net/connection.h"
#include "shared/protocol/codec.h"
#include "tests/app/net/net_fixture.h"

using namespace tessera;

namespace {

namespace beast = boost::beast;
namespace websocket = beast::websocket;

/// A key and a certificate for `localhost` that vouches for itself.
struct Identity {
  std::unique_ptr<EVP_PKEY, decltype(&EVP_PKEY_free)> key{EVP_EC_gen("P-256"), EVP_PKEY_free};
  std::unique_ptr<X509, decltype(&X509_free)> certificate{X509_new(), X509_free};

  Identity() {
    X509* x = certificate.get();
    X509_set_version(x, 2);
    ASN1_INTEGER_set(X509_get_serialNumber(x), 1);
    X509_gmtime_adj(X509_getm_notBefore(x), -60);
    X509_gmtime_adj(X509_getm_notAfter(x), 3600);
    X509_set_pubkey(x, key.get());
    X509_NAME* name = X509_get_subject_name(x);
    X509_NAME_add_entry_by_txt(name, "CN", MBSTRING_ASC, reinterpret_cast<const unsigned char*>("localhost"), -1, -1, 0);
    X509_set_issuer_name(x, name);
    X509_EXTENSION* names = X509V3_EXT_conf_nid(nullptr, nullptr, NID_subject_alt_name, "DNS:localhost");
    X509_add_ext(x, names, -1);
    X509_EXTENSION_free(names);
    X509_sign(x, key.get(), EVP_sha256());
  }
};

std::function<void(tcp::socket)> over_tls(const Identity& identity) {
  return [&identity](tcp::socket plain) {
    asio::ssl::context context(asio::ssl::context::tls_server);
    SSL_CTX_use_certificate(context.native_handle(), identity.certificate.get());
    SSL_CTX_use_PrivateKey(context.native_handle(), identity.key.get());
    websocket::stream<asio::ssl::stream<tcp::socket>> socket(std::move(plain), context);
    socket.next_layer().handshake(asio::ssl::stream_base::server);
    socket.set_option(websocket::stream_base::decorator(
        [](websocket::response_type& response) { response.set(beast::http::field::sec_websocket_protocol, protocol_name); }));
    socket.accept();
    socket.binary(true);
    socket.write(asio::buffer(encode(ServerMessage(Online{9}))));
    beast::flat_buffer buffer;
    socket.read(buffer);
  };
}

/// Makes OpenSSL trust this certificate alone, for as long as it lives.
class Trusting {
 public:
  explicit Trusting(const Identity& identity) : path_(std::filesystem::temp_directory_path() / ("tessera-tls-" + std::to_string(::getpid()) + ".pem")) {
    std::FILE* file = std::fopen(path_.c_str(), "w");
    PEM_write_X509(file, identity.certificate.get());
    std::fclose(file);
    ::setenv("SSL_CERT_FILE", path_.c_str(), 1);
  }
  ~Trusting() {
    ::unsetenv("SSL_CERT_FILE");
    std::filesystem::remove(path_);
  }

 private:
  std::filesystem::path path_;
};

}  // namespace

TEST_CASE("Connection over TLS: a server that proves its name is spoken to") {
  const Identity identity;
  const Trusting trust(identity);
  OneClientServer server(over_tls(identity));
  WaitingInbox waiting;
  NetLoop loop;
  WebSocketClient connection(loop, waiting.inbox);
  connection.open(ConnectionId{1}, server.address("https", "localhost"));
  REQUIRE(std::holds_alternative<action::Connected>(waiting.next()));
  CHECK(std::get<Online>(std::get<action::Received>(waiting.next()).message).count == 9);
  connection.close(ConnectionId{1});
}

TEST_CASE("Connection over TLS: a certificate that nobody vouches for, or of another name, is refused with why") {
  const Identity identity;
  for (const bool trusted : {false, true}) {
    const auto trust = trusted ? std::make_unique<Trusting>(identity) : nullptr;
    OneClientServer server(over_tls(identity));
    WaitingInbox waiting;
    NetLoop loop;
    WebSocketClient connection(loop, waiting.inbox);
    connection.open(ConnectionId{1}, server.address("https", trusted ? "127.0.0.1" : "localhost"));
    const auto end = std::get<action::Disconnected>(waiting.next());
    CHECK(end.reason == DisconnectReason::TlsFailed);
    CHECK_FALSE(end.detail.empty());
  }
}
