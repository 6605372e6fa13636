#include "tests/shared/protocol/allocation_meter.h"

#include <cstdlib>
#include <new>

namespace {
std::size_t allocated = 0;
}

void* operator new(std::size_t size) {
  allocated += size;
  if (void* memory = std::malloc(size == 0 ? 1 : size)) return memory;
  throw std::bad_alloc();
}
void operator delete(void* memory) noexcept { std::free(memory); }
void operator delete(void* memory, std::size_t) noexcept { std::free(memory); }

namespace tessera::test {

AllocationMeter::AllocationMeter() : before_(allocated) {}
std::size_t AllocationMeter::bytes() const { return allocated - before_; }

}  // namespace tessera::test
