#pragma once

#include <atomic>

#include "server/core/http.h"
#include "server/http/router.h"
#include "server/http/services.h"

namespace tessera {

/// The API: routing, who may, the shape of bodies; then the route's own handler. Called on network threads, on several at once.
class Api final : public HttpHandler {
 public:
  /// Borrows what the services borrow.
  explicit Api(HttpServices services);

  /// Is this address the API's, so that no file is looked for?
  bool owns(std::string_view path) const;
  const Router& router() const { return router_; }
  /// Every route and status answered so far, with how often.
  void each_count(const std::function<void(const Route&, unsigned, std::uint64_t)>& each) const;

  std::size_t body_limit(const HttpRequest& head) const override;
  void handle(HttpRequest request, Respond respond) override;

 private:
  void add_document();
  /// Told of every answer: what staff's routes deny is for the audit log.
  void note(const Call& call, unsigned status);
  void proceed(const Route& route, const CallPtr& call);

  HttpServices services_;
  Router router_;
  std::vector<StatusCounts> counts_;  // of each route
  const std::uint64_t first_request_;  // so that two runs of a server give no request the same id
  std::atomic<std::uint64_t> last_request_{0};
};

}  // namespace tessera
