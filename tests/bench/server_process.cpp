#include "tests/bench/server_process.h"

#include <fcntl.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <fstream>

namespace tessera::bench {
namespace {

[[noreturn]] void give_up(const std::string& why) {
  std::fprintf(stderr, "%s\n", why.c_str());
  std::exit(1);
}

std::string temporary_directory() {
  std::string pattern = std::filesystem::temp_directory_path() / "tessera-bench-XXXXXX";
  if (mkdtemp(pattern.data()) == nullptr) give_up("no temporary directory");
  return pattern;
}

double seconds(const timeval& time) { return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_usec) * 1e-6; }

}  // namespace

std::string program(const std::string& name) {
  const char* build = std::getenv("TESSERA_BUILD");
  return std::string(build != nullptr ? build : "build/release") + "/" + name;
}

ServerProcess::ServerProcess(std::vector<std::string> arguments, std::string directory)
    : directory_(std::move(directory)), site_(temporary_directory()) {
  if (directory_.empty()) {
    directory_ = temporary_directory();
    own_directory_ = true;
  }
  std::ofstream(site_ + "/index.html");
  const std::string path = program("tessera-server");
  std::vector<std::string> all{path, "serve", "--listen", "127.0.0.1:0", "--data", directory_, "--log-level", "warn", "--web", site_};
  all.insert(all.end(), arguments.begin(), arguments.end());
  std::vector<char*> argv;
  for (std::string& argument : all) argv.push_back(argument.data());
  argv.push_back(nullptr);
  int out[2];
  if (pipe2(out, O_CLOEXEC) != 0) give_up("no pipe");
  const auto begun = std::chrono::steady_clock::now();
  pid_ = fork();
  if (pid_ == 0) {
    dup2(out[1], STDOUT_FILENO);
    execv(path.c_str(), argv.data());
    _exit(127);
  }
  close(out[1]);
  std::string line;
  for (char c = 0; line.find('\n') == std::string::npos && read(out[0], &c, 1) == 1;) line += c;
  ready_seconds_ = std::chrono::duration<double>(std::chrono::steady_clock::now() - begun).count();
  const std::size_t at = line.find("\"port\":");
  if (at == std::string::npos) give_up(path + " did not become ready");
  port_ = static_cast<std::uint16_t>(std::atoi(line.c_str() + at + std::strlen("\"port\":")));
}

ServerProcess::~ServerProcess() {
  kill(pid_, SIGTERM);
  waitpid(pid_, nullptr, 0);
  std::error_code ignored;
  if (own_directory_) std::filesystem::remove_all(directory_, ignored);
  std::filesystem::remove_all(site_, ignored);
}

double ServerProcess::cpu_seconds() const {
  // Per process there is only the main thread's schedstat: sum those of its threads.
  double sum = 0;
  for (const auto& task : std::filesystem::directory_iterator("/proc/" + std::to_string(pid_) + "/task")) {
    std::ifstream stat(task.path() / "schedstat");
    std::uint64_t nanoseconds = 0;
    stat >> nanoseconds;
    sum += static_cast<double>(nanoseconds) * 1e-9;
  }
  return sum;
}

std::uint64_t ServerProcess::resident_bytes() const {
  std::ifstream file("/proc/" + std::to_string(pid_) + "/statm");
  std::uint64_t total = 0, resident = 0;
  file >> total >> resident;
  return resident * static_cast<std::uint64_t>(sysconf(_SC_PAGESIZE));
}

double own_cpu_seconds() {
  rusage usage{};
  getrusage(RUSAGE_SELF, &usage);
  return seconds(usage.ru_utime) + seconds(usage.ru_stime);
}

void figure(const std::string& what, const std::string& measured, const std::string& wanted, bool good) {
  std::printf("figure\t%s\t%s\t%s\t%s\n", what.c_str(), measured.c_str(), wanted.c_str(), wanted.empty() ? "-" : good ? "ok" : "short");
  std::fflush(stdout);
}

}  // namespace tessera::bench
