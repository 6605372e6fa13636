#include "server/net/json_connection.h"

#include <algorithm>

#include "server/core/refusal_text.h"
#include "server/net/json_message.h"
#include "server/net/net_thread.h"

namespace tessera {
namespace {

constexpr std::size_t placements_under_way = 256;

/// How one signs in is another matter here than by HTTP.
std::string_view explain(Refusal reason) {
  if (reason == Refusal::NotSignedIn) return "sign in to place: by a session cookie or an Authorization header";
  return sentence(reason);
}

std::optional<ColorIndex> find_color(const std::vector<PaletteEntry>& palette, Rgb color) {
  for (std::size_t i = 0; i < palette.size(); ++i)
    if (palette[i].r == color.r && palette[i].g == color.g && palette[i].b == color.b) return static_cast<ColorIndex>(i);
  return std::nullopt;
}

}  // namespace

JsonConnection::JsonConnection(NetThread& thread, ConnectionId id, std::shared_ptr<Transport> transport, Peer peer, Identity identity)
    : WsConnection(thread, id, std::move(transport), std::move(peer), identity) {
  if (identity.banned_until) ban_ = banned_sentence(identity.ban_reason, identity.banned_until);
}

void JsonConnection::on_open() {
  pause(pause_joining);
  announce(ClientId{thread_.services().random.next_u64()});
  thread_.command(EnterCanvas{id(), Enter{}});
}

void JsonConnection::push_text(std::string_view text) {
  outbox().push_answer(WsOpcode::Text, as_bytes(text));
  if (outbox().has_too_many_answers()) pause(pause_answers);
  thread_.mark_dirty(*this);
}

void JsonConnection::on_text(std::string_view text) {
  const auto update = parse_json_message(text);
  if (!update) return push_text(json_error(update.error().code, update.error().detail, update.error().position));
  const auto color = find_color(group->info.palette, update->color);
  if (!color) return push_text(json_error("bad_color", explain(Refusal::BadColor), update->cell));
  note_placing();
  const RequestId request{++last_request_};
  asked_.push_back({request, update->cell});
  Place place{request, {WireCell{update->cell.x, update->cell.y, *color}}};
  thread_.command_soon(PlaceCells{.connection = id(), .message = std::move(place), .once = true});
  if (asked_.size() > placements_under_way) pause(pause_requests);
}

void JsonConnection::on_binary(ByteSpan) {
  close(ws_close::unsupported, "only text is read here; binary messages need the subprotocol tessera.v1");
}

void JsonConnection::on_joined(const Joined& joined) {
  thread_.join(*this, joined);
  if (joined.message.canvas.paused) push_text(*json_notice(PauseChanged{true, joined.message.canvas.pause_message}));
  unpause(pause_joining);
}

void JsonConnection::on_message(const ServerMessage& message) {
  if (const auto* result = std::get_if<PlaceResult>(&message)) return on_result(*result);
  if (const auto* changed = std::get_if<AccountChanged>(&message)) return on_account(changed->account);
  if (const auto* charges = std::get_if<Charges>(&message)) return on_charges(*charges);
  const bool is_notice = std::holds_alternative<ReportOutcome>(message) || std::holds_alternative<Warning>(message) || std::holds_alternative<StaffNews>(message);
  if (is_notice) return push_text(*json_notice(message));
  const auto* refused = std::get_if<Refused>(&message);
  if (refused == nullptr) return;
  if (refused->reason == Refusal::Banned && group != nullptr) return on_ban(refused->detail);
  push_text(json_error(code(refused->reason), refused->detail, std::nullopt));
  if (group == nullptr) close(ws_close::try_later, refused->detail.empty() ? "there is no canvas to show" : refused->detail);
}

void JsonConnection::on_account(const AccountInfo& account) {
  const bool was_signed_in = account_.id != nobody;
  account_ = account;
  if (was_signed_in && account.id == nobody)
    push_text(json_error(code(Refusal::NotSignedIn), "this session has ended: from here on the connection only watches", std::nullopt));
}

/// Told again only where it says something new.
void JsonConnection::on_ban(const std::string& why) {
  if (!told_banned_ || ban_ != why) push_text(json_error(code(Refusal::Banned), why, std::nullopt));
  told_banned_ = true;
  ban_ = why;
}

void JsonConnection::on_charges(const Charges& charges) {
  if (!charges.may_place && charges.why_not == Refusal::Archived) return on_archive();
  const bool is_banned = !charges.may_place && charges.why_not == Refusal::Banned;
  if (!is_banned) ban_.clear();
  else if (!told_banned_) push_text(json_error(code(Refusal::Banned), why_banned(), std::nullopt));
  told_banned_ = is_banned;
}

/// It is on the default canvas, which is another one now.
void JsonConnection::on_archive() {
  push_text(json_error(code(Refusal::Archived), explain(Refusal::Archived), std::nullopt));
  close(ws_close::try_later, "the canvas was archived; connect again for the one that is shown now");
}

std::string_view JsonConnection::why_banned() const { return ban_.empty() ? explain(Refusal::Banned) : std::string_view(ban_); }

void JsonConnection::on_result(const PlaceResult& result) {
  const auto asked = std::find_if(asked_.begin(), asked_.end(), [&](const Asked& a) { return a.request == result.request; });
  if (asked == asked_.end()) return;
  const Cell cell = asked->cell;
  asked_.erase(asked);
  if (result.accepted > 0 && group != nullptr && group->feed.is_waiting(result.first_seq)) {
    stored_.push_back({result.first_seq, cell, result.charges});
  } else if (result.accepted > 0) {
    push_text(json_accepted(result.first_seq, cell, result.charges));
  } else if (!result.rejected.empty()) {
    const Rejection& why = result.rejected.front();
    push_text(json_error(code(why.reason), why.reason == Refusal::Banned ? why_banned() : explain(why.reason), cell, why.retry_after_ms));
  } else {
    push_text(json_error(code(Refusal::Busy), "the server cannot say what became of this placement; read the cell", cell));
  }
  if (asked_.size() <= placements_under_way / 2) unpause(pause_requests);
}

void JsonConnection::on_feed(const FramePtr& frame) {
  if (is_closing()) return;
  const std::size_t limit = thread_.settings().json_behind_bytes;
  if (outbox().bytes() > limit) {
    outbox().drop_queued();
    close(ws_close::try_later, "more than " + std::to_string(limit) + " bytes behind; read the canvas again and go on from there");
    return;
  }
  outbox().push_text(frame);
  for (const Accepted& accepted : stored_) push_text(json_accepted(accepted.seq, accepted.cell, accepted.charges));
  stored_ = {};
  thread_.mark_dirty(*this);
}

}  // namespace tessera
