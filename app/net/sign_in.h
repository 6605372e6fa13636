#pragma once

#include <string>

#include "app/net/http_client.h"
#include "app/net/inbox.h"

namespace tessera {

/// `POST /auth/guest` → `GuestAnswered`.
void sign_in_guest(HttpClient& http, Inbox& inbox, const std::string& server, const std::string& name);
/// `GET /auth/me` by cookie → `SessionChecked`.
void check_session(HttpClient& http, Inbox& inbox, const std::string& server);
/// `POST /auth/logout` with the token, or by cookie where it is empty; nobody waits for the answer.
void sign_out(HttpClient& http, const std::string& server, const std::string& token);

/// What an answer to `POST /auth/guest` says; a body that is not what it should be counts as no answer.
action::GuestAnswered read_guest_answer(const std::string& server, const WebAnswer& answer);

}  // namespace tessera
