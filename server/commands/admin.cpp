// `tessera-server admin`: every staff action for scripts, by the API of a running server.
#include <CLI/CLI.hpp>
#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <future>
#include <map>
#include <nlohmann/json.hpp>

#include "server/auth/curl_client.h"
#include "server/commands/admin_calls.h"
#include "server/commands/commands.h"
#include "shared/base/percent.h"
#include "shared/base/text.h"

namespace tessera {
namespace {

using admin::AdminCall;
using admin::Field;
using admin::Kind;
using admin::Where;
using nlohmann::json;

constexpr std::size_t most_answer_bytes = 64u << 20;
constexpr const char* token_variable = "TESSERA_OWNER_TOKEN";

struct AdminServer {
  std::string url = "http://127.0.0.1:7878";
  std::string token_file;
  std::string if_version;
};

/// What stands behind the words of one call on the command line.
struct Given {
  std::map<const Field*, std::string> texts;
  std::map<const Field*, bool> switches;
};

int fail(const std::string& message) {
  std::fprintf(stderr, "tessera-server: %s\n", message.c_str());
  return 1;
}

Result<std::string> read_token(const std::string& file) {
  if (file.empty()) {
    const char* token = std::getenv(token_variable);
    if (token == nullptr || *token == '\0')
      return Error{std::string("set ") + token_variable + ", or name a file with a token of yours by --token-file"};
    return std::string(token);
  }
  std::FILE* opened = std::fopen(file.c_str(), "r");
  if (opened == nullptr) return Error{file + " cannot be read"};
  char text[512] = {};
  const std::size_t size = std::fread(text, 1, sizeof text - 1, opened);
  std::fclose(opened);
  std::string token(text, size);
  token.erase(token.find_last_not_of(" \r\n") + 1);
  return token;
}

/// Numbers, parted by `by`.
std::optional<std::vector<std::uint64_t>> numbers(const std::string& text, char by) {
  std::vector<std::uint64_t> all;
  for (std::size_t begin = 0; begin <= text.size();) {
    const std::size_t end = std::min(text.find(by, begin), text.size());
    const auto number = parse_number(text.substr(begin, end - begin), UINT32_MAX);
    if (!number) return std::nullopt;
    all.push_back(*number);
    begin = end + 1;
  }
  return all;
}

/// The member of the body that a key stands for.
json& member(json& body, std::string_view key) {
  const std::size_t dot = key.find('.');
  if (dot == std::string_view::npos) return body[std::string(key)];
  return member(body[std::string(key.substr(0, dot))], key.substr(dot + 1));
}

/// Puts a field's value into the body.
Status put(json& body, const Field& field, const std::string& text) {
  const auto parts = [&](char by, std::initializer_list<const char*> names) -> Status {
    const auto values = numbers(text, by);
    if (!values || values->size() != names.size()) return Error{std::string(field.name) + ": write it as " + field.about};
    json object = json::object();
    std::size_t i = 0;
    for (const char* name : names) object[name] = (*values)[i++];
    if (*field.key == '\0') body.update(object);
    else body[field.key] = std::move(object);
    return {};
  };
  switch (field.kind) {
    case Kind::Area: return parts(',', {"x", "y", "width", "height"});
    case Kind::Size: return parts('x', {"width", "height"});
    case Kind::Number: {
      const auto number = parse_number(text);
      if (!number) return Error{std::string(field.name) + ": '" + text + "' is not a number"};
      body[field.key] = *number;
      return {};
    }
    case Kind::Json: {
      json value = json::parse(text, nullptr, false);
      if (value.is_discarded()) return Error{std::string(field.name) + ": '" + text + "' is not JSON"};
      body[field.key] = std::move(value);
      return {};
    }
    default: member(body, field.key) = text; return {};
  }
}

Result<OutgoingRequest> request_of(const AdminCall& call, const Given& given, const AdminServer& server) {
  OutgoingRequest request;
  request.method = call.method;
  std::string path = call.path, query;
  json body = json::object();
  for (const Field& field : call.fields) {
    if (field.kind == Kind::Null) body[field.key] = nullptr;
    if (field.kind == Kind::True || field.kind == Kind::False) body[field.key] = field.kind == Kind::True;
    if (field.kind == Kind::Switch && given.switches.at(&field)) body[field.key] = true;
    const auto found = given.texts.find(&field);
    if (found == given.texts.end() || found->second.empty()) continue;
    if (field.where == Where::Path) {
      const std::string name = std::string("{") + field.key + "}";
      path.replace(path.find(name), name.size(), percent_encode(found->second));
    } else if (field.where == Where::Query) {
      query += (query.empty() ? "?" : "&") + std::string(field.key) + "=" + percent_encode(found->second);
    } else if (Status status = put(body, field, found->second); !status) {
      return status.error();
    }
  }
  request.url = server.url + "/api/v1" + path + query;
  const bool changes = request.method == "PATCH" || request.method == "DELETE" || std::string_view(call.verb) == "change";
  if (changes) request.headers.emplace_back("If-Match", server.if_version.empty() ? "*" : "\"" + server.if_version + "\"");
  const bool takes_body = std::any_of(call.fields.begin(), call.fields.end(), [](const Field& field) { return field.where == Where::Body; });
  const bool has_body = request.method == "PATCH" || request.method == "PUT" || (request.method == "POST" && takes_body);
  if (has_body) request.body = body.dump();
  return request;
}

/// Sends, prints the answer, and tells whether it was done.
int send(OutgoingRequest request, const AdminServer& server) {
  const auto token = read_token(server.token_file);
  if (!token) return fail(token.error().message);
  request.headers.emplace_back("Authorization", "Bearer " + *token);
  if (!request.body.empty()) request.headers.emplace_back("Content-Type", "application/json");
  auto client = CurlClient::open({.body_bytes = most_answer_bytes, .plain_http = true});
  if (!client) return fail(client.error().message);
  std::promise<Result<OutgoingAnswer, WebFailure>> promise;
  (*client)->send(std::move(request), [&](Result<OutgoingAnswer, WebFailure> answer) { promise.set_value(std::move(answer)); });
  const auto answer = promise.get_future().get();
  if (!answer) return fail("no answer from " + server.url + ": " + answer.error().detail);
  const json told = json::parse(answer->body, nullptr, false);
  if (answer->status >= 400) {
    const bool is_problem = told.is_object() && told.contains("detail") && told.contains("code");
    return fail(is_problem ? told["detail"].get<std::string>() + " (" + told["code"].get<std::string>() + ")" : "HTTP " + std::to_string(answer->status));
  }
  const std::string text = told.is_discarded() ? answer->body : told.dump(2) + "\n";
  std::fwrite(text.data(), 1, text.size(), stdout);
  if (const std::string* next = answer->header("x-tessera-next")) std::fprintf(stderr, "next: --after %s\n", next->c_str());
  return 0;
}

void add_call(CLI::App& group, const AdminCall& call, const std::shared_ptr<AdminServer>& server, int& exit_code) {
  CLI::App* verb = group.add_subcommand(call.verb, call.about);
  const auto given = std::make_shared<Given>();
  for (const Field& field : call.fields) {
    if (*field.name == '\0') continue;
    if (field.kind == Kind::Switch) {
      verb->add_flag(field.name, given->switches[&field], field.about);
      continue;
    }
    std::string& text = given->texts[&field];
    if (field.where == Where::Path && std::string_view(field.name) == "--canvas") text = "main";
    CLI::Option* option = verb->add_option(field.name, text, field.about);
    if (*field.name != '-' && field.where != Where::Query) option->required();
  }
  verb->callback([&call, given, server, &exit_code] {
    auto request = request_of(call, *given, *server);
    exit_code = request ? send(*std::move(request), *server) : fail(request.error().message);
  });
}

}  // namespace

void register_admin(CLI::App& app, int& exit_code) {
  CLI::App* command = app.add_subcommand("admin", "Every staff action, for scripts, on a running server");
  command->require_subcommand(1);
  const auto server = std::make_shared<AdminServer>();
  command->add_option("--url", server->url, "of the server")->envname("TESSERA_URL");
  command->add_option("--token-file", server->token_file, std::string("a file with the token to act by; else the variable ") + token_variable);
  command->add_option("--if-version", server->if_version, "changes only what still has this version");
  std::map<std::string, CLI::App*> groups;
  for (const AdminCall& call : admin::calls()) {
    CLI::App*& group = groups[call.group];
    if (group == nullptr) {
      group = command->add_subcommand(call.group)->require_subcommand(1);
      group->fallthrough();
    }
    group->description(group->get_description() + (group->get_description().empty() ? "" : ", ") + call.verb);
    add_call(*group, call, server, exit_code);
  }
  CLI::App* any = command->add_subcommand("call", "Any call of the API: GET /canvases, POST /invites '{…}'");
  const auto words = std::make_shared<OutgoingRequest>();
  any->add_option("method", words->method, "GET, POST, PUT, PATCH or DELETE")->required();
  any->add_option("path", words->url, "below /api/v1")->required();
  any->add_option("body", words->body, "JSON");
  any->callback([words, server, &exit_code] {
    words->url = server->url + "/api/v1" + words->url;
    words->headers.emplace_back("If-Match", server->if_version.empty() ? "*" : "\"" + server->if_version + "\"");
    exit_code = send(*words, *server);
  });
}

}  // namespace tessera
