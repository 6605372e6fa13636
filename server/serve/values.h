#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "server/core/opening.h"
#include "shared/base/result.h"

/// Settings as people write them. Every error is a sentence that begins with the value and says what is expected.
namespace tessera {

struct ListenAddress {
  std::string address;
  std::uint16_t port = 0;
  bool is_loopback() const;
  bool is_any() const;
};
/// `127.0.0.1:7878`, `[::1]:7878`, `0.0.0.0:0`, `localhost:7878`; a port alone (`:7878` or `7878`) listens on loopback.
Result<ListenAddress> parse_listen(std::string_view text);

/// `NAME:WxH`; sizes are checked where the canvas is created.
Result<NamedCanvas> parse_named_canvas(std::string_view text);

/// `PER_SECOND[:BURST[:PER_MINUTE]]` or `off`. A burst that is not given is twice the rate, at least one.
struct LimitSetting {
  PlacingLimits placing;
  bool off = false;
};
Result<LimitSetting> parse_limit(std::string_view text);

/// A number a minute, or `off` for nothing.
Result<std::optional<std::uint32_t>> parse_per_minute(std::string_view text);

/// `30d`, `12h`, `90m`, `45s`; at least a minute, at most ten years.
Result<std::chrono::seconds> parse_duration(std::string_view text);

/// `60s`, `5m`, at most an hour; `off` for zero.
Result<std::chrono::seconds> parse_undo_window(std::string_view text);

/// `16000000`, `16M`, `500k`: thousands and millions.
Result<std::uint64_t> parse_count(std::string_view text);

/// `on` or `off`.
Result<bool> parse_switch(std::string_view text);

}  // namespace tessera
