#include "server/http/services.h"

#include "server/core/problem.h"
#include "server/http/address_limit.h"
#include "server/http/etag.h"

namespace tessera {

void refuse_busy(const CallPtr& call) {
  HttpResponse response = problem(503, "busy", "too much is waiting; try again in a second");
  response.add("Retry-After", "1");
  call->answer(std::move(response));
}

void refuse_stale(const CallPtr& call, nlohmann::ordered_json current, std::uint32_t version) {
  nlohmann::ordered_json json{{"type", "about:blank"},
                              {"title", status_text(412)},
                              {"status", 412},
                              {"detail", "somebody has changed it since: look at `current`, and send its ETag as If-Match"},
                              {"code", ProblemCode("stale").word()},
                              {"current", std::move(current)}};
  HttpResponse response = json_response(412, json);
  response.headers.front().second = "application/problem+json";
  response.add("ETag", version_tag(version));
  call->answer(std::move(response));
}

bool refuse_often(AddressLimit& limit, const Clock& clock, const CallPtr& call) {
  const auto wait = limit.refuse(call->request.peer, clock.now());
  if (!wait) return false;
  const std::string seconds = std::to_string(*wait);
  HttpResponse response = problem(429, "too_soon", "this address has asked " + std::to_string(*limit.per_minute()) +
                                                       " times within a minute; try again in " + seconds + " s");
  response.add("Retry-After", seconds);
  call->answer(std::move(response));
  return true;
}

void refuse_store(const CallPtr& call, const Error& error) {
  call->refuse(500, "storage", "the store cannot be read: " + error.message);
}

}  // namespace tessera
