#pragma once

#include <optional>
#include <string>

#include "server/http/shapes.h"

/// What staff see, as JSON, each in one place.
namespace tessera {

/// `{"x":1,"y":2,"width":3,"height":4}`; null where it is empty.
Json area_json(Rect area);
/// The address of the canvas's picture within `region` (empty: of all of it), just after placement `at` or as it now is.
std::string picture_address(const std::string& canvas, Rect region, std::optional<Seq> at = std::nullopt);

Json rollback_json(const std::string& canvas, const RollbackView& view);
Json staff_account_json(const AccountRecord& account);
Json audit_json(const AuditEntry& entry);

/// A report as staff see it, and as whoever made it does.
Json report_json(const std::string& canvas, const ReportView& view);
Json own_report_json(const ReportRecord& record);
std::optional<ReportState> find_report_state(std::string_view word);

}  // namespace tessera
