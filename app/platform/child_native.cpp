#include "app/platform/child_native.h"

#include <csignal>
#include <fcntl.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <sstream>
#include <thread>
#include <utility>

extern char** environ;

namespace tessera {
namespace {

namespace fs = std::filesystem;

constexpr std::chrono::seconds patience{8};
constexpr std::chrono::milliseconds look_again{10};

bool runnable(const fs::path& path) {
  std::error_code error;
  return fs::is_regular_file(path, error) && ::access(path.c_str(), X_OK) == 0;
}

void close_both(int (&ends)[2]) {
  for (int& end : ends)
    if (end >= 0) ::close(std::exchange(end, -1));
}

/// This process's own, but for what `more` names anew. Points into `more` and into `environ`.
std::vector<char*> environment_with(const std::vector<std::string>& more) {
  std::vector<char*> all;
  for (char** at = environ; *at != nullptr; ++at) {
    const bool anew = std::any_of(more.begin(), more.end(), [&](const std::string& entry) {
      return std::strncmp(*at, entry.c_str(), entry.find('=') + 1) == 0;
    });
    if (!anew) all.push_back(*at);
  }
  for (const std::string& entry : more) all.push_back(const_cast<char*>(entry.c_str()));
  all.push_back(nullptr);
  return all;
}

}  // namespace

Result<Child> Child::start(const std::string& program, const std::vector<std::string>& arguments,
                           const std::vector<std::string>& secrets) {
  int in[2] = {-1, -1}, out[2] = {-1, -1}, err[2] = {-1, -1};
  if (::pipe2(in, O_CLOEXEC) != 0 || ::pipe2(out, O_CLOEXEC) != 0 || ::pipe2(err, O_CLOEXEC) != 0) {
    const Error error{std::string("No pipe to a new program: ") + std::strerror(errno)};
    close_both(in), close_both(out), close_both(err);
    return error;
  }
  std::vector<char*> argv{const_cast<char*>(program.c_str())};
  for (const std::string& argument : arguments) argv.push_back(const_cast<char*>(argument.c_str()));
  argv.push_back(nullptr);
  std::vector<char*> environment = environment_with(secrets);

  posix_spawn_file_actions_t files;
  posix_spawn_file_actions_init(&files);
  posix_spawn_file_actions_adddup2(&files, in[0], STDIN_FILENO);
  posix_spawn_file_actions_adddup2(&files, out[1], STDOUT_FILENO);
  posix_spawn_file_actions_adddup2(&files, err[1], STDERR_FILENO);
  posix_spawnattr_t attributes;
  posix_spawnattr_init(&attributes);
  // A group of its own: Ctrl-C in a terminal is for the app, which then ends it in good order.
  posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETPGROUP);
  Child child;
  const int failed = posix_spawn(&child.pid_, program.c_str(), &files, &attributes, argv.data(), environment.data());
  posix_spawn_file_actions_destroy(&files);
  posix_spawnattr_destroy(&attributes);
  ::close(in[0]), ::close(out[1]), ::close(err[1]);
  child.input_ = in[1], child.output_ = out[0], child.errors_ = err[0];
  if (failed == 0) return child;
  child.pid_ = -1;
  return Error{program + " could not be started: " + std::strerror(failed)};
}

Child::Child(Child&& other) noexcept
    : pid_(std::exchange(other.pid_, -1)), input_(std::exchange(other.input_, -1)), output_(std::exchange(other.output_, -1)),
      errors_(std::exchange(other.errors_, -1)) {}

Child::~Child() {
  wait();
  if (output_ >= 0) ::close(output_);
  if (errors_ >= 0) ::close(errors_);
}

void Child::ask_to_end() {
  if (input_ >= 0) ::close(std::exchange(input_, -1));
}

bool Child::wait() {
  ask_to_end();
  if (pid_ < 0) return false;
  const auto end = std::chrono::steady_clock::now() + patience;
  int status = 0;
  while (::waitpid(pid_, &status, WNOHANG) == 0) {
    if (std::chrono::steady_clock::now() > end) ::kill(pid_, SIGKILL);
    std::this_thread::sleep_for(look_again);
  }
  pid_ = -1;
  return WIFEXITED(status) && WEXITSTATUS(status) == 0;
}

std::string program_folder() {
  std::error_code error;
  const fs::path self = fs::read_symlink("/proc/self/exe", error);
  return error ? std::string(".") : self.parent_path().string();
}

std::optional<std::string> find_program(const std::string& name) {
  if (const fs::path beside = fs::path(program_folder()) / name; runnable(beside)) return beside.string();
  const char* path = std::getenv("PATH");
  std::istringstream folders(path ? path : "");
  for (std::string folder; std::getline(folders, folder, ':');)
    if (!folder.empty() && runnable(fs::path(folder) / name)) return (fs::path(folder) / name).string();
  return std::nullopt;
}

}  // namespace tessera
