#pragma once

#include <functional>
#include <memory>
#include <string>

#include "server/serve/log.h"
#include "server/serve/plan.h"

namespace tessera {

/// A whole server, put together from its parts: store, rooms, workers, HTTP, network. Made, started and stopped by one thread.
class Hosting {
 public:
  /// Opens store and port, and serves nothing yet. `fatal` is called once, from any thread, when the store is lost: the program
  /// must end then. An error says what is in the way, and everything is as it was.
  static Result<std::unique_ptr<Hosting>> open(const Plan& plan, const Log& log, std::function<void()> fatal);
  ~Hosting();

  std::uint16_t port() const;
  /// Lets people in.
  void start();
  /// Takes over what can change while serving: limits per address, guests, who reads /metrics and the public audit log, what the log
  /// holds; and reads
  /// certificate and key anew. What cannot be used is told in the log and changes nothing.
  void reload(const Plan& plan);
  /// Stops accepting, flushes, closes.
  void stop();

 private:
  struct Parts;
  explicit Hosting(std::unique_ptr<Parts> parts);
  std::unique_ptr<Parts> parts_;
};

/// The version that `--version`, the ready line and `/api/v1/server` tell.
std::string version_text();

}  // namespace tessera
