#include <cstdio>
#include <filesystem>
#include <fstream>
#include <memory>

#include <doctest/doctest.h>
#include <openssl/pem.h>
#include <openssl/ssl.h>
#include <openssl/x509.h>

#include "tests/server/net/net_fixture.h"

using namespace tessera;
using test::NetFixture;
namespace fs = std::filesystem;

namespace {

/// A certificate that signs itself, and its key, as PEM files in a folder that goes with it.
class Certificate {
 public:
  Certificate() {
    std::string name = (fs::temp_directory_path() / "tessera-tls-XXXXXX").string();
    folder_ = ::mkdtemp(name.data());
    write(1);
  }
  /// In place of the one before, with this serial number.
  void write(long serial) const {
    const std::unique_ptr<EVP_PKEY, void (*)(EVP_PKEY*)> key(EVP_EC_gen("P-256"), EVP_PKEY_free);
    const std::unique_ptr<X509, void (*)(X509*)> x509(X509_new(), X509_free);
    ASN1_INTEGER_set(X509_get_serialNumber(x509.get()), serial);
    X509_gmtime_adj(X509_getm_notBefore(x509.get()), 0);
    X509_gmtime_adj(X509_getm_notAfter(x509.get()), 3600);
    X509_set_pubkey(x509.get(), key.get());
    X509_NAME* subject = X509_get_subject_name(x509.get());
    X509_NAME_add_entry_by_txt(subject, "CN", MBSTRING_ASC, reinterpret_cast<const unsigned char*>("localhost"), -1, -1, 0);
    X509_set_issuer_name(x509.get(), subject);
    X509_sign(x509.get(), key.get(), EVP_sha256());
    std::FILE* file = std::fopen(certificate().c_str(), "w");
    PEM_write_X509(file, x509.get());
    std::fclose(file);
    file = std::fopen(key_file().c_str(), "w");
    PEM_write_PrivateKey(file, key.get(), nullptr, nullptr, 0, nullptr, nullptr);
    std::fclose(file);
  }
  ~Certificate() { fs::remove_all(folder_); }
  std::string certificate() const { return (folder_ / "cert.pem").string(); }
  std::string key_file() const { return (folder_ / "key.pem").string(); }
  NetSettings settings() const {
    NetSettings settings;
    settings.tls_certificate = certificate();
    settings.tls_key = key_file();
    return settings;
  }

 private:
  fs::path folder_;
};

/// A TLS client on a blocking socket.
class TlsClient {
 public:
  TlsClient(std::uint16_t port, int highest_version)
      : socket_(port), context_(SSL_CTX_new(TLS_client_method()), SSL_CTX_free), ssl_(nullptr, SSL_free) {
    SSL_CTX_set_security_level(context_.get(), 0);
    SSL_CTX_set_min_proto_version(context_.get(), TLS1_VERSION);
    SSL_CTX_set_max_proto_version(context_.get(), highest_version);
    ssl_.reset(SSL_new(context_.get()));
    SSL_set_fd(ssl_.get(), socket_.handle());
    connected_ = SSL_connect(ssl_.get()) == 1;
  }
  bool is_connected() const { return connected_; }
  /// Of the server's certificate.
  long serial() const {
    const std::unique_ptr<X509, void (*)(X509*)> certificate(SSL_get1_peer_certificate(ssl_.get()), X509_free);
    return certificate ? ASN1_INTEGER_get(X509_get_serialNumber(certificate.get())) : 0;
  }
  void send(std::string_view bytes) { REQUIRE(SSL_write(ssl_.get(), bytes.data(), static_cast<int>(bytes.size())) > 0); }
  void send(const Bytes& bytes) { send(as_text(bytes)); }
  std::string read(std::size_t count) {
    std::string out;
    char buffer[16'384];
    while (out.size() < count) {
      const int got = SSL_read(ssl_.get(), buffer, static_cast<int>(std::min(sizeof buffer, count - out.size())));
      if (got <= 0) break;
      out.append(buffer, static_cast<std::size_t>(got));
    }
    return out;
  }
  std::string read_to(std::string_view end) {
    std::string out;
    while (!out.ends_with(end)) {
      const std::string more = read(1);
      if (more.empty()) break;
      out += more;
    }
    return out;
  }

 private:
  test::LoopbackClient socket_;
  std::unique_ptr<SSL_CTX, void (*)(SSL_CTX*)> context_;
  std::unique_ptr<SSL, void (*)(SSL*)> ssl_;
  bool connected_ = false;
};

}  // namespace

TEST_CASE("TLS: HTTP is answered, large answers whole, and the connection is kept") {
  const Certificate certificate;
  NetFixture net(certificate.settings());
  TlsClient client(net.server->port(), TLS1_3_VERSION);
  REQUIRE(client.is_connected());
  client.send("GET /a HTTP/1.1\r\nHost: localhost\r\n\r\n");
  CHECK(client.read_to("GET /a 0").find("200 OK") != std::string::npos);
  client.send("GET /big HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n");
  client.read_to("\r\n\r\n");
  CHECK(client.read(8u << 20) == std::string(8u << 20, 'b'));
  CHECK(client.read(1).empty());
}

TEST_CASE("TLS: WebSocket frames keep their order however many wait for the same record") {
  const Certificate certificate;
  NetFixture net(certificate.settings());
  TlsClient client(net.server->port(), TLS1_2_VERSION);
  REQUIRE(client.is_connected());
  client.send("GET /ws HTTP/1.1\r\nHost: localhost\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n"
              "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Protocol: tessera.v1\r\n\r\n");
  REQUIRE(client.read_to("\r\n\r\n").find(" 101 ") != std::string::npos);
  client.send(test::masked_binary(encode(ClientMessage(Hello{}))));
  client.read(2 + encode(ServerMessage(Welcome{protocol_version, {}, "Tessera", "", true})).size());
  Bytes pings;
  for (std::uint64_t i = 0; i < 2'000; ++i) test::append(pings, test::masked_binary(encode(ClientMessage(Ping{i}))));
  client.send(pings);
  const std::size_t pong_size = encode(ServerMessage(Pong{0, 1'700'000'000'000})).size();
  for (std::uint64_t i = 0; i < 2'000; ++i) {
    const std::string frame = client.read(2 + pong_size);
    REQUIRE(frame.size() == 2 + pong_size);
    const auto pong = decode_server(as_bytes(frame).subspan(2));
    REQUIRE(pong.ok());
    REQUIRE(std::get<Pong>(*pong).client_time == i);
  }
}

TEST_CASE("TLS: a new certificate is for new connections; the open ones go on, and a broken one changes nothing") {
  const Certificate certificate;
  NetFixture net(certificate.settings());
  const auto asks = [](TlsClient& client) {
    client.send("GET /a HTTP/1.1\r\nHost: localhost\r\n\r\n");
    return client.read_to("GET /a 0").find("200 OK") != std::string::npos;
  };
  TlsClient older(net.server->port(), TLS1_3_VERSION);
  REQUIRE(older.is_connected());
  CHECK(older.serial() == 1);
  certificate.write(2);
  REQUIRE(net.server->reload_tls().ok());
  TlsClient newer(net.server->port(), TLS1_3_VERSION);
  REQUIRE(newer.is_connected());
  CHECK(newer.serial() == 2);
  CHECK(asks(older));
  CHECK(asks(newer));
  std::ofstream(certificate.certificate()) << "junk";
  CHECK_FALSE(net.server->reload_tls().ok());
  TlsClient same(net.server->port(), TLS1_3_VERSION);
  CHECK(same.serial() == 2);
  CHECK(asks(same));
}

TEST_CASE("TLS: older versions and plain HTTP get nothing") {
  const Certificate certificate;
  NetFixture net(certificate.settings());
  CHECK_FALSE(TlsClient(net.server->port(), TLS1_1_VERSION).is_connected());
  test::LoopbackClient plain = net.connect();
  plain.send("GET / HTTP/1.1\r\nHost: localhost\r\n\r\n");
  CHECK(plain.read_to_end().find("200") == std::string::npos);
}

TEST_CASE("TLS: a certificate or key that cannot be used is an error that names the file") {
  const Certificate certificate;
  FILE* junk = std::fopen((certificate.certificate() + ".junk").c_str(), "w");
  std::fputs("junk", junk);
  std::fclose(junk);
  NetFixture net;
  const NetServices services{net.hub, net.http, net.authenticator, net.clock, net.random, nullptr, {}};
  NetSettings settings = certificate.settings();
  settings.tls_key += ".missing";
  auto opened = NetServer::open(settings, services);
  REQUIRE_FALSE(opened.ok());
  CHECK(opened.error().message.find("key.pem.missing") != std::string::npos);
  settings = certificate.settings();
  settings.tls_certificate += ".junk";
  opened = NetServer::open(settings, services);
  REQUIRE_FALSE(opened.ok());
  CHECK(opened.error().message.find("cert.pem.junk") != std::string::npos);
  settings.tls_key.clear();
  CHECK_FALSE(NetServer::open(settings, services).ok());
}
