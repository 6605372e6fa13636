#include "server/serve/ending.h"

#include <algorithm>
#include <cerrno>
#include <csignal>

#include <poll.h>
#include <sys/eventfd.h>
#include <sys/resource.h>
#include <sys/signalfd.h>
#include <unistd.h>

namespace tessera {

EndingWatch::EndingWatch(bool watch_input) : watch_input_(watch_input) {
  std::signal(SIGPIPE, SIG_IGN);
  sigset_t set;
  sigemptyset(&set);
  for (const int signal : {SIGTERM, SIGINT, SIGHUP}) sigaddset(&set, signal);
  pthread_sigmask(SIG_BLOCK, &set, nullptr);
  signals_ = signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK);
  fatal_ = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
}

EndingWatch::~EndingWatch() {
  close(signals_);
  close(fatal_);
}

void EndingWatch::end_fatally() {
  const std::uint64_t one = 1;
  [[maybe_unused]] const auto written = write(fatal_, &one, sizeof one);
}

Ending EndingWatch::wait(const std::function<void()>& reload) {
  pollfd waiting[] = {{fatal_, POLLIN, 0}, {signals_, POLLIN, 0}, {watch_input_ ? STDIN_FILENO : -1, POLLIN, 0}};
  for (;;) {
    if (poll(waiting, 3, -1) < 0 && errno != EINTR) return Ending::Fatal;
    if (waiting[0].revents != 0) return Ending::Fatal;
    if (waiting[1].revents != 0) {
      signalfd_siginfo signal{};
      const bool hung_up = read(signals_, &signal, sizeof signal) == sizeof signal && signal.ssi_signo == SIGHUP;
      if (!hung_up || isatty(STDIN_FILENO) != 0) return Ending::Signal;
      reload();
      continue;
    }
    if (waiting[2].revents == 0) continue;
    char ignored[256];
    const auto count = read(STDIN_FILENO, ignored, sizeof ignored);
    if (count == 0 || (count < 0 && errno != EINTR && errno != EAGAIN)) return Ending::ParentGone;
  }
}

std::uint64_t raise_file_limit() {
  rlimit limit{};
  if (getrlimit(RLIMIT_NOFILE, &limit) != 0) return 0;
  const rlim_t wanted = std::min<rlim_t>(limit.rlim_max, 1u << 20);
  if (limit.rlim_cur >= wanted) return limit.rlim_cur;
  limit.rlim_cur = wanted;
  return setrlimit(RLIMIT_NOFILE, &limit) == 0 ? limit.rlim_cur : 0;
}

}  // namespace tessera
