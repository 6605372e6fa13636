#pragma once

#include <nlohmann/json_fwd.hpp>
#include <optional>

#include "app/model/canvas_setup.h"

namespace tessera {

/// A canvas as `GET /canvases/{c}` tells it; nothing where it is no canvas that this app could show.
std::optional<CanvasSetup> read_canvas(const nlohmann::json& canvas);
/// The body of a `PATCH`: the fields of the change and no other.
nlohmann::json write_change(const SetupChange& change);
/// The body of a `POST`.
nlohmann::json write_new_canvas(const CanvasSetup& setup);

}  // namespace tessera
