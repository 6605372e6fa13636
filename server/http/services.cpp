#include "server/http/services.h"

#include "server/auth/address_hasher.h"
#include "server/core/problem.h"
#include "server/http/address_limit.h"
#include "server/http/refusals.h"
#include "server/http/etag.h"

namespace tessera {

HttpResponse busy_problem() { return wait_problem(503, "busy", "too much is waiting; try again in a second", 0); }

void refuse_busy(const CallPtr& call) { call->answer(busy_problem()); }

void refuse_stale(const CallPtr& call, nlohmann::ordered_json current, std::uint32_t version) {
  HttpResponse response = problem_with(412, "stale", "somebody has changed it since: look at `current`, and send its ETag as If-Match",
                                       {{"current", std::move(current)}});
  call->answer(with_version(std::move(response), version));
}

namespace {

/// `counted`: by what the limit counts; `who` names it to people.
bool refuse_often(AddressLimit& limit, const Clock& clock, const CallPtr& call, const std::string& counted, const std::string& who) {
  const auto wait = limit.refuse(counted, clock.now());
  if (!wait) return false;
  const auto wait_ms = static_cast<std::uint32_t>(wait->count());
  call->answer(wait_problem(429, "too_soon", who + " has asked " + std::to_string(*limit.per_minute()) + " times within a minute; try again in " +
                                                 std::to_string(seconds_of(wait_ms)) + " s", wait_ms));
  return true;
}

}  // namespace

bool refuse_often(AddressLimit& limit, const Clock& clock, const CallPtr& call) {
  return refuse_often(limit, clock, call, call->request.peer, "this address");
}

bool refuse_guessing(const HttpServices& services, const CallPtr& call) {
  const std::string account = "account " + std::to_string(static_cast<std::uint32_t>(call->account.id));
  return refuse_often(services.guesses, services.clock, call) ||
         refuse_often(services.guesses, services.clock, call, account, "this account");
}

void refuse(const CallPtr& call, Refusal reason, std::string_view detail) {
  if (reason == Refusal::Busy) return refuse_busy(call);
  call->refuse(status_of(reason), reason, detail);
}

std::string own_url(const HttpServices& services, const HttpRequest& request) {
  if (services.site.public_url()) return services.site.public_url()->text();
  const std::string* host = request.header("host");
  const auto origin = parse_host(host ? *host : std::string("localhost"), request.is_secure ? "https" : "http");
  return origin ? origin->text() : std::string();
}

void note_address(const HttpServices& services, const CallPtr& call, AccountId account) {
  services.hub.note_address(account, services.addresses.prefixes(call->request.peer));
}

void refuse_store(const CallPtr& call, const Error& error) {
  call->refuse(500, "storage", "the store cannot be read: " + error.message);
}

}  // namespace tessera
