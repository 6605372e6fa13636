#pragma once

namespace tessera {

class Router;
struct HttpServices;

/// The route of the pictures before and after a rollback.
void add_rollback_picture(Router& router, const HttpServices& services);

}  // namespace tessera
