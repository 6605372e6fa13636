#include "server/http/refusals.h"

#include <algorithm>

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

std::uint32_t seconds_of(std::uint32_t milliseconds) { return std::max(1u, (milliseconds + 999) / 1000); }

HttpResponse wait_problem(unsigned status, ProblemCode code, std::string_view detail, std::uint32_t wait_ms, nlohmann::ordered_json more) {
  if (wait_ms > 0) more["retry_after_ms"] = wait_ms;
  HttpResponse response = problem_with(status, code, detail, more);
  response.add("Retry-After", std::to_string(seconds_of(wait_ms)));
  return response;
}

}  // namespace tessera
