#pragma once

#include "app/model/report_desk.h"
#include "shared/base/geometry.h"
#include "shared/base/ids.h"

/// What players do with what staff schedule, decide and tell them.
namespace tessera::action {

/// The countdown at the top is put away; or is shown again.
struct PutAwayCountdown {
  ScheduleId id{};
};
struct ShowCountdown {
  ScheduleId id{};
};
/// Opens the form for what is around this cell.
struct ReportCell {
  Cell cell;
};
/// One's own reports, without a form.
struct ShowOwnReports {};
struct ReadOwnReports {};
struct EditReportForm {
  ReportForm form;
};
/// The next rectangle drawn on the canvas is what is reported; or not.
struct MarkReportArea {
  bool marking = true;
};
struct SubmitReport {};
/// Shows where it is, on whichever canvas.
struct LookAtReport {
  ReportId id{};
};
/// What staff decided has been read.
struct PutAwayNews {};
/// The notice that is shown has been read.
struct UnderstandNotice {};

}  // namespace tessera::action
