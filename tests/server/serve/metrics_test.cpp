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
  net.outbox_bytes = 4'096;
  net.sent_us.add(15'000);
  AddressLimit sign_ins(1);
  for (int times = 0; times < 3; ++times) sign_ins.refuse("192.0.2.1", TimePoint{});
  const std::string text = metrics_text({core, net, fixture.api(), {{"sign_in", &sign_ins}}}, {view});
  CAPTURE(text);
  CHECK(has_line(text, "tessera_placements_total{outcome=\"accepted\"} 3"));
  CHECK(has_line(text, "tessera_placements_total{outcome=\"too_soon\"} 2"));
  CHECK(has_line(text, "tessera_batch_placements_bucket{le=\"1\"} 2"));
  CHECK(has_line(text, "tessera_batch_placements_bucket{le=\"200\"} 2"));
  CHECK(has_line(text, "tessera_batch_placements_bucket{le=\"500\"} 3"));
  CHECK(has_line(text, "tessera_batch_placements_bucket{le=\"+Inf\"} 3"));
  CHECK(has_line(text, "tessera_batch_placements_sum 301"));
  CHECK(text.find("tessera_commit_seconds_sum 0.001") != std::string::npos);
  CHECK(has_line(text, "tessera_commit_seconds_bucket{le=\"0.0005\"} 0"));
  CHECK(has_line(text, "tessera_commit_seconds_bucket{le=\"0.001\"} 1"));
  CHECK(has_line(text, "tessera_accept_to_sent_seconds_bucket{le=\"0.02\"} 1"));
  CHECK(has_line(text, "tessera_outbox_bytes 4096"));
  CHECK(has_line(text, "tessera_limited_total{limit=\"sign_in\"} 2"));
  CHECK(has_line(text, "tessera_connections{kind=\"http\"} 2"));
  CHECK(has_line(text, "tessera_online{canvas=\"main\"} 4"));
  CHECK(has_line(text, "tessera_seq{canvas=\"main\"} 12"));
  CHECK(has_line(text, "tessera_http_requests_total{method=\"GET\",route=\"/api/v1/canvases/{canvas}\",status=\"200\"} 1"));
  CHECK(has_line(text, "tessera_http_requests_total{method=\"GET\",route=\"/api/v1/canvases/{canvas}\",status=\"404\"} 1"));
  CHECK(text.find("tessera_process_resident_bytes") != std::string::npos);
}
