#include "app/net/sign_in.h"

#include "app/net/json_fields.h"

namespace tessera {

action::GuestAnswered read_guest_answer(const std::string& server, const WebAnswer& answer) {
  action::GuestAnswered out;
  out.server = server;
  const nlohmann::json body = nlohmann::json::parse(answer.body, nullptr, false);
  if (!body.is_object()) {
    // A proxy's own error page still says how it went; a success without a token does not.
    if (answer.status >= 400) out.status = answer.status;
    return out;
  }
  out.token = answer.status == 201 ? text_in(body, "token") : std::string();
  if (answer.status == 201 && out.token.empty()) return out;
  out.status = answer.status;
  out.code = text_in(body, "code");
  out.detail = text_in(body, "detail");
  return out;
}

void sign_in_guest(HttpClient& http, Inbox& inbox, const std::string& server, const std::string& name) {
  http.request({.method = "POST", .url = server + "/auth/guest", .bearer = {}, .json = written({{"name", name}})},
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
