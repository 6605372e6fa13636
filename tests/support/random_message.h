#pragma once

#include <algorithm>
#include <limits>
#include <string>
#include <type_traits>
#include <utility>
#include <variant>
#include <vector>

#include "shared/base/random.h"
#include "shared/protocol/messages.h"

namespace tessera::test {

/// Kind of io: fills fields with values within their ranges, the ends of the ranges more often than chance would.
class RandomFiller {
 public:
  /// `most_elements`: no list is longer, nor any text or bytes.
  RandomFiller(SeededRandom& random, std::size_t most_elements) : random_(random), most_elements_(most_elements) {}

  template <typename T>
  void number(const char*, T& value, std::uint64_t max, const char* = nullptr) {
    value = static_cast<T>(up_to(std::min<std::uint64_t>(max, std::numeric_limits<T>::max())));
  }
  template <typename T>
  void fixed(const char*, T& value, const char* = nullptr) {
    value = static_cast<T>(up_to(std::numeric_limits<std::make_unsigned_t<T>>::max()));
  }
  template <typename T>
  void choice(const char*, T& value, std::uint8_t count, const char* = nullptr) {
    value = static_cast<T>(random_.below(count));
  }
  void flag(const char*, bool& value, const char* = nullptr) { value = random_.below(2) == 1; }
  void text(const char*, std::string& value, std::size_t max, const char* = nullptr) {
    const std::size_t size = length(max);
    value.clear();
    while (value.size() + 4 <= size) append_code_point(value);
    value.resize(size, 'x');
  }
  void secret(const char* name, std::string& value, std::size_t max, const char* = nullptr) { text(name, value, max); }
  void bytes(const char*, Bytes& value, std::size_t max, const char* = nullptr) {
    value.resize(length(max));
    random_.fill(value);
  }
  template <typename T>
  void list(const char*, std::vector<T>& values, std::size_t max, const char* = nullptr) {
    values.resize(length(max));
    for (T& value : values) T::describe(*this, value);
  }
  template <typename T>
  void part(const char*, T& value, const char* = nullptr) {
    T::describe(*this, value);
  }

 private:
  std::uint64_t up_to(std::uint64_t max) {
    switch (random_.below(8)) {
      case 0:
        return 0;
      case 1:
        return max;
      case 2:
        return max - std::min<std::uint64_t>(max, 1);
      default:
        break;
    }
    const std::uint64_t value = random_.next() >> random_.below(64);  // every magnitude is as likely
    return max == UINT64_MAX ? value : value % (max + 1);
  }

  std::size_t length(std::size_t max) {
    const std::size_t most = std::min(max, most_elements_);
    if (random_.below(64) == 0) return most;
    return static_cast<std::size_t>(random_.below(std::min<std::size_t>(most, 6) + 1));
  }

  void append_code_point(std::string& out) {
    const auto continuation = [&](std::uint32_t code, int shift) {
      return static_cast<char>(0x80u | (code >> shift & 0x3Fu));
    };
    switch (random_.below(4)) {
      case 0:
        out += static_cast<char>(random_.below(0x80));
        break;
      case 1: {
        const auto code = static_cast<std::uint32_t>(0x80 + random_.below(0x780));
        out += {static_cast<char>(0xC0u | code >> 6), continuation(code, 0)};
        break;
      }
      case 2: {
        const auto code = static_cast<std::uint32_t>(0x800 + random_.below(0xD000));
        out += {static_cast<char>(0xE0u | code >> 12), continuation(code, 6), continuation(code, 0)};
        break;
      }
      default: {
        const auto code = static_cast<std::uint32_t>(0x10000 + random_.below(0x100000));
        out += {static_cast<char>(0xF0u | code >> 18), continuation(code, 12), continuation(code, 6),
                continuation(code, 0)};
      }
    }
  }

  SeededRandom& random_;
  std::size_t most_elements_;
};

template <typename Message>
Message random_message_of(SeededRandom& random, std::size_t most_elements) {
  Message message;
  RandomFiller filler(random, most_elements);
  Message::describe(filler, message);
  return message;
}

/// Any of the messages of `Variant` (ClientMessage or ServerMessage), each as likely as another.
template <typename Variant>
Variant random_message(SeededRandom& random, std::size_t most_elements = 40) {
  Variant out;
  const std::uint64_t which = random.below(std::variant_size_v<Variant>);
  [&]<std::size_t... I>(std::index_sequence<I...>) {
    ((I == which ? void(out = random_message_of<std::variant_alternative_t<I, Variant>>(random, most_elements))
                 : void()),
     ...);
  }
  (std::make_index_sequence<std::variant_size_v<Variant>>{});
  return out;
}

}  // namespace tessera::test
