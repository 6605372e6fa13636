#include "server/net/ws_handshake.h"

#include <algorithm>
#include <array>
#include <vector>

#include <openssl/evp.h>
#include <openssl/sha.h>

#include "server/core/problem.h"
#include "shared/base/ascii.h"
#include "shared/protocol/limits.h"

namespace tessera {
namespace {

constexpr std::string_view guid = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";
constexpr std::string_view version_family = "tessera.";

/// The comma-separated items of every header of that name.
std::vector<std::string> items(const HttpRequest& request, std::string_view name) {
  std::vector<std::string> out;
  for (const auto& [header, value] : request.headers) {
    if (header != name) continue;
    std::string_view rest = value;
    while (!rest.empty()) {
      std::string_view item = rest.substr(0, rest.find(','));
      rest.remove_prefix(std::min(item.size() + 1, rest.size()));
      const std::size_t first = item.find_first_not_of(" \t");
      if (first == std::string_view::npos) continue;
      out.emplace_back(item.substr(first, item.find_last_not_of(" \t") - first + 1));
    }
  }
  return out;
}

bool lists(const HttpRequest& request, std::string_view name, std::string_view wanted) {
  const auto all = items(request, name);
  return std::any_of(all.begin(), all.end(), [&](const std::string& item) { return lower_case(item) == wanted; });
}

/// 16 bytes in base64: 22 letters and `==`.
bool is_key(std::string_view key) {
  if (key.size() != 24 || !key.ends_with("==")) return false;
  return std::all_of(key.begin(), key.end() - 2, [](char letter) {
    return (letter >= 'A' && letter <= 'Z') || (letter >= 'a' && letter <= 'z') || (letter >= '0' && letter <= '9') ||
           letter == '+' || letter == '/';
  });
}

HttpResponse upgrade_required(std::string_view detail) {
  HttpResponse response = problem(426, "invalid", detail);
  response.add("Upgrade", "websocket");
  response.add("Sec-WebSocket-Version", "13");
  return response;
}

}  // namespace

std::variant<WsHandshake, HttpResponse> check_ws_handshake(const HttpRequest& request) {
  if (request.method != "GET") {
    HttpResponse response = problem(405, "method", "a WebSocket is opened with GET");
    response.add("Allow", "GET");
    return response;
  }
  if (!lists(request, "connection", "upgrade") || !lists(request, "upgrade", "websocket"))
    return upgrade_required("this address speaks WebSocket: ask for it with Connection: Upgrade and Upgrade: websocket");
  const std::string* version = request.header("sec-websocket-version");
  if (version == nullptr || *version != "13") return upgrade_required("only version 13 of WebSocket is spoken here");
  const std::string* key = request.header("sec-websocket-key");
  if (key == nullptr || !is_key(*key)) return problem(400, "invalid", "Sec-WebSocket-Key must be 16 bytes in base64");

  WsHandshake handshake{ConnectionKind::Json, *key};
  for (const std::string& offered : items(request, "sec-websocket-protocol")) {
    if (offered == protocol_name) return WsHandshake{ConnectionKind::Binary, *key};
    if (offered.starts_with(version_family)) handshake.key.clear();
  }
  if (handshake.key.empty())
    return problem(400, "unsupported", std::string("this server speaks ") + protocol_name + ", none of the offered versions");
  return handshake;
}

Bytes ws_handshake_answer(const WsHandshake& handshake) {
  std::string answer = "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: " +
                       ws_accept(handshake.key) + "\r\n";
  if (handshake.kind == ConnectionKind::Binary) answer += std::string("Sec-WebSocket-Protocol: ") + protocol_name + "\r\n";
  answer += "\r\n";
  return Bytes(answer.begin(), answer.end());
}

std::string ws_accept(std::string_view key) {
  const std::string text = std::string(key) + std::string(guid);
  std::array<unsigned char, SHA_DIGEST_LENGTH> digest{};
  SHA1(reinterpret_cast<const unsigned char*>(text.data()), text.size(), digest.data());
  std::array<unsigned char, 32> encoded{};
  const int length = EVP_EncodeBlock(encoded.data(), digest.data(), static_cast<int>(digest.size()));
  return {reinterpret_cast<const char*>(encoded.data()), static_cast<std::size_t>(length)};
}

}  // namespace tessera
