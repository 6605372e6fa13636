#pragma once

#include <cassert>
#include <cstdint>
#include <cstring>
#include <string>
#include <type_traits>
#include <vector>

#include "shared/base/bytes.h"

namespace tessera {

/// The bytes of a LEB128 number.
constexpr std::size_t varint_size(std::uint64_t value) {
  std::size_t bytes = 1;
  for (; value >= 128; value >>= 7) ++bytes;
  return bytes;
}

/// Kind of io: counts the bytes that `Writer` will write, so that room is made once.
class Sizer {
 public:
  std::size_t size() const { return size_; }

  void number(const char*, std::uint64_t value, std::uint64_t, const char* = nullptr) { size_ += varint_size(value); }
  void fixed(const char*, const auto& value, const char* = nullptr) { size_ += sizeof(value); }
  void choice(const char*, const auto&, std::uint8_t, const char* = nullptr) { size_ += 1; }
  void flag(const char*, bool, const char* = nullptr) { size_ += 1; }
  void text(const char*, const std::string& value, std::size_t, const char* = nullptr) {
    size_ += varint_size(value.size()) + value.size();
  }
  void secret(const char* name, const std::string& value, std::size_t max, const char* = nullptr) {
    text(name, value, max);
  }
  void bytes(const char*, const Bytes& value, std::size_t, const char* = nullptr) {
    size_ += varint_size(value.size()) + value.size();
  }
  template <typename T>
  void list(const char*, const std::vector<T>& values, std::size_t, const char* = nullptr) {
    size_ += varint_size(values.size());
    for (const T& value : values) T::describe(*this, value);
  }
  template <typename T>
  void part(const char*, const T& value, const char* = nullptr) {
    T::describe(*this, value);
  }

 private:
  std::size_t size_ = 0;
};

/// Kind of io: writes fields into memory that `Sizer` has measured. A value outside its range is our own mistake.
class Writer {
 public:
  explicit Writer(std::uint8_t* at) : at_(at) {}
  const std::uint8_t* position() const { return at_; }

  void number(const char*, std::uint64_t value, [[maybe_unused]] std::uint64_t max, const char* = nullptr) {
    assert(value <= max);
    varint(value);
  }
  template <typename T>
  void fixed(const char*, const T& value, const char* = nullptr) {
    auto rest = static_cast<std::make_unsigned_t<T>>(value);
    for (std::size_t i = 0; i < sizeof(T); ++i) *at_++ = static_cast<std::uint8_t>(rest >> (8 * i));
  }
  void choice(const char*, const auto& value, [[maybe_unused]] std::uint8_t count, const char* = nullptr) {
    assert(static_cast<std::uint8_t>(value) < count);
    *at_++ = static_cast<std::uint8_t>(value);
  }
  void flag(const char*, bool value, const char* = nullptr) { *at_++ = value ? 1 : 0; }
  void text(const char*, const std::string& value, [[maybe_unused]] std::size_t max, const char* = nullptr) {
    assert(value.size() <= max);
    raw(as_bytes(value));
  }
  void secret(const char* name, const std::string& value, std::size_t max, const char* = nullptr) {
    text(name, value, max);
  }
  void bytes(const char*, const Bytes& value, [[maybe_unused]] std::size_t max, const char* = nullptr) {
    assert(value.size() <= max);
    raw(value);
  }
  template <typename T>
  void list(const char*, const std::vector<T>& values, [[maybe_unused]] std::size_t max, const char* = nullptr) {
    assert(values.size() <= max);
    varint(values.size());
    for (const T& value : values) T::describe(*this, value);
  }
  template <typename T>
  void part(const char*, const T& value, const char* = nullptr) {
    T::describe(*this, value);
  }

 private:
  void varint(std::uint64_t value) {
    for (; value >= 128; value >>= 7) *at_++ = static_cast<std::uint8_t>(value | 128);
    *at_++ = static_cast<std::uint8_t>(value);
  }
  void raw(ByteSpan span) {
    varint(span.size());
    if (!span.empty()) std::memcpy(at_, span.data(), span.size());
    at_ += span.size();
  }

  std::uint8_t* at_;
};

}  // namespace tessera
