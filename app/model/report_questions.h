#pragma once

#include <string>
#include <vector>

#include "shared/base/clock.h"
#include "shared/base/geometry.h"
#include "shared/protocol/parts.h"

/// What players ask of a server's HTTP API about what they report to its staff.
namespace tessera {

/// A report of one's own, as the server has it.
struct OwnReport {
  std::string canvas;
  ReportId id{};
  ReportState state{};
  Rect area;
  std::string reason;
  std::string outcome;  ///< what staff did, as they say it; may be empty
  WallTime created{};
  bool operator==(const OwnReport&) const = default;
};

namespace ask {

/// `POST /api/v1/canvases/{c}/reports`
struct MakeReport {
  std::string canvas;
  Rect area;
  std::string reason;
};
/// `GET /api/v1/canvases/{c}/reports/mine`: the newest of them.
struct OwnReports {
  std::string canvas;
};

}  // namespace ask

namespace answer {

struct MadeReport {
  OwnReport report;
};
struct OwnReports {
  std::vector<OwnReport> items;  ///< the newest first
};

}  // namespace answer

}  // namespace tessera
