#pragma once

struct SDL_Window;

namespace tessera {

/// Four tesserae of the product's colours, as the page's icon shows them too.
void set_window_icon(SDL_Window* window);

}  // namespace tessera
