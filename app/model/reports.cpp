#include <algorithm>
#include <cmath>

#include "app/model/turn.h"

/// One's own reports, and what staff decide of them.
namespace tessera {
namespace {

constexpr Duration shown_time{5'000'000};

bool is_closed(ReportState state) { return state == ReportState::Resolved || state == ReportState::Dismissed; }

OwnReport* find(Model& model, ReportId id) {
  auto& own = model.report_desk.own;
  const auto found = std::find_if(own.begin(), own.end(), [&](const OwnReport& each) { return each.id == id; });
  return found == own.end() ? nullptr : &*found;
}

void tell_news(Turn& turn, ReportId id, ReportState state, const std::string& outcome) {
  std::vector<ReportNews>& news = turn.model.report_desk.news;
  // Only what was decided last counts.
  std::erase_if(news, [&](const ReportNews& each) { return each.id == id; });
  if (state == ReportState::Claimed) return turn.tell(Level::Info, {Text::NewsClaimed, {}});
  if (state == ReportState::Open) return turn.tell(Level::Info, {Text::NewsReopened, {}});
  if (news.size() >= ReportDesk::most_news) news.erase(news.begin());
  news.push_back({id, state, outcome});
}

/// The zoom at which half of the window shows it.
double zoom_for(const Model& model, const Rect& area) {
  const Viewport& view = model.viewport;
  const double most = std::max(1.0, 16 * view.pixel_ratio());
  const double zoom = std::min({view.width() / 2 / area.width, view.height() / 2 / area.height, most});
  return zoom >= 1 ? std::floor(zoom) : zoom;
}

}  // namespace

Text own_report_state(ReportState state) {
  switch (state) {
    case ReportState::Open:
      return Text::OwnReportOpen;
    case ReportState::Claimed:
      return Text::OwnReportClaimed;
    case ReportState::Resolved:
      return Text::OwnReportResolved;
    case ReportState::Dismissed:
      break;
  }
  return Text::OwnReportDismissed;
}

const OwnReport* own_report(const Model& model, ReportId id) {
  for (const OwnReport& each : model.report_desk.own)
    if (each.id == id) return &each;
  return nullptr;
}

std::vector<const OwnReport*> own_reports(const Model& model) {
  std::vector<const OwnReport*> found;
  for (const OwnReport& each : model.report_desk.own)
    if (each.canvas == model.canvas.name) found.push_back(&each);
  return found;
}

void show_own_reports(Turn& turn) {
  ReportDesk& desk = turn.model.report_desk;
  if (!desk.busy) desk.writing = false;
  desk.marking = desk.sent = false;
  turn.model.drawer = Drawer::Report;
  read_own_reports(turn);
}

void read_own_reports(Turn& turn) {
  ReportDesk& desk = turn.model.report_desk;
  if (!signed_in(turn.model) || desk.reading != unasked) return;
  desk.failed = false;
  desk.reading = ask_question(turn, ask::OwnReports{turn.model.canvas.name});
}

void catch_up_with_reports(Turn& turn) {
  const auto& own = turn.model.report_desk.own;
  if (std::any_of(own.begin(), own.end(), [](const OwnReport& each) { return !is_closed(each.state); })) read_own_reports(turn);
}

void own_reports_came(Turn& turn, const QuestionAnswer& answer) {
  ReportDesk& desk = turn.model.report_desk;
  desk.reading = unasked;
  const auto* reports = std::get_if<answer::OwnReports>(&answer);
  desk.failed = reports == nullptr;
  if (!reports) return;
  for (const OwnReport& each : reports->items) take_own_report(turn, each);
}

void take_own_report(Turn& turn, const OwnReport& report) {
  std::vector<OwnReport>& own = turn.model.report_desk.own;
  if (OwnReport* known = find(turn.model, report.id)) {
    const bool decided = !is_closed(known->state) && is_closed(report.state);
    *known = report;
    if (decided) tell_news(turn, report.id, report.state, report.outcome);
    return;
  }
  const auto place = std::find_if(own.begin(), own.end(), [&](const OwnReport& each) { return each.id < report.id; });
  own.insert(place, report);
  if (own.size() > ReportDesk::most_own) own.pop_back();
}

void report_outcome(Turn& turn, const ReportOutcome& message) {
  OwnReport* known = find(turn.model, message.id);
  if (known) {
    known->state = message.state;
    known->outcome = message.outcome;
  } else {
    read_own_reports(turn);  // where it was
  }
  tell_news(turn, message.id, message.state, message.outcome);
}

void look_at_report(Turn& turn, ReportId id) {
  Model& model = turn.model;
  const OwnReport* report = own_report(model, id);
  if (!report || report->area.empty()) return;
  const Rect area = report->area;
  const CanvasPoint centre{area.x + area.width / 2.0, area.y + area.height / 2.0};
  const double zoom = zoom_for(model, area);
  if (phone(model) && model.drawer == Drawer::Report) model.drawer = Drawer::None;
  if (report->canvas != model.canvas.name) {
    Link link;
    link.server = model.connection.server;
    link.canvas = report->canvas;
    link.x = centre.x, link.y = centre.y, link.zoom = zoom / model.viewport.pixel_ratio();
    return go_to_link(turn, link);
  }
  model.viewport.go_to(centre, zoom, motion(model), turn.now());
  model.report_desk.shown = ShownPlace{area, turn.now() + shown_time};
}

void put_away_news(Model& model) {
  auto& news = model.report_desk.news;
  if (!news.empty()) news.erase(news.begin());
}

void tick_reports(Model& model) {
  auto& shown = model.report_desk.shown;
  if (shown && model.now >= shown->until) shown.reset();
}

}  // namespace tessera
