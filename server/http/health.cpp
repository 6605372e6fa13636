#include "server/http/router.h"
#include "server/http/routes.h"
#include "server/http/services.h"
#include "server/http/shapes.h"

namespace tessera {
namespace {

void alive(const CallPtr& call) { call->answer(Json{{"status", "ok"}}); }

/// The rooms answer, and then the store does.
void ready(const HttpServices& services, const CallPtr& call) {
  services.hub.canvas("", [&services, call](const std::optional<CanvasView>&) {
    on_reader(services, call, [call](StoreReader& reader) {
      const auto names = reader.names({});
      if (names) call->answer(Json{{"status", "ready"}});
      else call->refuse(503, "busy", "the store does not answer: " + names.error().message);
    });
  });
}

}  // namespace

void add_health_routes(Router& router, const HttpServices& services) {
  for (const char* pattern : {"/healthz", "/health"})
    router.add({.pattern = pattern,
                .who = Who::Regardless,
                .summary = "Whether the server is alive",
                .unknown = Unknown::Ignored,
                .answers = {{200, "alive", "Health"}},
                .handler = alive});
  router.add({.pattern = "/readyz",
              .who = Who::Regardless,
              .summary = "Whether rooms and store answer",
              .unknown = Unknown::Ignored,
              .answers = {{200, "ready", "Health"}},
              .handler = [&services](const CallPtr& call) { ready(services, call); }});
}

}  // namespace tessera
