#pragma once

#include <memory>

namespace tessera {

/// Where sockets live: natively one network thread, with its sockets and certificates; in a browser nothing. Outlives
/// the connections and the HTTP client made with it.
class NetLoop {
 public:
  struct Parts;

  NetLoop();
  ~NetLoop();
  NetLoop(const NetLoop&) = delete;
  NetLoop& operator=(const NetLoop&) = delete;
  Parts& parts() { return *parts_; }
  /// Ends every connection and the thread; the inbox gets nothing afterwards.
  void stop();

 private:
  std::unique_ptr<Parts> parts_;
};

}  // namespace tessera
