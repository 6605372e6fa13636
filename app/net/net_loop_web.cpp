#include "app/net/net_loop.h"

namespace tessera {

struct NetLoop::Parts {};

NetLoop::NetLoop() : parts_(std::make_unique<Parts>()) {}
NetLoop::~NetLoop() = default;
void NetLoop::stop() {}

}  // namespace tessera
