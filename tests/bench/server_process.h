#pragma once

#include <sys/types.h>

#include <cstdint>
#include <string>
#include <vector>

namespace tessera::bench {

/// The real `tessera-server serve` (of TESSERA_BUILD) on a free port, in a directory of its own that goes with it.
class ServerProcess {
 public:
  /// Waits for the ready line; ends the program with a message where there is none.
  explicit ServerProcess(std::vector<std::string> arguments, std::string directory = {});
  ~ServerProcess();
  ServerProcess(const ServerProcess&) = delete;
  ServerProcess& operator=(const ServerProcess&) = delete;

  std::uint16_t port() const { return port_; }
  pid_t pid() const { return pid_; }
  /// From the start of the process to its ready line.
  double ready_seconds() const { return ready_seconds_; }
  /// User and system time so far.
  double cpu_seconds() const;
  std::uint64_t resident_bytes() const;

 private:
  std::string directory_;
  std::string site_;  // nearly empty, in place of the web client, whose files it would compress meanwhile
  bool own_directory_ = false;
  pid_t pid_ = 0;
  std::uint16_t port_ = 0;
  double ready_seconds_ = 0;
};

/// User and system time of this process.
double own_cpu_seconds();
/// Of `TESSERA_BUILD`, else build/release.
std::string program(const std::string& name);

/// A line of packaging/bench's table.
void figure(const std::string& what, const std::string& measured, const std::string& wanted, bool good);

}  // namespace tessera::bench
