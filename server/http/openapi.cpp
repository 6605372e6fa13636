#include "server/http/openapi.h"

#include <algorithm>
#include <map>

#include "server/core/problem.h"
#include "server/http/schemas.h"
#include "shared/base/ascii.h"

namespace tessera {
namespace {

constexpr const char* problem_media = "application/problem+json";

std::string_view name_of(Who who) {
  switch (who) {
    case Who::Anyone: return "anyone";
    case Who::Regardless: return "regardless";
    case Who::Account: return "account";
    case Who::Moderator: return "moderator";
    case Who::Admin: return "admin";
    case Who::Owner: return "owner";
  }
  return "";
}

std::string_view name_of(Scope scope) {
  switch (scope) {
    case Scope::Read: return "read";
    case Scope::Place: return "place";
    case Scope::Manage: return "manage";
  }
  return "";
}

Json schema_of(const Parameter& parameter) {
  switch (parameter.kind) {
    case ParameterKind::Number: {
      Json json{{"type", "integer"}, {"minimum", parameter.min}};
      if (parameter.max != UINT64_MAX) json["maximum"] = parameter.max;
      if (parameter.otherwise && *parameter.otherwise != UINT64_MAX) json["default"] = *parameter.otherwise;
      return json;
    }
    case ParameterKind::Text: return {{"type", "string"}, {"minLength", parameter.min}};
    case ParameterKind::Name: return {{"type", "string"}, {"pattern", "^[a-z0-9][a-z0-9_-]{0,63}$"}};
    case ParameterKind::Epoch: return {{"type", "string"}, {"pattern", "^[0-9A-Fa-f]{16}$"}};
    case ParameterKind::Region: return {{"type", "string"}, {"pattern", "^[0-9]+,[0-9]+,[0-9]+,[0-9]+$"}};
    case ParameterKind::Instant: return {{"type", "string"}};
    case ParameterKind::Flag: return {{"type", "boolean"}};
  }
  return Json::object();
}

std::string example_of(const Parameter& parameter) {
  if (!parameter.example.empty()) return parameter.example;
  switch (parameter.kind) {
    case ParameterKind::Number:
      return std::to_string(parameter.otherwise && *parameter.otherwise <= parameter.max ? *parameter.otherwise : parameter.min);
    case ParameterKind::Text: return "text";
    case ParameterKind::Name: return "main";
    case ParameterKind::Epoch: return "0123456789abcdef";
    case ParameterKind::Region: return "0,0,16,16";
    case ParameterKind::Instant: return "2022-04-04T12:00:00Z";
    case ParameterKind::Flag: return "false";
  }
  return {};
}

Json parameter_json(const Parameter& parameter, const char* in) {
  Json json{{"name", parameter.name}, {"in", in}};
  if (std::string_view(in) == "path") json["required"] = true;
  json["description"] = parameter.about;
  json["schema"] = schema_of(parameter);
  json["example"] = example_of(parameter);
  return json;
}

Json if_match_json(NeedsVersion needs) {
  const bool always = needs == NeedsVersion::Always;
  return {{"name", "If-Match"},
          {"in", "header"},
          {"required", always},
          {"description", std::string("the ETag of what is changed") + (always ? "" : "; left out where the summary needs none")},
          {"schema", {{"type", "string"}}},
          {"example", "\"1\""}};
}

Json content(const std::string& media, const std::string& schema) {
  Json type = Json::object();
  if (!schema.empty()) type["schema"] = {{"$ref", "#/components/schemas/" + schema}};
  return {{media, std::move(type)}};
}

/// What the route's checks may answer before it is called.
std::map<unsigned, std::string> refusals(const Route& route) {
  std::map<unsigned, std::string> all{{403, "a Host that is not this server's name, or a role too low"},
                                      {503, "busy, or the store does not answer: try again"}};
  const bool checked = std::any_of(route.path.begin(), route.path.end(),
                                   [](const Parameter& parameter) { return parameter.kind != ParameterKind::Name; });
  if (checked || route.body != Body::None || route.unknown == Unknown::Refused || !route.query.empty())
    all[400] = "a parameter or a body that does not fit";
  if (route.who != Who::Regardless) all[401] = "a token that is forged, expired or missing";
  if (!route.path.empty()) all[404] = "there is no such thing";
  if (route.body != Body::None) {
    all[413] = "a body larger than " + std::to_string(route.body_limit) + " bytes";
    all[415] = "a body of another kind, or one with a Content-Encoding";
  }
  if (route.needs_version != NeedsVersion::Never) {
    all[412] = "changed by somebody else since: `current` is what it is now";
    all[428] = route.needs_version == NeedsVersion::Always ? "If-Match is missing" : "If-Match is missing where it is needed";
  }
  return all;
}

Json responses(const Route& route) {
  std::map<unsigned, Json> all;
  for (const auto& [status, about] : refusals(route))
    all[status] = {{"description", about}, {"content", content(problem_media, "Problem")}};
  for (const RouteAnswer& answer : route.answers) {
    Json json{{"description", answer.about}};
    const bool is_page = answer.media.starts_with("text/html");
    if (answer.status >= 400 && !is_page) json["content"] = content(problem_media, "Problem");
    else if (!answer.media.empty()) json["content"] = content(answer.media, answer.schema);
    // The route's checks refuse with a problem what its handler would refuse with a page.
    if (is_page && all.contains(answer.status)) json["content"].update(all[answer.status]["content"]);
    all[answer.status] = std::move(json);
  }
  Json out = Json::object();
  for (auto& [status, json] : all) out[std::to_string(status)] = std::move(json);
  return out;
}

Json operation(const Route& route) {
  Json json{{"summary", route.summary}, {"x-tessera-who", name_of(route.who)}};
  if (route.who >= Who::Moderator && route.of_canvas) json["x-tessera-of-canvas"] = true;
  if (route.persons_only) json["x-tessera-scope"] = "none";
  else if (const auto scope = scope_of(route)) json["x-tessera-scope"] = name_of(*scope);
  if (!route.path.empty() || !route.query.empty() || route.needs_version != NeedsVersion::Never) {
    Json parameters = Json::array();
    for (const Parameter& parameter : route.path) parameters.push_back(parameter_json(parameter, "path"));
    for (const Parameter& parameter : route.query) parameters.push_back(parameter_json(parameter, "query"));
    if (route.needs_version != NeedsVersion::Never) parameters.push_back(if_match_json(route.needs_version));
    json["parameters"] = std::move(parameters);
  }
  if (route.body != Body::None) {
    Json kinds = Json::object();
    if (route.body != Body::Form) kinds.update(content("application/json", route.body_schema));
    if (route.body != Body::JsonOnly) kinds.update(content("application/x-www-form-urlencoded", route.body_schema));
    json["requestBody"] = {{"required", true}, {"content", std::move(kinds)}};
  }
  json["responses"] = responses(route);
  Json signed_in = Json::array({{{"bearer", Json::array()}}, {{"cookie", Json::array()}}});
  if (route.who == Who::Regardless) signed_in = Json::array();
  if (route.who == Who::Anyone) signed_in.push_back(Json::object());
  json["security"] = std::move(signed_in);
  return json;
}

}  // namespace

Json openapi(const Router& router, const ServerInfo& info) {
  Json paths = Json::object();
  for (const Route& route : router.routes()) paths[route.pattern][lower_case(name_of(route.method))] = operation(route);
  return {{"openapi", "3.1.0"},
          {"info",
           {{"title", "Tessera"},
            {"version", info.version},
            {"description", "Errors are application/problem+json with a stable `code`. GET answers HEAD as well. Times are RFC 3339 in UTC; "
                            "colours are palette indices. Text of 1 KB and more comes gzipped where Accept-Encoding takes it. Public reads may be made from any origin."}}},
          {"servers", Json::array({{{"url", "/"}}})},
          {"paths", std::move(paths)},
          {"components",
           {{"schemas", schemas()},
            {"securitySchemes",
             {{"bearer", {{"type", "http"}, {"scheme", "bearer"}}},
              {"cookie", {{"type", "apiKey"}, {"in", "cookie"}, {"name", "tessera_session"}}}}}}}};
}

}  // namespace tessera
