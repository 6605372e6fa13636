#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "server/core/staff_records.h"
#include "shared/base/result.h"

namespace tessera {

struct VerifyReport {
  /// What is damaged and where, a sentence each; at most `max_damage`, after which checking stops.
  std::vector<std::string> damage;
  std::uint64_t canvases = 0;
  std::uint64_t placements = 0;
  std::uint64_t rows = 0;  ///< of the journal
  std::uint64_t checkpoints = 0;
  std::uint64_t accounts = 0;
  std::uint64_t audit_entries = 0;  ///< of the audit log, up to the first that is bad
  AuditHash audit_head{};           ///< the hash of the last of those
  bool stopped = false;  ///< by the caller's progress function

  static constexpr std::size_t max_damage = 100;
  bool ok() const { return damage.empty() && !stopped; }
};

/// Called now and then with what is done of what there is to do; answers whether to go on.
using VerifyProgress = std::function<bool(std::uint64_t done, std::uint64_t total)>;

/// Reads everything the store at `url` holds: the file's own structure, the checksum of every row, each canvas's seqs
/// 1 … n without gaps, times that never fall, checkpoints against the replayed journal, accounts that drew, locks and what else
/// staff made, the audit log against its chain and its seal. Writes
/// nothing; a server may be running on it. An error where it cannot be opened at all (which is damage too, unless it is
/// not there).
Result<VerifyReport> verify_store(std::string_view url, const VerifyProgress& progress);

}  // namespace tessera
