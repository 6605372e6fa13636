#pragma once

#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "server/core/http.h"
#include "shared/base/result.h"

namespace tessera {

/// Makes pictures and bitmaps, a few at a time, so that whoever asks for many costs the others little: those who wait for the
/// same one share it, the newest are kept, and past a number that waits the rest are told so. Any thread. Knows nothing of
/// what it makes.
class PictureQueue {
 public:
  struct Picture {
    std::string tag;  ///< the version of what is shown
    HttpResponse response;
  };
  using Made = Result<Picture, HttpResponse>;
  using Done = std::function<void(const Made&)>;
  /// Makes one, now or later, on whatever thread, and calls `done` once.
  using Make = std::function<void(Done done)>;

  struct Settings {
    std::size_t at_once = 1;
    std::size_t max_waiting = 64;
    std::size_t kept_bytes = 64u << 20;
  };
  explicit PictureQueue(Settings settings) : settings_(settings) {}

  /// The kept picture of that key, if it is of this version.
  std::shared_ptr<const Picture> find(const std::string& key, const std::string& tag);

  /// Asks for a picture as it is from now on. Where one of that key waits to be begun, `done` waits for the same.
  void order(const std::string& key, Make make, Done done);

 private:
  struct Order {
    std::string key;
    Make make;
    std::vector<Done> waiting;
  };
  struct Kept {
    std::shared_ptr<const Picture> picture;
    std::uint64_t used = 0;
  };

  void begin_more();
  void keep(const std::string& key, const Picture& picture);

  const Settings settings_;
  std::mutex mutex_;
  std::deque<Order> orders_;
  std::size_t running_ = 0;
  std::map<std::string, Kept> kept_;
  std::size_t bytes_ = 0;
  std::uint64_t uses_ = 0;
};

}  // namespace tessera
