#include "app/model/panel_work.h"
#include "shared/base/text.h"

/// Rollbacks: what is to be taken back, what that would change, and those there are.
namespace tessera {
namespace {

constexpr std::int64_t hour_ms = 3'600'000;

ask::ListRollbacks question(const Turn& turn, const std::string& after = {}) { return {turn.model.canvas.name, after}; }

void fail(RollbacksTab& tab, Phrase why) { tab.task.error = std::move(why); }

/// Empty where nothing was typed: the whole canvas.
Result<Rect, Phrase> read_region(const Model& model, const RollbackForm& form) {
  if (form.x.empty() && form.y.empty() && form.width.empty() && form.height.empty()) return Rect{};
  const Size size = model.replica.size();
  const auto x = parse_number(form.x, size.width), y = parse_number(form.y, size.height), width = parse_number(form.width, size.width),
             height = parse_number(form.height, size.height);
  const bool within = x && y && width && height && *width > 0 && *height > 0 && *x + *width <= size.width && *y + *height <= size.height;
  if (!within) return Phrase{Text::LockAreaWrong, {format_number(language(model), size.width), format_number(language(model), size.height)}};
  return Rect{static_cast<std::uint32_t>(*x), static_cast<std::uint32_t>(*y), static_cast<std::uint32_t>(*width), static_cast<std::uint32_t>(*height)};
}

Result<std::optional<WallTime>, Phrase> read_since(const Model& model, const RollbackForm& form) {
  const std::int64_t now = ms(server_now(model));
  switch (form.since) {
    case SinceChoice::Always:
      return std::optional<WallTime>{};
    case SinceChoice::Hour:
      return std::optional(WallTime{now - hour_ms});
    case SinceChoice::Day:
      return std::optional(WallTime{now - 24 * hour_ms});
    case SinceChoice::Time:
      break;
  }
  return read_instant(model, form.since_time, Nearest::Past);
}

/// All of it but whose placements.
Result<RollbackWish, Phrase> read_form(const Model& model, const RollbackForm& form) {
  RollbackWish wish;
  wish.address = form.address;
  wish.reason = form.reason;
  const auto region = read_region(model, form);
  if (!region) return region.error();
  wish.region = *region;
  const auto since = read_since(model, form);
  if (!since) return since.error();
  wish.since = *since;
  const auto until = read_instant(model, form.until_time, Nearest::Past);
  if (!until) return until.error();
  wish.until = *until;
  if (form.account.empty() && form.address.empty() && wish.region.empty()) return Phrase{Text::RollbackOfNothing, {}};
  return wish;
}

void forget_forecast(RollbacksTab& tab) {
  tab.wish.reset();
  tab.forecast.reset();
  tab.forecast_asked = tab.account_asked = unasked;
  tab.before = tab.after = {};
}

void forecast(Turn& turn, AccountId account) {
  RollbacksTab& tab = turn.model.staff.rollbacks;
  auto wish = read_form(turn.model, tab.form);
  if (!wish) return fail(tab, wish.error());
  wish->account = account;
  tab.wish = *wish;
  tab.forecast_asked = ask_question(turn, PanelQuestion{ask::ForecastRollback{canvas_of(turn), *wish}});
}

/// Who was meant: the one of that number, or the only one of that name.
const AccountRow* meant(const std::vector<AccountRow>& rows, const std::string& typed) {
  const auto id = parse_number(typed, UINT32_MAX);
  const AccountRow* found = nullptr;
  for (const AccountRow& row : rows) {
    if (id && static_cast<std::uint32_t>(row.account.id) == *id) return &row;
    if (row.account.name != typed) continue;
    if (found) return nullptr;
    found = &row;
  }
  return found;
}

void account_came(Turn& turn, const action::Answered& a) {
  RollbacksTab& tab = turn.model.staff.rollbacks;
  tab.account_asked = unasked;
  const auto* page = panel_answer<answer::Page<AccountRow>>(a.answer);
  if (!page) return fail(tab, staff_failure(turn.model, a.response));
  const AccountRow* account = meant(page->rows, tab.form.account);
  if (!account) return fail(tab, {Text::AccountNotFound, {tab.form.account}});
  tab.account = *account;
  forecast(turn, account->account.id);
}

void forecast_came(Turn& turn, const action::Answered& a) {
  RollbacksTab& tab = turn.model.staff.rollbacks;
  tab.forecast_asked = unasked;
  const auto* forecast = panel_answer<RollbackForecast>(a.answer);
  if (!forecast || !tab.wish) return fail(tab, staff_failure(turn.model, a.response));
  tab.forecast = *forecast;
  if (forecast->cells == 0) return;
  if (!phone(turn.model)) act(turn, action::LookAt{forecast->area});
  ask_image(turn, tab.before, ask::ForecastImage{canvas_of(turn), *tab.wish, false});
  ask_image(turn, tab.after, ask::ForecastImage{canvas_of(turn), *tab.wish, true});
}

void applied(Turn& turn, const action::Answered& a) {
  RollbacksTab& tab = turn.model.staff.rollbacks;
  const bool banned = std::exchange(tab.with_ban, false);
  const auto* row = panel_answer<RollbackRow>(a.answer);
  if (banned) turn.tell(Level::Good, {Text::BannedAndRolledBack, {tab.account ? tab.account->account.name : std::string()}});
  else if (row) turn.tell(Level::Good, plural(language(turn.model), row->cells, Text::RolledBackOne, Text::RolledBackMany));
  tab.form = {};
  tab.account.reset();
  forget_forecast(tab);
  staff_changed(turn);
}

}  // namespace

std::string_view code(RollbackStage state) {
  switch (state) {
    case RollbackStage::Applying:
      return "applying";
    case RollbackStage::Applied:
      return "applied";
    case RollbackStage::Undoing:
      return "undoing";
    case RollbackStage::Undone:
      break;
  }
  return "undone";
}

void read_rollbacks(Turn& turn) {
  RollbacksTab& tab = turn.model.staff.rollbacks;
  if (tab.list.asked == unasked) read_list(turn, tab.list, question(turn));
}

void read_more_rollbacks(Turn& turn) {
  read_more(turn, turn.model.staff.rollbacks.list, [&](const std::string& after) { return question(turn, after); });
}

bool rollbacks_answered(Turn& turn, const action::Answered& a) {
  RollbacksTab& tab = turn.model.staff.rollbacks;
  if (list_answered(turn, tab.list, a) || image_answered(turn, tab.before, a) || image_answered(turn, tab.after, a)) return true;
  if (a.id == tab.account_asked) {
    account_came(turn, a);
    return true;
  }
  if (a.id == tab.forecast_asked) {
    forecast_came(turn, a);
    return true;
  }
  return task_answered(turn, tab.task, a, [&] {
    if (tab.stepping) {
      tab.stepping = false;
      staff_changed(turn);
    } else {
      applied(turn, a);
    }
  });
}

void act(Turn& turn, const action::EditRollback& a) {
  RollbacksTab& tab = turn.model.staff.rollbacks;
  if (tab.task.busy() || tab.form == a.form) return;
  const bool same = [&] {
    RollbackForm but_reason = a.form;
    but_reason.reason = tab.form.reason;
    return but_reason == tab.form;
  }();
  if (tab.form.account != a.form.account) tab.account.reset();
  tab.form = a.form;
  tab.task.error.reset();
  // A forecast is of what stands there: another wish wants another one.
  if (same && tab.wish) tab.wish->reason = a.form.reason;
  else forget_forecast(tab);
}

void act(Turn& turn, const action::BeginRollback& a) {
  RollbacksTab& tab = turn.model.staff.rollbacks;
  if (tab.task.busy()) return;
  tab.form = a.form;
  tab.account.reset();
  tab.task.error.reset();
  forget_forecast(tab);
  open_staff(turn, StaffTab::Rollbacks);
  act(turn, action::ForecastNow{});
}

void act(Turn& turn, const action::ForecastNow&) {
  RollbacksTab& tab = turn.model.staff.rollbacks;
  if (tab.task.busy() || tab.forecast_asked != unasked || tab.account_asked != unasked) return;
  tab.task.error.reset();
  if (const auto wish = read_form(turn.model, tab.form); !wish) return fail(tab, wish.error());
  if (tab.form.account.empty()) return forecast(turn, nobody);
  AccountSearch search;
  search.text = tab.form.account;
  tab.account_asked = ask_question(turn, PanelQuestion{ask::FindAccounts{canvas_of(turn), search, {}}});
}

void act(Turn& turn, const action::ApplyRollback& a) {
  RollbacksTab& tab = turn.model.staff.rollbacks;
  if (!tab.wish || !tab.forecast || tab.task.busy()) return;
  if (!a.ban) {
    begin_task(turn, tab.task, ask::RollBack{canvas_of(turn), *tab.wish});
    return;
  }
  // Banned and rolled back is one step, of all that the account drew since then; a region alone cannot be banned.
  if (!tab.account || !tab.wish->region.empty() || tab.wish->until) return;
  BanWish wish{{}, tab.wish->reason, {}, true, tab.wish->since};
  tab.with_ban = begin_task(turn, tab.task, ask::BanAccount{tab.account->account.id, std::move(wish), canvas_of(turn)});
}

void act(Turn& turn, const action::StepRollbackNow& a) {
  RollbacksTab& tab = turn.model.staff.rollbacks;
  if (begin_task(turn, tab.task, ask::StepRollback{canvas_of(turn), a.id, a.redo})) tab.stepping = true;
}

void act(Turn& turn, const action::OpenRollback& a) { turn.model.staff.rollbacks.chosen = a.id; }

void act(Turn& turn, const action::PickRegion&) {
  Model& model = turn.model;
  model.staff.picking = true;
  model.staff.tool_before = static_cast<std::uint8_t>(model.tool.tool == Tool::Lock ? Tool::Pencil : model.tool.tool);
  select_tool(turn, Tool::Lock);
  if (phone(model)) model.drawer = Drawer::None;
}

bool region_picked(Turn& turn, const Rect& area) {
  Model& model = turn.model;
  if (!std::exchange(model.staff.picking, false)) return false;
  select_tool(turn, static_cast<Tool>(model.staff.tool_before));
  RollbackForm form = model.staff.rollbacks.form;
  form.x = std::to_string(area.x), form.y = std::to_string(area.y);
  form.width = std::to_string(area.width), form.height = std::to_string(area.height);
  open_staff(turn, StaffTab::Rollbacks);
  act(turn, action::EditRollback{form});
  act(turn, action::ForecastNow{});
  return true;
}

std::optional<Rect> rollback_area(const Model& model) {
  const StaffPanel& staff = model.staff;
  if (model.drawer != Drawer::Staff) return std::nullopt;
  if (staff.tab == StaffTab::Reports && staff.reports.report) return staff.reports.report->region;
  if (staff.tab != StaffTab::Rollbacks) return std::nullopt;
  if (staff.rollbacks.forecast && !staff.rollbacks.forecast->area.empty()) return staff.rollbacks.forecast->area;
  const auto region = read_region(model, staff.rollbacks.form);
  return region && !region->empty() ? std::optional(*region) : std::nullopt;
}

}  // namespace tessera
