#pragma once

namespace tessera {

class Router;
struct HttpServices;

/// `/canvases/{canvas}/accounts/{account}/placements.png`: what an account drew, in colour over the canvas in dim greys.
void add_account_picture(Router& router, const HttpServices& services);

}  // namespace tessera
