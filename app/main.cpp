#include <cstdio>
#include <memory>
#include <vector>

#include "app/app.h"
#include "app/platform/shell.h"

namespace {

constexpr const char* version = TESSERA_VERSION;

int complain(const std::string& message) {
  std::fprintf(stderr, "tessera: %s\n", message.c_str());
  return 2;
}

}  // namespace

int main(int count, char** arguments) {
  using namespace tessera;
  const std::vector<const char*> given(arguments + (count > 0 ? 1 : 0), arguments + count);
  const auto options = parse_options(given);
  if (!options) return complain(options.error().message);
  if (options->help) return std::puts(usage_text) < 0;
  if (options->version) return std::puts(version) < 0;

  auto window = Window::open();
  if (!window) return show_failure(window.error().message);
  auto canvas = CanvasRenderer::make();
  if (!canvas) return show_failure(canvas.error().message);

  static std::unique_ptr<App> app;
  app = std::make_unique<App>(*options, std::move(*window), std::move(*canvas));
  app->run();
  return 0;
}
