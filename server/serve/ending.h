#pragma once

#include <cstdint>
#include <functional>

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
  /// SIGTERM, SIGINT, standard input closed, or `end_fatally`. SIGHUP calls `reload`, but where standard input is a terminal it
  /// is an end: the terminal was closed.
  Ending wait(const std::function<void()>& reload);

 private:
  bool watch_input_;
  int signals_ = -1;
  int fatal_ = -1;
};

/// Lets this process open as many sockets as the system allows it; returns how many.
std::uint64_t raise_file_limit();

}  // namespace tessera
