#pragma once

#include "server/http/router.h"
#include "server/http/services.h"
#include "server/http/shapes.h"

namespace tessera {

/// The API's document, OpenAPI 3.1, from the descriptions of its routes. `x-tessera-who` says who may call each: a word of `Who`.
Json openapi(const Router& router, const ServerInfo& info);

}  // namespace tessera
