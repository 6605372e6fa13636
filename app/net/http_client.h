#pragma once

#include <functional>
#include <memory>
#include <string>

#include "app/net/net_loop.h"

namespace tessera {

struct WebRequest {
  std::string method = "GET";
  std::string url;     ///< absolute
  std::string bearer;  ///< token; empty: the browser's cookie, or nobody
  std::string json;    ///< body; empty: none
  std::string if_match = {};  ///< of that header; empty: none
};

/// `status` 0: no answer came. The body may be a picture's bytes.
struct WebAnswer {
  int status = 0;
  std::string body;
  std::string etag = {};
  std::string retry_after = {};
  std::string next = {};  ///< `X-Tessera-Next`: what the next page of what is no JSON comes after
};

/// Asks a server's HTTP API. `done` runs on the network thread (in a browser: the main one) and may only post to the inbox.
class HttpClient {
 public:
  static constexpr int timeout_seconds = 15;
  static constexpr std::size_t answer_bytes = 1u << 20;
  using Done = std::function<void(const WebAnswer&)>;

  explicit HttpClient(NetLoop& loop);
  ~HttpClient();
  HttpClient(const HttpClient&) = delete;
  HttpClient& operator=(const HttpClient&) = delete;
  void request(WebRequest request, Done done);

 private:
  NetLoop& loop_;
};

}  // namespace tessera
