#pragma once

#include <string>

#include <nlohmann/json.hpp>

namespace tessera {

/// Holds values against the JSON Schema of the API's document, as far as that uses it.
class SchemaCheck {
 public:
  explicit SchemaCheck(const nlohmann::json& document) : document_(document) {}

  /// Empty where the value fits; else where it does not, and why.
  std::string wrong(const nlohmann::json& schema, const nlohmann::json& value, const std::string& place = "$") const {
    if (schema.contains("$ref")) {
      const std::string pointer = schema["$ref"].get<std::string>().substr(1);
      return wrong(document_.at(nlohmann::json::json_pointer(pointer)), value, place);
    }
    if (schema.contains("type") && !is_of(schema["type"], value)) return place + " is " + value.dump() + ", not " + schema["type"].dump();
    if (value.is_null()) return {};
    if (schema.contains("enum") && !contains(schema["enum"], value)) return place + " is " + value.dump() + ", none of " + schema["enum"].dump();
    if (schema.contains("minimum") && value < schema["minimum"]) return place + " is too small: " + value.dump();
    if (value.is_array() && schema.contains("items")) {
      for (std::size_t i = 0; i < value.size(); ++i)
        if (auto error = wrong(schema["items"], value[i], place + "[" + std::to_string(i) + "]"); !error.empty()) return error;
    }
    return value.is_object() ? wrong_object(schema, value, place) : std::string{};
  }

 private:
  static bool contains(const nlohmann::json& list, const nlohmann::json& value) {
    return std::find(list.begin(), list.end(), value) != list.end();
  }
  static bool is_of(const nlohmann::json& type, const nlohmann::json& value) {
    if (type.is_array()) return std::any_of(type.begin(), type.end(), [&](const auto& each) { return is_of(each, value); });
    return (type == "null" && value.is_null()) || (type == "boolean" && value.is_boolean()) || (type == "string" && value.is_string()) ||
           (type == "integer" && value.is_number_integer()) || (type == "number" && value.is_number()) ||
           (type == "array" && value.is_array()) || (type == "object" && value.is_object());
  }
  std::string wrong_object(const nlohmann::json& schema, const nlohmann::json& value, const std::string& place) const {
    const nlohmann::json properties = schema.value("properties", nlohmann::json::object());
    for (const auto& name : schema.value("required", nlohmann::json::array()))
      if (!value.contains(name)) return place + " has no " + name.get<std::string>();
    const nlohmann::json others = schema.value("additionalProperties", nlohmann::json(true));
    for (const auto& [name, each] : value.items()) {
      const std::string where = place + "." + name;
      if (!properties.contains(name) && others == false) return where + " is not in the schema";
      const nlohmann::json* of = properties.contains(name) ? &properties[name] : others.is_object() ? &others : nullptr;
      if (of == nullptr) continue;
      if (auto error = wrong(*of, each, where); !error.empty()) return error;
    }
    return {};
  }

  const nlohmann::json& document_;
};

}  // namespace tessera
