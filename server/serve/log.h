#pragma once

#include <initializer_list>
#include <memory>
#include <string>
#include <string_view>
#include <utility>

#include "shared/base/result.h"

namespace spdlog {
class logger;
}

namespace tessera {

/// The server's log: a line of JSON each on standard error, `{"time","level","message",…}`. No token, no secret is ever handed to
/// it. Any thread.
class Log {
 public:
  using Field = std::pair<std::string_view, std::string_view>;
  using Fields = std::initializer_list<Field>;

  /// `level`: debug, info, warn, error or off.
  static Result<Log> open(const std::string& level);

  /// From now on; an error, and no change, where it is none of them.
  Status set_level(const std::string& level) const;
  bool is_debug() const;
  void debug(std::string_view message, Fields fields = {}) const;
  void info(std::string_view message, Fields fields = {}) const;
  void warn(std::string_view message, Fields fields = {}) const;
  void error(std::string_view message, Fields fields = {}) const;

 private:
  explicit Log(std::shared_ptr<spdlog::logger> logger) : logger_(std::move(logger)) {}

  std::shared_ptr<spdlog::logger> logger_;
};

}  // namespace tessera
