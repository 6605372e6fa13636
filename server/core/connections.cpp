#include "server/core/connections.h"

#include <algorithm>

namespace tessera {

void Connections::open(const Opened& opened) {
  connections_.insert_or_assign(opened.connection, Connection{.id = opened.connection,
                                                              .gate = opened.gate,
                                                              .kind = opened.kind,
                                                              .client = opened.client,
                                                              .account = opened.account,
                                                              .session = opened.session,
                                                              .canvas = std::nullopt});
  if (opened.account != nobody) of_account_.emplace(opened.account, opened.connection);
}

void Connections::forget_owner(const Connection& connection) {
  const auto [first, last] = of_account_.equal_range(connection.account);
  const auto found = std::find_if(first, last, [&](const auto& each) { return each.second == connection.id; });
  if (found != last) of_account_.erase(found);
}

Connection* Connections::find(ConnectionId id) {
  const auto found = connections_.find(id);
  return found == connections_.end() || found->second.replaced ? nullptr : &found->second;
}

std::optional<Connection> Connections::close(ConnectionId id) {
  const auto found = connections_.find(id);
  if (found == connections_.end()) return std::nullopt;
  const Connection connection = found->second;
  forget_owner(connection);
  connections_.erase(found);
  const auto newest = newest_.find({connection.client, connection.account});
  if (newest != newest_.end() && newest->second == id) newest_.erase(newest);
  return connection;
}

void Connections::sign_in(Connection& connection, AccountId account, const std::optional<TokenHash>& session) {
  const auto newest = newest_.find({connection.client, connection.account});
  const bool claimed = newest != newest_.end() && newest->second == connection.id;
  if (claimed) newest_.erase(newest);
  forget_owner(connection);
  connection.account = account;
  connection.session = session;
  if (account != nobody) of_account_.emplace(account, connection.id);
  if (claimed) newest_.insert_or_assign(Client{connection.client, account}, connection.id);
}

std::vector<Connection*> Connections::of(AccountId account) {
  std::vector<Connection*> found;
  const auto [first, last] = of_account_.equal_range(account);
  for (auto each = first; each != last; ++each)
    if (Connection* connection = find(each->second)) found.push_back(connection);
  return found;
}

std::vector<TokenHash> Connections::sessions() const {
  std::vector<TokenHash> sessions;
  for (const auto& [id, connection] : connections_)
    if (connection.session) sessions.push_back(*connection.session);
  return sessions;
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
