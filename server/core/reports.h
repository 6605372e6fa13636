#pragma once

#include <optional>
#include <string>
#include <vector>

#include "server/core/changed.h"
#include "server/core/people.h"
#include "server/core/staff_records.h"

/// Reports as they are asked for and answered.
namespace tessera {

struct NewReport {
  Rect area;
  std::string reason;  ///< one line, not empty
};

struct ReportQuery {
  std::optional<ReportState> state{};
  ReportId before{UINT32_MAX};  ///< ids below this one
  std::size_t limit = 50;
};

/// What is absent stays.
struct ReportChange {
  std::optional<ReportState> state{};
  std::optional<std::string> outcome{};
  std::vector<ReportId> also{};  ///< others of the same canvas that become the same
  bool take_over = false;        ///< also from somebody else who claimed it
};

struct ReportView {
  ReportRecord record;
  AccountInfo reporter;
  std::optional<AccountInfo> handler;
  std::vector<ReportId> similar;         ///< of other accounts: an overlapping area within the same 24 hours, the newest first
  std::size_t reporter_reports = 0;      ///< by the same account, on the whole server, this one among them
  std::size_t reporter_dismissed = 0;    ///< of those
};

/// What became of a report that was to be made or changed.
struct ReportReply {
  Changed<ReportView> report;
  std::uint32_t retry_after_ms = 0;  ///< where refused as `TooSoon`
  bool is_others = false;            ///< refused, because somebody else claimed it
};

/// An account as staff see it, all that the rooms know of it.
struct AccountProfile {
  AccountRecord account;
  std::vector<AccountId> aliases{};
  std::vector<SessionRecord> sessions{};  ///< of the person's devices, the newest first
  std::vector<ServiceView> bots{};
  std::vector<ReportView> reports{};      ///< that it made, the newest first, a page of them
  std::size_t reports_made = 0;
  std::size_t reports_dismissed = 0;
  struct Prefix {
    SeenPrefix seen;
    std::size_t accounts = 0;  ///< seen there, this one among them
  };
  std::vector<Prefix> prefixes{};         ///< where it was seen, the newest first
  std::vector<ReportRecord> recent{};     ///< anybody's, the newest first: which of them are about it is in the journal
};

}  // namespace tessera
