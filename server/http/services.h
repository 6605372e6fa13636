#pragma once

#include <chrono>
#include <functional>
#include <string>
#include <utility>

#include "server/auth/site.h"
#include "server/core/authenticator.h"
#include "server/core/hub.h"
#include "server/core/readers.h"
#include "server/core/workers.h"
#include "server/http/call.h"
#include "server/http/server_state.h"
#include "shared/base/clock.h"
#include "shared/base/random.h"

namespace tessera {

class AddressHasher;
class AddressLimit;
class DeviceCodes;
class MinuteHistory;
class Discord;
class PictureQueue;
class Stats;
class Router;

/// What `/server` and the answers tell of this server.
struct ServerInfo {
  std::string name = "Tessera";
  std::string version;
  std::chrono::seconds session_time{};
  PlacingLimits limits{};  ///< of canvases that are made
  std::chrono::seconds undo_window{60};  ///< zero: nothing can be undone
};

/// What the routes work with, borrowed for the life of the API. Each of these may be called from any thread.
struct HttpServices {
  Hub& hub;
  Authenticator& authenticator;
  Readers& readers;
  Workers& workers;
  const Clock& clock;
  RandomSource& random;
  const Site& site;
  ServerInfo info;
  PictureQueue& pictures;
  Stats& stats;
  const AddressHasher& addresses;
  AddressLimit& plain_reads;
  AddressLimit& audit_reads;
  AddressLimit& wide_reads;
  AddressLimit& sign_ins;
  AddressLimit& guesses;  ///< at codes and secrets, by address and by account
  DeviceCodes& devices;
  AddressLimit& device_tries;  ///< codes typed in the browser
  Discord* discord = nullptr;  ///< null: not set up
  /// The text of /metrics; none: there is no such route.
  std::function<std::string(const std::vector<CanvasView>&)> metrics{};
  std::function<bool()> metrics_for_all = [] { return false; };
  const MinuteHistory* history = nullptr;  ///< null: there are no routes of the server's own figures
  std::function<ServerState()> state = [] { return ServerState{}; };  ///< may read files: not for the room loop
  std::function<bool()> public_audit = [] { return false; };
  /// Told of every answer, as it leaves; for the log.
  std::function<void(const Call&, unsigned status)> note{};
  /// Told of every sign-in with Discord that came to nothing, and why; for the log. Holds no secret.
  std::function<void(std::string_view)> note_discord{};
};

/// 503: too much is waiting.
HttpResponse busy_problem();
void refuse_busy(const CallPtr& call);

/// A reply for the hub that goes on with `work(value)` on a worker: the room loop must not be kept.
template <typename Answer, typename Work>
Hub::Reply<Answer> on_worker(const HttpServices& services, CallPtr call, Work work) {
  return [&workers = services.workers, call = std::move(call), work = std::move(work)](Answer answer) {
    const bool posted = workers.post(Workers::Urgency::Tile, [answer = std::move(answer), work] { work(answer); });
    if (!posted) refuse_busy(call);
  };
}

/// Runs `work(reader)` on a reader; what the store cannot tell becomes 503 there.
template <typename Work>
void on_reader(const HttpServices& services, const CallPtr& call, Work work) {
  if (!services.readers.post(std::move(work))) refuse_busy(call);
}

/// Asks the hub for the call's canvas (parameter `canvas`; the default one where the route has none) and goes on with
/// `work(view)` on a worker; 404 where there is none.
template <typename Work>
void with_canvas(const HttpServices& services, const CallPtr& call, Work work) {
  const std::string* name = call->find<std::string>("canvas");
  services.hub.canvas(name ? *name : std::string{},
                      on_worker<std::optional<CanvasView>>(
                          services, call, [call, work = std::move(work)](const std::optional<CanvasView>& view) {
                            const bool hidden = view && view->record.archived && call->role < Role::Admin;
                            if (view && !hidden) work(*view);
                            else call->refuse(404, "not_found", "there is no such canvas");
                          }));
}

/// 412, with what is there now as `current` and its tag.
void refuse_stale(const CallPtr& call, nlohmann::ordered_json current, std::uint32_t version);

/// `http://host:port`, as people reach this server.
std::string own_url(const HttpServices& services, const HttpRequest& request);

/// Whether the caller's address, or its account, has tried too many codes and secrets within a minute; it is answered 429 then.
bool refuse_guessing(const HttpServices& services, const CallPtr& call);

/// A refusal of the hub's, as a problem.
void refuse(const CallPtr& call, Refusal reason, std::string_view detail);

/// Whether the caller's address has used up its minute; it is answered 429 then.
bool refuse_often(AddressLimit& limit, const Clock& clock, const CallPtr& call);

/// The account signs in by this call, or places.
void note_address(const HttpServices& services, const CallPtr& call, AccountId account);

/// 500, for the log and the caller alike: the store's own message.
void refuse_store(const CallPtr& call, const Error& error);

}  // namespace tessera
