#include "server/net/http_connection.h"

#include <array>

#include <boost/asio/ip/address.hpp>

#include "server/core/problem.h"
#include "server/net/http_writer.h"
#include "server/net/net_thread.h"
#include "server/net/static_files.h"

namespace tessera {
namespace {

using std::chrono::seconds;

constexpr seconds drain_time{2};
constexpr seconds handling_time{120};
constexpr std::size_t unread_slack = 16u << 10;

bool names_another_client(const HttpRequest& request) {
  return request.header("forwarded") != nullptr || request.header("x-forwarded-for") != nullptr ||
         request.header("x-real-ip") != nullptr || request.header("via") != nullptr;
}

}  // namespace

HttpConnection::HttpConnection(NetThread& thread, ConnectionId id, std::shared_ptr<Transport> transport, Peer peer)
    : thread_(thread), id_(id), transport_(std::move(transport)), peer_(std::move(peer)), since_(thread.now()), is_secure_(transport_->is_secure()) {}

HttpConnection::~HttpConnection() = default;

void HttpConnection::enter(State state) {
  state_ = state;
  since_ = thread_.now();
}

void HttpConnection::on_bytes(std::span<std::uint8_t> bytes) {
  if (state_ == State::Draining) return;
  unread_.insert(unread_.end(), bytes.begin(), bytes.end());
  read();
}

void HttpConnection::on_end() { end(); }

void HttpConnection::read() {
  if (reading_) return;
  reading_ = true;
  while (!ended_ && (state_ == State::Idle || state_ == State::Head || state_ == State::Body) && read_one()) {
  }
  reading_ = false;
  if (unread_.empty()) unread_ = {};
}

/// Reads as far as one request goes; whether there may be another behind it.
bool HttpConnection::read_one() {
  if (unread_.empty()) return false;
  if (!parser_) {
    parser_ = std::make_unique<HttpParser>(thread_.settings().head_bytes);
    enter(State::Head);
  }
  ByteSpan rest(unread_);
  const bool in_head = parser_->state() == HttpParser::State::Head;
  auto state = parser_->read(rest);
  if (in_head && state == HttpParser::State::Body) {
    if (!check_head()) return false;
    state = parser_->read(rest);
  }
  unread_.erase(unread_.begin(), unread_.end() - static_cast<std::ptrdiff_t>(rest.size()));
  if (state == HttpParser::State::Failed) {
    refuse(parser_->failure());
    return false;
  }
  if (state == HttpParser::State::Complete) {
    dispatch(parser_->take());
    return true;
  }
  if (unread_.size() > thread_.settings().head_bytes + unread_slack)
    refuse({431, "too_large", "a line of the request is longer than this server reads"});
  return false;
}

bool HttpConnection::check_head() {
  enter(State::Body);
  HttpRequest& request = parser_->request();
  request.peer = peer_.address;
  request.is_loopback = peer_.is_loopback && !names_another_client(request);
  request.is_secure = transport_->is_secure();
  if (thread_.services().see_client) thread_.services().see_client(request);
  is_secure_ = request.is_secure;
  const std::size_t limit = thread_.services().http.body_limit(request);
  parser_->limit_body(limit);
  if (parser_->announced_body().value_or(0) > limit) {
    refuse({413, "too_large", "the body is larger than the " + std::to_string(limit) + " bytes read here"});
    return false;
  }
  if (parser_->expects_continue()) {
    static constexpr std::string_view go_on = "HTTP/1.1 100 Continue\r\n\r\n";
    send(make_frame(Bytes(go_on.begin(), go_on.end())));
  }
  return !ended_;
}

void HttpConnection::dispatch(HttpRequest request) {
  keep_alive_ = parser_->keeps_alive() && !stopping_;
  head_only_ = parser_->is_head_method();
  const bool is_old = parser_->is_http_1_0();
  parser_.reset();
  transport_->pause_reading();
  enter(State::Handling);
  thread_.counters().requests.fetch_add(1, std::memory_order_relaxed);

  if (request.path == "/ws") {
    if (is_old || !request.body.empty()) return respond(problem(400, "invalid", "a WebSocket needs HTTP/1.1 and no body"));
    return upgrade(std::move(request));
  }
  if (const StaticFiles* files = thread_.services().files)
    if (const auto answer = files->answer(request)) return respond(*answer);
  thread_.services().http.handle(
      std::move(request), [mailbox = thread_.mailbox(), thread = &thread_, id = id_](HttpResponse response) {
        mailbox->post(Mailbox::Task([thread, id, response = std::move(response)] {
          if (HttpConnection* found = thread->find_http(id)) found->respond(response);
        }));
      });
}

void HttpConnection::upgrade(HttpRequest request) {
  const auto checked = check_ws_handshake(request);
  if (const auto* refused = std::get_if<HttpResponse>(&checked)) return respond(*refused);
  if (thread_.services().prefixes) peer_.prefixes = thread_.services().prefixes(request);
  thread_.services().authenticator.authenticate(
      request, [mailbox = thread_.mailbox(), thread = &thread_, id = id_, client = request.peer,
                handshake = std::get<WsHandshake>(checked)](Result<Identity, HttpResponse> outcome) {
        mailbox->post(Mailbox::Task([thread, id, client, handshake, outcome = std::move(outcome)] {
          HttpConnection* found = thread->find_http(id);
          if (found == nullptr || found->state_ != State::Handling) return;
          if (!outcome) return found->respond(outcome.error());
          if (!found->count_for(client)) return found->respond(too_many_connections());
          const Bytes left_over = std::move(found->unread_);
          thread->upgrade(*found, handshake, *outcome, left_over);
        }));
      });
}

/// A trusted proxy's connection is nobody's until it becomes a client's WebSocket; false where that client has too many.
bool HttpConnection::count_for(const std::string& client) {
  if (peer_.counted || client == peer_.address) return true;
  boost::system::error_code error;
  const AddressKey key = address_key(boost::asio::ip::make_address(client, error));
  if (error) return true;
  if (!thread_.shared().addresses.claim(key)) return false;
  peer_.counted = key;
  return true;
}

void HttpConnection::refuse(const BadRequest& bad) {
  thread_.counters().bad_requests.fetch_add(1, std::memory_order_relaxed);
  keep_alive_ = false;
  head_only_ = false;
  unread_ = {};
  transport_->pause_reading();
  state_ = State::Handling;
  respond(problem(bad.status, bad.code, bad.detail));
}

void HttpConnection::respond(const HttpResponse& response) {
  if (state_ != State::Handling || ended_) return;
  enter(State::Sending);
  if (stopping_) keep_alive_ = false;
  send(write_response(response, head_only_ ? BodyWish::Omit : BodyWish::Send,
                      keep_alive_ ? Persistence::KeepAlive : Persistence::Close, thread_.services().clock.wall(),
                      is_secure_ ? Channel::Secure : Channel::Plain));
}

void HttpConnection::send(FramePtr frame) {
  sending_.push_back(std::move(frame));
  flush();
}

void HttpConnection::flush() {
  while (!sending_.empty()) {
    const Frame& frame = *sending_.front();
    std::array<iovec, 2> parts;
    std::size_t count = 0;
    const std::size_t own_sent = std::min(sent_, frame.own.size());
    const auto add = [&](const Bytes& bytes, std::size_t from) {
      if (from < bytes.size()) parts[count++] = {const_cast<std::uint8_t*>(bytes.data()) + from, bytes.size() - from};
    };
    add(frame.own, own_sent);
    if (frame.shared) add(*frame.shared, sent_ - own_sent);
    const std::span<const iovec> gathered(parts.data(), count);
    const auto taken = transport_->write(gathered);
    if (!taken) return end();
    if (*taken > 0) since_ = thread_.now();
    thread_.counters().bytes_out.fetch_add(*taken, std::memory_order_relaxed);
    sent_ += *taken;
    if (*taken < total_size(gathered)) return;
    sending_.erase(sending_.begin());
    sent_ = 0;
  }
  if (state_ == State::Sending) finish_answer();
}

void HttpConnection::finish_answer() {
  if (!keep_alive_) {
    // What the peer still sends is read and dropped for a moment: closing at once would reset the answer away.
    enter(State::Draining);
    unread_ = {};
    transport_->finish();
    transport_->resume_reading();
    return;
  }
  enter(State::Idle);
  transport_->resume_reading();
  read();
}

void HttpConnection::sweep(TimePoint now) {
  const NetSettings& settings = thread_.settings();
  const Duration age = now - since_;
  switch (state_) {
    case State::Idle:
      if (age > settings.keep_alive) end();
      return;
    case State::Head:
      if (age > settings.head_time) refuse({408, "timeout", "the header of the request took too long"});
      return;
    case State::Body:
      if (age > settings.body_time) refuse({408, "timeout", "the body of the request took too long"});
      return;
    case State::Handling:
      if (age > handling_time) {
        keep_alive_ = false;
        respond(problem(503, "busy", "the answer took too long"));
      }
      return;
    case State::Sending:
      if (age > settings.stall_time) end();
      return;
    case State::Draining:
      if (age > drain_time) end();
      return;
  }
}

void HttpConnection::stop() {
  stopping_ = true;
  if (state_ == State::Idle || state_ == State::Head || state_ == State::Body) return end();
  if (state_ == State::Handling) keep_alive_ = false;
}

void HttpConnection::end() {
  if (ended_) return;
  ended_ = true;
  transport_->close();
  thread_.remove(*this);
}

}  // namespace tessera
