#include "server/net/http_writer.h"

#include <cassert>
#include <ctime>

#include "server/core/problem.h"

namespace tessera {
namespace {

constexpr std::uint32_t back_in_ms = 10'000;

}  // namespace

HttpResponse too_many_connections() { return problem(429, "busy", "too many connections from your address", back_in_ms); }

HttpResponse no_room_for_connections() { return problem(503, "busy", "the server has no room for more connections", back_in_ms); }

std::string http_date(WallTime time) {
  const auto seconds = static_cast<std::time_t>(ms(time) / 1000);
  std::tm parts{};
  gmtime_r(&seconds, &parts);
  static constexpr const char* days[] = {"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
  static constexpr const char* months[] = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                           "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
  char rest[40];
  std::strftime(rest, sizeof rest, " %Y %H:%M:%S GMT", &parts);
  char day[4];
  std::strftime(day, sizeof day, "%d", &parts);
  return std::string(days[parts.tm_wday]) + ", " + day + ' ' + months[parts.tm_mon] + rest;
}

FramePtr write_response(const HttpResponse& response, BodyWish body, Persistence persistence, WallTime now, Channel channel) {
  const std::size_t size = response.body ? response.body->size() : 0;
  std::string head = "HTTP/1.1 " + std::to_string(response.status) + ' ' + std::string(status_text(response.status)) + "\r\n";
  bool has_policy = false, has_referrer = false;
  for (const auto& [name, value] : response.headers) {
    assert((name + value).find_first_of("\r\n") == std::string::npos);
    head += name + ": " + value + "\r\n";
    has_policy = has_policy || name == "Content-Security-Policy";
    has_referrer = has_referrer || name == "Referrer-Policy";
  }
  // What is no page of ours is none at all, whatever a browser takes it for.
  if (!has_policy) head += "Content-Security-Policy: default-src 'none'; frame-ancestors 'none'\r\n";
  if (!has_referrer) head += "Referrer-Policy: no-referrer\r\n";
  if (channel == Channel::Secure) head += "Strict-Transport-Security: max-age=31536000\r\n";
  const bool may_have_body = response.status != 204 && response.status != 304 && response.status >= 200;
  if (may_have_body) head += "Content-Length: " + std::to_string(size) + "\r\n";
  head += "Date: " + http_date(now) + "\r\nX-Content-Type-Options: nosniff\r\nX-Frame-Options: DENY\r\n";
  head += persistence == Persistence::KeepAlive ? "Connection: keep-alive\r\n\r\n" : "Connection: close\r\n\r\n";

  auto frame = std::make_shared<Frame>();
  frame->own.assign(head.begin(), head.end());
  if (may_have_body && body == BodyWish::Send && size > 0) frame->shared = response.body;
  return frame;
}

}  // namespace tessera
