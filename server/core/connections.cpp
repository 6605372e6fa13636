#include "server/core/connections.h"

namespace tessera {

void Connections::open(const Opened& opened) {
  connections_.insert_or_assign(opened.connection, Connection{.id = opened.connection,
                                                              .gate = opened.gate,
                                                              .kind = opened.kind,
                                                              .client = opened.client,
                                                              .account = opened.account,
                                                              .canvas = std::nullopt});
}

Connection* Connections::find(ConnectionId id) {
  const auto found = connections_.find(id);
  return found == connections_.end() || found->second.replaced ? nullptr : &found->second;
}

std::optional<Connection> Connections::close(ConnectionId id) {
  const auto found = connections_.find(id);
  if (found == connections_.end()) return std::nullopt;
  const Connection connection = found->second;
  connections_.erase(found);
  const auto newest = newest_.find({connection.client, connection.account});
  if (newest != newest_.end() && newest->second == id) newest_.erase(newest);
  return connection;
}

void Connections::sign_in(Connection& connection, AccountId account) {
  const auto newest = newest_.find({connection.client, connection.account});
  const bool claimed = newest != newest_.end() && newest->second == connection.id;
  if (claimed) newest_.erase(newest);
  connection.account = account;
  if (claimed) newest_.insert_or_assign(Client{connection.client, account}, connection.id);
}

Connection* Connections::claim(const Connection& connection) {
  if (connection.client == ClientId{}) return nullptr;
  const auto [newest, first] = newest_.try_emplace({connection.client, connection.account}, connection.id);
  if (first || newest->second == connection.id) return nullptr;
  Connection* older = find(newest->second);
  newest->second = connection.id;
  if (older != nullptr) older->replaced = true;
  return older;
}

}  // namespace tessera
