#include "server/http/router.h"
#include "server/http/routes.h"
#include "server/http/services.h"

namespace tessera {
namespace {

void answer_metrics(const HttpServices& services, const CallPtr& call) {
  if (!call->request.is_loopback && !services.metrics_for_all() && call->account.role < Role::Admin)
    return call->refuse(403, "forbidden", "figures are for this machine and for admins, and for all where --metrics all says so");
  services.hub.canvases(on_worker<std::vector<CanvasView>>(services, call, [&services, call](const std::vector<CanvasView>& views) {
    HttpResponse response;
    response.add("Content-Type", "text/plain; version=0.0.4");
    response.add("Cache-Control", "no-store");
    response.body = shared_bytes(services.metrics(views));
    call->answer(std::move(response));
  }));
}

}  // namespace

void add_metrics_route(Router& router, const HttpServices& services) {
  if (!services.metrics) return;
  router.add({.pattern = "/metrics",
              .summary = "The server's figures, for Prometheus",
              .unknown = Unknown::Ignored,
              .is_public = false,
              .answers = {{200, "Prometheus's text format", "", "text/plain; version=0.0.4"}},
              .handler = [&services](const CallPtr& call) { answer_metrics(services, call); }});
}

}  // namespace tessera
