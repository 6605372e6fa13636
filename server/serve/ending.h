#pragma once

#include <cstdint>

namespace tessera {

/// Why a server is to end.
enum class Ending : std::uint8_t { Signal, ParentGone, Fatal };

/// Waits for the end. Made before any other thread, so that signals reach this one alone.
class EndingWatch {
 public:
  /// `watch_input`: standard input that closes is an end too.
  explicit EndingWatch(bool watch_input);
  ~EndingWatch();
  EndingWatch(const EndingWatch&) = delete;
  EndingWatch& operator=(const EndingWatch&) = delete;

  /// From any thread: the server cannot go on.
  void end_fatally();
  /// SIGTERM, SIGINT, SIGHUP, standard input closed, or `end_fatally`.
  Ending wait();

 private:
  bool watch_input_;
  int signals_ = -1;
  int fatal_ = -1;
};

/// Lets this process open as many sockets as the system allows it; returns how many.
std::uint64_t raise_file_limit();

}  // namespace tessera
