#include <cmath>

#include "app/model/panel_work.h"

/// The staff panel as a whole: which tab is open, and when what it shows is read anew.
namespace tessera {
namespace {

/// What nobody tells the app by itself is asked for again.
constexpr Duration refresh_time{10'000'000};

void read_open_reports(Turn& turn) {
  StaffPanel& staff = turn.model.staff;
  if (staff.open_asked == unasked) staff.open_asked = ask_question(turn, PanelQuestion{ask::ListReports{canvas_of(turn), ReportState::Open, {}}});
}

bool open_reports_answered(StaffPanel& staff, const action::Answered& a) {
  if (staff.open_asked == unasked || a.id != staff.open_asked) return false;
  staff.open_asked = unasked;
  if (const auto* page = panel_answer<answer::Page<ReportRow>>(a.answer)) staff.open_reports = page->rows.size();
  return true;
}

void read_tab(Turn& turn) {
  StaffPanel& staff = turn.model.staff;
  staff.refresh_due = turn.now() + refresh_time;
  read_open_reports(turn);
  switch (staff.tab) {
    case StaffTab::Overview:
      read_figures(turn);
      return read_audit(turn);
    case StaffTab::Locks:
      return;
    case StaffTab::People:
      return read_people(turn);
    case StaffTab::Reports:
      return read_reports(turn);
    case StaffTab::Rollbacks:
      return read_rollbacks(turn);
    case StaffTab::Events:
      return read_events(turn);
    case StaffTab::Audit:
      return read_audit(turn);
    case StaffTab::Server:
      read_figures(turn);
      return read_server_state(turn);
  }
}

}  // namespace

const std::string& canvas_of(const Turn& turn) { return turn.model.canvas.name; }

std::string image_name(ImageSlot slot) { return std::string("staff ") + std::to_string(static_cast<int>(slot)); }

void ask_image(Turn& turn, PanelImage& image, PanelQuestion question) {
  image.failed = false;
  image.asked = ask_question(turn, std::move(question));
}

bool image_answered(Turn& turn, PanelImage& image, const action::Answered& a) {
  if (image.asked == unasked || a.id != image.asked) return false;
  image.asked = unasked;
  const auto* came = panel_answer<answer::Image>(a.answer);
  image.failed = came == nullptr;
  if (!came) return true;
  image.size = came->size;
  image.rgba = came->rgba;
  image.stamp = ++turn.model.staff.images;
  return true;
}

bool begin_task(Turn& turn, PanelTask& task, PanelQuestion question) {
  if (task.busy()) return false;
  task.error.reset();
  task.asked = ask_question(turn, std::move(question));
  return true;
}

Phrase staff_failure(const Model& model, const Response& response) {
  if (response.status == 412) return {Text::StaffChanged, {}};
  if (response.code == "forbidden" && !response.detail.empty()) return {Text::StaffForbidden, {response.detail}};
  return failure(model, response);
}

Result<std::optional<WallTime>, Phrase> read_instant(const Model& model, const std::string& text, Nearest which) {
  if (text.find_first_not_of(' ') == std::string::npos) return std::optional<WallTime>{};
  const auto time = read_time(text, server_now(model), model.device.utc_offset, which);
  if (!time) return Phrase{Text::UntilWrong, {}};
  return std::optional(*time);
}

void open_staff(Turn& turn, std::optional<StaffTab> tab) {
  Model& model = turn.model;
  if (!is_moderator(model) || model.screen != Screen::Canvas) return;
  StaffPanel& staff = model.staff;
  if (tab) staff.tab = *tab;
  model.cell.open = false;
  model.drawer = Drawer::Staff;
  staff.back = false;
  if (!std::exchange(staff.settled, true)) verify_log(turn);
  read_tab(turn);
}

void forget_staff(Model& model) {
  model.staff = {};
  if (model.drawer == Drawer::Staff) model.drawer = Drawer::None;
}

void leave_canvas_of_staff(Model& model) {
  const StaffTab tab = model.staff.tab;
  const bool open = model.drawer == Drawer::Staff;
  model.staff = {};
  model.staff.tab = tab;
  if (open) model.staff.refresh_due = model.now;
}

void tick_staff(Turn& turn) {
  Model& model = turn.model;
  if (model.drawer != Drawer::Staff || !turn.live() || model.hidden) return;
  tick_people(turn);
  tick_audit(turn);
  StaffPanel& staff = model.staff;
  if (staff.refresh_due && turn.now() < *staff.refresh_due) return;
  if (!std::exchange(staff.settled, true)) verify_log(turn);
  read_tab(turn);
}

std::optional<TimePoint> next_staff_change(const Model& model) {
  const StaffPanel& staff = model.staff;
  if (model.drawer != Drawer::Staff || model.hidden) return std::nullopt;
  std::optional<TimePoint> next = staff.refresh_due;
  for (const auto& due : {staff.people.search_due, staff.audit.search_due})
    if (due && (!next || *due < *next)) next = due;
  return next;
}

void staff_changed(Turn& turn) { turn.model.staff.refresh_due = turn.now(); }

bool staff_answered(Turn& turn, const action::Answered& a) {
  return open_reports_answered(turn.model.staff, a) || figures_answered(turn, a) || people_answered(turn, a) || reports_answered(turn, a) ||
         rollbacks_answered(turn, a) || events_answered(turn, a) || audit_answered(turn, a);
}

void staff_acted(Turn& turn, const PanelAction& action) {
  if (!is_moderator(turn.model)) return;
  std::visit([&](const auto& each) { act(turn, each); }, action);
}

void act(Turn& turn, const action::OpenStaff& a) { open_staff(turn, a.tab); }

void act(Turn& turn, const action::ReadTabAgain&) { read_tab(turn); }

void act(Turn& turn, const action::ReadMoreRows&) {
  switch (turn.model.staff.tab) {
    case StaffTab::People:
      return read_more_people(turn);
    case StaffTab::Reports:
      return read_more_reports(turn);
    case StaffTab::Rollbacks:
      return read_more_rollbacks(turn);
    case StaffTab::Events:
      return read_more_events(turn);
    case StaffTab::Audit:
      return read_more_audit(turn);
    case StaffTab::Overview:
    case StaffTab::Locks:
    case StaffTab::Server:
      return;
  }
}

void act(Turn& turn, const action::EditLocksTab& a) { turn.model.staff.locks = a.tab; }

void act(Turn& turn, const action::LookAt& a) {
  Model& model = turn.model;
  if (a.area.empty()) return;
  Viewport& viewport = model.viewport;
  // As large as it fits into what the panel leaves free, and no larger than cells are usually drawn.
  const double free = phone(model) ? viewport.width() : viewport.width() / 2;
  const double fits = std::min(free / a.area.width, viewport.height() / a.area.height) * 0.6;
  const double zoom = std::clamp(fits, 0.25, 12 * viewport.pixel_ratio());
  const double aside = phone(model) ? 0 : free / 2 / zoom;
  viewport.go_to({a.area.x + a.area.width / 2.0 + aside, a.area.y + a.area.height / 2.0}, zoom >= 1 ? std::floor(zoom) : zoom, motion(model), turn.now());
  if (phone(model)) model.drawer = Drawer::None;
}

}  // namespace tessera
