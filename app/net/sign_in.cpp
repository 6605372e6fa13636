#include "app/net/sign_in.h"

#include <nlohmann/json.hpp>

namespace tessera {
namespace {

std::string text(const nlohmann::json& object, const char* key) {
  const auto found = object.find(key);
  return found != object.end() && found->is_string() ? found->get<std::string>() : std::string();
}

}  // namespace

action::GuestAnswered read_guest_answer(const std::string& server, const WebAnswer& answer) {
  action::GuestAnswered out;
  out.server = server;
  const nlohmann::json body = nlohmann::json::parse(answer.body, nullptr, false);
  if (!body.is_object()) {
    // A proxy's own error page still says how it went; a success without a token does not.
    if (answer.status >= 400) out.status = answer.status;
    return out;
  }
  out.token = answer.status == 201 ? text(body, "token") : std::string();
  if (answer.status == 201 && out.token.empty()) return out;
  out.status = answer.status;
  out.code = text(body, "code");
  out.detail = text(body, "detail");
  return out;
}

void sign_in_guest(HttpClient& http, Inbox& inbox, const std::string& server, const std::string& name) {
  using nlohmann::json;
  // A name that is not UTF-8 is the server's to refuse, not a reason to end the app.
  const std::string body = json{{"name", name}}.dump(-1, ' ', false, json::error_handler_t::replace);
  http.request({.method = "POST", .url = server + "/auth/guest", .bearer = {}, .json = body},
               [&inbox, server](const WebAnswer& answer) { inbox.post(read_guest_answer(server, answer)); });
}

void check_session(HttpClient& http, Inbox& inbox, const std::string& server) {
  http.request({.method = "GET", .url = server + "/auth/me", .bearer = {}, .json = {}},
               [&inbox, server](const WebAnswer& answer) {
                 inbox.post(action::SessionChecked{server, answer.status});
               });
}

void sign_out(HttpClient& http, const std::string& server, const std::string& token) {
  http.request({.method = "POST", .url = server + "/auth/logout", .bearer = token, .json = "{}"}, [](const WebAnswer&) {});
}

}  // namespace tessera
