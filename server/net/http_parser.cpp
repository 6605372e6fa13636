#include "server/net/http_parser.h"

#include <algorithm>
#include <limits>
#include <cassert>

#include <boost/asio/buffer.hpp>
#include <boost/beast/http/error.hpp>
#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/rfc7230.hpp>

#include "server/net/http_target.h"
#include "shared/base/ascii.h"
#include "shared/base/text.h"

namespace tessera {
namespace {

namespace http = boost::beast::http;

/// "0\r\n\r\n": a chunked body ends with at least so much, and Boost's parser asserts where it is given less of it twice.
constexpr std::size_t shortest_chunked_end = 5;

/// Whether these may be the first bytes of a chunked body's end, too few to be read.
bool is_part_of_chunked_end(ByteSpan bytes) {
  std::string_view text = as_text(bytes);
  if (text.size() >= shortest_chunked_end) return false;
  if (text.starts_with("\r\n")) text.remove_prefix(2);
  return text.starts_with('0');
}

using boost::system::error_code;

/// A body that pays for its memory only as its bytes arrive, whatever `Content-Length` claims.
struct GrowingBody {
  using value_type = std::string;

  class reader {
   public:
    template <bool request, class Fields>
    explicit reader(http::header<request, Fields>&, value_type& body) : body_(body) {}
    void init(const boost::optional<std::uint64_t>&, error_code& error) { error = {}; }
    template <class Buffers>
    std::size_t put(const Buffers& buffers, error_code& error) {
      std::size_t total = 0;
      for (auto at = boost::asio::buffer_sequence_begin(buffers); at != boost::asio::buffer_sequence_end(buffers); ++at) {
        const boost::asio::const_buffer part = *at;
        body_.append(static_cast<const char*>(part.data()), part.size());
        total += part.size();
      }
      error = {};
      return total;
    }
    void finish(error_code& error) { error = {}; }

   private:
    value_type& body_;
  };
};

std::string_view view(boost::beast::string_view text) { return {text.data(), text.size()}; }

}  // namespace

struct HttpParser::Impl {
  http::request_parser<GrowingBody> parser;
  HttpRequest request;
  std::size_t body_limit = 0;
};

HttpParser::HttpParser(std::size_t head_bytes) : impl_(std::make_unique<Impl>()) {
  impl_->parser.header_limit(static_cast<std::uint32_t>(head_bytes));
  // Counted here; Boost 1.74 takes 'none' for a limit of nothing.
  impl_->parser.body_limit(std::numeric_limits<std::uint64_t>::max());
}

HttpParser::~HttpParser() = default;

HttpParser::State HttpParser::fail(unsigned status, ProblemCode code, std::string detail) {
  failure_ = {status, code, std::move(detail)};
  return state_ = State::Failed;
}

HttpParser::State HttpParser::read(ByteSpan& bytes) {
  auto& parser = impl_->parser;
  while (state_ == State::Head || state_ == State::Body) {
    if (bytes.empty() && !(state_ == State::Body && parser.is_done())) return state_;
    if (state_ == State::Body && parser.chunked() && !parser.is_done() && is_part_of_chunked_end(bytes)) return state_;
    error_code error;
    std::size_t used = 0;
    if (!parser.is_done()) used = parser.put(boost::asio::const_buffer(bytes.data(), bytes.size()), error);
    bytes = bytes.subspan(used);
    if (error == http::error::need_more) return state_;
    if (error == http::error::header_limit) return fail(431, "too_large", "the header is larger than this server reads");
    if (error == http::error::body_limit) return fail(413, "too_large", "the body is larger than is read here");
    if (error == http::error::bad_version) return fail(505, "unsupported", "only HTTP/1.0 and HTTP/1.1 are spoken here");
    if (error) return fail(400, "invalid", "not a well-formed HTTP request: " + error.message());
    if (state_ == State::Head) return parser.is_header_done() ? finish_head() : state_;
    if (parser.get().body().size() > impl_->body_limit)
      return fail(413, "too_large", "the body is larger than the " + std::to_string(impl_->body_limit) + " bytes read here");
    if (parser.is_done()) return state_ = State::Complete;
  }
  return state_;
}

HttpParser::State HttpParser::finish_head() {
  const auto& message = impl_->parser.get();
  HttpRequest& request = impl_->request;
  std::size_t hosts = 0;
  for (const auto& field : message) {
    std::string name = lower_case(view(field.name_string()));
    if (name == "host") ++hosts;
    if (name == "cookie") parse_cookies(view(field.value()), request.cookies);
    request.headers.emplace_back(std::move(name), std::string(field.value()));
  }
  if (hosts > 1 || (hosts == 0 && message.version() >= 11)) return fail(400, "invalid", "exactly one Host header is needed");
  if (message.version() != 10 && message.version() != 11)
    return fail(505, "unsupported", "only HTTP/1.0 and HTTP/1.1 are spoken here");
  auto target = parse_http_target(view(message.target()));
  if (!target) return fail(400, "invalid", target.error().message);
  request.method = std::string(message.method_string());
  if (request.method == "HEAD") request.method = "GET";
  request.path = std::move(target->path);
  request.query = std::move(target->query);
  return check_framing();
}

HttpParser::State HttpParser::check_framing() {
  const auto& message = impl_->parser.get();
  const std::size_t codings = message.count(http::field::transfer_encoding);
  if (codings > 0) {
    if (codings > 1 || !boost::beast::iequals(message[http::field::transfer_encoding], "chunked"))
      return fail(501, "unsupported", "the only Transfer-Encoding read here is chunked");
    if (message.count(http::field::content_length) > 0 || message.version() < 11)
      return fail(400, "invalid", "a request has either Content-Length or Transfer-Encoding");
  }
  return state_ = State::Body;
}

HttpRequest& HttpParser::request() { return impl_->request; }

bool HttpParser::is_head_method() const { return impl_->parser.get().method() == http::verb::head; }

bool HttpParser::keeps_alive() const { return impl_->parser.keep_alive(); }

bool HttpParser::expects_continue() const {
  return impl_->parser.get().version() >= 11 && !impl_->parser.is_done() &&
         boost::beast::iequals(impl_->parser.get()[http::field::expect], "100-continue");
}

bool HttpParser::is_http_1_0() const { return impl_->parser.get().version() < 11; }

std::optional<std::uint64_t> HttpParser::announced_body() const {
  const auto length = impl_->parser.content_length();
  if (!length) return std::nullopt;
  return *length;
}

void HttpParser::limit_body(std::size_t bytes) { impl_->body_limit = bytes; }

HttpRequest HttpParser::take() {
  assert(state_ == State::Complete);
  impl_->request.body = std::move(impl_->parser.get().body());
  return std::move(impl_->request);
}

}  // namespace tessera
