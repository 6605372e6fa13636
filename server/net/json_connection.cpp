#include "server/net/json_connection.h"

#include <algorithm>

#include "server/net/json_message.h"
#include "server/net/net_thread.h"

namespace tessera {
namespace {

constexpr std::size_t placements_under_way = 256;

std::string_view explain(Refusal reason) {
  switch (reason) {
    case Refusal::OutOfBounds: return "the canvas has no such cell";
    case Refusal::BadColor: return "the palette does not have this colour";
    case Refusal::TooSoon: return "no charge is left; wait for the next";
    case Refusal::Paused: return "the canvas is paused";
    case Refusal::Locked: return "only staff may place here";
    case Refusal::Banned: return "this account is banned";
    case Refusal::NotSignedIn: return "sign in to place: by a session cookie or an Authorization header";
    case Refusal::Forbidden: return "this account may not place here";
    case Refusal::Busy: return "the server is busy; try again";
    case Refusal::NotFound: return "there is no such canvas";
    default: return "refused";
  }
}

std::optional<ColorIndex> find_color(const std::vector<PaletteEntry>& palette, Rgb color) {
  for (std::size_t i = 0; i < palette.size(); ++i)
    if (palette[i].r == color.r && palette[i].g == color.g && palette[i].b == color.b) return static_cast<ColorIndex>(i);
  return std::nullopt;
}

}  // namespace

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
  push_text(json_error(code(refused->reason), refused->detail, std::nullopt));
  if (group == nullptr) close(ws_close::try_later, refused->detail.empty() ? "there is no canvas to show" : refused->detail);
}

void JsonConnection::on_account(const AccountInfo& account) {
  const bool was_signed_in = account_.id != nobody;
  account_ = account;
  if (was_signed_in && account.id == nobody)
    push_text(json_error(code(Refusal::NotSignedIn), "this session has ended: from here on the connection only watches", std::nullopt));
}

void JsonConnection::on_charges(const Charges& charges) {
  const bool is_banned = !charges.may_place && charges.why_not == Refusal::Banned;
  if (is_banned && !told_banned_) push_text(json_error(code(Refusal::Banned), explain(Refusal::Banned), std::nullopt));
  told_banned_ = is_banned;
}

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
    push_text(json_error(code(why.reason), explain(why.reason), cell, why.retry_after_ms));
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
