#pragma once

#include <cstddef>

namespace tessera::test {

/// Bytes that this program asked `new` for since the meter was made. The replaced operators are in
/// allocation_meter.cpp.
class AllocationMeter {
 public:
  AllocationMeter();
  std::size_t bytes() const;

 private:
  std::size_t before_;
};

}  // namespace tessera::test
