#include "server/http/refusals.h"

#include <utility>

namespace tessera {

unsigned status_of(Refusal reason) {
  switch (reason) {
    case Refusal::Invalid: return 400;
    case Refusal::NotSignedIn:
    case Refusal::BadToken: return 401;
    case Refusal::NotFound: return 404;
    case Refusal::TooLarge: return 413;
    case Refusal::TooSoon: return 429;
    case Refusal::Busy: return 503;
    default: return 403;
  }
}

HttpResponse wait_problem(unsigned status, ProblemCode code, std::string_view detail, std::uint32_t wait_ms, const nlohmann::ordered_json& more) {
  HttpResponse response = problem(status, code, detail, wait_ms);
  if (wait_ms == 0) response.add("Retry-After", std::to_string(seconds_of(wait_ms)));
  return more.empty() ? response : with_members(std::move(response), more);
}

}  // namespace tessera
