#pragma once

#include <array>
#include <chrono>
#include <map>
#include <set>
#include <unordered_map>
#include <vector>

#include "server/core/reports.h"

namespace tessera {

/// All reports of a server, closed ones too: by canvas, by state, by who made them. Belongs to the room loop. Knows nothing of accounts
/// that stand for others: whoever asks names them all.
class ReportBook {
 public:
  static constexpr std::size_t most_open = 10'000;  ///< claimed ones among them
  static constexpr std::size_t most_a_minute = 5, most_a_day = 30;  ///< of one account

  /// New, or in place of the older one.
  void put(ReportRecord record);
  /// Null where there is none on that canvas; borrowed until the next change.
  const ReportRecord* find(CanvasId canvas, ReportId id) const;
  /// Those of a canvas, the newest first.
  std::vector<const ReportRecord*> list(CanvasId canvas, const ReportQuery& query) const;
  /// Those of one account there, the newest first.
  std::vector<const ReportRecord*> of(CanvasId canvas, AccountId reporter, const ReportQuery& query) const;
  /// Those of one account on all canvases, the newest first.
  std::vector<const ReportRecord*> of(AccountId reporter, std::size_t limit) const;
  /// The newest of all canvases.
  std::vector<const ReportRecord*> newest(std::size_t limit) const;
  /// Of other accounts, whose areas overlap, within 24 hours before or after; the newest first. It looks at the `neighbours` made
  /// before and after it, and names no more than `most_similar`.
  std::vector<ReportId> similar(const ReportRecord& report) const;

  std::size_t open() const { return open_; }
  /// Those of one canvas that nobody has claimed.
  std::size_t open_on(CanvasId canvas) const;
  std::size_t made_by(AccountId reporter) const;
  std::size_t dismissed_of(AccountId reporter) const;
  /// How long the account must wait before its next report; zero: not at all.
  std::chrono::milliseconds wait(AccountId reporter, WallTime now) const;

 private:
  static constexpr std::size_t neighbours = 500;
  static constexpr std::size_t most_similar = 100;

  struct Canvas {
    std::map<ReportId, ReportRecord> records;
    std::array<std::set<ReportId>, report_state_count> by_state;
  };
  struct Reporter {
    std::map<ReportId, CanvasId> made;
    std::size_t dismissed = 0;
  };

  void count(const ReportRecord& record, int by);

  std::map<CanvasId, Canvas> canvases_;
  std::map<ReportId, CanvasId> all_;
  std::unordered_map<AccountId, Reporter> reporters_;
  std::size_t open_ = 0;
};

}  // namespace tessera
