#include "server/http/form_body.h"

#include "shared/base/ascii.h"
#include "shared/base/percent.h"
#include "shared/base/text.h"

namespace tessera {

bool is_form(const HttpRequest& request) {
  const std::string* type = request.header("content-type");
  if (!type) return false;
  std::string_view media = std::string_view(*type).substr(0, type->find(';'));
  while (media.ends_with(' ')) media.remove_suffix(1);
  return lower_case(media) == "application/x-www-form-urlencoded";
}

Result<nlohmann::json> parse_form_body(std::string_view text) {
  const auto values = parse_form(text);
  if (!values) return Error{"the form holds a '%' that is not followed by two hexadecimal digits"};
  nlohmann::json form = nlohmann::json::object();
  for (const auto& [name, value] : *values) {
    if (!is_utf8(name) || !is_utf8(value)) return Error{"the form is not UTF-8"};
    if (form.contains(name)) return Error{"a field of the form stands twice"};
    form[name] = value;
  }
  return form;
}

}  // namespace tessera
