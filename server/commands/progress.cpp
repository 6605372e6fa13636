#include "server/commands/progress.h"

#include <signal.h>
#include <unistd.h>

#include <algorithm>
#include <cstdio>

namespace tessera {
namespace {

constexpr int bar_width = 32;
constexpr auto show_after = std::chrono::seconds(1);
constexpr auto redraw_after = std::chrono::milliseconds(100);

extern "C" void on_stop_signal(int) { stop_requested().store(true, std::memory_order_relaxed); }

}  // namespace

ProgressBar::ProgressBar(std::string label, const Clock& clock)
    : label_(std::move(label)), clock_(clock), begun_(clock.now()), terminal_(isatty(STDERR_FILENO) == 1) {}

ProgressBar::~ProgressBar() {
  if (visible_) std::fputs("\r\x1b[K", stderr);
}

void ProgressBar::show(std::uint64_t done, std::uint64_t all) {
  if (!terminal_) return;
  const TimePoint now = clock_.now();
  if (now - begun_ < show_after || now - drawn_ < redraw_after) return;
  drawn_ = now;
  visible_ = true;
  if (all == 0) {
    std::fprintf(stderr, "\r\x1b[K%s  %llu", label_.c_str(), static_cast<unsigned long long>(done));
    return;
  }
  const double share = std::min(1.0, static_cast<double>(done) / static_cast<double>(all));
  const int filled = static_cast<int>(share * bar_width);
  std::string bar;
  for (int i = 0; i < bar_width; ++i) bar += i < filled ? "━" : "─";
  std::fprintf(stderr, "\r\x1b[K%s  %s %3d %%", label_.c_str(), bar.c_str(), static_cast<int>(share * 100));
}

std::atomic<bool>& stop_requested() {
  static std::atomic<bool> requested{false};
  return requested;
}

void stop_on_signals() {
  struct sigaction action {};
  action.sa_handler = on_stop_signal;
  action.sa_flags = static_cast<int>(SA_RESETHAND);  // a second Ctrl-C ends at once
  sigaction(SIGINT, &action, nullptr);
  sigaction(SIGTERM, &action, nullptr);
}

}  // namespace tessera
