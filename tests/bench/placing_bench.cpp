// Placing through the real server, by real sockets: how many a second are stored, and how soon others see them.
#include <algorithm>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <map>
#include <unordered_map>

#include "shared/base/random.h"
#include "tests/bench/load_client.h"
#include "tests/bench/server_process.h"

using namespace tessera;
using namespace tessera::bench;
using namespace std::chrono_literals;

namespace {

constexpr std::uint32_t side = 2'000;
const std::vector<std::string> open_server{"--limit", "off", "--canvas", "main:2000x2000"};

std::vector<TileIndex> all_tiles() {
  std::vector<TileIndex> tiles;
  const Size size{side, side};
  for (std::uint32_t ty = 0; ty < size.tile_rows(); ++ty)
    for (std::uint32_t tx = 0; tx < size.tile_columns(); ++tx)
      tiles.push_back({static_cast<std::uint8_t>(tx), static_cast<std::uint8_t>(ty)});
  return tiles;
}

Place random_place(SeededRandom& random, std::size_t cells) {
  Place place;
  place.request = RequestId{random.next()};
  for (std::size_t i = 0; i < cells; ++i)
    place.cells.push_back({static_cast<std::uint16_t>(random.below(side)), static_cast<std::uint16_t>(random.below(side)),
                           static_cast<ColorIndex>(random.below(32))});
  return place;
}

std::string text(double value, const char* unit, int digits) {
  char out[64];
  std::snprintf(out, sizeof out, "%.*f%s", digits, value, unit);
  return out;
}

/// 8 connections, each with a few requests in flight, for some seconds; counts what was acknowledged after its commit.
void acknowledged_rate() {
  constexpr std::size_t connections = 8, in_flight = 8, cells = 512;
  ServerProcess server(open_server);
  SeededRandom random(1);
  std::uint64_t accepted = 0, refused = 0;
  std::vector<Place> prepared;
  for (int i = 0; i < 64; ++i) prepared.push_back(random_place(random, cells));
  LoadClient* loader = nullptr;
  bool going = false;
  LoadClient client(server.port(), [&](std::size_t connection, ByteSpan message, SteadyTime) {
    if (static_cast<Tag>(message[0]) != Tag::PlaceResult) return;
    const auto decoded = decode_server(message);
    if (!decoded.ok()) std::exit(1);
    const auto& result = std::get<PlaceResult>(*decoded);
    accepted += result.accepted;
    refused += result.rejected.size();
    if (!going) return;
    Place& next = prepared[random.below(prepared.size())];
    next.request = RequestId{random.next()};
    loader->send(connection, next);
  });
  loader = &client;
  for (std::size_t i = 0; i < connections; ++i) client.add(new_guest(server.port(), "placer " + std::to_string(i)), {});
  going = true;
  for (std::size_t i = 0; i < connections * in_flight; ++i) client.send(i % connections, random_place(random, cells));
  client.run_until(std::chrono::steady_clock::now() + 1s);
  const std::uint64_t before = accepted;
  const double cpu_before = server.cpu_seconds();
  const auto begun = std::chrono::steady_clock::now();
  client.run_until(begun + 5s);
  const double seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - begun).count();
  const double rate = static_cast<double>(accepted - before) / seconds;
  going = false;
  std::printf("placing: %zu connections × %zu requests of %zu cells in flight; %llu refused; server CPU %.2f cores, client busy %.0f %%\n",
              connections, in_flight, cells, static_cast<unsigned long long>(refused),
              (server.cpu_seconds() - cpu_before) / seconds, 100 * client.busy());
  figure("placements a second acknowledged after fsync, 8 binary connections, limits off", text(rate, "/s", 0), "100,000/s; aim 300,000",
         rate >= 100'000);
}

/// A histogram in tenths of a millisecond.
class Latencies {
 public:
  void add(double ms, std::uint64_t count = 1) {
    const auto bucket = static_cast<std::size_t>(std::clamp(ms * 10, 0.0, 99'999.0));
    if (counts_.size() <= bucket) counts_.resize(bucket + 1);
    counts_[bucket] += count;
    all_ += count;
  }
  double at(double share) const {
    std::uint64_t left = static_cast<std::uint64_t>(std::ceil(share * static_cast<double>(all_)));
    for (std::size_t i = 0; i < counts_.size(); ++i) {
      if (left <= counts_[i]) return static_cast<double>(i + 1) / 10;
      left -= counts_[i];
    }
    return 0;
  }
  std::uint64_t all() const { return all_; }

 private:
  std::vector<std::uint64_t> counts_;
  std::uint64_t all_ = 0;
};

/// When each placement was scheduled, by seq, and when each batch reached each reader: put together at the end.
struct Journey {
  std::unordered_map<RequestId, SteadyTime> scheduled;  // by request
  std::map<Seq, std::pair<Seq, SteadyTime>> requests;   // first seq → last seq, scheduled
  struct Arrival {
    Seq first = 0, last = 0;
    std::vector<SteadyTime> when;  // one per reader
  };
  std::map<Seq, Arrival> arrivals;

  void hear(ByteSpan message, SteadyTime when) {
    const Tag tag = static_cast<Tag>(message[0]);
    if (tag == Tag::Deltas) {
      ByteReader reader(message.subspan(1));
      const Seq first = reader.varint(), last = reader.varint();
      Arrival& arrival = arrivals[first];
      arrival.first = first;
      arrival.last = last;
      arrival.when.push_back(when);
    } else if (tag == Tag::PlaceResult) {
      const auto decoded = decode_server(message);
      if (!decoded.ok()) std::exit(1);
      const auto& result = std::get<PlaceResult>(*decoded);
      const auto found = scheduled.find(result.request);
      if (found == scheduled.end() || result.accepted == 0) return;
      requests[result.first_seq] = {result.first_seq + result.accepted - 1, found->second};
    }
  }
  Latencies latencies() const {
    Latencies all;
    for (const auto& [first, arrival] : arrivals)
      for (auto request = requests.lower_bound(arrival.first); request != requests.end() && request->first <= arrival.last; ++request) {
        const std::uint64_t cells = request->second.first - request->first + 1;
        for (const SteadyTime when : arrival.when)
          all.add(std::chrono::duration<double, std::milli>(when - request->second.second).count(), cells);
      }
    return all;
  }
};

/// One placement now and then on a quiet server: rarer than flushes under load are, so that each finds it idle.
void idle_latency() {
  ServerProcess server(open_server);
  SeededRandom random(2);
  Journey journey;
  LoadClient client(server.port(), [&](std::size_t connection, ByteSpan message, SteadyTime when) {
    const bool reader = connection == 0;
    if (reader == (static_cast<Tag>(message[0]) == Tag::Deltas)) journey.hear(message, when);
  });
  client.add("", all_tiles());
  const std::size_t placer = client.add(new_guest(server.port(), "placer"), {});
  const auto begun = std::chrono::steady_clock::now();
  for (int i = 0; i < 200; ++i) {
    const auto at = begun + i * 60ms + std::chrono::microseconds(random.below(20'000));
    client.run_until(at);
    const Place place = random_place(random, 1);
    journey.scheduled[place.request] = at;
    client.send(placer, place);
  }
  client.run_until(std::chrono::steady_clock::now() + 300ms);
  const Latencies latencies = journey.latencies();
  std::printf("idle: %llu placements seen, p99 %.1f ms\n", static_cast<unsigned long long>(latencies.all()), latencies.at(0.99));
  figure("place → visible at another client, idle, p50", text(latencies.at(0.5), " ms", 1), "5 ms",
         latencies.all() == 200 && latencies.at(0.5) <= 5);
}

/// 1,000 readers, 8,000 placements a second in open loop: latency counts from the instant each was due.
void loaded_latency() {
  constexpr std::size_t readers = 1'000, placers = 8, cells = 8;
  constexpr auto each = std::chrono::microseconds(1'000'000) / (8'000 / cells);
  ServerProcess server(open_server);
  SeededRandom random(3);
  Journey journey;
  bool counting = false;
  std::uint64_t frames = 0;
  LoadClient client(server.port(), [&](std::size_t, ByteSpan message, SteadyTime when) {
    if (static_cast<Tag>(message[0]) == Tag::Deltas) ++frames;
    if (counting) journey.hear(message, when);
  });
  const auto tiles = all_tiles();
  std::vector<std::size_t> placing;
  for (std::size_t i = 0; i < placers; ++i) placing.push_back(client.add(new_guest(server.port(), "placer " + std::to_string(i)), {}));
  for (std::size_t i = 0; i < readers; ++i) client.add("", tiles);
  client.run_until(std::chrono::steady_clock::now() + 500ms);
  const auto begun = std::chrono::steady_clock::now();
  const double cpu_before = server.cpu_seconds();
  const auto duration = 8s;
  std::uint64_t sent = 0;
  for (auto at = begun; at < begun + duration; at += each) {
    client.run_until(at);
    counting = at > begun + 1s;
    const Place place = random_place(random, cells);
    journey.scheduled[place.request] = at;
    client.send(placing[sent++ % placers], place);
  }
  client.run_until(std::chrono::steady_clock::now() + 1s);
  const Latencies latencies = journey.latencies();
  std::printf("loaded: %llu requests of %zu cells, %llu sightings, %.1f frames a second and reader, p50 %.1f ms; server CPU %.2f cores, client busy %.0f %%\n",
              static_cast<unsigned long long>(sent), cells, static_cast<unsigned long long>(latencies.all()),
              static_cast<double>(frames) / static_cast<double>(readers) / 8.0, latencies.at(0.5),
              (server.cpu_seconds() - cpu_before) / 9, 100 * client.busy());
  figure("the same with 1,000 readers and 8,000 placements/s (binary), p99", text(latencies.at(0.99), " ms", 1), "60 ms",
         latencies.all() > 0 && latencies.at(0.99) <= 60);
}

}  // namespace

/// All three, or those named: placing, idle, loaded.
int main(int count, char** names) {
  const std::vector<std::string> wanted(names + 1, names + count);
  const auto wants = [&](const char* name) { return wanted.empty() || std::find(wanted.begin(), wanted.end(), name) != wanted.end(); };
  if (wants("placing")) acknowledged_rate();
  if (wants("idle")) idle_latency();
  if (wants("loaded")) loaded_latency();
}
