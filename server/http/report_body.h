#pragma once

#include <nlohmann/json.hpp>

#include "server/core/reports.h"
#include "server/core/staff.h"
#include "shared/base/result.h"

/// The bodies of reports and of what staff do about people. An error names the field and what is wrong with it.
namespace tessera {

/// `{"region":{…},"reason"}`, or of one cell `{"x","y","reason"}`.
Result<NewReport> read_new_report(const nlohmann::json& body);
Result<ReportChange> read_report_change(const nlohmann::json& body);

/// `{"text"}`
Result<std::string> read_warning(const nlohmann::json& body);

struct BanBody {
  WallTime until = never_expires;
  std::string reason;  ///< with the appeal's text behind it: all that the banned person is shown
  std::string canvas{};  ///< that is rolled back too; empty: none
  std::optional<RollbackAsked::Bound> since{};
};
Result<BanBody> read_ban(const nlohmann::json& body);

}  // namespace tessera
