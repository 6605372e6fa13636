#include "app/model/model.h"

#include <algorithm>

#include "app/model/turn.h"

namespace tessera {
namespace {

constexpr double phone_width = 600;  // of the interface's own units

bool is_staff(const Model& model) { return model.account.role >= Role::Moderator; }

std::optional<Obstacle> standing(const Model& model) {
  if (model.canvas.paused && !is_staff(model)) return Obstacle::Paused;
  if (model.may_place || missing(model)) return std::nullopt;
  switch (model.why_not) {
    case Refusal::Paused:
      return std::nullopt;  // over, else `canvas.paused` would say so
    case Refusal::NotSignedIn:
      return Obstacle::NotSignedIn;
    case Refusal::Banned:
      return Obstacle::Banned;
    case Refusal::TooSoon:
      return Obstacle::TooSoon;
    case Refusal::NotJoined:
      return Obstacle::NotJoined;
    case Refusal::Archived:
      return Obstacle::Archived;
    default:
      return Obstacle::Forbidden;
  }
}

std::optional<TimePoint> sooner(std::optional<TimePoint> a, std::optional<TimePoint> b) {
  if (!a) return b;
  if (!b) return a;
  return std::min(*a, *b);
}

/// When a lock or an announcement is over.
std::optional<TimePoint> next_end(const Model& model) {
  std::optional<WallTime> soonest = model.locks.next_expiry();
  for (const AnnouncementInfo& each : model.announcements.items) {
    const WallTime end{static_cast<std::int64_t>(each.expires_ms)};
    if (each.expires_ms != 0 && (!soonest || end < *soonest)) soonest = end;
  }
  constexpr std::int64_t longest_ms = 86'400'000;  // a clock may be wrong; a sum should not be
  if (!soonest) return std::nullopt;
  return model.now + std::chrono::milliseconds(std::clamp<std::int64_t>(ms(*soonest) - ms(server_now(model)), 0, longest_ms));
}

}  // namespace

std::optional<Obstacle> may_place(const Model& model, Cell cell) {
  if (model.connection.state != ConnectionState::Live) return Obstacle::Offline;
  if (!model.replica.size().contains(cell)) return Obstacle::OutOfBounds;
  if (!model.replica.loaded(tile_of(cell))) return Obstacle::NotLoaded;
  if (!model.palette.allows(model.tool.color)) return Obstacle::BadColor;
  if (const auto obstacle = standing(model)) return obstacle;
  if (lock_against(model, cell)) return Obstacle::Locked;
  if (missing(model)) return std::nullopt;
  if (!model.replica.may_ask()) return Obstacle::Busy;
  const ChargesNow charges = charges_now(model);
  // Where the server does not say when the next comes, it is asked by trying.
  if (!charges.unlimited && charges.charges == 0 && charges.next > Duration::zero()) return Obstacle::TooSoon;
  return std::nullopt;
}

MarkerLook marker_look(const Model& model) {
  if (model.screen != Screen::Canvas || !model.marker.cell) return MarkerLook::Hidden;
  if (marks_report(model)) return MarkerLook::Outline;
  if (model.tool.tool == Tool::Hand) return MarkerLook::Hidden;
  if (model.tool.tool != Tool::Pencil) return MarkerLook::Outline;
  return may_place(model, *model.marker.cell) ? MarkerLook::Hatched : MarkerLook::Filled;
}

Phrase explain(const Model& model, Obstacle obstacle) {
  switch (obstacle) {
    case Obstacle::Offline:
      return {Text::WhyOffline, {}};
    case Obstacle::NotLoaded:
      return {Text::WhyNotLoaded, {}};
    case Obstacle::OutOfBounds:
      return {Text::WhyOutOfBounds, {}};
    case Obstacle::BadColor:
      return {Text::WhyBadColor, {}};
    case Obstacle::TooSoon: {
      const Duration next = charges_now(model).next;
      if (next == Duration::zero()) return {Text::WhyTooSoon, {}};
      return {Text::WhyTooSoonIn, {format_duration(language(model), next)}};
    }
    case Obstacle::Paused:
      if (model.canvas.pause_message.empty()) return {Text::WhyPaused, {}};
      return {Text::WhyPausedBecause, {model.canvas.pause_message}};
    case Obstacle::Locked:
      return {Text::WhyLocked, {}};
    case Obstacle::Banned:
      if (const auto end = ban_end(model))
        return {Text::WhyBannedUntil, {format_date_time(language(model), *end, model.device.utc_offset)}};
      return {Text::WhyBanned, {}};
    case Obstacle::NotJoined:
      return {model.canvas.access == Access::Members ? Text::WhyMembersOnly : Text::WhyNotJoined, {}};
    case Obstacle::Archived:
      return {Text::WhyArchived, {}};
    case Obstacle::NotSignedIn:
      return {Text::WhyNotSignedIn, {}};
    case Obstacle::Forbidden:
      return {Text::WhyForbidden, {}};
    case Obstacle::Busy:
      return {Text::WhyBusy, {}};
  }
  return {Text::WhyInvalid, {}};
}

Phrase explain(const Model& model, Obstacle obstacle, Cell cell) {
  const LockInfo* lock = obstacle == Obstacle::Locked ? lock_against(model, cell) : nullptr;
  return lock ? explain(model, *lock) : explain(model, obstacle);
}

ChargesNow charges_now(const Model& model) {
  const ChargeState& known = model.charge_clock.known;
  if (known.max == 0) return {true, 0, 0, Duration::zero(), 1};
  ChargesNow now{false, std::min(known.charges, known.max), known.max, Duration::zero(), 1};
  if (now.charges == now.max || known.next_ms == 0) return now;
  const std::int64_t passed = std::max<std::int64_t>(0, (model.now - model.charge_clock.at).count());
  const std::int64_t first = std::int64_t{known.next_ms} * 1'000, each = std::int64_t{known.refill_ms} * 1'000;
  if (passed < first) {
    now.next = Duration{first - passed};
  } else {
    const std::int64_t after = passed - first;
    const std::int64_t gained = each > 0 ? 1 + after / each : 1;
    now.charges = static_cast<std::uint32_t>(std::min<std::int64_t>(now.max, now.charges + gained));
    if (now.charges < now.max && each > 0) now.next = Duration{each - after % each};
  }
  const auto whole = static_cast<double>(std::max(each, now.next.count()));
  if (now.next > Duration::zero()) now.progress = 1 - static_cast<double>(now.next.count()) / whole;
  return now;
}

std::optional<Banner> banner(const Model& model) {
  const ConnectionStatus& connection = model.connection;
  if (model.screen != Screen::Canvas) return std::nullopt;
  if (connection.state == ConnectionState::Waiting) {
    const Duration left =
        connection.retry_at ? std::max(Duration::zero(), *connection.retry_at - model.now) : Duration::zero();
    const Duration whole_seconds = std::chrono::ceil<std::chrono::seconds>(left);
    return Banner{Level::Warn, {Text::ReconnectingIn, {format_duration(language(model), whole_seconds)}}, true};
  }
  if (connection.state == ConnectionState::Offline) {
    return Banner{Level::Bad, connection.trouble.value_or(Phrase{Text::WhyOffline, {}}), true};
  }
  if (connection.state != ConnectionState::Live) return Banner{Level::Warn, {Text::Reconnecting, {}}, false};
  if (model.lock_notice) return Banner{Level::Warn, model.lock_notice->phrase, false, true};
  if (model.canvas.paused) return Banner{Level::Info, explain(model, Obstacle::Paused), false};
  return std::nullopt;
}

Language language(const Model& model) { return model.settings.language.value_or(model.device.language); }

bool dark(const Model& model) {
  return model.settings.theme == Theme::Dark || (model.settings.theme == Theme::System && model.device.dark);
}

bool reduced_motion(const Model& model) { return model.settings.reduced_motion || model.device.prefers_reduced_motion; }

bool phone(const Model& model) {
  return model.viewport.width() < phone_width * model.viewport.pixel_ratio() * model.settings.scale;
}

Motion motion(const Model& model) { return reduced_motion(model) ? Motion::AtOnce : Motion::Smooth; }

std::optional<SignInStep> missing(const Model& model) {
  if (model.may_place) return std::nullopt;
  const bool person = signed_in(model);
  if (!person && model.why_not == Refusal::NotSignedIn && (model.server.guests_allowed || model.ways.discord))
    return SignInStep::Choose;
  if (!person) return std::nullopt;
  if (model.why_not == Refusal::NotJoined && model.canvas.access == Access::Code) return SignInStep::Code;
  // Where guests may not place, a guest becomes somebody by Discord.
  const bool guest = model.account.kind == AccountKind::Guest && model.account.role == Role::Guest;
  const bool for_members = model.why_not == Refusal::Forbidden ||
                           (model.why_not == Refusal::NotJoined && model.canvas.access == Access::Members);
  if (guest && for_members && model.ways.discord) return SignInStep::Choose;
  return std::nullopt;
}

std::optional<WallTime> ban_end(const Model& model) {
  constexpr std::int64_t for_good_ms = 10 * 365 * 86'400'000LL;
  if (!model.ban || !model.ban->until || ms(*model.ban->until) - ms(model.wall) > for_good_ms) return std::nullopt;
  return model.ban->until;
}

bool is_admin(const Model& model) { return signed_in(model) && model.account.role >= Role::Admin; }

bool signed_in(const Model& model) { return model.account.id != nobody; }

std::string share_link(const Model& model) {
  Link link = link_here(model);
  const Host& host = model.host;
  const bool here = host.state == HostState::Running && !host.lan_links.empty() && link.server == host.link;
  if (here) link.server = host.lan_links.front();
  return format_link(link);
}

std::optional<TimePoint> next_change(const Model& model) {
  const ConnectionStatus& connection = model.connection;
  if (model.viewport.moving() || !model.pulses.empty()) return model.now;
  std::optional<TimePoint> next = sooner(sooner(model.address_due, model.recent_due), model.tokens_due);
  for (const Toast& toast : model.toasts) next = sooner(next, toast.until);
  switch (connection.state) {
    case ConnectionState::Offline:
      break;
    case ConnectionState::Waiting:
      next = sooner(next, std::min(*connection.retry_at, model.now + Duration{250'000}));
      break;
    case ConnectionState::Opening:
    case ConnectionState::Greeting:
      next = sooner(next, model.now + Duration{1'000'000});
      break;
    case ConnectionState::Live:
      next = sooner(next, connection.ping_sent_at ? model.now + Duration{1'000'000} : connection.next_ping_at);
      if (charges_now(model).next > Duration::zero()) next = sooner(next, model.now + Duration{50'000});
      break;
  }
  if (model.sign_in.open && model.sign_in.step == SignInStep::Device && !model.sign_in.device.user_code.empty() &&
      !model.sign_in.device.over)
    next = sooner(next, model.now + Duration{1'000'000});
  if (model.drawer == Drawer::Canvases) next = sooner(next, model.canvases.again_at);
  // What may be taken back grows old.
  for (const Stroke& stroke : model.undo.done) next = sooner(next, stroke.at + model.undo.window);
  for (const Stroke& stroke : model.undo.undone) next = sooner(next, stroke.at + model.undo.window);
  if (model.lock_notice) next = sooner(next, model.lock_notice->until);
  next = sooner(next, next_staff_change(model));
  next = sooner(next, next_end(model));
  next = sooner(sooner(next, next_countdown(model)), next_notice(model));
  if (model.report_desk.shown) next = sooner(next, model.report_desk.shown->until);
  if (model.cell.open && model.cell.stale) next = sooner(next, model.now + Duration{1'000'000});
  return next;
}

}  // namespace tessera
