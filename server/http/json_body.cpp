#include "server/http/json_body.h"

#include <algorithm>
#include <charconv>
#include <iterator>
#include <vector>

#include "shared/base/text.h"

namespace tessera {
namespace {

using nlohmann::json;

/// A key as a message shows it.
std::string shown(const std::string& name) {
  return name.size() <= 64 ? "\"" + name + "\"" : "of " + std::to_string(name.size()) + " bytes";
}

/// Without an exponent, whatever its size.
std::string plain(double number) {
  char digits[400];  // of the least that there is
  const auto written = std::to_chars(std::begin(digits), std::end(digits), number, std::chars_format::fixed);
  return {digits, written.ptr};
}

/// Builds the value while it is read, and stops at the first mistake: nothing past it is ever held.
class StrictReader final : public nlohmann::json_sax<json> {
 public:
  bool null() override { return add(nullptr); }
  bool boolean(bool value) override { return add(value); }
  bool number_integer(number_integer_t value) override { return add(value); }
  bool number_unsigned(number_unsigned_t value) override { return add(value); }
  bool number_float(number_float_t value, const string_t&) override { return add(value); }
  bool string(string_t& value) override { return add(std::move(value)); }
  bool binary(binary_t&) override { return stop("binary values are not JSON"); }

  bool start_object(std::size_t) override { return open(json::object()); }
  bool start_array(std::size_t) override { return open(json::array()); }
  bool end_object() override { return close(); }
  bool end_array() override { return close(); }
  bool key(string_t& name) override {
    key_ = std::move(name);
    if (!stack_.back()->contains(key_)) return true;
    return stop("the key " + shown(key_) + " stands twice in one object");
  }
  bool parse_error(std::size_t position, const std::string&, const nlohmann::detail::exception& why) override {
    // 406: a number that no double holds (nlohmann's out_of_range)
    return stop(why.id == 406 ? "a number at byte " + std::to_string(position) + " is too large"
                              : "not JSON at byte " + std::to_string(position));
  }

  json root;
  std::string error;

 private:
  bool stop(std::string why) {
    if (error.empty()) error = std::move(why);
    return false;
  }
  bool open(json value) {
    if (stack_.size() == json_depth) return stop("nested more than " + std::to_string(json_depth) + " deep");
    stack_.push_back(put(std::move(value)));
    return true;
  }
  bool close() {
    stack_.pop_back();
    return true;
  }
  bool add(json value) {
    put(std::move(value));
    return true;
  }
  json* put(json value) {
    if (stack_.empty()) {
      root = std::move(value);
      return &root;
    }
    json& parent = *stack_.back();
    if (parent.is_array()) {
      parent.push_back(std::move(value));
      return &parent.back();
    }
    json& place = parent[key_];
    place = std::move(value);
    return &place;
  }

  // An element of an array stays where it is while it is open: its parent grows only after it was closed.
  std::vector<json*> stack_;
  std::string key_;
};

}  // namespace

Result<json> parse_json(std::string_view text) {
  if (!is_utf8(text)) return Error{"the body is not UTF-8"};
  StrictReader reader;
  const bool whole = json::sax_parse(text.begin(), text.end(), &reader);
  if (!whole) return Error{reader.error.empty() ? "not JSON" : reader.error};
  return std::move(reader.root);
}

JsonFields::JsonFields(const json& object, std::string path, std::string& error)
    : object_(object), path_(std::move(path)), error_(error) {
  if (ok() && !object.is_object()) error_ = (path_.empty() ? "the body" : path_) + " must be an object";
}

std::string JsonFields::place(const std::string& name) const { return path_.empty() ? name : path_ + "." + name; }

void JsonFields::fail(const std::string& name, const std::string& what) {
  if (ok()) error_ = place(name) + " " + what;
}

void JsonFields::note(const char* name) {
  if (std::find(known_.begin(), known_.end(), name) == known_.end()) known_.emplace_back(name);
}

bool JsonFields::has(const char* name) {
  note(name);
  return ok() && object_.contains(name);
}

const json* JsonFields::find(const char* name) {
  if (!ok()) return nullptr;
  note(name);
  const auto found = object_.find(name);
  if (found == object_.end()) {
    fail(name, "is missing");
    return nullptr;
  }
  ++read_;
  return &*found;
}

std::int64_t JsonFields::number(const char* name, std::int64_t min, std::int64_t max) {
  const json* value = find(name);
  if (!value) return 0;
  const auto refuse = [&] {
    fail(name, "must be a whole number from " + std::to_string(min) + " to " + std::to_string(max));
    return std::int64_t{0};
  };
  if (value->is_number_unsigned()) {
    const auto number = value->get<std::uint64_t>();
    if (max < 0 || number > static_cast<std::uint64_t>(max)) return refuse();
    return static_cast<std::int64_t>(number) < min ? refuse() : static_cast<std::int64_t>(number);
  }
  if (!value->is_number_integer()) return refuse();
  const auto number = value->get<std::int64_t>();
  return number < min || number > max ? refuse() : number;
}

std::string JsonFields::text(const char* name, std::size_t max_bytes) {
  const json* value = find(name);
  if (!value) return {};
  if (!value->is_string()) {
    fail(name, "must be a text");
    return {};
  }
  const auto& text = value->get_ref<const std::string&>();
  if (text.size() <= max_bytes) return text;
  fail(name, "is longer than " + std::to_string(max_bytes) + " bytes");
  return {};
}

double JsonFields::real(const char* name, double min, double max) {
  const json* value = find(name);
  if (!value) return 0;
  const double number = value->is_number() ? value->get<double>() : min - 1;
  if (number >= min && number <= max) return number;
  fail(name, "must be a number from " + plain(min) + " to " + plain(max));
  return 0;
}

bool JsonFields::boolean(const char* name) {
  const json* value = find(name);
  if (!value) return false;
  if (!value->is_boolean()) fail(name, "must be true or false");
  return value->is_boolean() && value->get<bool>();
}

bool JsonFields::is_null(const char* name) {
  if (!has(name) || !object_[name].is_null()) return false;
  return find(name) != nullptr;
}

const json& JsonFields::object(const char* name) {
  static const json none = json::object();
  const json* value = find(name);
  if (!value) return none;
  if (value->is_object()) return *value;
  fail(name, "must be an object");
  return none;
}

const json& JsonFields::list(const char* name, std::size_t max) {
  static const json none = json::array();
  const json* value = find(name);
  if (!value) return none;
  if (!value->is_array()) {
    fail(name, "must be a list");
    return none;
  }
  if (value->size() <= max) return *value;
  fail(name, "holds " + std::to_string(value->size()) + " elements; at most " + std::to_string(max) + " are allowed");
  return none;
}

void JsonFields::finish() {
  if (!ok() || read_ == object_.size()) return;
  std::string names = known_.empty() ? "none" : "";
  for (const std::string& name : known_) names += (names.empty() ? "" : ", ") + name;
  for (const auto& [name, value] : object_.items()) {
    if (std::find(known_.begin(), known_.end(), name) != known_.end()) continue;
    const std::string where = path_.empty() ? "the body" : path_;
    error_ = where + " has a field " + shown(name) + " that means nothing here; known: " + names;
    return;
  }
}

}  // namespace tessera
