#include "server/serve/metrics.h"

#include "tests/support/api_fixture.h"

using namespace tessera;

namespace {

bool has_line(const std::string& text, const std::string& line) { return ("\n" + text).find("\n" + line + "\n") != std::string::npos; }

}  // namespace

TEST_CASE("Metrics: what was counted stands there by its name, labels and unit") {
  ApiFixture fixture;
  fixture.get("/api/v1/canvases/main");
  fixture.get("/api/v1/canvases/none");
  fixture.get("/nowhere");
  Counters core;
  NetCounters net;
  count(core.accepted, 3);
  count(core.refused[static_cast<std::size_t>(Refusal::TooSoon)], 2);
  for (const std::uint64_t value : {0u, 1u, 300u}) core.batch_placements.add(value);
  core.commit_us.add(1'000);
  net.open_connections = 5;
  net.open_binary = 2;
  net.open_json = 1;
  CanvasView view;
  view.record.name = "main";
  view.seq = 12;
  view.online = 4;
  const std::string text = metrics_text({core, net, fixture.api()}, {view});
  CAPTURE(text);
  CHECK(has_line(text, "tessera_placements_total{outcome=\"accepted\"} 3"));
  CHECK(has_line(text, "tessera_placements_total{outcome=\"too_soon\"} 2"));
  CHECK(has_line(text, "tessera_batch_placements_bucket{le=\"0\"} 1"));
  CHECK(has_line(text, "tessera_batch_placements_bucket{le=\"1\"} 2"));
  CHECK(has_line(text, "tessera_batch_placements_bucket{le=\"511\"} 3"));
  CHECK(has_line(text, "tessera_batch_placements_bucket{le=\"+Inf\"} 3"));
  CHECK(has_line(text, "tessera_batch_placements_sum 301"));
  CHECK(text.find("tessera_commit_seconds_sum 0.001") != std::string::npos);
  CHECK(has_line(text, "tessera_connections{kind=\"http\"} 2"));
  CHECK(has_line(text, "tessera_online{canvas=\"main\"} 4"));
  CHECK(has_line(text, "tessera_seq{canvas=\"main\"} 12"));
  CHECK(has_line(text, "tessera_http_requests_total{method=\"GET\",route=\"/api/v1/canvases/{canvas}\",status=\"200\"} 1"));
  CHECK(has_line(text, "tessera_http_requests_total{method=\"GET\",route=\"/api/v1/canvases/{canvas}\",status=\"404\"} 1"));
  CHECK(text.find("tessera_process_resident_bytes") != std::string::npos);
}
