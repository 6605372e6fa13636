#include "server/serve/metrics.h"

#include <limits>
#include <utility>

#include <prometheus/metric_family.h>
#include <prometheus/text_serializer.h>

#include "server/serve/process.h"

namespace tessera {
namespace {

using prometheus::ClientMetric;
using prometheus::MetricFamily;
using prometheus::MetricType;
using Labels = std::vector<ClientMetric::Label>;

template <typename Number>
double now(const std::atomic<Number>& value) {
  return static_cast<double>(value.load(std::memory_order_relaxed));
}

/// Gathers families; each call names one metric, with the unit in its name as Prometheus wants it.
class Families {
 public:
  MetricFamily& family(std::string name, std::string help, MetricType type) {
    all_.push_back({"tessera_" + std::move(name), std::move(help), type, {}});
    return all_.back();
  }
  void counter(std::string name, std::string help, double value) {
    add(family(std::move(name), std::move(help), MetricType::Counter), {}, value);
  }
  void counter(std::string name, std::string help, const Counter& value) {
    counter(std::move(name), std::move(help), now(value));
  }
  void gauge(std::string name, std::string help, double value) {
    add(family(std::move(name), std::move(help), MetricType::Gauge), {}, value);
  }
  /// `per_unit`: how many of what was counted make one of the metric's own unit.
  void histogram(std::string name, std::string help, const Histogram& values, double per_unit) {
    ClientMetric metric;
    std::uint64_t so_far = 0;
    for (std::size_t i = 0; i < values.bounds().size(); ++i) {
      so_far += values.bucket(i);
      metric.histogram.bucket.push_back({so_far, static_cast<double>(values.bounds()[i]) / per_unit});
    }
    so_far += values.bucket(values.bounds().size());
    metric.histogram.bucket.push_back({so_far, std::numeric_limits<double>::infinity()});
    metric.histogram.sample_count = so_far;
    metric.histogram.sample_sum = static_cast<double>(values.sum()) / per_unit;
    family(std::move(name), std::move(help), MetricType::Histogram).metric.push_back(std::move(metric));
  }
  /// One more value of a counter or a gauge.
  static void add(MetricFamily& family, Labels labels, double value) {
    ClientMetric metric;
    metric.label = std::move(labels);
    (family.type == MetricType::Counter ? metric.counter.value : metric.gauge.value) = value;
    family.metric.push_back(std::move(metric));
  }
  std::string text() const { return prometheus::TextSerializer().Serialize(all_); }

 private:
  std::vector<MetricFamily> all_;
};

void add_core(Families& out, const Counters& core) {
  MetricFamily& placements = out.family("placements_total", "Placements by outcome.", MetricType::Counter);
  Families::add(placements, {{"outcome", "accepted"}}, now(core.accepted));
  for (std::size_t reason = 0; reason < core.refused.size(); ++reason)
    Families::add(placements, {{"outcome", std::string(code(static_cast<Refusal>(reason)))}},
                          now(core.refused[reason]));
  out.counter("requests_repeated_total", "Requests answered from memory, because they were sent again.", core.repeated);
  out.counter("batches_total", "Batches committed.", core.batches);
  out.counter("commits_failed_total", "Commits that the store refused.", core.failed_commits);
  out.counter("checkpoints_total", "Tiles checkpointed.", core.checkpoints);
  out.counter("snapshots_total", "Tiles compressed for clients.", core.snapshots);
  out.counter("mismatches_total", "Clients that reported another checksum.", core.mismatches);
  out.counter("sign_ins_total", "Accounts made by a nickname.", core.sign_ins);
  out.histogram("batch_placements", "Placements in a batch.", core.batch_placements, 1);
  out.histogram("commit_seconds", "Time of the writer for one group of batches.", core.commit_us, 1e6);
  out.histogram("accept_to_answer_seconds", "From a request's acceptance to its answer, after the commit.", core.answer_us, 1e6);
}

void add_net(Families& out, const NetCounters& net) {
  const double open_json = now(net.open_json), open_binary = now(net.open_binary);
  MetricFamily& connections = out.family("connections", "Open connections by kind.", MetricType::Gauge);
  Families::add(connections, {{"kind", "binary"}}, open_binary);
  Families::add(connections, {{"kind", "json"}}, open_json);
  Families::add(connections, {{"kind", "http"}}, std::max(0.0, now(net.open_connections) - open_json - open_binary));
  out.counter("connections_total", "Connections accepted.", net.accepted);
  out.counter("connections_refused_total", "Connections turned away, over a limit.", net.turned_away);
  out.counter("http_unreadable_total", "HTTP requests that could not be read.", net.bad_requests);
  out.counter("messages_received_total", "WebSocket messages received.", net.messages_in);
  out.counter("deltas_sent_total", "Deltas queued for a connection.", net.deltas_out);
  out.counter("deltas_waited_total", "Deltas that could not leave at once.", net.deltas_waited);
  out.counter("fallen_behind_total", "Connections that fell behind and got tiles anew.", net.refreshes);
  out.counter("sent_bytes_total", "Bytes sent.", net.bytes_out);
  out.gauge("outbox_bytes", "Bytes that wait for slow readers, counted for each of them.", now(net.outbox_bytes));
  out.histogram("accept_to_sent_seconds", "From the oldest request of a batch to its having been sent to all who keep up.", net.sent_us, 1e6);
}

void add_http(Families& out, const Api& api) {
  MetricFamily& requests = out.family("http_requests_total", "HTTP requests to the API by route and status.", MetricType::Counter);
  api.each_count([&](const Route& route, unsigned status, std::uint64_t count) {
    Families::add(requests, {{"method", std::string(name_of(route.method))}, {"route", route.pattern}, {"status", std::to_string(status)}},
                          static_cast<double>(count));
  });
}

void add_limits(Families& out, const std::map<std::string, const AddressLimit*>& limits) {
  MetricFamily& refused = out.family("limited_total", "Requests refused because an address, or an account, made too many.", MetricType::Counter);
  for (const auto& [name, limit] : limits) Families::add(refused, {{"limit", name}}, static_cast<double>(limit->refused()));
}

void add_canvases(Families& out, const std::vector<CanvasView>& canvases) {
  MetricFamily& online = out.family("online", "People on a canvas.", MetricType::Gauge);
  for (const CanvasView& view : canvases) Families::add(online, {{"canvas", view.record.name}}, view.online);
  MetricFamily& seq = out.family("seq", "The newest placement of a canvas.", MetricType::Gauge);
  for (const CanvasView& view : canvases) Families::add(seq, {{"canvas", view.record.name}}, static_cast<double>(view.seq));
}

void add_process(Families& out) {
  const ProcessFigures figures = process_figures();
  out.counter("process_cpu_seconds_total", "User and system time.", static_cast<double>(figures.cpu_us) * 1e-6);
  out.gauge("process_resident_bytes", "Memory in use.", static_cast<double>(figures.memory_bytes));
  out.gauge("process_threads", "Threads.", figures.threads);
  const OpenFiles files = open_files();
  out.gauge("process_open_fds", "Open files and sockets.", files.open);
  out.gauge("process_max_fds", "How many may be open.", static_cast<double>(files.most));
}

}  // namespace

std::string metrics_text(const MetricsSources& sources, const std::vector<CanvasView>& canvases) {
  Families out;
  add_core(out, sources.core);
  add_net(out, sources.net);
  add_http(out, sources.api);
  add_limits(out, sources.limits);
  add_canvases(out, canvases);
  add_process(out);
  return out.text();
}

}  // namespace tessera
