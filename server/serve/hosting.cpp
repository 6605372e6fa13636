#include "server/serve/hosting.h"

#include <algorithm>
#include <cstdio>
#include <filesystem>
#include <future>
#include <mutex>
#include <thread>

#include "server/auth/address_hasher.h"
#include "server/auth/curl_client.h"
#include "server/auth/device_codes.h"
#include "server/auth/discord.h"
#include "server/auth/forwarding.h"
#include "server/auth/session_authenticator.h"
#include "server/auth/token.h"
#include "server/core/room_loop.h"
#include "server/http/address_limit.h"
#include "server/http/api.h"
#include "server/http/compress.h"
#include "server/http/picture_queue.h"
#include "server/http/stats.h"
#include "server/net/net_server.h"
#include "server/net/static_files.h"
#include "server/serve/discord_setup.h"
#include "server/serve/inspect.h"
#include "server/serve/metrics.h"
#include "server/serve/owner.h"
#include "server/serve/process.h"
#include "server/serve/sampler.h"
#include "server/storage/key_file.h"
#include "server/storage/open_store.h"
#include "shared/base/text.h"

namespace tessera {
namespace {

constexpr int tile_compression = 2;  // of tiles on their way to people: fast before small
constexpr std::uint32_t guesses_per_minute = 10;  // at codes and secrets
constexpr std::size_t waiting_jobs = 4'096;
constexpr std::chrono::seconds between_refusals_told{10};
constexpr std::uint32_t device_tries_a_minute = 30;

/// Of the database and its log of changes.
std::uint64_t bytes_of(const std::filesystem::path& database) {
  std::uint64_t bytes = 0;
  for (const char* end : {"", "-wal"}) {
    std::error_code failed;
    const auto size = std::filesystem::file_size(database.string() + end, failed);
    if (!failed) bytes += size;
  }
  return bytes;
}

std::size_t worker_count() { return std::max(2u, std::thread::hardware_concurrency()); }

}  // namespace

std::string version_text() { return TESSERA_VERSION; }

/// In the order in which they need each other; the network threads end first, the store last.
struct Hosting::Parts {
  Parts(const Plan& asked, const Log& used_log, OpenedStore store, const SecretKey& address_key)
      : plan(asked),
        log(used_log),
        opened(std::move(store)),
        addresses(address_key),
        site(plan.public_url, plan.host_names, plan.proxies),
        plain_reads(plan.plain_reads),
        audit_reads(plan.audit_reads),
        wide_reads(plan.wide_reads),
        sign_ins(plan.sign_ins),
        guesses(plan.limits_off ? std::nullopt : std::optional(guesses_per_minute)),
        metrics_for_all(plan.metrics_for_all),
        public_audit(plan.public_audit),
        full_addresses(plan.full_addresses),
        device_tries(plan.limits_off ? std::nullopt : std::optional(device_tries_a_minute)),
        devices(clock, random) {
    shown = plan.shown;
  }

  Plan plan;
  Log log;
  SystemClock clock;
  const WallTime started = clock.wall();
  MinuteHistory history{clock};
  std::mutex mutex;  // guards `shown`
  std::vector<ShownSetting> shown;  // the settings in force
  SystemRandom random;
  Counters counters;
  OpenedStore opened;
  AddressHasher addresses;
  Site site;
  AddressLimit plain_reads;
  AddressLimit audit_reads;
  AddressLimit wide_reads;
  AddressLimit sign_ins;
  AddressLimit guesses;
  std::atomic<bool> metrics_for_all, public_audit, full_addresses;
  AddressLimit device_tries;
  DeviceCodes devices;
  std::optional<OwnerLink> owner_link;
  std::unique_ptr<Journal> journal;
  std::unique_ptr<Workers> workers;
  std::unique_ptr<Readers> readers;
  std::unique_ptr<RoomLoop> loop;
  std::unique_ptr<SessionAuthenticator> authenticator;
  std::unique_ptr<CurlClient> web_client;
  std::unique_ptr<Discord> discord;
  std::unique_ptr<PictureQueue> pictures;
  std::unique_ptr<Stats> stats;
  std::unique_ptr<Api> api;
  std::unique_ptr<StaticFiles> files;
  std::unique_ptr<NetServer> net;
  std::unique_ptr<Sampler> sampler;
  TimePoint next_refusal_told{};  // writer thread

  Status open_rooms(const std::function<void()>& fatal);
  Status open_discord();
  Status open_http();
  Status open_network();
  Status tell_owner_link();
  void start_sampling();
  std::map<std::string, const AddressLimit*> address_limits() const;
  void tell_refusal(const std::string& why);
  void check_audit();
  ServerState state();
  void note_start(Opening& opening);
  void note_reload(const SettingValues& before, const SettingValues& after);
  void note_answer(const Call& call, unsigned status);
  void stop();
};

/// Beside the start, which does not wait for it: a log that somebody wrote into is told, and never keeps the server from starting.
void Hosting::Parts::check_audit() {
  const bool posted = readers->post([this](StoreReader& reader) {
    const auto check = reader.check_audit();
    if (!check) return log.error("the audit log cannot be read", {{"detail", check.error().message}});
    const std::string entries = std::to_string(check->entries), head = to_hex(ByteSpan(check->head));
    if (!check->bad && check->what.empty()) return log.info("the audit log is whole", {{"entries", entries}, {"head", head}});
    log.error("the audit log is not as it was written", {{"entry", check->bad ? std::to_string(*check->bad) : "-"}, {"detail", check->what}, {"head", head}});
  });
  if (!posted) log.warn("the audit log was not checked: too much waits");
}

ServerState Hosting::Parts::state() {
  const auto open = [](const std::atomic<std::int64_t>& count) { return static_cast<std::uint32_t>(std::max<std::int64_t>(0, count.load(std::memory_order_relaxed))); };
  const ProcessFigures process = process_figures();
  ServerState now{.started = started,
                  .store = opened.kind,
                  .binary_connections = open(net->counters().open_binary),
                  .json_connections = open(net->counters().open_json),
                  .memory_bytes = process.memory_bytes,
                  .cpu = history.cores(process.cpu_us),
                  .threads = process.threads,
                  .settings = {}};
  if (!opened.database.empty()) now.database_bytes = bytes_of(opened.database);
  const std::lock_guard lock(mutex);
  now.settings = shown;
  return now;
}

/// A start with other settings than the last one had is an entry of the audit log; the first one has none to be compared with. A store that
/// cannot be written now keeps no server from starting.
void Hosting::Parts::note_start(Opening& opening) {
  const SettingValues now = setting_values(plan.shown);
  WriteSet writes;
  writes.settings = settings_text(now);
  if (writes.settings == opening.settings) return;
  if (const auto detail = setting_changes(settings_of(opening.settings), now))
    writes.audit.push_back({.time = clock.wall(), .actor = std::nullopt, .action = "setting.change", .detail = *detail});
  const CommitResult written = opened.store->commit(writes);
  if (written.outcome == CommitOutcome::Stored) opening.audit_entries += writes.audit.size();
  else log.warn("the settings of this start could not be noted", {{"detail", written.message}});
}

void Hosting::Parts::note_reload(const SettingValues& before, const SettingValues& after) {
  if (const auto detail = setting_changes(before, after)) loop->note_settings(*detail, settings_text(after));
}

/// A full disk refuses every commit: the log is not to fill what is left of it.
void Hosting::Parts::tell_refusal(const std::string& why) {
  if (clock.now() < next_refusal_told) return;
  next_refusal_told = clock.now() + between_refusals_told;
  log.error("the store refuses to write, so placements are refused", {{"detail", why}});
}

/// Addresses in the log are of networks, unless `--log-addresses full` asks for more; paths are the routes' patterns, which hold no
/// token.
void Hosting::Parts::note_answer(const Call& call, unsigned status) {
  const bool failed = status >= 500 && status != 503;
  if (!failed && !log.is_debug()) return;
  const std::string took = std::to_string((clock.now() - call.since).count() / 1000);
  const std::string account = std::to_string(static_cast<std::uint32_t>(call.account.id));
  const std::string id = to_hex(call.id), answer = std::to_string(status);
  const std::string peer = full_addresses ? call.request.peer : network_of(call.request.peer);
  const Log::Fields fields{{"request", id},   {"method", call.request.method}, {"route", call.route ? std::string_view(call.route->pattern) : "none"},
                           {"status", answer}, {"ms", took},                    {"account", account},
                           {"address", peer}};
  if (failed) log.error("a request failed", fields);
  else log.debug("answered", fields);
}

Status Hosting::Parts::open_rooms(const std::function<void()>& fatal) {
  Store& store = *opened.store;
  const Moment moment = Moment::of(clock);
  AuthSettings auth;
  auth.guests = plan.guests;
  auth.dev_header = plan.dev_header_auth;
  if (plan.owner_token) {
    const auto owner = find_or_make_owner(store, moment.wall);
    if (!owner) return owner.error();
    auth.owner_token = hash_token(*plan.owner_token);
    auth.owner = owner->id;
  }
  auto opening = open_canvases(store, plan.opening, random, moment);
  if (!opening) return opening.error();
  note_start(*opening);
  if (!plan.owner_token) owner_link = make_owner_link(*opening, random, moment.wall);
  if (owner_link) opening->sessions.push_back(owner_link->session);

  workers = std::make_unique<Workers>(worker_count(), waiting_jobs);
  auto opened_readers = Readers::open(store);
  if (!opened_readers) return opened_readers.error();
  readers = std::move(*opened_readers);
  Journal::Settings writing;
  writing.on_refusal = [this](const std::string& why) { tell_refusal(why); };
  journal = std::make_unique<Journal>(store, clock, counters, std::move(writing));
  RoomLoop::Settings settings;
  settings.rooms.session_time = plan.session_time;
  settings.rooms.room.undo.window = plan.undo_window;
  settings.rooms.owner_token = auth.owner_token;
  settings.rooms.max_cells = plan.opening.max_cells;
  loop = std::make_unique<RoomLoop>(
      settings,
      RoomLoop::Parts{clock, random, *journal, *workers, *readers, counters, deflate_compressor(tile_compression),
                      [this, fatal](const std::string& message) {
                        log.error("the store is lost: nothing more can be acknowledged", {{"detail", message}});
                        fatal();
                      }},
      std::move(*opening));
  authenticator = std::make_unique<SessionAuthenticator>(*loop, clock, site, std::move(auth), random);
  return {};
}

std::map<std::string, const AddressLimit*> Hosting::Parts::address_limits() const {
  return {{"read", &plain_reads},   {"audit", &audit_reads}, {"api_read", &wide_reads},
          {"sign_in", &sign_ins}, {"guess", &guesses},     {"device_code", &device_tries}};
}

/// Nothing is asked of anybody where Discord is not set up.
Status Hosting::Parts::open_discord() {
  if (!plan.discord) return {};
  auto client = CurlClient::open({.plain_http = is_plain_http(*plan.discord)});
  if (!client) return client.error();
  web_client = std::move(*client);
  DiscordSettings settings = *plan.discord;
  settings.version = version_text();
  discord = std::make_unique<Discord>(std::move(settings), *web_client, clock, random);
  return {};
}

Status Hosting::Parts::open_http() {
  pictures = std::make_unique<PictureQueue>(PictureQueue::Settings{.at_once = worker_count() - 1});
  stats = std::make_unique<Stats>(*loop, *readers, *workers);
  api = std::make_unique<Api>(HttpServices{.hub = *loop,
                                           .authenticator = *authenticator,
                                           .readers = *readers,
                                           .workers = *workers,
                                           .clock = clock,
                                           .random = random,
                                           .site = site,
                                           .info = {plan.name, version_text(), plan.session_time, plan.opening.limits, plan.undo_window},
                                           .pictures = *pictures,
                                           .stats = *stats,
                                           .addresses = addresses,
                                           .plain_reads = plain_reads,
                                           .audit_reads = audit_reads,
                                           .wide_reads = wide_reads,
                                           .sign_ins = sign_ins,
                                           .guesses = guesses,
                                           .devices = devices,
                                           .device_tries = device_tries,
                                           .discord = discord.get(),
                                           .metrics = [this](const std::vector<CanvasView>& canvases) {
                                             return metrics_text({counters, net->counters(), *api, address_limits()}, canvases);
                                           },
                                           .metrics_for_all = [this] { return metrics_for_all.load(); },
                                           .history = &history,
                                           .state = [this] { return state(); },
                                           .public_audit = [this] { return public_audit.load(); },
                                           .note = [this](const Call& call, unsigned status) { note_answer(call, status); },
                                           .note_discord = [this](std::string_view why) {
                                             log.info("a sign-in with Discord came to nothing", {{"detail", why}});
                                           }});
  if (plan.web.empty()) {
    files = StaticFiles::placeholder();
    return {};
  }
  auto web = StaticFiles::open(plan.web);
  if (!web) return web.error();
  files = std::move(*web);
  return {};
}

Status Hosting::Parts::open_network() {
  NetSettings settings;
  settings.address = plan.listen.address;
  settings.port = plan.listen.port;
  settings.threads = plan.network_threads;
  settings.tls_certificate = plan.tls_cert;
  settings.tls_key = plan.tls_key;
  settings.server_name = plan.name;
  settings.server_version = version_text();
  if (plan.limits_off) settings.connections_per_address = std::nullopt;
  auto server = NetServer::open(settings, NetServices{.hub = *loop,
                                                      .http = *api,
                                                      .authenticator = *authenticator,
                                                      .clock = clock,
                                                      .random = random,
                                                      .files = files.get(),
                                                      .inspect = make_inspector(*readers),
                                                      .prefixes = [this](const HttpRequest& request) {
                                                        return addresses.prefixes(request.peer);
                                                      },
                                                      .is_proxy = [this](const std::string& address) { return is_trusted(address, site.proxies()); },
                                                      .see_client = [this](HttpRequest& request) { see_client(request, site); }});
  if (!server) return server.error();
  net = std::move(*server);
  return {};
}

/// Only once the server stands: a link that was stored and never told would be lost.
Status Hosting::Parts::tell_owner_link() {
  if (!owner_link) return {};
  WriteSet writes;
  writes.sessions.push_back(owner_link->session);
  std::promise<CommitResult> written;
  const bool posted = journal->post(std::move(writes), [&written](const Written& outcome) { written.set_value(outcome.result); });
  const CommitResult result = posted ? written.get_future().get() : CommitResult{CommitOutcome::Refused, "the journal is busy"};
  if (result.outcome != CommitOutcome::Stored) return Error{"the owner's link could not be stored: " + result.message};
  std::fprintf(stderr, "%s\n", owner_link_text(*owner_link, link(plan, net->port())).c_str());
  return {};
}

/// Beside the database, so that a backup of the directory holds both.
void Hosting::Parts::start_sampling() {
  std::filesystem::path file = opened.database;
  if (!file.empty()) file += ".history";
  sampler = std::make_unique<Sampler>(Sampler::Parts{clock, history, counters, net->counters(), *loop, log, file});
  sampler->start();
}

void Hosting::Parts::stop() {
  if (sampler) sampler->stop();
  if (net) net->stop();
  if (web_client) web_client->stop();
  if (loop) loop->stop();
  if (readers) readers->stop();
  if (workers) workers->stop();
  net = nullptr;
}

Result<std::unique_ptr<Hosting>> Hosting::open(const Plan& plan, const Log& log, std::function<void()> fatal) {
  SystemRandom random;
  auto store = open_store(plan.store_url, StoreAccess::Write, random);
  if (!store) return store.error();
  for (const std::string& notice : store->notices) log.warn(notice);
  const auto address_key = open_address_key(plan.store_url, random);
  if (!address_key) return address_key.error();
  std::unique_ptr<Hosting> hosting(new Hosting(std::make_unique<Parts>(plan, log, std::move(*store), *address_key)));
  Parts& parts = *hosting->parts_;
  if (const Status done = parts.open_rooms(fatal); !done) return done.error();
  if (const Status done = parts.open_discord(); !done) return done.error();
  if (const Status done = parts.open_http(); !done) return done.error();
  if (const Status done = parts.open_network(); !done) return done.error();
  if (const Status done = parts.tell_owner_link(); !done) return done.error();
  parts.opened.announce(link(plan, parts.net->port()));
  return hosting;
}

Hosting::Hosting(std::unique_ptr<Parts> parts) : parts_(std::move(parts)) {}
Hosting::~Hosting() { parts_->stop(); }

std::uint16_t Hosting::port() const { return parts_->net->port(); }

void Hosting::start() {
  parts_->net->start();
  parts_->check_audit();
  parts_->start_sampling();
  parts_->files->start_compressing();
}

void Hosting::reload(const Plan& plan) {
  Parts& parts = *parts_;
  {
    const std::lock_guard lock(parts.mutex);
    const SettingValues before = setting_values(parts.shown);
    parts.shown = in_force(std::move(parts.shown), plan.shown);
    parts.note_reload(before, setting_values(parts.shown));
  }
  parts.plain_reads.set(plan.plain_reads);
  parts.audit_reads.set(plan.audit_reads);
  parts.wide_reads.set(plan.wide_reads);
  parts.sign_ins.set(plan.sign_ins);
  parts.authenticator->allow_guests(plan.guests);
  parts.metrics_for_all = plan.metrics_for_all;
  parts.public_audit = plan.public_audit;
  parts.full_addresses = plan.full_addresses;
  if (!parts.plan.is_secure()) return;
  if (const Status done = parts.net->reload_tls(); !done)
    return parts.log.error("the certificate was not reloaded, and the older one is used on", {{"detail", done.error().message}});
  parts.log.info("the certificate was reloaded", {{"certificate", parts.plan.tls_cert}});
}

void Hosting::stop() { parts_->stop(); }

}  // namespace tessera
