#include "server/net/net_thread.h"

#include <algorithm>
#include <utility>

#include <boost/asio/post.hpp>

#include <netinet/tcp.h>
#include <sys/socket.h>

#include "server/net/binary_connection.h"
#include "server/net/json_connection.h"
#include "server/net/plain_transport.h"
#include "server/net/tls_transport.h"
#include "shared/protocol/codec.h"

namespace tessera {
namespace {

using boost::asio::ip::tcp;

constexpr std::size_t read_buffer_bytes = 256u << 10;
constexpr std::size_t commands_at_once = 256;
constexpr Duration commands_gathered = std::chrono::milliseconds(5);
constexpr Duration rush_window = std::chrono::milliseconds(20);
constexpr std::size_t rush_reads = 10;  // in a window: 500 a second
constexpr std::chrono::milliseconds rush_rest{4};
constexpr int unsent_bytes = 256 << 10;
constexpr std::chrono::seconds sweep_every{1};

/// Small messages leave at once; what waits for a slow reader waits here, where it can be dropped, not in the kernel.
void prepare(tcp::socket& socket) {
  boost::system::error_code ignored;
  socket.set_option(tcp::no_delay(true), ignored);
  ::setsockopt(socket.native_handle(), IPPROTO_TCP, TCP_NOTSENT_LOWAT, &unsent_bytes, sizeof unsent_bytes);
}

FramePtr frame_of(const ServerMessage& message) { return make_frame(ws_frame(WsOpcode::Binary, encode(message))); }

FramePtr text_frame(std::string_view text) { return make_frame(ws_frame(WsOpcode::Text, as_bytes(text))); }

bool is_published(const Mailbox::Item& item) {
  const auto* event = std::get_if<GateEvent>(&item);
  return event != nullptr && std::holds_alternative<Published>(*event);
}

void remove_from(std::vector<WsConnection*>& members, WsConnection& connection) {
  members.back()->group_at = connection.group_at;
  members[connection.group_at] = members.back();
  members.pop_back();
}

}  // namespace

NetThread::NetThread(NetShared& shared)
    : shared_(shared),
      work_(boost::asio::make_work_guard(context_)),
      mailbox_(std::make_shared<Mailbox>([this] { boost::asio::post(context_, [this] { drain(); }); })),
      read_buffer_(read_buffer_bytes),
      post_timer_(context_),
      sweep_timer_(context_),
      feed_timer_(context_) {}

NetThread::~NetThread() { end(); }

void NetThread::start() {
  schedule_sweep();
  thread_ = std::thread([this] { run(); });
}

void NetThread::run() {
  while (context_.run_one() > 0) {
    context_.poll();
    if (is_rush()) std::this_thread::sleep_for(rush_rest);
  }
}

bool NetThread::is_rush() {
  const TimePoint time = now();
  if (time - reads_since_ < rush_window) return rush_;
  rush_ = reads_ >= rush_reads && time - reads_since_ < 2 * rush_window;
  reads_ = 0;
  reads_since_ = time;
  return rush_;
}

void NetThread::end() {
  mailbox_->close();
  context_.stop();
  if (thread_.joinable()) thread_.join();
  graveyard_.clear();
  dirty_.clear();
  ws_.clear();
  http_.clear();
}

void NetThread::post(GateEvent event) { mailbox_->post(std::move(event)); }

void NetThread::post_all(std::vector<GateEvent>& events) {
  mailbox_->post_all(events);
  events.clear();
}

void NetThread::adopt(tcp::socket socket, const std::string& address, bool is_loopback, const std::optional<AddressKey>& counted) {
  prepare(socket);
  std::shared_ptr<Transport> transport;
  if (TlsContext::Pointer context = shared_.tls.get())
    transport = std::make_shared<TlsTransport>(std::move(socket), std::move(context));
  else
    transport = std::make_shared<PlainTransport>(std::move(socket), read_buffer_);
  const ConnectionId id{shared_.next_connection.fetch_add(1)};
  if (stopping_) {
    shared_.addresses.leave(counted);
    return transport->close();
  }
  auto connection = std::make_unique<HttpConnection>(*this, id, transport, Peer{address, is_loopback, counted});
  counters().open_connections.fetch_add(1, std::memory_order_relaxed);
  transport->set_user(connection.get());
  http_.emplace(id, std::move(connection));
  transport->start();
}

void NetThread::command(Command command) {
  commands_.push_back(std::move(command));
  post_after_this_turn();
}

void NetThread::command_soon(Command command) {
  commands_.push_back(std::move(command));
  const Duration since = now() - posted_;
  if (since >= commands_gathered || commands_.size() >= commands_at_once) return post_after_this_turn();
  if (commands_.size() > 1) return;
  post_timer_.expires_after(commands_gathered - since);
  post_timer_.async_wait([this](const boost::system::error_code& error) {
    if (!error) post_commands();
  });
}

void NetThread::post_after_this_turn() {
  if (commands_.size() >= commands_at_once) return post_commands();
  if (posting_) return;
  posting_ = true;
  boost::asio::post(context_, [this] { post_commands(); });
}

void NetThread::post_commands() {
  posting_ = false;
  if (commands_.empty()) return;
  posted_ = now();
  services().hub.post_all(commands_);
}

HttpConnection* NetThread::find_http(ConnectionId id) {
  const auto found = http_.find(id);
  return found == http_.end() ? nullptr : found->second.get();
}

WsConnection* NetThread::find_ws(ConnectionId id) {
  const auto found = ws_.find(id);
  return found == ws_.end() ? nullptr : found->second.get();
}

CanvasGroup* NetThread::group(CanvasId canvas) {
  const auto found = groups_.find(canvas);
  return found == groups_.end() ? nullptr : found->second.get();
}

void NetThread::bury(std::unique_ptr<TransportUser> connection) {
  // It may be on the stack: destroyed once the handler at hand has returned.
  if (graveyard_.empty()) boost::asio::post(context_, [this] { graveyard_.clear(); });
  graveyard_.push_back(std::move(connection));
}

void NetThread::remove(HttpConnection& connection) {
  const auto found = http_.find(connection.id());
  if (found == http_.end()) return;
  shared_.addresses.leave(connection.peer().counted);
  counters().open_connections.fetch_sub(1, std::memory_order_relaxed);
  bury(std::move(found->second));
  http_.erase(found);
}

void NetThread::upgrade(HttpConnection& connection, const WsHandshake& handshake, Identity identity, ByteSpan left_over) {
  const auto found = http_.find(connection.id());
  std::shared_ptr<Transport> transport = connection.take_transport();
  std::unique_ptr<WsConnection> made;
  if (handshake.kind == ConnectionKind::Binary)
    made = std::make_unique<BinaryConnection>(*this, connection.id(), transport, connection.peer(), std::move(identity));
  else
    made = std::make_unique<JsonConnection>(*this, connection.id(), transport, connection.peer(), std::move(identity));
  bury(std::move(found->second));
  http_.erase(found);

  WsConnection& socket = *made;
  auto& gauge = handshake.kind == ConnectionKind::Binary ? counters().open_binary : counters().open_json;
  gauge.fetch_add(1, std::memory_order_relaxed);
  ws_.emplace(socket.id(), std::move(made));
  transport->set_user(&socket);
  socket.begin(ws_handshake_answer(handshake), left_over);
  if (stopping_ && !socket.has_ended()) socket.close(ws_close::going_away, "the server is shutting down");
}

void NetThread::remove(WsConnection& connection) {
  const auto found = ws_.find(connection.id());
  if (found == ws_.end()) return;
  leave(connection);
  if (connection.is_dirty) std::replace(dirty_.begin(), dirty_.end(), &connection, static_cast<WsConnection*>(nullptr));
  if (connection.was_announced()) command(Closed{connection.id()});
  shared_.addresses.leave(connection.peer().counted);
  counters().open_connections.fetch_sub(1, std::memory_order_relaxed);
  auto& gauge = connection.kind() == ConnectionKind::Binary ? counters().open_binary : counters().open_json;
  gauge.fetch_sub(1, std::memory_order_relaxed);
  bury(std::move(found->second));
  ws_.erase(found);
}

void NetThread::join(WsConnection& connection, const Joined& joined) {
  leave(connection);
  auto& slot = groups_[joined.canvas];
  if (!slot) slot = std::make_unique<CanvasGroup>(CanvasGroup{joined.canvas, {}, {}, {}, JsonFeed(settings().json_every), {}});
  slot->info = joined.message.canvas;
  auto& members = connection.kind() == ConnectionKind::Binary ? slot->binary : slot->json;
  connection.group = slot.get();
  connection.group_at = members.size();
  members.push_back(&connection);
  if (connection.kind() != ConnectionKind::Json) return;
  slot->feed.set_online(joined.message.online);
  slot->feed.repeat_online();
  schedule_feeds();
}

void NetThread::leave(WsConnection& connection) {
  CanvasGroup* group = connection.group;
  if (group == nullptr) return;
  remove_from(connection.kind() == ConnectionKind::Binary ? group->binary : group->json, connection);
  if (group->json.empty()) {
    group->feed.clear();
    group->changed.reset();
  }
  connection.group = nullptr;
}

void NetThread::mark_dirty(WsConnection& connection) {
  if (connection.is_dirty || connection.has_ended()) return;
  connection.is_dirty = true;
  if (dirty_.empty()) boost::asio::post(context_, [this] { flush_dirty(); });
  dirty_.push_back(&connection);
}

void NetThread::flush_dirty() {
  // A flush may mark others, so the list may grow; those who end become null.
  for (std::size_t i = 0; i < dirty_.size(); ++i) {
    if (dirty_[i] == nullptr) continue;
    dirty_[i]->is_dirty = false;
    dirty_[i]->flush();
  }
  dirty_.clear();
}

void NetThread::drain() {
  mailbox_->take(items_);
  published_left_ = static_cast<std::size_t>(std::count_if(items_.begin(), items_.end(), is_published));
  for (Mailbox::Item& item : items_) {
    if (auto* event = std::get_if<GateEvent>(&item))
      handle(*event);
    else
      std::get<Mailbox::Task>(item)();
  }
  items_.clear();
  flush_dirty();
  count_sent();
  schedule_feeds();
}

void NetThread::count_sent() {
  if (asked_.empty()) return;
  const TimePoint time = now();
  for (const TimePoint asked : asked_) counters().sent_us.add(static_cast<std::uint64_t>(std::max<Duration::rep>(0, (time - asked).count())));
  asked_.clear();
}

void NetThread::handle(GateEvent& event) {
  std::visit([this](const auto& e) { on(e); }, event);
}

void NetThread::on(const Published& published) {
  --published_left_;
  CanvasGroup* on_canvas = group(published.canvas);
  if (on_canvas == nullptr) return;
  if (!on_canvas->binary.empty() && published.deltas) {
    fan_out(*on_canvas, published);
    if (published.asked) asked_.push_back(*published.asked);
  }
  if (on_canvas->json.empty()) return;
  if (on_canvas->feed.must_flush_before(published)) tell_feed(*on_canvas, on_canvas->feed.take_now(on_canvas->info.palette, now()));
  on_canvas->feed.add(published);
}

void NetThread::fan_out(CanvasGroup& on_canvas, const Published& published) {
  const FramePtr frame = std::make_shared<const Frame>(Frame{ws_frame(WsOpcode::Binary, *published.deltas), nullptr, published.tiles});
  auto& members = on_canvas.binary;
  std::uint64_t delivered = 0, waited = 0, bytes = 0;
  for (std::size_t i = 0; i < members.size();) {
    WsConnection* connection = members[i];
    if (connection->outbox().watches_any()) {
      ++delivered;
      if (published_left_ > 0) {  // more is at hand: it will leave in one write
        connection->outbox().push_deltas(frame);
        mark_dirty(*connection);
        ++waited;
      } else {
        const std::size_t left = connection->deliver(frame);
        bytes += left;
        waited += left == frame->size() ? 0 : 1;
      }
    }
    // Who ended has given the place to another.
    if (i < members.size() && members[i] == connection) ++i;
  }
  counters().deltas_out.fetch_add(delivered, std::memory_order_relaxed);
  counters().deltas_waited.fetch_add(waited, std::memory_order_relaxed);
  counters().bytes_out.fetch_add(bytes, std::memory_order_relaxed);
}

void NetThread::on(const Announced& announced) {
  CanvasGroup* on_canvas = group(announced.canvas);
  if (on_canvas == nullptr) return;
  const auto* changed = std::get_if<CanvasChanged>(&announced.message);
  if (changed != nullptr) on_canvas->info = changed->canvas;
  if (const auto* online = std::get_if<Online>(&announced.message)) on_canvas->feed.set_online(online->count);
  if (!on_canvas->binary.empty()) {
    const FramePtr frame = frame_of(announced.message);
    const auto* hash = std::get_if<TileHash>(&announced.message);
    for (WsConnection* connection : on_canvas->binary) {
      if (hash != nullptr)
        connection->outbox().push_hash(frame, hash->tile.tile);
      else
        connection->outbox().push_notice(frame);
      mark_dirty(*connection);
    }
  }
  const auto text = on_canvas->json.empty() ? std::nullopt : json_notice(announced.message);
  if (!text) return;
  if (changed != nullptr && on_canvas->feed.due()) on_canvas->changed = text;
  else tell_json(*on_canvas, *text);
}

void NetThread::tell_json(CanvasGroup& on_canvas, std::string_view text) {
  for (WsConnection* connection : on_canvas.json) static_cast<JsonConnection*>(connection)->push_text(text);
}

void NetThread::on(const Directed& directed) {
  if (WsConnection* connection = find_ws(directed.connection)) connection->on_message(directed.message);
}

void NetThread::on(const SnapshotFor& asked) {
  WsConnection* connection = find_ws(asked.connection);
  if (connection == nullptr) return;
  if (!asked.snapshot->ready.load(std::memory_order_acquire)) waiting_[asked.snapshot.get()].push_back(asked.connection);
  connection->on_snapshot(asked.snapshot);
  mark_dirty(*connection);
}

void NetThread::on(const SnapshotReady& ready) {
  const auto found = waiting_.find(ready.snapshot.get());
  if (found == waiting_.end()) return;
  for (const ConnectionId id : found->second)
    if (WsConnection* connection = find_ws(id)) mark_dirty(*connection);
  waiting_.erase(found);
}

void NetThread::on(const Joined& joined) {
  if (WsConnection* connection = find_ws(joined.connection)) connection->on_joined(joined);
}

void NetThread::on(const Close& close) {
  if (WsConnection* connection = find_ws(close.connection)) connection->close(close.code, close.reason);
}

void NetThread::serve_feeds() {
  feeds_at_.reset();
  const TimePoint time = now();
  for (auto& [id, on_canvas] : groups_)
    if (!on_canvas->json.empty()) serve_feed(*on_canvas, time);
  schedule_feeds();
}

void NetThread::serve_feed(CanvasGroup& on_canvas, TimePoint time) {
  if (const auto update = on_canvas.feed.take(on_canvas.info.palette, time)) tell_feed(on_canvas, *update);
  if (const auto count = on_canvas.feed.take_online(time)) tell_json(on_canvas, *count);
}

void NetThread::tell_feed(CanvasGroup& on_canvas, std::string_view update) {
  const FramePtr frame = text_frame(update);
  for (WsConnection* connection : on_canvas.json) static_cast<JsonConnection*>(connection)->on_feed(frame);
  if (const auto changed = std::exchange(on_canvas.changed, std::nullopt)) tell_json(on_canvas, *changed);
}

void NetThread::schedule_feeds() {
  std::optional<TimePoint> next;
  for (const auto& [id, on_canvas] : groups_) {
    if (on_canvas->json.empty()) continue;
    for (const auto& due : {on_canvas->feed.due(), on_canvas->feed.online_due()})
      if (due && (!next || *due < *next)) next = due;
  }
  if (!next || (feeds_at_ && *feeds_at_ <= *next)) return;
  feeds_at_ = next;
  feed_timer_.expires_after(std::max(Duration::zero(), *next - now()));
  feed_timer_.async_wait([this](const boost::system::error_code& error) {
    if (!error) serve_feeds();
  });
}

void NetThread::schedule_sweep() {
  sweep_timer_.expires_after(sweep_every);
  sweep_timer_.async_wait([this](const boost::system::error_code& error) {
    if (error) return;
    sweep();
    schedule_sweep();
  });
}

void NetThread::sweep() {
  // Collected first: a connection that ends leaves the maps.
  const TimePoint time = now();
  std::vector<HttpConnection*> https;
  for (const auto& [id, connection] : http_) https.push_back(connection.get());
  for (HttpConnection* connection : https) connection->sweep(time);
  std::vector<WsConnection*> sockets;
  for (const auto& [id, connection] : ws_) sockets.push_back(connection.get());
  for (WsConnection* connection : sockets) connection->sweep(time);
  count_outboxes();
}

void NetThread::count_outboxes() {
  std::int64_t bytes = 0;
  for (const auto& [id, connection] : ws_) bytes += static_cast<std::int64_t>(connection->outbox().bytes());
  counters().outbox_bytes.fetch_add(bytes - outbox_bytes_, std::memory_order_relaxed);
  outbox_bytes_ = bytes;
}

void NetThread::begin_stop() {
  boost::asio::post(context_, [this] {
    stopping_ = true;
    std::vector<HttpConnection*> https;
    for (const auto& [id, connection] : http_) https.push_back(connection.get());
    for (HttpConnection* connection : https) connection->stop();
    for (const auto& [id, connection] : ws_) connection->close(ws_close::going_away, "the server is shutting down");
  });
}

}  // namespace tessera
