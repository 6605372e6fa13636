#include "app/net/net_loop.h"

#include <boost/asio/post.hpp>

#include "app/net/stream_native.h"

namespace tessera {

NetLoop::NetLoop() : parts_(std::make_unique<Parts>()) {
  ErrorCode ignored;
  parts_->tls.set_default_verify_paths(ignored);
  parts_->tls.set_verify_mode(asio::ssl::verify_peer);
  parts_->tls.set_options(asio::ssl::context::no_tlsv1 | asio::ssl::context::no_tlsv1_1, ignored);
  parts_->thread = std::thread([this] { parts_->io.run(); });
}

NetLoop::~NetLoop() { stop(); }

void NetLoop::stop() {
  parts_->io.stop();
  if (parts_->thread.joinable()) parts_->thread.join();
}

}  // namespace tessera
