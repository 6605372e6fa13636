#include "server/storage/record_codec.h"

#include <string>

#include "server/storage/packing.h"
#include "server/storage/palette_codec.h"

namespace tessera {
namespace {

/// Canvases with their access, accounts and sessions with what bots, bans and aliases need. The first is still read.
constexpr std::uint8_t second_format = 2;
/// Canvases with the one colour that may be placed.
constexpr std::uint8_t third_format = 3;

void pack_limits(Packer& out, const PlacingLimits& limits) {
  out.byte(static_cast<std::uint8_t>((limits.per_second ? 1 : 0) | (limits.per_minute ? 2 : 0)));
  if (limits.per_second) pack_fraction(out, *limits.per_second);
  if (limits.per_minute) out.number(*limits.per_minute);
  out.number(limits.burst);
  out.number(limits.cooldown_ms);
}

PlacingLimits unpack_limits(Unpacker& in) {
  PlacingLimits limits;
  const std::uint8_t present = in.choice(4);
  limits.per_second.reset();
  limits.per_minute.reset();
  if ((present & 1) != 0) limits.per_second = unpack_fraction(in);
  if ((present & 2) != 0) limits.per_minute = in.number32();
  limits.burst = in.number32();
  limits.cooldown_ms = in.number32();
  return limits;
}

void pack_record(Packer& out, const CanvasRecord& record) {
  out.text(record.name);
  out.number(record.size.width);
  out.number(record.size.height);
  pack_palette(out, record.palette);
  pack_limits(out, record.policy.limits);
  out.byte(record.policy.guests ? 1 : 0);
  for (const auto& limits : record.policy.roles) {
    out.byte(limits ? 1 : 0);
    if (limits) pack_limits(out, *limits);
  }
  out.byte(record.paused ? 1 : 0);
  out.text(record.pause_message);
  out.fixed(static_cast<std::uint64_t>(record.epoch));
  out.number(record.version);
  out.time(record.created);
  out.byte(record.archived ? 1 : 0);
  out.byte(static_cast<std::uint8_t>(record.access));
  out.text(record.access_code);
  out.byte(record.policy.only_color ? 1 : 0);
  if (record.policy.only_color) out.byte(*record.policy.only_color);
}

std::optional<CanvasRecord> unpack_record(CanvasId id, Unpacker& in) {
  CanvasRecord record;
  record.id = id;
  record.name = in.text();
  record.size.width = static_cast<std::uint32_t>(in.number(max_canvas_side));
  record.size.height = static_cast<std::uint32_t>(in.number(max_canvas_side));
  auto palette = unpack_palette(in);
  if (!palette) return std::nullopt;
  record.palette = std::move(*palette);
  record.policy.limits = unpack_limits(in);
  record.policy.guests = in.flag();
  for (auto& limits : record.policy.roles)
    if (in.flag()) limits = unpack_limits(in);
  record.paused = in.flag();
  record.pause_message = in.text();
  record.epoch = Epoch{in.fixed()};
  record.version = in.number32();
  record.created = in.time();
  record.archived = in.flag();
  if (in.format() >= second_format) {
    record.access = static_cast<Access>(in.choice(access_count));
    record.access_code = in.text();
  }
  if (in.format() >= third_format && in.flag()) record.policy.only_color = in.byte();
  if (!in.ok()) return std::nullopt;
  return record;
}

void pack_outcome(Packer& out, const RequestOutcome& outcome, WallTime first) {
  out.number(static_cast<std::uint32_t>(outcome.account));
  out.fixed(static_cast<std::uint64_t>(outcome.request));
  out.number(static_cast<std::uint64_t>(ms(outcome.time)) - static_cast<std::uint64_t>(ms(first)));
  out.number(outcome.first_seq);
  out.number(outcome.accepted);
  out.number(outcome.rejected.size());
  for (const Rejection& rejection : outcome.rejected) {
    out.number(rejection.index);
    out.byte(static_cast<std::uint8_t>(rejection.reason));
    out.number(rejection.retry_after_ms);
  }
}

RequestOutcome unpack_outcome(Unpacker& in, WallTime first) {
  RequestOutcome outcome;
  outcome.account = AccountId{in.number32()};
  outcome.request = RequestId{in.fixed()};
  outcome.time = WallTime{static_cast<std::int64_t>(static_cast<std::uint64_t>(ms(first)) + in.number(UINT64_MAX))};
  outcome.first_seq = in.number(UINT64_MAX);
  outcome.accepted = in.number32();
  outcome.rejected.resize(static_cast<std::size_t>(in.number(limits::cells_per_request)));
  for (Rejection& rejection : outcome.rejected) {
    rejection.index = static_cast<std::uint16_t>(in.number(UINT16_MAX));
    rejection.reason = static_cast<Refusal>(in.choice(refusal_count));
    rejection.retry_after_ms = in.number32();
  }
  return outcome;
}

}  // namespace

Bytes pack_canvas(const CanvasRecord& record) {
  Packer out(third_format);
  pack_record(out, record);
  return out.take();
}

std::optional<CanvasRecord> unpack_canvas(CanvasId id, ByteSpan body) {
  Unpacker in(body, third_format);
  auto record = unpack_record(id, in);
  if (!record || !in.done()) return std::nullopt;
  return record;
}

Bytes pack_event(const CanvasEvent& event) {
  Packer out(third_format);
  out.number(event.after_seq);
  out.time(event.time);
  pack_record(out, event.record);
  return out.take();
}

std::optional<CanvasEvent> unpack_event(CanvasId canvas, ByteSpan body) {
  Unpacker in(body, third_format);
  CanvasEvent event;
  event.after_seq = in.number(UINT64_MAX);
  event.time = in.time();
  auto record = unpack_record(canvas, in);
  if (!record || !in.done()) return std::nullopt;
  event.record = std::move(*record);
  return event;
}

Bytes pack_account(const AccountRecord& record) {
  Packer out(second_format);
  out.byte(static_cast<std::uint8_t>(record.kind));
  out.byte(static_cast<std::uint8_t>(record.role));
  out.text(record.name);
  out.time(record.created);
  out.number(record.version);
  out.byte(record.banned_until ? 1 : 0);
  if (record.banned_until) out.time(*record.banned_until);
  out.text(record.ban_reason);
  out.text(record.note);
  out.number(record.discord);
  for (const AccountId other : {record.alias_of, record.maker, record.charged})
    out.number(static_cast<std::uint32_t>(other));
  return out.take();
}

std::optional<AccountRecord> unpack_account(AccountId id, ByteSpan body) {
  Unpacker in(body, second_format);
  AccountRecord record;
  record.id = id;
  record.kind = static_cast<AccountKind>(in.choice(account_kind_count));
  record.role = static_cast<Role>(in.choice(role_count));
  record.name = in.text();
  record.created = in.time();
  record.version = in.number32();
  if (in.flag()) record.banned_until = in.time();
  if (in.format() >= second_format) {
    record.ban_reason = in.text();
    record.note = in.text();
    record.discord = in.number(UINT64_MAX);
    for (AccountId* other : {&record.alias_of, &record.maker, &record.charged}) *other = AccountId{in.number32()};
  }
  if (!in.done()) return std::nullopt;
  return record;
}

Bytes pack_session(const SessionRecord& record) {
  Packer out(second_format);
  out.number(static_cast<std::uint32_t>(record.account));
  out.time(record.created);
  out.time(record.expires);
  out.time(record.used);
  out.byte(static_cast<std::uint8_t>(record.kind));
  out.byte(record.scopes);
  out.text(record.label);
  return out.take();
}

std::optional<SessionRecord> unpack_session(const TokenHash& hash, ByteSpan body) {
  Unpacker in(body, second_format);
  SessionRecord record;
  record.hash = hash;
  record.account = AccountId{in.number32()};
  record.created = record.used = in.time();
  record.expires = in.time();
  if (in.format() >= second_format) {
    record.used = in.time();
    record.kind = static_cast<SessionKind>(in.choice(session_kind_count));
    record.scopes = in.choice(all_scopes + 1);
    record.label = in.text();
  }
  if (!in.done()) return std::nullopt;
  return record;
}

Bytes pack_join() { return Packer().take(); }

bool unpack_join(ByteSpan body) { return Unpacker(body).done(); }

Bytes pack_invite(const InviteRecord& record) {
  Packer out;
  out.raw(record.hash);
  out.byte(static_cast<std::uint8_t>((record.canvas ? 1 : 0) | (record.uses ? 2 : 0) | (record.expires ? 4 : 0)));
  if (record.canvas) out.number(static_cast<std::uint32_t>(*record.canvas));
  if (record.uses) out.number(*record.uses);
  if (record.expires) out.time(*record.expires);
  out.byte(static_cast<std::uint8_t>(record.role));
  out.number(static_cast<std::uint32_t>(record.maker));
  out.time(record.created);
  return out.take();
}

std::optional<InviteRecord> unpack_invite(InviteId id, ByteSpan body) {
  Unpacker in(body);
  InviteRecord record;
  record.id = id;
  in.raw(record.hash);
  const std::uint8_t present = in.choice(8);
  if ((present & 1) != 0) record.canvas = CanvasId{in.number32()};
  if ((present & 2) != 0) record.uses = in.number32();
  if ((present & 4) != 0) record.expires = in.time();
  record.role = static_cast<Role>(in.choice(role_count));
  record.maker = AccountId{in.number32()};
  record.created = in.time();
  if (!in.done()) return std::nullopt;
  return record;
}

Bytes pack_outcomes(CanvasId canvas, const std::vector<RequestOutcome>& outcomes) {
  Packer out;
  const WallTime first = outcomes.empty() ? WallTime{} : outcomes.front().time;
  out.number(static_cast<std::uint32_t>(canvas));
  out.time(first);
  out.number(outcomes.size());
  for (const RequestOutcome& outcome : outcomes) pack_outcome(out, outcome, first);
  return out.take();
}

std::optional<BatchOutcomes> unpack_outcomes(ByteSpan body) {
  Unpacker in(body);
  BatchOutcomes batch;
  batch.canvas = CanvasId{in.number32()};
  const WallTime first = in.time();
  const std::uint64_t count = in.number(body.size());  // each takes more than a byte
  for (std::uint64_t i = 0; i < count && in.ok(); ++i) batch.outcomes.push_back(unpack_outcome(in, first));
  if (!in.done()) return std::nullopt;
  return batch;
}

Bytes pack_charges(const SavedCharges& charges) {
  Packer out;
  out.time(charges.time);
  out.number(charges.tokens_micro);
  out.time(charges.last_placement);
  return out.take();
}

std::optional<SavedCharges> unpack_charges(CanvasId canvas, AccountId account, ByteSpan body) {
  Unpacker in(body);
  SavedCharges charges;
  charges.canvas = canvas;
  charges.account = account;
  charges.time = in.time();
  charges.tokens_micro = in.number(UINT64_MAX);
  charges.last_placement = in.time();
  if (!in.done()) return std::nullopt;
  return charges;
}

Bytes pack_head(const CanvasHead& head) {
  Packer out;
  out.number(head.last_seq);
  out.time(head.last_time);
  return out.take();
}

std::optional<CanvasHead> unpack_head(ByteSpan body) {
  Unpacker in(body);
  CanvasHead head;
  head.last_seq = in.number(UINT64_MAX);
  head.last_time = in.time();
  if (!in.done()) return std::nullopt;
  return head;
}

}  // namespace tessera
