#include "server/serve/log.h"

#include <spdlog/pattern_formatter.h>
#include <spdlog/sinks/stdout_sinks.h>
#include <spdlog/spdlog.h>

#include "server/core/problem.h"

namespace tessera {
namespace {

/// What stands behind the level of a line.
std::string members(std::string_view message, Log::Fields fields) {
  std::string text = "\"message\":" + json_string(message);
  for (const auto& [name, value] : fields) text += "," + json_string(name) + ":" + json_string(value);
  return text;
}

}  // namespace

Status Log::set_level(const std::string& level) const {
  constexpr std::string_view levels[] = {"debug", "info", "warn", "error", "off"};
  bool known = false;
  for (const std::string_view each : levels) known = known || each == level;
  if (!known) return Error{"--log-level: '" + level + "' is none of debug, info, warn, error, off"};
  logger_->set_level(spdlog::level::from_str(level));
  return {};
}

Result<Log> Log::open(const std::string& level) {
  auto logger = std::make_shared<spdlog::logger>("tessera", std::make_shared<spdlog::sinks::stderr_sink_mt>());
  logger->flush_on(spdlog::level::debug);
  logger->set_formatter(std::make_unique<spdlog::pattern_formatter>(
      R"({"time":"%Y-%m-%dT%H:%M:%S.%eZ","level":"%l",%v})", spdlog::pattern_time_type::utc));
  Log log(std::move(logger));
  if (const Status known = log.set_level(level); !known) return known.error();
  return log;
}

bool Log::is_debug() const { return logger_->should_log(spdlog::level::debug); }

void Log::debug(std::string_view message, Fields fields) const {
  if (logger_->should_log(spdlog::level::debug)) logger_->debug("{}", members(message, fields));
}
void Log::info(std::string_view message, Fields fields) const { logger_->info("{}", members(message, fields)); }
void Log::warn(std::string_view message, Fields fields) const { logger_->warn("{}", members(message, fields)); }
void Log::error(std::string_view message, Fields fields) const { logger_->error("{}", members(message, fields)); }

}  // namespace tessera
