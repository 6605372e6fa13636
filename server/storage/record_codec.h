#pragma once

#include <optional>
#include <vector>

#include "server/core/records.h"
#include "shared/base/bytes.h"

/// How records become the bodies of stored values. Each begins with its format version; what an older one lacks is read as
/// its default. `unpack_…` answers nothing for
/// whatever the `pack_…` of its format would not have written. What is in the key is not in the body.
namespace tessera {

Bytes pack_canvas(const CanvasRecord& record);
std::optional<CanvasRecord> unpack_canvas(CanvasId id, ByteSpan body);

Bytes pack_event(const CanvasEvent& event);
std::optional<CanvasEvent> unpack_event(CanvasId canvas, ByteSpan body);

Bytes pack_account(const AccountRecord& record);
std::optional<AccountRecord> unpack_account(AccountId id, ByteSpan body);

Bytes pack_session(const SessionRecord& record);
std::optional<SessionRecord> unpack_session(const TokenHash& hash, ByteSpan body);

/// A join is all key.
Bytes pack_join();
bool unpack_join(ByteSpan body);

Bytes pack_invite(const InviteRecord& record);
std::optional<InviteRecord> unpack_invite(InviteId id, ByteSpan body);

/// All outcomes of one batch together.
struct BatchOutcomes {
  CanvasId canvas{};
  std::vector<RequestOutcome> outcomes;
};
Bytes pack_outcomes(CanvasId canvas, const std::vector<RequestOutcome>& outcomes);
std::optional<BatchOutcomes> unpack_outcomes(ByteSpan body);

Bytes pack_charges(const SavedCharges& charges);
std::optional<SavedCharges> unpack_charges(CanvasId canvas, AccountId account, ByteSpan body);

/// The last placement of a canvas.
struct CanvasHead {
  Seq last_seq = 0;
  WallTime last_time{};  ///< of that placement
  bool operator==(const CanvasHead&) const = default;
};
Bytes pack_head(const CanvasHead& head);
std::optional<CanvasHead> unpack_head(ByteSpan body);

}  // namespace tessera
