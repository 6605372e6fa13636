#pragma once

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "server/core/rooms.h"
#include "server/net/outbox.h"
#include "server/net/ws_frame.h"
#include "tests/journey/simulation_ledger.h"

namespace tessera::simulation {

/// A promise broken on purpose, to see that the simulation notices.
enum class Sabotage : std::uint8_t {
  None,
  AnswerBeforeCommit,  ///< the store's 'stored' is told before it is
  ForgetRollbacks,     ///< a restart leaves what was being rolled back half done
  ForgetOutcomes,      ///< a restart forgets what became of requests
  LoseDeltas,          ///< a frame of deltas vanishes on its way to one client, and no checksum is ever told
  ForgetUnanswered,    ///< a client that comes back does not say what it waits for
  NewRequestIds,       ///< a request sent again is sent as another one
};

struct ServerSettings {
  PlacingLimits limits;
  Outbox::Limits outbox;
  std::size_t window = 4'096;  ///< bytes under way to a client before its socket is full
  Duration hash_interval = std::chrono::seconds{2};
  double disk_faults = 0;
  bool rolls_back = false;    ///< staff is at work
  bool loses_deltas = false;  ///< on their way to a client: the chain of seqs and the checksums must show it
  Sabotage sabotage = Sabotage::None;
};

/// One client's connection as the server's network thread has it: real frames, real outbox.
struct ServerEnd {
  ServerEnd(ConnectionId its_id, const Outbox::Limits& limits) : id(its_id), outbox(limits) {}

  ConnectionId id;
  WsReader reader;
  Outbox outbox;
  std::function<void(ByteSpan)> send;  ///< into the pipe
  std::function<std::size_t()> under_way;
  std::function<void()> hang_up;
  AccountInfo account;
  ClientId client{};
  bool greeted = false;
  bool announced = false;
  bool checking = false;  ///< a token; what comes meanwhile waits
  bool joined = false;
  std::uint32_t entering = 0;
  std::vector<TileState> wanted;
  std::vector<ClientMessage> held;
};

/// The server without its threads and sockets: the real `Rooms`, over a memory store whose commits, compressions and
/// posts between threads take their time; connections mirror `BinaryConnection`, on the real `Outbox` and frames.
/// It can be killed at any moment, between commit and answer too, and opened again on the same store.
class SimServer final : private RoomServices, private Gate {
 public:
  /// The newest of `ledgers` is the store's; a new store begins another.
  SimServer(Timeline& timeline, const ServerSettings& settings, std::vector<Ledger>& ledgers, Findings& findings);
  ~SimServer() override;

  bool running() const { return rooms_ != nullptr; }
  void start();
  /// Writes under way end up on disk or not; nobody is answered; every connection ends.
  void kill();
  /// The next start finds nothing: another epoch, and nobody is signed in.
  void lose_store();
  /// No more faults.
  void heal();

  std::shared_ptr<ServerEnd> accept();
  void arrived(const std::shared_ptr<ServerEnd>& end, ByteSpan bytes);
  /// The pipe has room again, or the peer is gone.
  void writable(const std::shared_ptr<ServerEnd>& end) { flush(*end); }
  void gone(const std::shared_ptr<ServerEnd>& end);
  /// Staff begins a rollback of somebody's, or takes back or draws again one that there is.
  void roll_back_something();
  /// `POST /auth/guest`; `done` with the token, or empty where it failed.
  void sign_in(const std::string& name, std::function<void(std::string)> done);

  std::uint64_t mismatches() const { return counters_.mismatches.load(); }

 private:
  struct Write {
    WriteSet set;
    Journal::Done done;
  };

  bool commit(WriteSet set, Journal::Done done) override;
  bool compress(std::shared_ptr<Snapshot> snapshot) override;
  bool read(std::function<std::function<void()>(StoreReader&)> work) override;
  void fail(const std::string& message) override { findings_.add("the server gave up: " + message); }
  void post(GateEvent event) override;

  void command(Command command);
  void write_next();
  void pump();
  void handle(ServerEnd& end, ClientMessage message);
  void greet(ServerEnd& end, const Hello& hello);
  void check_token(ServerEnd& end, const std::string& token, bool first);
  void turn_away(ServerEnd& end, bool first);
  void welcome(ServerEnd& end);
  void watch(ServerEnd& end, Watch watch);
  void pump_watch(ServerEnd& end);
  void on(const GateEvent& event);
  void publish(const Published& published);
  void directed(ServerEnd& end, const ServerMessage& message);
  void check_answer(const ServerEnd& end, const PlaceResult& result);
  void close(ServerEnd& end, std::uint16_t code, const std::string& why);
  void send(ServerEnd& end, const ServerMessage& message);
  void flush(ServerEnd& end);
  void flush_all();
  ServerEnd* find(ConnectionId id);

  Timeline& timeline_;
  const ServerSettings settings_;
  std::vector<Ledger>& ledgers_;
  Findings& findings_;
  std::unique_ptr<FaultyStore> store_;
  SeededRandom secrets_;
  Counters counters_;
  std::unique_ptr<Rooms> rooms_;
  std::optional<Lane> hub_, net_, disk_, workers_;  // as long as the server runs
  std::vector<Write> writes_;                       // posted, not begun
  bool healed_ = false;
  std::uint64_t run_ = 0;  // grows with every kill
  TimePoint pump_at_{};
  std::map<ConnectionId, std::shared_ptr<ServerEnd>> ends_;
  std::uint64_t last_connection_ = 0;
};

}  // namespace tessera::simulation
