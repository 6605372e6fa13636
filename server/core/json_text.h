#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>

/// JSON without a library, for what the core itself must write: problems, and entries whose hash is of their text.
namespace tessera {

/// `text` as a JSON string with its quotes (RFC 8259, section 7), escaped as little as it may be; `text` must be well-formed UTF-8.
inline std::string json_string(std::string_view text) {
  static constexpr char digits[] = "0123456789abcdef";
  std::string out = "\"";
  for (const char letter : text) {
    const auto byte = static_cast<unsigned char>(letter);
    switch (letter) {
      case '"': out += "\\\""; break;
      case '\\': out += "\\\\"; break;
      case '\b': out += "\\b"; break;
      case '\f': out += "\\f"; break;
      case '\n': out += "\\n"; break;
      case '\r': out += "\\r"; break;
      case '\t': out += "\\t"; break;
      default:
        if (byte >= 0x20) {
          out += letter;
          break;
        }
        out += "\\u00";
        out += digits[byte >> 4];
        out += digits[byte & 15];
    }
  }
  return out + '"';
}

/// An object in canonical form: keys sorted by their bytes, no spaces. Numbers are whole, so that every program writes them alike.
class JsonObject {
 public:
  JsonObject& text(const std::string& key, std::string_view value) { return json(key, json_string(value)); }
  JsonObject& number(const std::string& key, std::int64_t value) { return json(key, std::to_string(value)); }
  JsonObject& flag(const std::string& key, bool value) { return json(key, value ? "true" : "false"); }
  JsonObject& null(const std::string& key) { return json(key, "null"); }
  /// A value that is JSON in canonical form already.
  JsonObject& json(const std::string& key, std::string value) {
    members_[key] = std::move(value);
    return *this;
  }
  bool empty() const { return members_.empty(); }
  std::string str() const {
    std::string out = "{";
    for (const auto& [key, value] : members_) {
      if (out.size() > 1) out += ',';
      out += json_string(key) + ':' + value;
    }
    return out + '}';
  }

 private:
  std::map<std::string, std::string> members_;
};

}  // namespace tessera
