#include <algorithm>
#include <type_traits>

#include "shared/base/text.h"
#include "shared/protocol/codec.h"

namespace tessera {
namespace {

constexpr std::size_t elements_shown = 8;
constexpr std::size_t bytes_shown = 16;
constexpr std::size_t text_shown = 64;

/// At most `text_shown` bytes, cut between two characters.
std::string_view beginning(std::string_view text) {
  if (text.size() <= text_shown) return text;
  std::size_t end = text_shown;
  while (end > 0 && (static_cast<std::uint8_t>(text[end]) & 0xC0u) == 0x80) --end;
  return text.substr(0, end);
}

/// Kind of io: writes fields as text.
class Dumper {
 public:
  explicit Dumper(std::string& out) : out_(out) {}

  void number(const char* name, std::uint64_t value, std::uint64_t, const char* = nullptr) {
    label(name);
    out_ += std::to_string(value);
  }
  template <typename T>
  void fixed(const char* name, const T& value, const char* = nullptr) {
    label(name);
    out_ += std::to_string(static_cast<std::make_unsigned_t<T>>(value));
  }
  void choice(const char* name, const auto& value, std::uint8_t, const char* = nullptr) {
    label(name);
    out_ += code(value);
  }
  void flag(const char* name, bool value, const char* = nullptr) {
    label(name);
    out_ += value ? "true" : "false";
  }
  void text(const char* name, const std::string& value, std::size_t, const char* = nullptr) {
    label(name);
    out_ += '"';
    for (char character : beginning(value)) {
      const auto byte = static_cast<std::uint8_t>(character);
      if (byte < 0x20 || byte == 0x7F)
        out_ += "\\x" + to_hex(ByteSpan(&byte, 1));
      else if (character == '"' || character == '\\')
        (out_ += '\\') += character;
      else
        out_ += character;
    }
    out_ += value.size() > text_shown ? "…\"" : "\"";
  }
  void secret(const char* name, const std::string& value, std::size_t, const char* = nullptr) {
    label(name);
    out_ += value.empty() ? "none" : "hidden";
  }
  void bytes(const char* name, const Bytes& value, std::size_t, const char* = nullptr) {
    label(name);
    out_ += std::to_string(value.size()) + " bytes";
    if (value.empty()) return;
    out_ += ' ' + to_hex(ByteSpan(value).first(std::min(value.size(), bytes_shown)));
    if (value.size() > bytes_shown) out_ += "…";
  }
  template <typename T>
  void list(const char* name, const std::vector<T>& values, std::size_t, const char* = nullptr) {
    label(name);
    out_ += '[';
    for (std::size_t i = 0; i < std::min(values.size(), elements_shown); ++i) {
      if (i > 0) out_ += ", ";
      fields(values[i]);
    }
    if (values.size() > elements_shown) out_ += ", … " + std::to_string(values.size() - elements_shown) + " more";
    out_ += ']';
  }
  template <typename T>
  void part(const char* name, const T& value, const char* = nullptr) {
    label(name);
    fields(value);
  }

  template <typename T>
  void fields(const T& value) {
    out_ += '{';
    first_ = true;
    T::describe(*this, value);
    out_ += '}';
    first_ = false;
  }

 private:
  void label(const char* name) {
    if (!first_) out_ += ", ";
    first_ = false;
    (out_ += name) += ": ";
  }

  std::string& out_;
  bool first_ = true;
};

template <typename Variant>
std::string dump_any(const Variant& message) {
  return std::visit(
      [](const auto& which) {
        std::string out(which.about.name);
        Dumper(out).fields(which);
        return out;
      },
      message);
}

}  // namespace

std::string dump(const ClientMessage& message) { return dump_any(message); }
std::string dump(const ServerMessage& message) { return dump_any(message); }

}  // namespace tessera
