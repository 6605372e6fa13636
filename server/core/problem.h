#pragma once

#include <algorithm>
#include <array>
#include <cstdint>
#include <string>
#include <string_view>

#include "server/core/http.h"
#include "server/core/json_text.h"
#include "shared/protocol/refusal.h"

namespace tessera {

/// The usual reason phrase of a status (RFC 9110, section 15).
inline std::string_view status_text(unsigned status) {
  switch (status) {
    case 101: return "Switching Protocols";
    case 200: return "OK";
    case 201: return "Created";
    case 202: return "Accepted";
    case 204: return "No Content";
    case 302: return "Found";
    case 303: return "See Other";
    case 304: return "Not Modified";
    case 400: return "Bad Request";
    case 401: return "Unauthorized";
    case 403: return "Forbidden";
    case 404: return "Not Found";
    case 405: return "Method Not Allowed";
    case 408: return "Request Timeout";
    case 409: return "Conflict";
    case 410: return "Gone";
    case 411: return "Length Required";
    case 412: return "Precondition Failed";
    case 413: return "Content Too Large";
    case 414: return "URI Too Long";
    case 415: return "Unsupported Media Type";
    case 422: return "Unprocessable Content";
    case 426: return "Upgrade Required";
    case 428: return "Precondition Required";
    case 429: return "Too Many Requests";
    case 431: return "Request Header Fields Too Large";
    case 500: return "Internal Server Error";
    case 501: return "Not Implemented";
    case 502: return "Bad Gateway";
    case 503: return "Service Unavailable";
    case 504: return "Gateway Timeout";
    case 505: return "HTTP Version Not Supported";
    default: return "Status";
  }
}

/// The words that a problem's `code` may be: clients rely on them, so that one is only ever added.
inline constexpr std::array<std::string_view, 34> problem_codes{
    "access_denied", "archived",  "authorization_pending", "bad_color", "bad_host",     "bad_origin",      "bad_token",
    "bad_version",   "banned",    "busy",      "claimed",      "drawn_over",    "exists",    "expired_token", "forbidden",     "gone",
    "internal",      "invalid",   "locked",    "method",        "not_found", "not_joined",    "not_signed_in", "nothing_to_undo",
    "out_of_bounds", "paused",    "precondition_required",      "slow_down", "stale",         "storage",       "timeout",
    "too_large",     "too_soon",  "unsupported"};

/// One of them; any other word does not compile.
class ProblemCode {
 public:
  consteval ProblemCode(const char* word) : word_(word) {
    if (std::find(problem_codes.begin(), problem_codes.end(), word_) == problem_codes.end()) throw "name it in problem_codes";
  }
  ProblemCode(Refusal refusal) : word_(code(refusal)) {}
  std::string_view word() const { return word_; }

 private:
  std::string_view word_;
};

/// As `Retry-After` tells it: rounded up, at least 1.
constexpr std::uint32_t seconds_of(std::uint32_t milliseconds) { return std::max(1u, (milliseconds + 999) / 1000); }

/// An error as `application/problem+json` (RFC 9457); `code` is the stable word, `detail` says what was wrong to a person.
/// `wait_ms`, where it is not 0: when to try again, told as `Retry-After` in whole seconds, rounded up, and as `retry_after_ms`.
inline HttpResponse problem(unsigned status, ProblemCode code, std::string_view detail, std::uint32_t wait_ms = 0) {
  HttpResponse response;
  response.status = status;
  response.add("Content-Type", "application/problem+json");
  response.add("Cache-Control", "no-store");
  response.body = shared_bytes("{\"type\":\"about:blank\",\"title\":" + json_string(status_text(status)) +
                               ",\"status\":" + std::to_string(status) + ",\"detail\":" + json_string(detail) +
                               ",\"code\":" + json_string(code.word()) +
                               (wait_ms > 0 ? ",\"retry_after_ms\":" + std::to_string(wait_ms) : "") + "}");
  if (wait_ms > 0) response.add("Retry-After", std::to_string(seconds_of(wait_ms)));
  return response;
}

}  // namespace tessera
