#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <nlohmann/json.hpp>

#include "shared/base/result.h"

/// JSON as people send it: read strictly, and every mistake named with its place.
namespace tessera {

inline constexpr std::size_t json_depth = 16;

/// One JSON text and nothing after it. Refused with a message: what is not JSON or not UTF-8, arrays and objects nested more
/// than `json_depth` deep, a key that stands twice in an object, numbers that no double holds.
Result<nlohmann::json> parse_json(std::string_view text);

/// Reads the fields of one JSON object and remembers the first mistake, so that one check at the end is enough; what
/// comes after a mistake is read as zeros and empty texts. Borrows the object and the error.
///   JsonFields fields(body, "", error);
///   const auto name = fields.text("name", 64);
///   fields.finish();
class JsonFields {
 public:
  /// `path`: where the object stands, for messages ("" is the body itself, "cells[3]" a part of it).
  JsonFields(const nlohmann::json& object, std::string path, std::string& error);

  bool ok() const { return error_.empty(); }
  /// Whether the field is there; one that may be is known from then on, there or not.
  bool has(const char* name);

  /// A whole number from `min` to `max`, written without fraction or exponent: 5, not 5.0.
  std::int64_t number(const char* name, std::int64_t min, std::int64_t max);
  /// A finite number from `min` to `max`.
  double real(const char* name, double min, double max);
  bool boolean(const char* name);
  /// Counts it as read: somebody else has.
  void skip(const char* name) { find(name); }
  /// Whether the field is there and null; then it counts as read.
  bool is_null(const char* name);
  /// An object; an empty one where it is not there or something else.
  const nlohmann::json& object(const char* name);
  /// UTF-8 of at most `max_bytes`.
  std::string text(const char* name, std::size_t max_bytes);
  /// An array of at most `max` elements; an empty one is fine.
  const nlohmann::json& list(const char* name, std::size_t max);

  /// A field that was never read is a mistake too; told with all that were asked for.
  void finish();
  /// A mistake that the shape alone does not show.
  void refuse(const char* name, const std::string& what) { fail(name, what); }

 private:
  void note(const char* name);
  const nlohmann::json* find(const char* name);
  void fail(const std::string& name, const std::string& what);
  std::string place(const std::string& name) const;

  const nlohmann::json& object_;
  std::string path_;
  std::string& error_;
  std::size_t read_ = 0;
  std::vector<std::string> known_;  ///< names asked for so far
};

}  // namespace tessera
