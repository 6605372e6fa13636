#pragma once

#include <memory>

#include "server/auth/web_client.h"

namespace tessera {

/// HTTP by libcurl, all of it on one thread of its own. Certificates are verified, redirects are not followed, bodies are bounded;
/// only https, but for this machine itself and where the settings say otherwise.
class CurlClient final : public WebClient {
 public:
  struct Settings {
    Duration connect_time = std::chrono::seconds(5);
    std::size_t body_bytes = 256u << 10;
    std::size_t at_once = 64;   ///< requests under way or waiting; more are refused as busy
    bool plain_http = false;    ///< http to other machines too
  };

  static Result<std::unique_ptr<CurlClient>> open(Settings settings);
  ~CurlClient() override;  ///< stops
  /// Ends what is under way as busy. From the owner's thread.
  void stop();

  void send(OutgoingRequest request, Done done) override;

 private:
  class Loop;
  explicit CurlClient(std::unique_ptr<Loop> loop);
  std::unique_ptr<Loop> loop_;
};

/// Whether an http or https URL names this very machine: `localhost`, 127.0.0.0/8, `[::1]`.
bool is_loopback_url(std::string_view url);

}  // namespace tessera
