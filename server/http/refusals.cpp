#include "server/http/refusals.h"

#include <algorithm>

namespace tessera {

std::string_view sentence(Refusal reason) {
  switch (reason) {
    case Refusal::OutOfBounds: return "the cell lies outside the canvas";
    case Refusal::BadColor: return "the palette has no such colour to place";
    case Refusal::TooSoon: return "no charges are left; wait for the next";
    case Refusal::Paused: return "the canvas is paused";
    case Refusal::Locked: return "the cell is locked";
    case Refusal::Banned: return "this account is banned";
    case Refusal::NotSignedIn: return "sign in first";
    case Refusal::Forbidden: return "this account may not place here";
    case Refusal::Busy: return "the server cannot keep up; try again";
    case Refusal::NotFound: return "there is no such canvas";
    case Refusal::TooLarge: return "too many cells";
    case Refusal::NothingToUndo: return "nothing is recent enough";
    case Refusal::DrawnOver: return "somebody has drawn over it since";
    case Refusal::NotJoined: return "this canvas asks for a code or an invitation first";
    case Refusal::Archived: return "the canvas is archived";
    default: return "the request was refused";
  }
}

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
