#pragma once

#include <cstddef>
#include <cstdlib>
#include <new>

#include <sys/mman.h>

namespace tessera {

/// Memory for tables that are asked at random. Blocks of 2 MB and more begin at such a boundary, and the system is asked to map them
/// in pages of that size: then the processor finds nearly all of a large table without walking the page table. Smaller ones are as
/// any other memory.
template <typename T>
struct HugePageAllocator {
  using value_type = T;

  HugePageAllocator() = default;
  template <typename U>
  HugePageAllocator(const HugePageAllocator<U>&) {}

  T* allocate(std::size_t count) {
    const std::size_t bytes = count * sizeof(T);
    if (bytes < page_bytes) return static_cast<T*>(::operator new(bytes, std::align_val_t{alignof(T)}));
    const std::size_t rounded = (bytes + page_bytes - 1) / page_bytes * page_bytes;
    void* memory = std::aligned_alloc(page_bytes, rounded);
    if (memory == nullptr) throw std::bad_alloc();
    (void)::madvise(memory, rounded, MADV_HUGEPAGE);  // a wish: where it is not granted, all is as before
    return static_cast<T*>(memory);
  }
  void deallocate(T* memory, std::size_t count) {
    if (count * sizeof(T) < page_bytes) ::operator delete(memory, std::align_val_t{alignof(T)});
    else std::free(memory);
  }
  bool operator==(const HugePageAllocator&) const = default;

 private:
  static constexpr std::size_t page_bytes = std::size_t{2} << 20;
};

}  // namespace tessera
