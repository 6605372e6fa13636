#pragma once

#include <optional>
#include <string>

#include "app/model/panel_questions.h"
#include "app/net/http_client.h"

/// The staff panel's questions as requests, and what comes back.
namespace tessera {

/// Without the token.
WebRequest panel_request(const std::string& server, const PanelQuestion& question);
/// Of a success; nothing: it is not what it should be. No answer is wanted of some: then it is `Done`.
struct Done {};
using PanelRead = std::variant<std::monostate, Done, PanelAnswer>;
PanelRead read_panel_answer(const PanelQuestion& question, const WebAnswer& answer);

}  // namespace tessera
