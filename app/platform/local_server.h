#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>

#include "app/model/actions.h"

namespace tessera {

/// The `tessera-server` that this app launches to host a canvas: the very program that operators run. It ends with the app,
/// however the app ends, because its standard input closes then. One thread of its own reads what it says and does nothing
/// but post `LocalServerChanged` and `LocalServerLogged`. It is told by its environment alone which token makes its owner. In a
/// browser there is none.
class LocalServer {
 public:
  struct Setup {
    std::string data;    ///< where it stores its canvases
    std::string canvas;  ///< named on the command line; empty: the server's choice
  };

  LocalServer(Setup setup, std::function<void(Action)> post);
  ~LocalServer();
  LocalServer(const LocalServer&) = delete;
  LocalServer& operator=(const LocalServer&) = delete;

  static bool available();
  /// Port 0: any free one. `lan`: on all interfaces.
  void start(std::uint16_t port, bool lan);
  void stop();

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace tessera
