#include <cmath>

#include "app/model/panel_work.h"

/// Overview and server: the figures over time, what the server is, and the canvas's pause.
namespace tessera {
namespace {

constexpr std::size_t most_samples = 1'440;

void append(ServerHistory::Column& to, const ServerHistory::Column& from, std::size_t at) {
  to.resize(std::min(to.size(), at));
  to.resize(at, std::nan(""));
  to.insert(to.end(), from.begin(), from.end());
}

void drop(ServerHistory::Column& column, std::size_t count) {
  column.erase(column.begin(), column.begin() + static_cast<std::ptrdiff_t>(std::min(count, column.size())));
}

/// Every column of both, side by side.
void each_column(ServerHistory& to, const ServerHistory& from, const auto& visit) {
  using H = ServerHistory;
  for (const auto column : {&H::placements, &H::connections, &H::online, &H::answer_p50_ms, &H::answer_p99_ms, &H::commit_p99_ms, &H::memory_bytes, &H::cpu})
    visit(to.*column, from.*column);
  static const H::Column none;
  const auto of_reason = [](const auto& columns, const std::string& reason) {
    return std::find_if(columns.begin(), columns.end(), [&](const auto& each) { return each.first == reason; });
  };
  for (const auto& [reason, column] : from.refused)
    if (of_reason(to.refused, reason) == to.refused.end()) to.refused.emplace_back(reason, H::Column{});
  for (auto& [reason, column] : to.refused) {
    const auto more = of_reason(from.refused, reason);
    visit(column, more == from.refused.end() ? none : more->second);
  }
}

/// What came begins where the last sample stood, which it has anew.
void take_history(ServerHistory& history, const ServerHistory& came) {
  if (came.size() == 0) return;
  const std::int64_t step = std::chrono::duration_cast<std::chrono::milliseconds>(came.step).count();
  const bool goes_on = history.size() > 0 && history.step == came.step && came.start >= history.start &&
                       ms(came.start) <= ms(history.start) + static_cast<std::int64_t>(history.size()) * step;
  if (!goes_on) {
    history = came;
    return;
  }
  const auto at = static_cast<std::size_t>((ms(came.start) - ms(history.start)) / step);
  const std::size_t size = at + came.size();
  each_column(history, came, [&](ServerHistory::Column& to, const ServerHistory::Column& from) {
    append(to, from, at);
    to.resize(size, std::nan(""));
  });
  if (size <= most_samples) return;
  const std::size_t over = size - most_samples;
  each_column(history, {}, [&](ServerHistory::Column& column, const ServerHistory::Column&) { drop(column, over); });
  history.start = WallTime{ms(history.start) + static_cast<std::int64_t>(over) * step};
}

}  // namespace

void read_figures(Turn& turn) {
  FiguresTab& figures = turn.model.staff.figures;
  if (figures.history_asked != unasked) return;
  ask::ReadHistory question;
  const ServerHistory& history = figures.history;
  const std::int64_t step = std::chrono::duration_cast<std::chrono::milliseconds>(history.step).count();
  if (history.size() > 0) question.since = WallTime{ms(history.start) + static_cast<std::int64_t>(history.size() - 1) * step};
  figures.history_asked = ask_question(turn, PanelQuestion{question});
}

void read_server_state(Turn& turn) {
  FiguresTab& figures = turn.model.staff.figures;
  if (figures.state_asked == unasked) figures.state_asked = ask_question(turn, PanelQuestion{ask::ReadServerState{}});
}

bool figures_answered(Turn& turn, const action::Answered& a) {
  FiguresTab& figures = turn.model.staff.figures;
  if (a.id == figures.history_asked) {
    figures.history_asked = unasked;
    const auto* history = panel_answer<ServerHistory>(a.answer);
    figures.error.reset();
    if (history) take_history(figures.history, *history);
    else figures.error = staff_failure(turn.model, a.response);
    return true;
  }
  if (a.id == figures.state_asked) {
    figures.state_asked = unasked;
    if (const auto* state = panel_answer<ServerStatus>(a.answer)) figures.state = *state;
    return true;
  }
  return task_answered(turn, figures.task, a, [&] {
    figures.pausing = false;
    figures.message.clear();
  });
}

void act(Turn& turn, const action::ShowHours& a) { turn.model.staff.figures.hours = a.hours; }

void act(Turn& turn, const action::EditPause& a) {
  FiguresTab& figures = turn.model.staff.figures;
  figures.pausing = a.open;
  figures.message = a.message;
  figures.task.error.reset();
}

void act(Turn& turn, const action::PauseNow& a) {
  FiguresTab& figures = turn.model.staff.figures;
  begin_task(turn, figures.task, ask::Pause{canvas_of(turn), a.paused, a.paused ? figures.message : std::string()});
}

}  // namespace tessera
