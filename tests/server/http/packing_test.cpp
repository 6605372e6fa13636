#include "server/http/packing.h"

#include <future>

#include <doctest/doctest.h>

#include "tests/support/api_fixture.h"
#include "tests/support/gunzip.h"

using namespace tessera;

namespace {

std::string gunzipped(const Answer& answer) {
  const Bytes bytes = gunzip(*answer.response.body);
  return std::string(as_text(bytes));
}

/// An answer of so many bytes of this type, to a request with this `Accept-Encoding`.
Answer packed(const char* accepted, std::size_t bytes, const char* type, unsigned status = 200) {
  Workers workers(1, 10);
  HttpRequest request;
  if (accepted) request.headers.emplace_back("accept-encoding", accepted);
  HttpResponse response;
  response.status = status;
  response.add("Content-Type", type);
  response.body = shared_bytes(std::string(bytes, 'x'));
  std::promise<HttpResponse> answered;
  packed_for(request, workers, [&](HttpResponse answer) { answered.set_value(std::move(answer)); })(response);
  return {answered.get_future().get()};
}

}  // namespace

TEST_CASE("Packing: text of 1 KB and more goes gzipped where the request takes that, and says that it varies") {
  for (const char* type : {"application/json", "application/problem+json", "application/x-ndjson", "text/csv; charset=utf-8"}) {
    CAPTURE(type);
    const Answer answer = packed("br, gzip;q=0.8", 1'024, type);
    CHECK(answer.header("Content-Encoding") == "gzip");
    CHECK(answer.header("Vary") == "Accept-Encoding");
    CHECK(gunzipped(answer) == std::string(1'024, 'x'));
  }
}

TEST_CASE("Packing: nothing else is touched") {
  for (const char* accepted : {static_cast<const char*>(nullptr), "br", "gzip;q=0", "identity"}) {
    const Answer plain = packed(accepted, 5'000, "application/json");
    CHECK(plain.header("Content-Encoding") == "");
    CHECK(plain.header("Vary") == "Accept-Encoding");
    CHECK(plain.body().size() == 5'000);
  }
  for (const char* type : {"image/png", "application/octet-stream"}) CHECK(packed("gzip", 5'000, type).response.headers.size() == 1);
  CHECK(packed("gzip", 1'023, "application/json").response.headers.size() == 1);
}

TEST_CASE("HTTP: the document comes gzipped, with a tag that saves fetching it again in any coding") {
  ApiFixture api;
  const Answer plain = api.get("/api/v1/openapi.json"), gzipped = api.get("/api/v1/openapi.json", {{"accept-encoding", "gzip"}});
  CHECK(gunzipped(gzipped) == plain.body());
  CHECK(gzipped.body().size() < plain.body().size() / 4);
  const std::string tag = plain.header("ETag");
  CHECK(tag.starts_with("W/\""));
  CHECK(gzipped.header("ETag") == tag);
  const Answer again = api.get("/api/v1/openapi.json", {{"accept-encoding", "gzip"}, {"if-none-match", tag}});
  CHECK(again.status() == 304);
  CHECK(again.body().empty());
  CHECK(again.header("ETag") == tag);
  CHECK(again.header("Vary") == "Accept-Encoding");
  CHECK(api.get("/api/v1/openapi.json", {{"if-none-match", "\"other\""}}).status() == 200);
}

TEST_CASE("HTTP: the bitmap is not gzipped twice") {
  ApiFixture api;
  const Answer bitmap = api.get("/api/v1/canvases/main/bitmap", {{"accept-encoding", "gzip"}});
  CHECK(gunzipped(bitmap).size() == 300 * 200);
  CHECK(bitmap.header("Vary") == "");
}
