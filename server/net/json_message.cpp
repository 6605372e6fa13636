#include "server/net/json_message.h"

#include <algorithm>
#include <set>
#include <vector>

#include <nlohmann/json.hpp>

#include "shared/base/text.h"

namespace tessera {
namespace {

using nlohmann::json;

constexpr int max_depth = 16;

JsonRefusal invalid(std::string detail) { return {"invalid", std::move(detail), std::nullopt}; }

/// What a message says where a `pixel:update` would say it, picked up while the text is read: nothing else is kept. No key
/// may stand twice. The interface is nlohmann's, for `sax_parse`: false ends the reading.
class PixelReader {
 public:
  enum class Shape { Missing, Wrong, Right };
  struct Whole {
    Shape shape = Shape::Missing;
    std::int64_t value = 0;
  };

  bool is_object = false;
  bool is_too_deep = false;
  Shape type = Shape::Missing;  // Right: a text
  bool is_update = false;
  Shape data = Shape::Missing;  // Right: an object
  Whole x, y;
  Shape color = Shape::Missing;  // Right: a text
  std::optional<Rgb> rgb;        // nothing: not one that says a colour

  bool null() { return other(); }
  bool boolean(bool) { return other(); }
  bool number_float(double, const std::string&) { return other(); }
  bool binary(json::binary_t&) { return other(); }
  bool number_integer(std::int64_t value) { return whole(value); }
  bool number_unsigned(std::uint64_t value) { return whole(static_cast<std::int64_t>(std::min<std::uint64_t>(value, INT64_MAX))); }
  bool string(std::string_view text) {
    switch (field_) {
      case Field::Type:
        type = Shape::Right;
        is_update = text == "pixel:update";
        return true;
      case Field::Color:
        color = Shape::Right;
        rgb = parse_color(text);
        return true;
      default: return other();
    }
  }
  bool start_object(std::size_t) {
    const bool is_data = field_ == Field::Data;
    other();
    if (depth_ == 0) is_object = true;
    if (is_data) data = Shape::Right;
    in_data_ = in_data_ || is_data;
    return deeper();
  }
  bool end_object() {
    if (--depth_ == 1) in_data_ = false;
    return true;
  }
  bool start_array(std::size_t) {
    other();
    return deeper();
  }
  bool end_array() {
    --depth_;
    return true;
  }
  bool key(std::string_view name) {
    field_ = Field::Other;
    if (is_object && depth_ == 1) {
      if (name == "type") field_ = Field::Type;
      if (name == "data") field_ = Field::Data;
    } else if (in_data_ && depth_ == 2) {
      if (name == "x") field_ = Field::X;
      if (name == "y") field_ = Field::Y;
      if (name == "color") field_ = Field::Color;
    }
    return true;
  }
  bool parse_error(std::size_t, const std::string&, const json::exception&) { return false; }

 private:
  enum class Field { Other, Type, Data, X, Y, Color };

  bool deeper() {
    field_ = Field::Other;
    is_too_deep = ++depth_ > max_depth;
    return !is_too_deep;
  }
  bool whole(std::int64_t value) {
    if (field_ == Field::X) x = {Shape::Right, value};
    else if (field_ == Field::Y) y = {Shape::Right, value};
    else other();
    return true;
  }
  /// A value that is not of the kind that belongs here.
  bool other() {
    switch (field_) {
      case Field::Other: break;
      case Field::Type: type = Shape::Wrong; break;
      case Field::Data: data = Shape::Wrong; break;
      case Field::X: x.shape = Shape::Wrong; break;
      case Field::Y: y.shape = Shape::Wrong; break;
      case Field::Color: color = Shape::Wrong; break;
    }
    return true;
  }

  int depth_ = 0;
  bool in_data_ = false;
  Field field_ = Field::Other;
};

/// The same where it is to notice that a key stands twice in an object, whichever: what the library reads. Ends the reading there.
class CarefulReader : public PixelReader {
 public:
  std::optional<std::string> twice;

  bool start_object(std::size_t size) {
    keys_.emplace_back();
    return PixelReader::start_object(size);
  }
  bool end_object() {
    keys_.pop_back();
    return PixelReader::end_object();
  }
  bool key(const std::string& name) {
    if (keys_.back().insert(name).second) return PixelReader::key(name);
    twice = name;
    return false;
  }

 private:
  std::vector<std::set<std::string>> keys_;  // of each open object
};

/// Reads the plain messages that nearly all are: objects of texts, whole numbers and objects, in ASCII without escapes.
/// Whatever else stands there, mistakes too, and a key that may stand there twice, it leaves to the library, which takes several
/// times as long.
class PlainReader {
 public:
  explicit PlainReader(std::string_view text) : text_(text) {}

  /// False: nothing that `out` was told counts.
  bool read(PixelReader& out) {
    const bool is_plain = object(out, 1);
    skip_blanks();
    return is_plain && at_ == text_.size();
  }

 private:
  static constexpr int most_levels = 3;

  /// One bit of a key: two that share it may be the same. Those of a `pixel:update` do not.
  static std::uint64_t mark_of(std::string_view key) {
    const std::size_t first = key.empty() ? 0 : static_cast<unsigned char>(key.front());
    return std::uint64_t{1} << ((first + 7 * key.size()) % 64);
  }
  void skip_blanks() {
    while (at_ < text_.size() && (text_[at_] == ' ' || text_[at_] == '\n')) ++at_;
  }
  bool accept(char letter) {
    skip_blanks();
    if (at_ == text_.size() || text_[at_] != letter) return false;
    ++at_;
    return true;
  }
  std::optional<std::string_view> text() {
    if (!accept('"')) return std::nullopt;
    const std::size_t begin = at_;
    while (at_ < text_.size() && text_[at_] >= ' ' && text_[at_] != '"' && text_[at_] != '\\') ++at_;
    if (at_ == text_.size() || text_[at_] != '"') return std::nullopt;
    return text_.substr(begin, at_++ - begin);
  }
  std::optional<std::uint64_t> number() {
    const std::size_t begin = at_;
    while (at_ < text_.size() && text_[at_] >= '0' && text_[at_] <= '9') ++at_;
    const std::string_view digits = text_.substr(begin, at_ - begin);
    if (digits.size() > 1 && digits[0] == '0') return std::nullopt;
    return parse_number(digits);
  }
  bool value(PixelReader& out, int level) {
    skip_blanks();
    if (at_ == text_.size()) return false;
    if (text_[at_] == '{') return object(out, level);
    if (text_[at_] == '"') {
      const auto found = text();
      return found && out.string(*found);
    }
    const auto found = number();
    return found && out.number_unsigned(*found);
  }
  bool object(PixelReader& out, int level) {
    if (level > most_levels || !accept('{')) return false;
    out.start_object(0);
    if (accept('}')) return out.end_object();
    std::uint64_t seen = 0;
    do {
      const auto name = text();
      if (!name || !accept(':')) return false;
      const std::uint64_t mark = mark_of(*name);
      if ((seen & mark) != 0) return false;
      seen |= mark;
      out.key(*name);
      if (!value(out, level + 1)) return false;
    } while (accept(','));
    return accept('}') && out.end_object();
  }

  std::string_view text_;
  std::size_t at_ = 0;
};

/// What is wrong with a coordinate.
JsonRefusal not_whole(const char* name, const PixelReader::Whole& field) {
  const bool is_missing = field.shape == PixelReader::Shape::Missing;
  return invalid(std::string("data.") + name + (is_missing ? " is missing" : " must be a whole number"));
}

Result<PixelUpdate, JsonRefusal> pixel_of(const PixelReader& read) {
  using enum PixelReader::Shape;
  if (read.x.shape != Right) return not_whole("x", read.x);
  if (read.y.shape != Right) return not_whole("y", read.y);
  const std::int64_t x = read.x.value, y = read.y.value;
  if (x < 0 || y < 0 || x >= max_canvas_side || y >= max_canvas_side)
    return JsonRefusal{"out_of_bounds", "no canvas has a cell there", AskedPosition(x, y)};
  const Cell cell{static_cast<std::uint16_t>(x), static_cast<std::uint16_t>(y)};
  if (read.color == Missing) return JsonRefusal{"invalid", "data.color is missing", cell};
  if (read.color == Wrong) return JsonRefusal{"invalid", "data.color must be a text such as \"#FF0000\"", cell};
  if (!read.rgb) return JsonRefusal{"bad_color", "data.color must look like #RRGGBB", cell};
  return PixelUpdate{cell, *read.rgb};
}

Result<PixelUpdate, JsonRefusal> update_of(const PixelReader& read) {
  if (!read.is_object) return invalid("the message must be an object with type and data");
  if (read.type != PixelReader::Shape::Right) return invalid("type must be a text");
  if (!read.is_update) return invalid("unknown type; this server reads pixel:update");
  if (read.data != PixelReader::Shape::Right) return invalid("data must be an object");
  return pixel_of(read);
}

/// A key as a message shows it.
std::string shown(const std::string& name) {
  return name.size() <= 64 ? "\"" + name + "\"" : "of " + std::to_string(name.size()) + " bytes";
}

}  // namespace

Result<PixelUpdate, JsonRefusal> parse_json_message(std::string_view text) {
  PixelReader plain;
  if (PlainReader(text).read(plain)) return update_of(plain);
  CarefulReader read;
  const bool is_json = json::sax_parse(text.begin(), text.end(), &read);
  if (read.is_too_deep) return invalid("the JSON is nested deeper than 16 levels");
  if (read.twice) return invalid("the key " + shown(*read.twice) + " stands twice in one object");
  if (!is_json) return invalid("the message is not JSON");
  return update_of(read);
}

}  // namespace tessera
