#include "app/net/http_client.h"

#include <boost/asio/post.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http.hpp>
#include <optional>

#include "app/net/stream_native.h"

namespace tessera {
namespace {

namespace http = beast::http;

/// One request and its answer on a connection of its own. Network thread.
template <typename Stream>
class Exchange final : public std::enable_shared_from_this<Exchange<Stream>> {
 public:
  Exchange(NetLoop::Parts& parts, Address address, const WebRequest& request, HttpClient::Done done)
      : address_(std::move(address)), done_(std::move(done)), resolver_(parts.io), stream_(make_stream<Stream>(parts)) {
    const std::size_t authority = request.url.find("//") + 2;
    const std::size_t path = std::min(request.url.find('/', authority), request.url.size());
    request_.method_string(request.method);
    request_.target(path < request.url.size() ? request.url.substr(path) : "/");
    request_.set(http::field::host, address_.authority);
    request_.set(http::field::user_agent, "tessera");
    request_.set(http::field::accept, "application/json, application/problem+json, image/png");
    if (!request.bearer.empty()) request_.set(http::field::authorization, "Bearer " + request.bearer);
    if (!request.json.empty()) request_.set(http::field::content_type, "application/json");
    if (!request.if_match.empty()) request_.set(http::field::if_match, request.if_match);
    request_.body() = request.json;
    request_.prepare_payload();
    parser_.body_limit(HttpClient::answer_bytes);
  }

  void start() {
    dial(stream_, resolver_, address_, [self = this->shared_from_this()](Dialled how, const std::string&) {
      if (how != Dialled::Ready) return self->done_({});
      self->exchange();
    });
  }

 private:
  void exchange() {
    beast::get_lowest_layer(stream_).expires_after(std::chrono::seconds(HttpClient::timeout_seconds));
    http::async_write(stream_, request_, [self = this->shared_from_this()](ErrorCode error, std::size_t) {
      if (error) return self->done_({});
      http::async_read(self->stream_, self->buffer_, self->parser_, [self](ErrorCode failed, std::size_t) {
        if (failed) return self->done_({});
        auto& answer = self->parser_.get();
        const auto header = [&answer](http::field name) { return std::string(answer[name]); };
        self->done_({static_cast<int>(answer.result_int()), std::move(answer.body()), header(http::field::etag),
                     header(http::field::retry_after), std::string(answer["X-Tessera-Next"])});
      });
    });
  }

  const Address address_;
  const HttpClient::Done done_;
  tcp::resolver resolver_;
  Stream stream_;
  http::request<http::string_body> request_;
  beast::flat_buffer buffer_;
  http::response_parser<http::string_body> parser_;
};

}  // namespace

HttpClient::HttpClient(NetLoop& loop) : loop_(loop) {}
HttpClient::~HttpClient() = default;

void HttpClient::request(WebRequest request, Done done) {
  NetLoop::Parts& parts = loop_.parts();
  asio::post(parts.io, [&parts, request = std::move(request), done = std::move(done)]() mutable {
    const auto address = parse_address(request.url);
    if (!address) return done({});
    if (address->tls) std::make_shared<Exchange<TlsStream>>(parts, *address, request, std::move(done))->start();
    else std::make_shared<Exchange<PlainStream>>(parts, *address, request, std::move(done))->start();
  });
}

}  // namespace tessera
