#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "server/core/http.h"
#include "shared/base/clock.h"
#include "shared/base/result.h"

/// What this server asks of others over HTTP.
namespace tessera {

struct OutgoingRequest {
  std::string method = "GET";
  std::string url;
  std::vector<NamedValue> headers;
  std::string body;
  Duration patience = std::chrono::seconds(15);  ///< for the whole answer
};

struct OutgoingAnswer {
  unsigned status = 0;
  std::vector<NamedValue> headers;  ///< names in lower case
  std::string body;

  /// The first of that name (lower case); null where there is none.
  const std::string* header(std::string_view name) const {
    for (const auto& [each, value] : headers)
      if (each == name) return &value;
    return nullptr;
  }
};

/// Why there is no answer. `detail` is for the log: it names hosts and errors, never what was sent.
struct WebFailure {
  enum class Why : std::uint8_t {
    TimedOut,
    Unreachable,  ///< no such host, no connection, a certificate that is not theirs
    TooLarge,     ///< the body passed the limit
    Refused,      ///< an address this client may not ask
    Busy,         ///< too many wait already, or the server is ending
  } why = Why::Unreachable;
  std::string detail;
};

class WebClient {
 public:
  using Done = std::function<void(Result<OutgoingAnswer, WebFailure>)>;

  virtual ~WebClient() = default;
  /// From any thread, returns at once. `done` is called once, from the client's own thread, which it must not keep.
  virtual void send(OutgoingRequest request, Done done) = 0;
};

}  // namespace tessera
