#pragma once

#include <boost/asio/io_context.hpp>
#include <deque>
#include <functional>
#include <memory>
#include <string>

#include "shared/base/bytes.h"
#include "shared/base/result.h"
#include "shared/protocol/messages.h"

namespace tessera {

/// `http://host:port`, taken apart; TLS is not spoken here.
struct ServerAddress {
  std::string host;
  std::string port;
  static Result<ServerAddress> parse(std::string_view url);
};

/// A plain HTTP/1.1 call that waits for its answer: status and body.
struct HttpAnswer {
  unsigned status = 0;
  std::string body;
};
Result<HttpAnswer> http_call(boost::asio::io_context& io, const ServerAddress& server, const std::string& method,
                             const std::string& target, const std::string& body, const std::string& bearer);

/// One player's WebSocket, speaking tessera.v1: says hello with its token, enters the canvas, then places. Lives on the
/// thread of its io_context; callbacks come there too, and none after `close`.
class PlayerClient : public std::enable_shared_from_this<PlayerClient> {
 public:
  struct Handlers {
    std::function<void(const Entered&)> entered;
    std::function<void(const PlaceResult&)> answered;
    std::function<void(const std::string& why)> lost;
  };

  PlayerClient(boost::asio::io_context& io, std::string token, std::string canvas, Handlers handlers);
  ~PlayerClient();
  void start(const ServerAddress& server);
  void send(const Place& place);
  void close();

 private:
  struct Socket;
  void connected();
  void read();
  void receive(ByteSpan bytes);
  void push(Bytes message);
  void write();
  void fail(const std::string& why);

  std::unique_ptr<Socket> socket_;
  std::string token_;
  std::string canvas_;
  Handlers handlers_;
  std::deque<Bytes> outbox_;
  bool writing_ = false;
  bool closed_ = false;
};

}  // namespace tessera
