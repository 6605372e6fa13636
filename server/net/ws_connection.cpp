#include "server/net/ws_connection.h"

#include "server/net/net_thread.h"
#include "shared/protocol/codec.h"

namespace tessera {
namespace {

using std::chrono::seconds;

constexpr seconds close_time{5};
constexpr seconds refresh_time{10};
constexpr std::size_t parts_at_once = 64;

}  // namespace

WsConnection::WsConnection(NetThread& thread, ConnectionId id, std::shared_ptr<Transport> transport, Peer peer,
                           Identity identity)
    : thread_(thread),
      transport_(std::move(transport)),
      outbox_(thread.shared().outbox_limits),
      id_(id),
      peer_(std::move(peer)),
      account_(std::move(identity.account)),
      session_(identity.session) {
  last_heard_ = last_ping_ = last_progress_ = thread_.now();
}

WsConnection::~WsConnection() = default;

void WsConnection::begin(Bytes handshake_answer, ByteSpan left_over) {
  outbox_.push_notice(make_frame(std::move(handshake_answer)));
  on_open();
  held_.assign(left_over.begin(), left_over.end());
  if (pauses_ == 0) read_held();
  if (!ended_) flush();
}

void WsConnection::note_placing() {
  if (account_.id == nobody || account_.id == noted_ || peer_.prefixes.empty()) return;
  noted_ = account_.id;
  thread_.services().hub.note_address(account_.id, peer_.prefixes);
}

void WsConnection::on_bytes(std::span<std::uint8_t> bytes) {
  if (closing_) return await_close(bytes);
  last_heard_ = thread_.now();
  thread_.note_read();
  read(bytes);
  if (!ended_) flush();
}

void WsConnection::read(std::span<std::uint8_t> bytes) {
  reading_ = true;
  while (pauses_ == 0 && !closing_ && !ended_) {
    const auto event = reader_.next(bytes);
    if (!event) break;
    handle(*event);
  }
  reading_ = false;
  if (pauses_ != 0 && !closing_ && !ended_) held_.insert(held_.end(), bytes.begin(), bytes.end());
}

void WsConnection::await_close(std::span<std::uint8_t> bytes) {
  // Everything else is dropped. Once both close frames have passed, the socket can go.
  while (const auto event = reader_.next(bytes))
    if (event->kind == WsEvent::Kind::Close) peer_closed_ = true;
  flush();
}

void WsConnection::read_held() {
  Bytes held;
  while (pauses_ == 0 && !held_.empty() && !closing_ && !ended_) {
    held.swap(held_);
    held_ = {};
    read(held);
  }
  if (pauses_ == 0 && !ended_) transport_->resume_reading();
}

void WsConnection::handle(const WsEvent& event) {
  switch (event.kind) {
    case WsEvent::Kind::Text:
      thread_.counters().messages_in.fetch_add(1, std::memory_order_relaxed);
      return on_text(as_text(event.payload));
    case WsEvent::Kind::Binary:
      thread_.counters().messages_in.fetch_add(1, std::memory_order_relaxed);
      return on_binary(event.payload);
    case WsEvent::Kind::Ping:
      outbox_.push_answer(WsOpcode::Pong, event.payload);
      if (outbox_.has_too_many_answers()) pause(pause_answers);
      return;
    case WsEvent::Kind::Pong: return;
    case WsEvent::Kind::Close:
      peer_closed_ = true;
      outbox_.drop_queued();
      return close(event.code, "");
    case WsEvent::Kind::Violation: return close(event.code, event.reason);
  }
}

void WsConnection::pause(Pause why) {
  if (closing_) return;
  pauses_ = static_cast<std::uint8_t>(pauses_ | why);
  transport_->pause_reading();
}

void WsConnection::unpause(Pause why) {
  if ((pauses_ & why) == 0) return;
  pauses_ = static_cast<std::uint8_t>(pauses_ & ~why);
  if (pauses_ != 0 || ended_ || closing_) return;
  if (reading_) return transport_->resume_reading();  // the loop that is under way goes on
  read_held();
}

void WsConnection::send(const ServerMessage& message) {
  outbox_.push_answer(WsOpcode::Binary, encode(message));
  if (outbox_.has_too_many_answers()) pause(pause_answers);
  thread_.mark_dirty(*this);
}

void WsConnection::announce(ClientId client) {
  announced_ = true;
  thread_.command(Opened{id_, &thread_, kind(), client, account_.id, session_});
}

void WsConnection::on_snapshot(const std::shared_ptr<const Snapshot>&) {}

void WsConnection::close(std::uint16_t code, std::string_view reason) {
  if (closing_ || ended_) return;
  outbox_.push_close(ws_close_frame(code, reason));
  closing_ = true;
  close_by_ = thread_.now() + close_time;
  pauses_ = 0;
  held_ = {};
  transport_->resume_reading();  // what still comes is thrown away, so that the close frame is not lost to a reset
  thread_.mark_dirty(*this);
}

void WsConnection::flush() {
  for (;;) {
    if (ended_) return;
    write_out();
    if (ended_) return;
    if (outbox_.is_hopeless()) return end();
    if ((pauses_ & pause_answers) == 0 || outbox_.has_too_many_answers()) break;
    unpause(pause_answers);
  }
  if (closing_) {
    if (!outbox_.empty()) return;
    if (peer_closed_) return end();
    if (!finished_) transport_->finish();
    finished_ = true;
    return;
  }
  std::vector<TileIndex> stale = outbox_.take_refresh();
  if (!stale.empty()) {
    awaiting_since_ = thread_.now();
    thread_.counters().refreshes.fetch_add(1, std::memory_order_relaxed);
    thread_.command(Refresh{id_, std::move(stale)});
  }
  on_progress();
}

std::size_t WsConnection::deliver(const FramePtr& frame) {
  if (!outbox_.is_clear()) {
    outbox_.push_deltas(frame);
    thread_.mark_dirty(*this);
    return 0;
  }
  const iovec part{const_cast<std::uint8_t*>(frame->own.data()), frame->own.size()};
  const auto taken = transport_->write({&part, 1});
  if (!taken) {
    end();
    return 0;
  }
  if (*taken < part.iov_len) {
    outbox_.push_deltas(frame);
    outbox_.sent(*taken);
  }
  return *taken;
}

void WsConnection::write_out() {
  std::array<iovec, parts_at_once> parts;
  std::uint64_t total_taken = 0;
  while (const std::size_t count = outbox_.gather(parts)) {
    const std::span<const iovec> gathered(parts.data(), count);
    const auto taken = transport_->write(gathered);
    if (!taken) return end();
    if (*taken > 0) {
      total_taken += *taken;
      outbox_.sent(*taken);
    }
    if (*taken < total_size(gathered)) break;
  }
  if (total_taken == 0) return;
  last_progress_ = thread_.now();
  thread_.counters().bytes_out.fetch_add(total_taken, std::memory_order_relaxed);
}

void WsConnection::sweep(TimePoint now) {
  if (ended_) return;
  const NetSettings& settings = thread_.settings();
  if (closing_) {
    if (now > close_by_) end();
    return;
  }
  if (outbox_.empty()) last_progress_ = now;
  if (now - last_progress_ > settings.stall_time) return end();
  if (pauses_ == 0 && now - last_heard_ > settings.idle_time) {
    close(ws_close::going_away, "nothing was heard from you for " + std::to_string(settings.idle_time.count()) + " s");
    return;
  }
  if (now - last_ping_ >= settings.ping_every) {
    last_ping_ = now;
    outbox_.push_answer(WsOpcode::Ping, {});
    thread_.mark_dirty(*this);
  }
  if (outbox_.is_awaiting() && now - awaiting_since_ > refresh_time) {
    outbox_.retry_refresh();
    thread_.mark_dirty(*this);
  }
  on_sweep(now);
}

void WsConnection::end() {
  if (ended_) return;
  ended_ = true;
  transport_->close();
  thread_.remove(*this);
}

}  // namespace tessera
