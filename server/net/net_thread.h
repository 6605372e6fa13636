#pragma once

#include <memory>
#include <optional>
#include <span>
#include <string>
#include <thread>
#include <unordered_map>
#include <vector>

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ssl/context.hpp>
#include <boost/asio/steady_timer.hpp>

#include "server/net/address_limits.h"
#include "server/net/http_connection.h"
#include "server/net/json_feed.h"
#include "server/net/mailbox.h"
#include "server/net/net_server.h"
#include "server/net/outbox.h"
#include "server/net/tls_context.h"
#include "server/net/ws_connection.h"

namespace tessera {

/// What all network threads of a server share; read-only, atomic or guarded by itself.
struct NetShared {
  NetSettings settings;
  NetServices services;
  AddressLimits addresses;
  NetCounters counters;
  Outbox::Limits outbox_limits{};
  TlsContext tls;
  std::atomic<std::uint64_t> next_connection{1};
};

/// The connections of one canvas on one network thread.
struct CanvasGroup {
  CanvasId canvas{};
  CanvasInfo info;
  std::vector<WsConnection*> binary;
  std::vector<WsConnection*> json;
  JsonFeed feed;
  std::optional<std::string> changed;  // told to JSON readers after what was placed before it
};

/// One thread with one `io_context`: owns its connections and whatever concerns them, and is the gate through which the hub
/// reaches them. Only `post`, `post_task` and `adopt` may be called from other threads.
class NetThread final : public Gate {
 public:
  explicit NetThread(NetShared& shared);
  ~NetThread() override;

  void start();
  void post(GateEvent event) override;
  void post_all(std::vector<GateEvent>& events) override;
  void post_task(Mailbox::Task task) { mailbox_->post(std::move(task)); }
  /// A task for this thread that may be posted after its end, and is dropped then.
  std::shared_ptr<Mailbox> mailbox() const { return mailbox_; }
  boost::asio::io_context& context() { return context_; }
  void adopt(boost::asio::ip::tcp::socket socket, const std::string& peer, bool is_loopback, const std::optional<AddressKey>& counted);
  /// Tells everyone; `is_quiet` says when all have gone.
  void begin_stop();
  void end();

  // ---- for its connections, on this thread ----
  NetShared& shared() { return shared_; }
  const NetSettings& settings() const { return shared_.settings; }
  const NetServices& services() const { return shared_.services; }
  NetCounters& counters() { return shared_.counters; }
  TimePoint now() const { return shared_.services.clock.now(); }
  /// Goes to the hub once the events at hand are dealt with, so that what comes together wakes it once.
  void command(Command command);
  /// The same for what nobody sees at once: of many that come in a row it gathers those of 5 ms.
  void command_soon(Command command);

  /// A socket was read. Where hundreds are in a second, the thread lets what comes gather for 4 ms at a time, as a network card does,
  /// in place of waking for each.
  void note_read() { ++reads_; }

  HttpConnection* find_http(ConnectionId id);
  WsConnection* find_ws(ConnectionId id);
  /// The HTTP connection ends, or becomes a WebSocket of this kind for this account.
  void remove(HttpConnection& connection);
  void upgrade(HttpConnection& connection, const WsHandshake& handshake, Identity identity, ByteSpan left_over);
  void remove(WsConnection& connection);
  /// It has something to send once the events at hand are dealt with.
  void mark_dirty(WsConnection& connection);
  void join(WsConnection& connection, const Joined& joined);
  void leave(WsConnection& connection);
  CanvasGroup* group(CanvasId canvas);

 private:
  void run();
  bool is_rush();
  void drain();
  void handle(GateEvent& event);
  void on(const Published& published);
  void fan_out(CanvasGroup& on_canvas, const Published& published);
  void on(const Announced& announced);
  void on(const Directed& directed);
  void on(const SnapshotFor& snapshot);
  void on(const SnapshotReady& ready);
  void on(const Joined& joined);
  void on(const Close& close);
  void flush_dirty();
  void post_commands();
  void post_after_this_turn();
  void serve_feeds();
  void serve_feed(CanvasGroup& group, TimePoint now);
  static void tell_feed(CanvasGroup& group, std::string_view update);
  static void tell_json(CanvasGroup& group, std::string_view text);
  void schedule_feeds();
  void sweep();
  void schedule_sweep();
  void count_sent();
  void count_outboxes();
  void bury(std::unique_ptr<TransportUser> connection);

  NetShared& shared_;
  boost::asio::io_context context_{1};
  boost::asio::executor_work_guard<boost::asio::io_context::executor_type> work_;
  std::shared_ptr<Mailbox> mailbox_;
  std::vector<Mailbox::Item> items_;
  std::vector<std::uint8_t> read_buffer_;
  std::unordered_map<ConnectionId, std::unique_ptr<HttpConnection>> http_;
  std::unordered_map<ConnectionId, std::unique_ptr<WsConnection>> ws_;
  std::unordered_map<CanvasId, std::unique_ptr<CanvasGroup>> groups_;
  std::unordered_map<const Snapshot*, std::vector<ConnectionId>> waiting_;
  std::vector<WsConnection*> dirty_;
  std::vector<Command> commands_;  // not yet posted
  bool posting_ = false;           // … but about to be
  TimePoint posted_{};
  boost::asio::steady_timer post_timer_;
  std::size_t published_left_ = 0;  // batches still to come among the items at hand
  std::vector<TimePoint> asked_;    // for each batch among them, when its oldest request came
  std::int64_t outbox_bytes_ = 0;   // as last told
  std::vector<std::unique_ptr<TransportUser>> graveyard_;
  boost::asio::steady_timer sweep_timer_;
  boost::asio::steady_timer feed_timer_;
  std::optional<TimePoint> feeds_at_;  // when the timer will serve them
  std::size_t reads_ = 0;  // since …
  TimePoint reads_since_{};
  bool rush_ = false;
  bool stopping_ = false;
  std::thread thread_;
};

}  // namespace tessera
