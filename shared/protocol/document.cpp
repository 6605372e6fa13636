#include "shared/protocol/document.h"

#include <algorithm>
#include <string_view>
#include <type_traits>
#include <vector>

#include "shared/base/ascii.h"
#include "shared/base/text.h"
#include "shared/protocol/codec.h"

namespace tessera {
namespace {

/// 4096 as `4,096`; the ends of the integer types as powers of two.
std::string count(std::uint64_t value) {
  if (value == UINT32_MAX) return "2³² − 1";
  if (value == INT64_MAX) return "2⁶³ − 1";
  if (value == UINT64_MAX) return "2⁶⁴ − 1";
  const std::string digits = std::to_string(value);
  std::string out;
  for (std::size_t i = 0; i < digits.size(); ++i) {
    if (i > 0 && (digits.size() - i) % 3 == 0) out += ',';
    out += digits[i];
  }
  return out;
}

std::string link(std::string_view name) { return "[" + std::string(name) + "](#" + lower_case(name) + ")"; }

struct Row {
  std::string field;
  std::string type;
  std::string meaning;
};

/// A struct and its fields.
struct Section {
  About about;
  std::vector<Row> rows;
};

/// Kind of io: writes down what fields are. Structs that it meets on the way are put into `parts`, each once.
class Documenter {
 public:
  Documenter(Section& section, std::vector<Section>& parts) : section_(section), parts_(parts) {}

  void number(const char* name, const auto&, std::uint64_t max, const char* meaning) {
    add(name, "varint, 0 … " + count(max), meaning);
  }
  void fixed(const char* name, const auto& value, const char* meaning) {
    add(name, std::string("u") + std::to_string(8 * sizeof(value)), meaning);
  }
  template <typename T>
  void choice(const char* name, const T&, std::uint8_t size, const char* meaning) {
    if constexpr (std::is_same_v<T, Refusal>) return add(name, "u8, one of the [reasons](#reasons)", meaning);
    std::string values = "u8:";
    for (std::uint8_t i = 0; i < size; ++i)
      values += (i == 0 ? " " : ", ") + std::to_string(i) + " `" + std::string(code(T{i})) + "`";
    add(name, values, meaning);
  }
  void flag(const char* name, bool, const char* meaning) { add(name, "u8, 0 or 1", meaning); }
  void text(const char* name, const std::string&, std::size_t max, const char* meaning) {
    add(name, "text, at most " + count(max) + " bytes", meaning);
  }
  void secret(const char* name, const std::string& value, std::size_t max, const char* meaning) {
    text(name, value, max, meaning);
  }
  void bytes(const char* name, const Bytes&, std::size_t max, const char* meaning) {
    add(name, "bytes, at most " + count(max), meaning);
  }
  template <typename T>
  void list(const char* name, const std::vector<T>&, std::size_t max, const char* meaning) {
    add(name, "list of " + link(T::about.name) + ", at most " + count(max), meaning);
    add_part<T>();
  }
  template <typename T>
  void part(const char* name, const T&, const char* meaning) {
    add(name, link(T::about.name), meaning);
    add_part<T>();
  }

 private:
  void add(const char* name, std::string type, const char* meaning) {
    section_.rows.push_back({name, std::move(type), meaning});
  }

  template <typename T>
  void add_part() {
    const std::string_view name = T::about.name;
    if (std::any_of(parts_.begin(), parts_.end(), [&](const Section& part) { return part.about.name == name; })) return;
    Section part{T::about, {}};
    const T value{};
    Documenter io(part, parts_);
    T::describe(io, value);
    parts_.push_back(std::move(part));
  }

  Section& section_;
  std::vector<Section>& parts_;
};

void append_table(std::string& out, const Section& section) {
  out += std::string(section.about.meaning) + "\n\n| field | type | meaning |\n|---|---|---|\n";
  for (const Row& row : section.rows) out += "| " + row.field + " | " + row.type + " | " + row.meaning + " |\n";
  out += "\n";
}

template <typename Message>
void append_message(std::string& out, std::vector<Section>& parts) {
  Section section{Message::about, {}};
  const Message message{};
  Documenter io(section, parts);
  Message::describe(io, message);
  out += "### " + std::string(Message::about.name) + "\n\nTag " + std::to_string(static_cast<int>(Message::tag)) + ". ";
  append_table(out, section);
}

template <typename... Messages>
std::string all_messages(const std::variant<Messages...>*, std::vector<Section>& parts) {
  std::string out;
  (append_message<Messages>(out, parts), ...);
  return out;
}

template <IsMessage Message, typename Variant>
void append_example(std::string& out, const Message& message, const Variant& any) {
  const std::string hex = to_hex(encode(message));
  out += "    " + dump(any) + "\n    ";
  for (std::size_t at = 0; at < hex.size(); at += 2) out += hex.substr(at, 2) + (at + 2 < hex.size() ? " " : "\n\n");
}

std::string examples() {
  std::string out = "## Examples\n\nMessages as a client may write them in its log, and their bytes.\n\n";
  const Place place{RequestId{0x1122334455667788}, {{1, 2, 5}, {300, 2, 31}}};
  const Deltas deltas{1000, 1001, {{{0, 0}, 998, 1000, {{513, 5}}}, {{1, 0}, 731, 1001, {{556, 31}}}}};
  const PlaceResult result{place.request, Outcome::Answered, 1000, 2, {}, {18, 20, 100, 100}};
  append_example(out, place, ClientMessage(place));
  append_example(out, deltas, ServerMessage(deltas));
  append_example(out, result, ServerMessage(result));
  return out;
}

std::string reasons() {
  std::string out = "## Reasons\n\nOthers come only with another version of the protocol.\n\n";
  out += "| value | word | meaning |\n|---|---|---|\n";
  for (std::uint8_t i = 0; i < refusal_count; ++i) {
    const Refusal refusal{i};
    out += "| " + std::to_string(i) + " | `" + std::string(code(refusal)) + "` | " + std::string(meaning(refusal)) +
           " |\n";
  }
  return out + "\n";
}

}  // namespace

std::string protocol_document() {
  std::vector<Section> parts;
  std::string out = protocol_prose();
  out += "## From the client\n\n" + all_messages(static_cast<const ClientMessage*>(nullptr), parts);
  out += "## From the server\n\n" + all_messages(static_cast<const ServerMessage*>(nullptr), parts);
  out +=
      "## Parts\n\nWhat messages are made of; in a message their fields stand in place, with nothing around them.\n\n";
  std::sort(parts.begin(), parts.end(),
            [](const Section& a, const Section& b) { return std::string_view(a.about.name) < b.about.name; });
  for (const Section& part : parts) {
    out += "### " + std::string(part.about.name) + "\n\n";
    append_table(out, part);
  }
  out += reasons() + examples();
  out.pop_back();  // the empty line after the last example
  return out;
}

}  // namespace tessera
