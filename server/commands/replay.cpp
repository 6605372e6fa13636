#include <CLI/CLI.hpp>
#include <algorithm>
#include <boost/asio/steady_timer.hpp>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <map>
#include <nlohmann/json.hpp>
#include <unordered_map>

#include "server/commands/commands.h"
#include "server/commands/dataset.h"
#include "server/commands/input_file.h"
#include "server/commands/player_client.h"
#include "server/commands/progress.h"
#include "server/storage/open_store.h"
#include "shared/base/text.h"

namespace tessera {
namespace {

namespace asio = boost::asio;
using SteadyClock = std::chrono::steady_clock;

constexpr auto send_every = std::chrono::milliseconds(10);
constexpr auto answer_patience = std::chrono::seconds(10);

struct ReplayCommand {
  std::string canvas, source, url;
  double speed = 1;
  std::uint32_t players = 32;
};

/// What is to be placed when, in the target canvas's colours.
struct Step {
  WallTime time{};
  std::uint32_t user = 0;
  WireCell cell;
};

struct Target {
  Size size;
  std::vector<Rgb> palette;
  std::optional<ColorIndex> find(Rgb color) const {
    const auto found = std::find(palette.begin(), palette.end(), color);
    if (found == palette.end()) return std::nullopt;
    return static_cast<ColorIndex>(found - palette.begin());
  }
};

Result<Target> fetch_target(asio::io_context& io, const ServerAddress& server, const std::string& canvas) {
  const auto answer = http_call(io, server, "GET", "/api/v1/canvases/" + canvas, "", "");
  if (!answer) return answer.error();
  const auto json = nlohmann::json::parse(answer->body, nullptr, false);
  if (answer->status == 404) return Error{"The server has no canvas '" + canvas + "'."};
  if (answer->status != 200 || !json.is_object() || !json.contains("palette"))
    return Error{"The server did not tell of the canvas '" + canvas + "' (HTTP " + std::to_string(answer->status) + ")."};
  Target target;
  target.size = {json.value("width", 0u), json.value("height", 0u)};
  for (const auto& entry : json["palette"])
    target.palette.push_back(parse_color(entry.value("color", "")).value_or(Rgb{}));
  return target;
}

Result<std::vector<Step>> steps_from_file(const std::string& path, const Target& target, std::uint64_t& left_out) {
  auto input = InputFile::open(path);
  if (!input) return input.error();
  RedditCsvParser parser;
  while (true) {
    const auto text = input->read();
    if (!text) return text.error();
    if (text->empty()) break;
    parser.feed(*text);
  }
  const auto dataset = parser.finish();
  if (!dataset) return Error{path + ": " + dataset.error().message};
  std::vector<Step> steps;
  steps.reserve(dataset->rows.size());
  for (const DatasetRow& row : dataset->rows) {
    const auto color = target.find(dataset->colors[row.color]);
    const bool inside = row.x >= 0 && row.y >= 0 && std::cmp_less(row.x, target.size.width) && std::cmp_less(row.y, target.size.height);
    // A moderator's shape is no player's placement.
    if (row.shape != Shape::Point || !color || !inside) {
      ++left_out;
      continue;
    }
    steps.push_back({row.time, row.user, {static_cast<std::uint16_t>(row.x), static_cast<std::uint16_t>(row.y), *color}});
  }
  return steps;
}

Result<std::vector<Step>> steps_from_store(const std::string& url, const std::string& canvas, const Target& target,
                                           std::uint64_t& left_out) {
  SystemRandom random;
  auto opened = open_store(url, StoreAccess::Read, random);
  if (!opened) return opened.error();
  const auto contents = opened->store->contents(SystemClock{}.wall());
  if (!contents) return contents.error();
  const StoreContents::StoredCanvas* found = nullptr;
  for (const auto& stored : contents->canvases)
    if (stored.record.name == canvas) found = &stored;
  if (found == nullptr) return Error{"There is no canvas '" + canvas + "' in the data to be replayed."};
  auto reader = opened->store->reader();
  if (!reader) return reader.error();
  std::vector<Step> steps;
  for (Seq since = 0;;) {
    const auto placements = (*reader)->placements(found->record.id, since, 50'000);
    if (!placements) return placements.error();
    if (placements->empty()) return steps;
    since = placements->back().seq;
    for (const Placement& placement : *placements) {
      const auto color = found->record.palette.contains(placement.color)
                             ? target.find(found->record.palette[placement.color].color)
                             : std::nullopt;
      if (!color || !target.size.contains(placement.cell)) {
        ++left_out;
        continue;
      }
      steps.push_back({placement.time, static_cast<std::uint32_t>(placement.account), {placement.cell.x, placement.cell.y, *color}});
    }
  }
}

/// Plays the steps through several players at once, at their own pace times `speed`, and counts what comes back.
class Replay {
 public:
  Replay(asio::io_context& io, std::vector<Step> steps, const ReplayCommand& command)
      : timer_(io), steps_(std::move(steps)), command_(command), bar_(std::in_place, "Replaying", clock_) {}

  void add_player(asio::io_context& io, const ServerAddress& server, std::string token) {
    const std::size_t index = players_.size();
    players_.push_back({std::make_shared<PlayerClient>(
                            io, std::move(token), command_.canvas,
                            PlayerClient::Handlers{[this](const Entered&) { entered(); },
                                                   [this](const PlaceResult& result) { answered(result); },
                                                   [this, index](const std::string& why) { lost(index, why); }}),
                        {},
                        false});
    players_.back().client->start(server);
  }

  int report() const {
    std::vector<double> latencies = latencies_ms_;
    std::sort(latencies.begin(), latencies.end());
    const auto at = [&](double share) {
      return latencies.empty() ? 0.0 : latencies[static_cast<std::size_t>(share * static_cast<double>(latencies.size() - 1))];
    };
    std::printf("%llu placements sent by %zu players, %llu stored, %llu refused, %llu without an answer\n",
                static_cast<unsigned long long>(sent_), players_.size(), static_cast<unsigned long long>(accepted_),
                static_cast<unsigned long long>(refused_),
                static_cast<unsigned long long>(sent_ - accepted_ - refused_));
    for (const auto& [reason, count] : reasons_)
      std::printf("  %llu: %s\n", static_cast<unsigned long long>(count), std::string(code(reason)).c_str());
    std::printf("from sending to stored: median %.1f ms, 99th of 100 %.1f ms\n", at(0.5), at(0.99));
    for (const auto& [why, count] : losses_)
      std::fprintf(stderr, "tessera-server: %zu players lost their connection: %s\n", count, why.c_str());
    return losses_.empty() ? 0 : 1;
  }

 private:
  struct Player {
    std::shared_ptr<PlayerClient> client;
    std::vector<WireCell> due;
    bool lost = false;
  };
  struct Waiting {
    SteadyClock::time_point since;
    std::size_t cells = 0;
  };

  void entered() {
    if (++entered_ < players_.size()) return;
    begun_ = SteadyClock::now();
    step();
  }

  void step() {
    if (!bar_) return;  // finished while this call was on its way
    const auto now = SteadyClock::now();
    const double passed_ms = std::chrono::duration<double, std::milli>(now - begun_).count() * command_.speed;
    const double first_ms = steps_.empty() ? 0 : static_cast<double>(ms(steps_.front().time));
    while (next_ < steps_.size() && static_cast<double>(ms(steps_[next_].time)) - first_ms <= passed_ms) {
      Player& player = players_[steps_[next_].user % players_.size()];
      player.due.push_back(steps_[next_].cell);
      if (player.due.size() == limits::cells_per_request) send(player);
      ++next_;
    }
    for (Player& player : players_) send(player);
    bar_->show(next_, steps_.size());
    const bool stop = stop_requested().load(std::memory_order_relaxed);
    if (next_ == steps_.size() && all_sent_at_ == SteadyClock::time_point{}) all_sent_at_ = now;
    const bool done = next_ == steps_.size() && (waiting_.empty() || now - all_sent_at_ > answer_patience);
    if (stop || done || alive() == 0) return finish();
    timer_.expires_after(send_every);
    timer_.async_wait([this](const boost::system::error_code& error) {
      if (!error) step();
    });
  }

  void send(Player& player) {
    if (player.due.empty() || player.lost) return;
    Place place;
    place.request = RequestId{++next_request_ | run_ << 32};
    place.cells = std::move(player.due);
    player.due.clear();
    sent_ += place.cells.size();
    waiting_[place.request] = {SteadyClock::now(), place.cells.size()};
    player.client->send(place);
  }

  void answered(const PlaceResult& result) {
    const auto found = waiting_.find(result.request);
    if (found == waiting_.end()) return;
    latencies_ms_.push_back(std::chrono::duration<double, std::milli>(SteadyClock::now() - found->second.since).count());
    accepted_ += result.accepted;
    refused_ += result.rejected.size();
    for (const Rejection& rejection : result.rejected) ++reasons_[rejection.reason];
    waiting_.erase(found);
  }

  void lost(std::size_t index, const std::string& why) {
    players_[index].lost = true;
    ++losses_[why];
    if (begun_ == SteadyClock::time_point{}) finish();
  }

  std::size_t alive() const {
    return static_cast<std::size_t>(std::count_if(players_.begin(), players_.end(), [](const Player& player) { return !player.lost; }));
  }

  void finish() {
    timer_.cancel();
    bar_.reset();
    for (Player& player : players_) player.client->close();
  }

  SystemClock clock_;
  asio::steady_timer timer_;
  std::vector<Step> steps_;
  const ReplayCommand& command_;
  std::optional<ProgressBar> bar_;
  std::vector<Player> players_;
  std::unordered_map<RequestId, Waiting> waiting_;
  std::map<Refusal, std::uint64_t> reasons_;
  std::map<std::string, std::size_t> losses_;
  std::vector<double> latencies_ms_;
  std::uint64_t run_ = SystemRandom{}.next_u64() & 0xFFFF'FFFF;
  std::uint64_t next_request_ = 0;
  std::uint64_t sent_ = 0, accepted_ = 0, refused_ = 0;
  std::size_t next_ = 0;
  std::size_t entered_ = 0;
  SteadyClock::time_point begun_{}, all_sent_at_{};
};

Result<std::string> sign_in(asio::io_context& io, const ServerAddress& server, std::uint32_t number, const std::string& owner) {
  const nlohmann::json body{{"name", "player " + std::to_string(number + 1)}};
  const auto answer = http_call(io, server, "POST", "/auth/guest", body.dump(), owner);
  if (!answer) return answer.error();
  const auto json = nlohmann::json::parse(answer->body, nullptr, false);
  if (answer->status != 201 || !json.is_object() || !json.contains("token"))
    return Error{"The server gave no account for a player (HTTP " + std::to_string(answer->status) + "): " +
                 (json.is_object() ? json.value("detail", "") : std::string())};
  return json["token"].get<std::string>();
}

int fail(const std::string& message) {
  std::fprintf(stderr, "tessera-server: %s\n", message.c_str());
  return 1;
}

int run_replay(const ReplayCommand& command, const StoreChoice& choice) {
  stop_on_signals();
  const auto server = ServerAddress::parse(command.url);
  if (!server) return fail(server.error().message);
  asio::io_context io;
  const auto target = fetch_target(io, *server, command.canvas);
  if (!target) return fail(target.error().message);
  std::uint64_t left_out = 0;
  auto steps = command.source.empty() ? steps_from_store(choice.url(), command.canvas, *target, left_out)
                                      : steps_from_file(command.source, *target, left_out);
  if (!steps) return fail(steps.error().message);
  if (left_out > 0)
    std::fprintf(stderr, "%llu placements left out: not a player's, beyond the canvas, or of a colour that it does not have\n",
                 static_cast<unsigned long long>(left_out));
  const char* owner = std::getenv("TESSERA_OWNER_TOKEN");
  Replay replay(io, std::move(*steps), command);
  for (std::uint32_t i = 0; i < command.players; ++i) {
    const auto token = sign_in(io, *server, i, owner != nullptr ? owner : "");
    if (!token) return fail(token.error().message);
    replay.add_player(io, *server, *token);
  }
  io.restart();
  io.run();
  return replay.report();
}

/// What is wrong with it; nothing where it is one.
std::string check_speed(const std::string& text) {
  double speed = 0;
  const bool good = CLI::detail::lexical_cast(text, speed) && speed >= 0.001 && speed <= 1e9;
  return good ? std::string() : "'" + text + "' is not a number from 0.001 to 1000000000";
}

}  // namespace

void register_replay(CLI::App& app, int& exit_code) {
  auto* command = app.add_subcommand("replay", "Play a dataset or a journal at a server, as many players");
  auto choice = std::make_shared<StoreChoice>();
  auto options = std::make_shared<ReplayCommand>();
  StoreChoice::add_options(*command, choice);
  command->add_option("--canvas", options->canvas, "Canvas, there and in the journal")->required();
  command->add_option("--speed", options->speed, "Times as fast as it was")->check(check_speed, "0.001 to 1000000000")->capture_default_str();
  command->add_option("--players", options->players, "Connections to spread the users over")->check(CLI::Range(1, 10'000))->capture_default_str();
  command->add_option("--source", options->source, "File of a public dataset, in place of a journal")->check(CLI::ExistingFile);
  command->add_option("url", options->url, "Server, such as http://127.0.0.1:7878")->required();
  command->callback([choice, options, &exit_code] { exit_code = run_replay(*options, *choice); });
}

}  // namespace tessera
