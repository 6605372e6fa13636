#include "shared/base/result.h"

#include <memory>

#include <doctest/doctest.h>

namespace tessera {

TEST_CASE("Result: holds a value or why there is none") {
  const auto half = [](int value) -> Result<int> {
    if (value % 2 != 0) return Error{"odd"};
    return value / 2;
  };
  CHECK(half(4).ok());
  CHECK(*half(4) == 2);
  CHECK_FALSE(half(3));
  CHECK(half(3).error().message == "odd");
}

TEST_CASE("Result: what can only be moved moves out") {
  Result<std::unique_ptr<int>> result = std::make_unique<int>(5);
  const std::unique_ptr<int> value = *std::move(result);
  CHECK(*value == 5);
}

TEST_CASE("Status: success is the default") {
  CHECK(Status{}.ok());
  CHECK(Status{Error{"no"}}.error().message == "no");
}

}  // namespace tessera
