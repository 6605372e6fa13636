#include "app/model/panel_work.h"

/// The audit log: searched, checked, taken along.
namespace tessera {
namespace {

constexpr Duration typing_rests{300'000};
constexpr std::uint32_t most_pages = 2'000;

ask::SearchAudit question(const Turn& turn, const std::string& after = {}) {
  const StaffPanel& staff = turn.model.staff;
  // The overview shows the newest of all, whatever is being searched for.
  return {staff.tab == StaffTab::Audit ? staff.audit.search : LogSearch{}, after};
}

Result<LogSearch, Phrase> read_form(const Model& model, const AuditForm& form) {
  LogSearch search{form.actor, form.action, form.target, form.text, {}, {}};
  const auto since = read_instant(model, form.since, Nearest::Past), until = read_instant(model, form.until, Nearest::Past);
  if (!since) return since.error();
  if (!until) return until.error();
  search.since = *since;
  search.until = *until;
  return search;
}

void search_now(Turn& turn) {
  AuditTab& audit = turn.model.staff.audit;
  audit.search_due.reset();
  const auto search = read_form(turn.model, audit.form);
  audit.form_error.reset();
  if (!search) {
    audit.form_error = search.error();
    return;
  }
  audit.search = *search;
  audit.list = {};
  read_list(turn, audit.list, question(turn));
}

/// The next page of the file; the file, where that was the last.
void export_came(Turn& turn, const action::Answered& a) {
  AuditTab& audit = turn.model.staff.audit;
  const auto* file = panel_answer<answer::File>(a.answer);
  if (!file) {
    audit.exported.clear();
    return turn.tell(Level::Bad, staff_failure(turn.model, a.response));
  }
  const bool csv = audit.export_name.ends_with(".csv");
  // Each page of CSV begins with the names of the columns.
  const std::size_t names = csv && !audit.exported.empty() ? file->bytes.find('\n') + 1 : 0;
  audit.exported += file->bytes.substr(names);
  if (!file->next.empty() && ++audit.export_pages < most_pages) {
    audit.export_asked = ask_question(turn, PanelQuestion{ask::ExportAudit{audit.search, csv, file->next}});
    return;
  }
  turn.emit(effect::SaveFile{audit.export_name, std::exchange(audit.exported, {})});
}

}  // namespace

void read_audit(Turn& turn) {
  StaffPanel& staff = turn.model.staff;
  // What another tab had found is another list.
  const bool of_overview = staff.tab == StaffTab::Overview;
  if (std::exchange(staff.audit.newest_only, of_overview) != of_overview) staff.audit.list = {};
  if (staff.audit.list.asked == unasked) read_list(turn, staff.audit.list, question(turn));
}

void read_more_audit(Turn& turn) {
  read_more(turn, turn.model.staff.audit.list, [&](const std::string& after) { return question(turn, after); });
}

void tick_audit(Turn& turn) {
  const AuditTab& audit = turn.model.staff.audit;
  if (audit.search_due && turn.now() >= *audit.search_due) search_now(turn);
}

void verify_log(Turn& turn) {
  AuditTab& audit = turn.model.staff.audit;
  if (audit.verdict_asked == unasked) audit.verdict_asked = ask_question(turn, PanelQuestion{ask::VerifyAudit{}});
}

bool audit_answered(Turn& turn, const action::Answered& a) {
  AuditTab& audit = turn.model.staff.audit;
  if (a.id == audit.verdict_asked) {
    audit.verdict_asked = unasked;
    if (const auto* verdict = panel_answer<AuditVerdict>(a.answer)) audit.verdict = *verdict;
    return true;
  }
  if (a.id == audit.export_asked) {
    audit.export_asked = unasked;
    export_came(turn, a);
    return true;
  }
  return list_answered(turn, audit.list, a);
}

void act(Turn& turn, const action::EditAudit& a) {
  AuditTab& audit = turn.model.staff.audit;
  if (audit.form == a.form) return;
  audit.form = a.form;
  audit.search_due = turn.now() + typing_rests;
}

void act(Turn& turn, const action::OpenEntry& a) { turn.model.staff.audit.chosen = a.id; }

void act(Turn& turn, const action::VerifyLog&) { verify_log(turn); }

void act(Turn& turn, const action::ExportAudit& a) {
  AuditTab& audit = turn.model.staff.audit;
  if (audit.export_asked != unasked) return;
  audit.export_name = a.csv ? "audit.csv" : "audit.ndjson";
  audit.export_pages = 0;
  audit.exported.clear();
  audit.export_asked = ask_question(turn, PanelQuestion{ask::ExportAudit{audit.search, a.csv, {}}});
}

}  // namespace tessera
