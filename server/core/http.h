#pragma once

#include <cstddef>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "shared/base/bytes.h"

/// HTTP as plain values: what server/net reads from sockets, and server/http and server/auth answer.
namespace tessera {

using NamedValue = std::pair<std::string, std::string>;

/// The first of that name; null where there is none.
inline const std::string* find_value(const std::vector<NamedValue>& values, std::string_view name) {
  for (const NamedValue& value : values)
    if (value.first == name) return &value.second;
  return nullptr;
}

/// One request, checked: the target is well formed, the path holds no `.` or `..` segment, no control character and no
/// encoded slash, and the body is complete and within its limit.
struct HttpRequest {
  /// `GET`, `POST`, … A `HEAD` arrives as `GET`: the connection drops the answer's body.
  std::string method;
  std::string path;               ///< percent-decoded, begins with '/', well-formed UTF-8
  std::vector<NamedValue> query;  ///< percent-decoded, '+' is a blank, in the order sent
  std::vector<NamedValue> headers;  ///< names in lower case, in the order sent
  std::vector<NamedValue> cookies;
  std::string body;
  std::string peer;          ///< the client's address, without port; by a trusted proxy's word where it came through one
  bool is_loopback = false;  ///< the other end is this machine, and no header says that it forwards for another
  bool is_secure = false;    ///< the client sent it over TLS

  /// The first of that name (lower case); null where there is none.
  const std::string* header(std::string_view name) const { return find_value(headers, name); }
  const std::string* parameter(std::string_view name) const { return find_value(query, name); }
  const std::string* cookie(std::string_view name) const { return find_value(cookies, name); }
};

/// One answer. The body is shared and immutable, so that a cached picture is never copied. `Content-Length`, `Date`,
/// `Connection` and `X-Content-Type-Options` are the connection's; every other header stands here.
struct HttpResponse {
  unsigned status = 200;
  std::vector<NamedValue> headers;
  std::shared_ptr<const Bytes> body;  ///< null: none

  /// The first of this name, which must be written as it was added.
  const std::string* header(std::string_view name) const { return find_value(headers, name); }
  void add(std::string name, std::string value) { headers.emplace_back(std::move(name), std::move(value)); }
};

inline std::shared_ptr<const Bytes> shared_bytes(std::string_view text) {
  return std::make_shared<const Bytes>(text.begin(), text.end());
}

/// Whoever answers requests. Called on network threads, on several at once.
class HttpHandler {
 public:
  using Respond = std::function<void(HttpResponse)>;

  virtual ~HttpHandler() = default;
  /// Most bytes that the body of this request may have; `head` has everything but the body. Larger ones are answered 413.
  virtual std::size_t body_limit(const HttpRequest& head) const {
    (void)head;
    return std::size_t{1} << 20;
  }
  /// `respond` is called once, now or later, from any thread; the answer goes to the connection's own thread, or nowhere
  /// when the connection is gone.
  virtual void handle(HttpRequest request, Respond respond) = 0;
};

}  // namespace tessera
