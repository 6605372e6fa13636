#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "app/model/update.h"
#include "tests/journey/simulation_server.h"

namespace tessera::simulation {

/// One way of reaching the server: opened once, cut once.
struct Wire {
  ConnectionId id{};  ///< as the client counts
  std::shared_ptr<ServerEnd> end;
  std::unique_ptr<Pipe> up;
  std::unique_ptr<Pipe> down;
  Bytes unread;  ///< came, and is no whole frame yet
  bool client_told = false;
};

/// A real model with its effects carried out over the simulated network, and a memory of what it was told.
class SimClient {
 public:
  SimClient(Timeline& timeline, SimServer& server, const std::vector<Ledger>& ledgers, Findings& findings,
            Sabotage sabotage, std::string name);

  Model& model() { return model_; }
  const Model& model() const { return model_; }
  void start();
  void tick() { act(action::Tick{}); }
  /// Something a person might do just now.
  void do_anything();
  /// The connection breaks; what is under way arrives in part, late, or not at all.
  void cut();
  /// The same request once more, as an app would that waited too long.
  void send_again();
  /// From now on the network is well, and nobody draws any more.
  void heal();
  bool settled() const;

  struct Told {
    std::vector<CellColor> cells;
    AccountId account{};
    std::optional<PlaceResult> result;
    std::size_t store = 0;  ///< how many stores there had been when the result came
  };
  const std::map<RequestId, Told>& requests() const { return requests_; }
  const std::string& name() const { return name_; }

 private:
  void act(const Action& action);
  void take_back(const ClientMessage& message);
  void carry_out(const Effect& effect);
  void open(const effect::OpenConnection& effect);
  void close(ConnectionId id);
  void transmit(ConnectionId id, ClientMessage message);
  void arrived(const std::shared_ptr<Wire>& link, ByteSpan bytes);
  void heard(const std::shared_ptr<Wire>& link, ByteSpan payload);
  void remember(const PlaceResult& result);
  void break_link(std::shared_ptr<Wire> link, milliseconds up_late, milliseconds down_late, bool told);
  void tell_lost(const std::shared_ptr<Wire>& link, DisconnectReason reason);
  void sign_in(const effect::SignInGuest& effect);

  Timeline& timeline_;
  SimServer& server_;
  const std::vector<Ledger>& ledgers_;
  Findings& findings_;
  const Sabotage sabotage_;
  const std::string name_;
  SeededRandom random_;
  Model model_;
  std::vector<std::shared_ptr<Wire>> links_;  // the newest last
  std::map<RequestId, Told> requests_;
  std::vector<Place> sent_;
  bool healed_ = false;
};

}  // namespace tessera::simulation
