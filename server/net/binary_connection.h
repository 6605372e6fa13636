#pragma once

#include "server/net/ws_connection.h"

namespace tessera {

/// A client that speaks `tessera.v1`. `Hello` first, then `Enter`, then the rest; what is out of order, malformed or
/// unknown closes the connection with a code and a reason. Watches reach the hub a few tiles at a time, as their snapshots
/// leave, so that nobody can ask for more memory than that.
class BinaryConnection final : public WsConnection {
 public:
  using WsConnection::WsConnection;

  ConnectionKind kind() const override { return ConnectionKind::Binary; }
  void on_message(const ServerMessage& message) override;
  void on_joined(const Joined& joined) override;
  void on_snapshot(const std::shared_ptr<const Snapshot>& snapshot) override;

 protected:
  void on_open() override {}
  void on_text(std::string_view text) override;
  void on_binary(ByteSpan bytes) override;
  void on_progress() override { pump_watch(); }
  void on_sweep(TimePoint now) override;

 private:
  void handle(Hello& hello);
  void handle(SignIn& sign_in);
  void handle(Enter& enter);
  void handle(Watch& watch);
  void handle(Place& place);
  void handle(Undo& undo);
  void handle(Redo& redo);
  void handle(Inspect& inspect);
  void handle(Ping& ping);
  void handle(Mismatch& mismatch);
  void welcome();
  void authenticated(const Result<Identity, Refused>& outcome, bool first);
  void check_token(std::string token, bool first);
  void pump_watch();
  void take_back(PlacementKind kind, RequestId request, std::uint32_t count);
  void count_answer(std::uint32_t cells);
  bool is_on_canvas() const { return group != nullptr || entering_ > 0; }

  ClientId client_{};
  std::uint32_t entering_ = 0;          // `Enter`s without an answer
  std::uint32_t unanswered_ = 0;        // requests
  std::uint32_t unanswered_cells_ = 0;  // … and their cells
  std::uint32_t inspecting_ = 0;
  bool greeted_ = false;
  std::vector<TileState> wanted_;  // watched by the client, not yet told to the hub
  TileSet asked_;                  // told to the hub, not yet answered
  TimePoint asked_since_{};
};

}  // namespace tessera
