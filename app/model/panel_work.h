#pragma once

#include <algorithm>

#include "app/model/panel_actions.h"
#include "app/model/turn.h"

/// What the tabs of the staff panel do alike; of no concern to anyone outside `app/model`.
namespace tessera {

/// Why a question of the panel failed, in a person's words.
Phrase staff_failure(const Model& model, const Response& response);

template <typename Answer>
const Answer* panel_answer(const QuestionAnswer& answer) {
  const auto* of_panel = std::get_if<PanelAnswer>(&answer);
  return of_panel ? std::get_if<Answer>(of_panel) : nullptr;
}

/// Lists of which the newest stand first: what is read again at their head is put before what had been read.
constexpr std::uint64_t place_in_list(const AuditRow& row) { return row.id; }
constexpr std::uint64_t place_in_list(const ReportRow& row) { return static_cast<std::uint64_t>(row.id); }
constexpr std::uint64_t place_in_list(const RollbackRow& row) { return static_cast<std::uint64_t>(row.id); }
template <typename Row>
concept NewestFirst = requires(const Row& row) { place_in_list(row); };

/// Asks for the head of a list; what is there stays until it comes.
template <typename Row>
void read_list(Turn& turn, PagedList<Row>& list, PanelQuestion question) {
  list.adding = false;
  list.asked = ask_question(turn, std::move(question));
}

/// Asks for the next page of it, where there is one and nothing else is on its way. `after` makes the question.
template <typename Row>
void read_more(Turn& turn, PagedList<Row>& list, const auto& after) {
  if (list.asked != unasked || list.next.empty()) return;
  list.adding = true;
  list.asked = ask_question(turn, PanelQuestion{after(list.next)});
}

template <typename Row>
void take_page(PagedList<Row>& list, const answer::Page<Row>& page) {
  const bool adding = std::exchange(list.adding, false);
  list.total = page.total;
  if (adding) {
    list.rows.insert(list.rows.end(), page.rows.begin(), page.rows.end());
    list.next = page.next;
    return;
  }
  if constexpr (NewestFirst<Row>) {
    // Further pages that had been read stay, where nothing is missing in between.
    const bool meets = !page.rows.empty() && !list.rows.empty() && place_in_list(page.rows.back()) <= place_in_list(list.rows.front());
    if (meets && !page.next.empty()) {
      std::erase_if(list.rows, [&](const Row& row) { return place_in_list(row) >= place_in_list(page.rows.back()); });
      if (!list.rows.empty()) {
        list.rows.insert(list.rows.begin(), page.rows.begin(), page.rows.end());
        return;
      }
    }
  }
  list.rows = page.rows;
  list.next = page.next;
}

/// True: it was this list's.
template <typename Row>
bool list_answered(Turn& turn, PagedList<Row>& list, const action::Answered& a) {
  if (list.asked == unasked || a.id != list.asked) return false;
  list.asked = unasked;
  const auto* page = panel_answer<answer::Page<Row>>(a.answer);
  if (!a.response.ok() || !page) {
    list.adding = false;
    list.error = failure(turn.model, a.response);
    return true;
  }
  list.error.reset();
  list.loaded = true;
  take_page(list, *page);
  return true;
}

void ask_image(Turn& turn, PanelImage& image, PanelQuestion question);
/// True: it was this picture's.
bool image_answered(Turn& turn, PanelImage& image, const action::Answered& a);

/// Begins a change; false while another is on its way.
bool begin_task(Turn& turn, PanelTask& task, PanelQuestion question);
/// True: it was this change's; then `done` is called where it went well, and the error is told otherwise.
bool task_answered(Turn& turn, PanelTask& task, const action::Answered& a, const auto& done) {
  if (task.asked == unasked || a.id != task.asked) return false;
  task.asked = unasked;
  task.error.reset();
  if (a.response.ok()) done();
  else task.error = staff_failure(turn.model, a.response);
  return true;
}

/// An instant that was typed, by this device's clock; nothing where the text is empty.
Result<std::optional<WallTime>, Phrase> read_instant(const Model& model, const std::string& text, Nearest which);

const std::string& canvas_of(const Turn& turn);

// ---- each tab: reads it anew, reads on in its list, and takes its answers (true: it was the tab's) ----

void read_figures(Turn& turn);
void read_server_state(Turn& turn);
bool figures_answered(Turn& turn, const action::Answered& a);

void read_people(Turn& turn);
void read_more_people(Turn& turn);
bool people_answered(Turn& turn, const action::Answered& a);
void tick_people(Turn& turn);

void read_reports(Turn& turn);
void read_more_reports(Turn& turn);
bool reports_answered(Turn& turn, const action::Answered& a);

void read_rollbacks(Turn& turn);
void read_more_rollbacks(Turn& turn);
bool rollbacks_answered(Turn& turn, const action::Answered& a);

void read_events(Turn& turn);
void read_more_events(Turn& turn);
bool events_answered(Turn& turn, const action::Answered& a);

void read_audit(Turn& turn);
void read_more_audit(Turn& turn);
bool audit_answered(Turn& turn, const action::Answered& a);
void tick_audit(Turn& turn);
void verify_log(Turn& turn);

/// What one does in the panel, by its tabs.
void act(Turn& turn, const action::ShowHours& a);
void act(Turn& turn, const action::EditPause& a);
void act(Turn& turn, const action::PauseNow& a);
void act(Turn& turn, const action::EditLocksTab& a);
void act(Turn& turn, const action::EditSearch& a);
void act(Turn& turn, const action::ShowAutomation& a);
void act(Turn& turn, const action::OpenProfile& a);
void act(Turn& turn, const action::EditProfile& a);
void act(Turn& turn, const action::SaveNote&);
void act(Turn& turn, const action::SendWarning&);
void act(Turn& turn, const action::SubmitBan&);
void act(Turn& turn, const action::LiftBan&);
void act(Turn& turn, const action::GiveRole& a);
void act(Turn& turn, const action::GiveGrant& a);
void act(Turn& turn, const action::ShowReports& a);
void act(Turn& turn, const action::OpenReport& a);
void act(Turn& turn, const action::EditReport& a);
void act(Turn& turn, const action::MoveReport& a);
void act(Turn& turn, const action::EditRollback& a);
void act(Turn& turn, const action::BeginRollback& a);
void act(Turn& turn, const action::ForecastNow&);
void act(Turn& turn, const action::ApplyRollback& a);
void act(Turn& turn, const action::StepRollbackNow& a);
void act(Turn& turn, const action::OpenRollback& a);
void act(Turn& turn, const action::PickRegion&);
void act(Turn& turn, const action::ShowEvents& a);
void act(Turn& turn, const action::EditSchedule& a);
void act(Turn& turn, const action::SubmitSchedule&);
void act(Turn& turn, const action::ChooseScheduled& a);
void act(Turn& turn, const action::RemoveScheduled& a);
void act(Turn& turn, const action::EditSnapshot& a);
void act(Turn& turn, const action::TakeSnapshot&);
void act(Turn& turn, const action::BeginRestore& a);
void act(Turn& turn, const action::EditRestore& a);
void act(Turn& turn, const action::SubmitRestore&);
void act(Turn& turn, const action::CancelRestore&);
void act(Turn& turn, const action::EditAudit& a);
void act(Turn& turn, const action::OpenEntry& a);
void act(Turn& turn, const action::VerifyLog&);
void act(Turn& turn, const action::ExportAudit& a);
void act(Turn& turn, const action::OpenStaff& a);
void act(Turn& turn, const action::ReadMoreRows&);
void act(Turn& turn, const action::ReadTabAgain&);
void act(Turn& turn, const action::LookAt& a);

}  // namespace tessera
