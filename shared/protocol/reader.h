#pragma once

#include <algorithm>
#include <cstdint>
#include <limits>
#include <string>
#include <type_traits>
#include <vector>

#include "shared/base/bytes.h"
#include "shared/base/text.h"

namespace tessera {

/// Kind of io: the fewest bytes that a struct's fields can take.
class LeastSize {
 public:
  template <typename T>
  static std::size_t of() {
    const T value{};
    LeastSize io;
    T::describe(io, value);
    return io.size_;
  }

  void number(const char*, const auto&, std::uint64_t, const char* = nullptr) { size_ += 1; }
  void fixed(const char*, const auto& value, const char* = nullptr) { size_ += sizeof(value); }
  void choice(const char*, const auto&, std::uint8_t, const char* = nullptr) { size_ += 1; }
  void flag(const char*, bool, const char* = nullptr) { size_ += 1; }
  void text(const char*, const std::string&, std::size_t, const char* = nullptr) { size_ += 1; }
  void secret(const char*, const std::string&, std::size_t, const char* = nullptr) { size_ += 1; }
  void bytes(const char*, const Bytes&, std::size_t, const char* = nullptr) { size_ += 1; }
  void list(const char*, const auto&, std::size_t, const char* = nullptr) { size_ += 1; }
  template <typename T>
  void part(const char*, const T& value, const char* = nullptr) {
    T::describe(*this, value);
  }

 private:
  std::size_t size_ = 0;
};

/// Kind of io: reads fields out of bytes that it borrows, never past their end. The first field that is wrong makes it
/// fail for good; what follows is left as it was. Lengths are checked against the field's range and against the bytes
/// left before anything is allocated.
class Reader {
 public:
  explicit Reader(ByteSpan bytes) : in_(bytes) {}

  bool ok() const { return error_.empty(); }
  bool at_end() const { return in_.at_end(); }
  std::size_t left() const { return in_.left(); }
  /// `cells[3].x: cut short`
  const std::string& error() const { return error_; }

  template <typename T>
  void number(const char* name, T& value, std::uint64_t max, const char* = nullptr) {
    const std::uint64_t read = varint(name);
    if (!ok()) return;
    if (read > max || read > std::numeric_limits<T>::max())
      return fail(name, std::to_string(read) + " is over the most, " + std::to_string(max));
    value = static_cast<T>(read);
  }

  template <typename T>
  void fixed(const char* name, T& value, const char* = nullptr) {
    if (!ok()) return;
    if (in_.left() < sizeof(T)) return fail(name, "cut short");
    if constexpr (sizeof(T) == 1) value = static_cast<T>(in_.u8());
    if constexpr (sizeof(T) == 2) value = static_cast<T>(in_.u16());
    if constexpr (sizeof(T) == 4) value = static_cast<T>(in_.u32());
    if constexpr (sizeof(T) == 8) value = static_cast<T>(in_.u64());
  }

  template <typename T>
  void choice(const char* name, T& value, std::uint8_t count, const char* = nullptr) {
    const std::uint8_t read = byte(name);
    if (!ok()) return;
    if (read >= count) return fail(name, std::to_string(read) + " is none of its " + std::to_string(count) + " values");
    value = static_cast<T>(read);
  }

  void flag(const char* name, bool& value, const char* = nullptr) {
    const std::uint8_t read = byte(name);
    if (!ok()) return;
    if (read > 1) return fail(name, std::to_string(read) + " is neither 0 nor 1");
    value = read == 1;
  }

  void text(const char* name, std::string& value, std::size_t max, const char* = nullptr) {
    const std::string_view read = as_text(in_.raw(length(name, max, 1)));
    if (!ok()) return;
    if (!is_utf8(read)) return fail(name, "not UTF-8");
    value = read;
  }

  void secret(const char* name, std::string& value, std::size_t max, const char* = nullptr) { text(name, value, max); }

  void bytes(const char* name, Bytes& value, std::size_t max, const char* = nullptr) {
    const ByteSpan read = in_.raw(length(name, max, 1));
    if (ok()) value.assign(read.begin(), read.end());
  }

  template <typename T>
  void list(const char* name, std::vector<T>& values, std::size_t max, const char* = nullptr) {
    const std::size_t count = length(name, max, LeastSize::of<T>());
    if (!ok()) return;
    values.resize(count);
    for (std::size_t i = 0; i < count; ++i) {
      T::describe(*this, values[i]);
      if (!ok()) return within(name + ("[" + std::to_string(i)) + "]");
    }
  }

  template <typename T>
  void part(const char* name, T& value, const char* = nullptr) {
    if (!ok()) return;
    T::describe(*this, value);
    if (!ok()) within(name);
  }

 private:
  void fail(const char* name, const std::string& why) {
    error_ = std::string(name) + ": " + why;
    in_.fail();
  }
  void within(const std::string& outer) { error_ = outer + "." + error_; }

  std::uint8_t byte(const char* name) {
    std::uint8_t read = 0;
    fixed(name, read);
    return read;
  }

  std::uint64_t varint(const char* name) {
    if (!ok()) return 0;
    const bool some_left = in_.left() > 0;
    const std::uint64_t read = in_.varint();
    if (!in_.ok()) fail(name, some_left ? "cut short, or not the shortest form of a number" : "cut short");
    return read;
  }

  /// A count of things that take at least `least` bytes each, or 0 and a failure.
  std::size_t length(const char* name, std::size_t max, std::size_t least) {
    const std::uint64_t read = varint(name);
    if (!ok()) return 0;
    if (read > max) {
      fail(name, std::to_string(read) + " of them; at most " + std::to_string(max) + " are allowed");
      return 0;
    }
    if (read > in_.left() / least) {
      fail(name, "cut short: " + std::to_string(read) + " of them do not fit the " + std::to_string(in_.left()) +
                     " bytes left");
      return 0;
    }
    return static_cast<std::size_t>(read);
  }

  ByteReader in_;
  std::string error_;
};

}  // namespace tessera
