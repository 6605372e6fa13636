#include "app/platform/local_server.h"

namespace tessera {

struct LocalServer::Impl {};

LocalServer::LocalServer(Setup, std::function<void(Action)>) {}
LocalServer::~LocalServer() = default;
bool LocalServer::available() { return false; }
void LocalServer::start(std::uint16_t, bool) {}
void LocalServer::stop() {}

}  // namespace tessera
