#pragma once

#include <optional>
#include <string>
#include <vector>

#include "app/model/report_questions.h"
#include "app/model/questions.h"
#include "app/model/translate.h"
#include "shared/base/clock.h"

/// What a player reports to staff, and what they answer.
namespace tessera {

enum class ReportReason : std::uint8_t { Vandalism, Hateful, Indecent, Spam, Cheating, Other };
inline constexpr std::uint8_t report_reason_count = 6;

/// As it is typed.
struct ReportForm {
  std::string x, y, width, height;
  std::optional<ReportReason> reason;
  std::string words;
  bool operator==(const ReportForm&) const = default;
};

/// What staff have decided, until it is put away.
struct ReportNews {
  ReportId id{};
  ReportState state{};
  std::string outcome;
};

/// A place one was led to: framed for a while.
struct ShownPlace {
  Rect area;
  TimePoint until{};
};

/// The drawer of reports: the form for a new one, and one's own on this server.
struct ReportDesk {
  bool writing = false;  ///< the form is open, else the list alone
  ReportForm form;
  bool marking = false;  ///< the next rectangle drawn on the canvas becomes the form's
  bool busy = false;
  bool sent = false;
  std::optional<Phrase> error;
  AskId asked{};

  std::vector<OwnReport> own;  ///< of all canvases that were asked for, the newest first
  bool failed = false;         ///< they could not be read
  AskId reading{};
  std::vector<ReportNews> news;  ///< the oldest first
  std::optional<ShownPlace> shown;

  static constexpr std::uint32_t usual_side = 16;
  static constexpr std::uint64_t most_cells = 1'000'000;
  static constexpr std::size_t reason_bytes = 500;
  static constexpr std::size_t most_own = 200, most_news = 20;
};

/// The words of a usual reason.
Text report_reason_text(ReportReason reason);
Text own_report_state(ReportState state);

}  // namespace tessera
