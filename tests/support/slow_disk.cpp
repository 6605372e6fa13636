// Preloaded into the real server, makes each write to a file wait: what is said before it is stored can then be caught as a lie,
// where a fast disk would hide it.
#include <dlfcn.h>
#include <sys/types.h>
#include <unistd.h>

#include <cstddef>
#include <ctime>

namespace {

void wait() {
  const timespec time{0, 2'000'000};
  nanosleep(&time, nullptr);
}

template <typename Function>
Function original(const char* name) {
  return reinterpret_cast<Function>(dlsym(RTLD_NEXT, name));
}

}  // namespace

extern "C" ssize_t pwrite(int file, const void* bytes, std::size_t count, off_t offset) {
  static const auto real = original<ssize_t (*)(int, const void*, std::size_t, off_t)>("pwrite");
  wait();
  return real(file, bytes, count, offset);
}

extern "C" ssize_t pwrite64(int file, const void* bytes, std::size_t count, off64_t offset) {
  static const auto real = original<ssize_t (*)(int, const void*, std::size_t, off64_t)>("pwrite64");
  wait();
  return real(file, bytes, count, offset);
}
