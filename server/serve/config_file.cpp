#include "server/serve/config_file.h"

#include <algorithm>
#include <cstdint>
#include <map>
#include <optional>

#include "server/core/letter_case.h"
#include "shared/base/ascii.h"
#include "shared/base/text.h"

namespace tessera {
namespace {

constexpr std::string_view blanks = " \t\r";

bool is_blank(char c) { return blanks.find(c) != std::string_view::npos; }

/// Reads what stands behind `=`, value by value. Lives as long as the call.
class ValueReader {
 public:
  /// `rest`: the rest of the file from there; moved behind what was read.
  ValueReader(std::string_view& rest, std::size_t& line) : rest_(rest), line_(line) {}

  /// To the end of the line, or of the list. An error does not name the line.
  Status read(std::vector<std::string>& values) {
    bool in_list = false, was_list = false;
    while (true) {
      skip(in_list);
      if (rest_.empty() || rest_.front() == '\n') {
        if (in_list) return Error{"the list that begins with [ has no ]"};
        if (values.empty() && !was_list) return Error{"a value is missing behind ="};
        return {};
      }
      if (was_list && !in_list) return Error{"nothing may stand behind the ] of a list"};
      if (!in_list && values.empty() && rest_.front() == '[') {
        in_list = was_list = true;
        rest_.remove_prefix(1);
      } else if (in_list && rest_.front() == ']') {
        in_list = false;
        rest_.remove_prefix(1);
      } else if (const Status done = read_one(values, in_list); !done) {
        return done;
      }
    }
  }

 private:
  /// Blanks, commas and comments; in a list also ends of lines.
  void skip(bool in_list) {
    while (!rest_.empty()) {
      const char c = rest_.front();
      if (c == '#') {
        rest_.remove_prefix(std::min(rest_.find('\n'), rest_.size()));
      } else if (is_blank(c) || c == ',' || (in_list && c == '\n')) {
        if (c == '\n') ++line_;
        rest_.remove_prefix(1);
      } else {
        return;
      }
    }
  }

  Status read_one(std::vector<std::string>& values, bool in_list) {
    const char quote = rest_.front();
    if (quote == '"' || quote == '\'') {
      rest_.remove_prefix(1);
      if (const Status done = read_quoted(values.emplace_back(), quote); !done) return done;
      const bool ends = rest_.empty() || is_blank(rest_.front()) || rest_.front() == ',' || rest_.front() == '\n' || rest_.front() == '#' || rest_.front() == ']';
      return ends ? Status() : Status(Error{"a blank or a comma is missing behind the closing quote"});
    }
    const std::size_t end = std::min(rest_.find_first_of(in_list ? " \t\r\n,]" : " \t\r\n,"), rest_.size());
    values.emplace_back(rest_.substr(0, end));
    rest_.remove_prefix(end);
    return {};
  }

  Status read_quoted(std::string& text, char quote) {
    while (!rest_.empty() && rest_.front() != '\n') {
      const char c = rest_.front();
      rest_.remove_prefix(1);
      if (c == quote) return {};
      if (c != '\\' || quote == '\'') text += c;
      else if (!read_escape(text)) return Error{"\\ begins no escape that there is: write \\\\ for itself, or the text in single quotes"};
    }
    return Error{std::string("the text that begins with ") + quote + " has no closing quote"};
  }

  bool read_escape(std::string& text) {
    if (rest_.empty()) return false;
    const char c = rest_.front();
    rest_.remove_prefix(1);
    constexpr std::string_view names = "\"\\btnfr", meant = "\"\\\b\t\n\f\r";
    if (const auto at = names.find(c); at != std::string_view::npos) {
      text += meant[at];
      return true;
    }
    const std::size_t digits = c == 'u' ? 4 : c == 'U' ? 8 : 0;
    if (digits == 0 || rest_.size() < digits) return false;
    std::uint32_t code = 0;
    for (const char digit : rest_.substr(0, digits)) {
      const auto value = std::string_view("0123456789abcdef").find(digit >= 'A' && digit <= 'F' ? static_cast<char>(digit - 'A' + 'a') : digit);
      if (value == std::string_view::npos) return false;
      code = code << 4 | static_cast<std::uint32_t>(value);
    }
    if (code > 0x10FFFF || (code >= 0xD800 && code <= 0xDFFF)) return false;
    rest_.remove_prefix(digits);
    append_code_point(text, code);
    return true;
  }

  std::string_view& rest_;
  std::size_t& line_;
};

Error at_line(std::size_t line, const std::string& what) { return Error{"line " + std::to_string(line) + ": " + what}; }

}  // namespace

Result<std::vector<ConfigItem>> read_config(std::string_view text) {
  if (text.starts_with("\xEF\xBB\xBF")) text.remove_prefix(3);
  if (!is_utf8(text)) return Error{"it is not UTF-8"};
  std::vector<ConfigItem> items;
  std::map<std::string, std::size_t> lines;
  for (std::size_t line = 1; !text.empty(); ++line) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    const std::string_view whole = trimmed(text.substr(0, end), blanks);
    const bool is_said = !whole.empty() && whole.front() != '#' && whole.front() != ';';
    const std::size_t equals = is_said && whole.front() != '[' ? text.find('=') : end;
    if (is_said && whole.front() == '[') {
      const std::string_view section = trimmed(whole.substr(0, whole.find('#')), blanks);
      if (section != "[serve]") return at_line(line, "there is no section " + std::string(section) + "; the only one is [serve]");
    } else if (is_said && equals >= end) {
      return at_line(line, "'" + std::string(whole) + "' is not NAME = VALUE");
    }
    if (equals < end) {
      ConfigItem item{std::string(trimmed(text.substr(0, equals), blanks)), {}, line};
      std::replace(item.name.begin(), item.name.end(), '_', '-');
      text.remove_prefix(equals + 1);
      if (const Status done = ValueReader(text, line).read(item.values); !done) return at_line(item.line, item.name + ": " + done.error().message);
      const auto [known, is_new] = lines.emplace(item.name, item.line);
      if (!is_new) return at_line(item.line, "'" + item.name + "' was said in line " + std::to_string(known->second) + " already");
      items.push_back(std::move(item));
    } else {
      text.remove_prefix(end);
    }
    if (!text.empty()) text.remove_prefix(1);  // the end of the line
  }
  return items;
}

std::string quoted(const std::string& text) {
  constexpr std::string_view digits = "0123456789abcdef";
  std::string out = "\"";
  for (const char c : text) {
    const auto byte = static_cast<std::uint8_t>(c);
    if (c == '"' || c == '\\') out += std::string("\\") + c;
    else if (byte < 0x20 || byte == 0x7F) out += std::string("\\u00") + digits[byte >> 4] + digits[byte & 15];
    else out += c;
  }
  return out + "\"";
}

}  // namespace tessera
