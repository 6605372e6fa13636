#pragma once

#include <nlohmann/json.hpp>

#include "server/core/hub.h"
#include "shared/base/random.h"
#include "shared/base/result.h"

/// The bodies that make and change canvases. An error names the field and what is wrong with it.
namespace tessera {

/// `POST /canvases`; what the body leaves out of the policy is as in `policy`. A code that is asked for and not given is drawn.
Result<NewCanvas> read_new_canvas(const nlohmann::json& body, const Policy& policy, RandomSource& random);

/// `PATCH /canvases/{c}`; what it leaves out of the size and the policy is as in `record`.
Result<CanvasChange> read_canvas_change(const nlohmann::json& body, const CanvasRecord& record, RandomSource& random);

/// A palette as its list of colours, the policy of either. What is wrong with them is told in `error`.
std::optional<Palette> read_palette(const nlohmann::json& list, std::string& error);
PolicyChange read_policy(const nlohmann::json& body, std::string& error);

/// Six letters and digits that are told apart when read aloud.
std::string draw_code(RandomSource& random);

}  // namespace tessera
