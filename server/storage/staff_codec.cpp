#include "server/storage/staff_codec.h"

#include "server/storage/packing.h"

namespace tessera {
namespace {

/// Rollbacks with what restoring a snapshot needs. The first is still read.
constexpr std::uint8_t second_format = 2;

void pack_account_id(Packer& out, AccountId account) { out.number(static_cast<std::uint32_t>(account)); }

void pack_area(Packer& out, const Rect& area) {
  for (const std::uint32_t side : {area.x, area.y, area.width, area.height}) out.number(side);
}

Rect unpack_area(Unpacker& in) {
  Rect area;
  for (std::uint32_t* side : {&area.x, &area.y, &area.width, &area.height}) *side = in.number32();
  return area;
}

void pack_accounts(Packer& out, const std::vector<AccountId>& accounts) {
  out.number(accounts.size());
  for (const AccountId account : accounts) pack_account_id(out, account);
}

/// `most`: of them; a body of so many bytes never holds more.
std::vector<AccountId> unpack_accounts(Unpacker& in, std::size_t most) {
  std::vector<AccountId> accounts(static_cast<std::size_t>(in.number(most)));
  for (AccountId& account : accounts) account = AccountId{in.number32()};
  return accounts;
}

void pack_expiry(Packer& out, const std::optional<WallTime>& expires) {
  out.byte(expires ? 1 : 0);
  if (expires) out.time(*expires);
}

std::optional<WallTime> unpack_expiry(Unpacker& in) { return in.flag() ? std::optional(in.time()) : std::nullopt; }

}  // namespace

Bytes pack_lock(const LockRecord& record) {
  Packer out;
  out.number(static_cast<std::uint32_t>(record.canvas));
  pack_area(out, record.area);
  out.text(record.reason);
  pack_expiry(out, record.expires);
  out.byte(static_cast<std::uint8_t>(record.allowed));
  pack_accounts(out, record.accounts);
  pack_account_id(out, record.maker);
  out.time(record.created);
  out.number(record.version);
  return out.take();
}

std::optional<LockRecord> unpack_lock(LockId id, ByteSpan body) {
  Unpacker in(body);
  LockRecord record;
  record.id = id;
  record.canvas = CanvasId{in.number32()};
  record.area = unpack_area(in);
  record.reason = in.text();
  record.expires = unpack_expiry(in);
  record.allowed = static_cast<Role>(in.choice(role_count));
  record.accounts = unpack_accounts(in, body.size());
  record.maker = AccountId{in.number32()};
  record.created = in.time();
  record.version = in.number32();
  if (!in.done()) return std::nullopt;
  return record;
}

Bytes pack_grant(const GrantRecord& record) {
  Packer out;
  out.byte(static_cast<std::uint8_t>(record.role));
  pack_account_id(out, record.maker);
  out.time(record.created);
  out.number(record.version);
  return out.take();
}

std::optional<GrantRecord> unpack_grant(GrantKey key, ByteSpan body) {
  Unpacker in(body);
  GrantRecord record{.canvas = key.canvas, .account = key.account};
  record.role = static_cast<Role>(in.choice(role_count));
  record.maker = AccountId{in.number32()};
  record.created = in.time();
  record.version = in.number32();
  const bool can_be = record.role > Role::Guest && record.role < Role::Owner;
  if (!in.done() || !can_be) return std::nullopt;
  return record;
}

Bytes pack_seen(const SeenRecord& record) {
  Packer out;
  out.number(record.prefixes.size());
  for (const SeenPrefix& seen : record.prefixes) {
    out.byte(static_cast<std::uint8_t>(seen.prefix.kind));
    out.fixed(seen.prefix.hash);
    out.time(seen.first);
    out.time(seen.last);
  }
  return out.take();
}

std::optional<SeenRecord> unpack_seen(AccountId account, ByteSpan body) {
  Unpacker in(body);
  SeenRecord record{.account = account, .prefixes = {}};
  record.prefixes.resize(static_cast<std::size_t>(in.number(most_prefixes)));
  for (SeenPrefix& seen : record.prefixes) {
    seen.prefix.kind = static_cast<PrefixKind>(in.choice(prefix_kind_count));
    seen.prefix.hash = in.fixed();
    seen.first = in.time();
    seen.last = in.time();
  }
  if (!in.done()) return std::nullopt;
  return record;
}

Bytes pack_announcement(const AnnouncementRecord& record) {
  Packer out;
  out.text(record.text);
  out.byte(record.pinned ? 1 : 0);
  pack_expiry(out, record.expires);
  pack_account_id(out, record.maker);
  out.time(record.created);
  out.number(record.version);
  return out.take();
}

std::optional<AnnouncementRecord> unpack_announcement(AnnouncementId id, ByteSpan body) {
  Unpacker in(body);
  AnnouncementRecord record;
  record.id = id;
  record.text = in.text();
  record.pinned = in.flag();
  record.expires = unpack_expiry(in);
  record.maker = AccountId{in.number32()};
  record.created = in.time();
  record.version = in.number32();
  if (!in.done()) return std::nullopt;
  return record;
}

Bytes pack_rollback(const RollbackRecord& record) {
  Packer out(second_format);
  out.number(static_cast<std::uint32_t>(record.canvas));
  pack_accounts(out, record.selection.accounts);
  pack_area(out, record.selection.region);
  out.number(record.selection.after);
  out.number(record.selection.until);
  out.byte(static_cast<std::uint8_t>(record.state));
  out.text(record.reason);
  pack_account_id(out, record.maker);
  out.time(record.created);
  out.number(record.placements);
  out.number(record.cells);
  out.number(record.version);
  out.byte(record.selection.undos ? 1 : 0);
  out.number(record.turned.size());
  for (const RollbackRecord::Turned& turned : record.turned) {
    out.number(static_cast<std::uint32_t>(turned.id));
    out.number(turned.version);
  }
  return out.take();
}

std::optional<RollbackRecord> unpack_rollback(RollbackId id, ByteSpan body) {
  Unpacker in(body, second_format);
  RollbackRecord record;
  record.id = id;
  record.canvas = CanvasId{in.number32()};
  record.selection.accounts = unpack_accounts(in, body.size());
  record.selection.region = unpack_area(in);
  record.selection.after = in.number(UINT64_MAX);
  record.selection.until = in.number(UINT64_MAX);
  record.state = static_cast<RollbackState>(in.choice(rollback_state_count));
  record.reason = in.text();
  record.maker = AccountId{in.number32()};
  record.created = in.time();
  record.placements = in.number(UINT64_MAX);
  record.cells = in.number(UINT64_MAX);
  record.version = in.number32();
  if (in.format() >= second_format) {
    record.selection.undos = in.flag();
    record.turned.resize(static_cast<std::size_t>(in.number(body.size())));
    for (RollbackRecord::Turned& turned : record.turned) {
      turned.id = RollbackId{in.number32()};
      turned.version = in.number32();
    }
  }
  if (!in.done()) return std::nullopt;
  return record;
}

}  // namespace tessera
