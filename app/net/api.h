#pragma once

#include <string>

#include "app/model/effects.h"
#include "app/net/http_client.h"
#include "app/net/inbox.h"

/// The server's HTTP API: questions as requests, and what comes back as answers.
namespace tessera {

/// Asks, and posts `Answered`.
void ask_server(HttpClient& http, Inbox& inbox, const effect::Ask& question);

/// How a question looks on the wire.
WebRequest request_of(const std::string& server, const std::string& token, const Question& question);
/// What came back, as the question it answers wants it. A success that lacks what it should bring counts as no answer; so
/// does whatever would be dangerous to use, such as an address to open that is no page of the web.
action::Answered read_answer(const Question& question, const WebAnswer& answer);

}  // namespace tessera
