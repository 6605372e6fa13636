#include "server/http/call.h"

#include "server/core/problem.h"
#include "shared/base/text.h"

namespace tessera {

std::string json_text(const nlohmann::ordered_json& value) {
  return value.dump(-1, ' ', false, nlohmann::ordered_json::error_handler_t::replace);
}

HttpResponse json_response(unsigned status, const nlohmann::ordered_json& value) {
  HttpResponse response;
  response.status = status;
  response.add("Content-Type", "application/json");
  response.add("Cache-Control", "no-store");
  response.body = shared_bytes(json_text(value));
  return response;
}

HttpResponse with_members(HttpResponse problem, const nlohmann::ordered_json& more) {
  auto json = nlohmann::ordered_json::parse(as_text(*problem.body));
  json.update(more);
  problem.body = shared_bytes(json_text(json));
  return problem;
}

HttpResponse problem_with(unsigned status, ProblemCode code, std::string_view detail, const nlohmann::ordered_json& more) {
  return with_members(problem(status, code, detail), more);
}

void Call::answer(HttpResponse response) {
  if (counts && response.status >= lowest_status && response.status < lowest_status + counts->size())
    count((*counts)[response.status - lowest_status]);
  if (is_public_read) {
    response.add("Access-Control-Allow-Origin", "*");
    response.add("Access-Control-Expose-Headers", "ETag, Retry-After, X-Tessera-Epoch, X-Tessera-Seq");
  }
  if (id != 0) response.add("X-Request-Id", to_hex(id));
  if (note) note(*this, response.status);
  std::exchange(respond_, nullptr)(std::move(response));
}

void Call::answer(const nlohmann::ordered_json& value, unsigned status) { answer(json_response(status, value)); }

void Call::answer_nothing() {
  HttpResponse response;
  response.status = 204;
  response.add("Cache-Control", "no-store");
  answer(std::move(response));
}

void Call::refuse(unsigned status, ProblemCode code, std::string_view detail) {
  answer(problem(status, code, detail));
}

}  // namespace tessera
