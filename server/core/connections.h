#pragma once

#include <cstdint>
#include <optional>
#include <unordered_map>
#include <vector>

#include "server/core/hub.h"

namespace tessera {

/// One open connection as the room loop knows it.
struct Connection {
  ConnectionId id{};
  Gate* gate = nullptr;
  ConnectionKind kind{};
  ClientId client{};
  AccountId account{};
  std::optional<TokenHash> session{};  ///< whose end signs it out
  std::optional<CanvasId> canvas{};    ///< that it entered
  Role told{};                         ///< the role that it was told it has
  bool replaced = false;               ///< by a newer one of the same client: whatever still comes from it is ignored
};

/// The open connections, and which is the newest of each client. Belongs to the room loop.
class Connections {
 public:
  void open(const Opened& opened);
  /// Null where unknown or replaced: ignore the command.
  Connection* find(ConnectionId id);
  /// Forgets it; what it was, where it was known.
  std::optional<Connection> close(ConnectionId id);
  void sign_in(Connection& connection, AccountId account, const std::optional<TokenHash>& session);
  /// `connection` becomes its client's one connection; the older one, now marked as replaced, or null. Clients without
  /// a number (JSON) and other accounts with the same number are others.
  Connection* claim(const Connection& connection);
  /// Those signed in as this account, in no order.
  std::vector<Connection*> of(AccountId account);
  std::size_t size() const { return connections_.size(); }
  /// Every open one that no newer one has replaced.
  void for_each(const auto& visit) {
    for (auto& [id, connection] : connections_)
      if (!connection.replaced) visit(connection);
  }
  /// The sessions by which connections are signed in.
  std::vector<TokenHash> sessions() const;

 private:
  struct Client {
    ClientId client{};
    AccountId account{};
    bool operator==(const Client&) const = default;
  };
  struct HashOfClient {
    std::size_t operator()(const Client& client) const {
      return static_cast<std::size_t>(client.client) ^ static_cast<std::size_t>(client.account) * 0x9E3779B97F4A7C15u;
    }
  };

  void forget_owner(const Connection& connection);

  std::unordered_map<ConnectionId, Connection> connections_;
  std::unordered_map<Client, ConnectionId, HashOfClient> newest_;
  std::unordered_multimap<AccountId, ConnectionId> of_account_;  // those of nobody left out
};

}  // namespace tessera
