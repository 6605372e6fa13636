#include <algorithm>

#include "app/model/staff_editor.h"

/// The form in which a player reports a region to staff.
namespace tessera {
namespace {

/// So much around a cell, moved where the canvas ends.
Rect around(Cell cell, Size canvas) {
  const auto side = [](std::uint32_t at, std::uint32_t whole) {
    const std::uint32_t length = std::min(ReportDesk::usual_side, whole), half = length / 2;
    return std::pair{std::min(at > half ? at - half : 0u, whole - length), length};
  };
  const auto [x, width] = side(cell.x, canvas.width);
  const auto [y, height] = side(cell.y, canvas.height);
  return {x, y, width, height};
}

void put_area(ReportForm& form, const Rect& area) {
  form.x = std::to_string(area.x), form.y = std::to_string(area.y);
  form.width = std::to_string(area.width), form.height = std::to_string(area.height);
}

Result<Rect, Phrase> read_report_area(const Model& model) {
  const auto area = read_area(model, model.report_desk.form);
  if (!area) return area.error();
  if (std::uint64_t{area->width} * area->height > ReportDesk::most_cells)
    return Phrase{Text::ReportAreaLarge, {format_number(language(model), ReportDesk::most_cells)}};
  return *area;
}

/// How many characters at its end make it longer than that.
std::size_t characters_over(std::string_view text, std::size_t bytes) {
  std::size_t over = 0;
  while (text.size() > bytes) {
    while (!text.empty() && (static_cast<unsigned char>(text.back()) & 0xC0) == 0x80) text.remove_suffix(1);
    if (!text.empty()) text.remove_suffix(1);
    ++over;
  }
  return over;
}

Result<std::string, Phrase> read_reason(const Model& model) {
  const ReportForm& form = model.report_desk.form;
  if (!form.reason) return Phrase{Text::ReportNoReason, {}};
  const std::string words = display_name(form.words, form.words.size()).value_or("");
  const bool other = *form.reason == ReportReason::Other;
  if (other && words.empty()) return Phrase{Text::ReportNoWords, {}};
  const std::string usual = translate(language(model), report_reason_text(*form.reason));
  const std::string all = other ? words : words.empty() ? usual : usual + " · " + words;
  const std::size_t over = characters_over(all, ReportDesk::reason_bytes);
  if (over > 0) return Phrase{Text::ReportLong, {format_number(language(model), over)}};
  return all;
}

/// In words that say what to do.
Phrase report_failure(const Model& model, const Response& response) {
  if (response.status == 429 && response.retry_after)
    return {Text::ReportTooOftenIn, {format_duration(language(model), *response.retry_after)}};
  if (response.status == 429) return {Text::ReportTooOften, {}};
  if (response.code == "banned") return {Text::ReportBanned, {}};
  // How large the area is has been seen to.
  if (response.status == 413) return {Text::ReportTooMany, {}};
  if (response.code == "out_of_bounds") {
    const Size size = model.viewport.canvas();
    return {Text::LockAreaWrong, {format_number(language(model), size.width), format_number(language(model), size.height)}};
  }
  return failure(model, response);
}

}  // namespace

Text report_reason_text(ReportReason reason) {
  switch (reason) {
    case ReportReason::Vandalism:
      return Text::ReportVandalism;
    case ReportReason::Hateful:
      return Text::ReportHateful;
    case ReportReason::Indecent:
      return Text::ReportIndecent;
    case ReportReason::Spam:
      return Text::ReportSpam;
    case ReportReason::Cheating:
      return Text::ReportCheating;
    case ReportReason::Other:
      break;
  }
  return Text::ReportOther;
}

bool may_report(const Model& model) {
  const bool banned = model.ban || (!model.may_place && model.why_not == Refusal::Banned);
  return signed_in(model) && !banned && model.screen == Screen::Canvas;
}

bool marks_report(const Model& model) {
  return model.report_desk.marking && model.report_desk.writing && model.drawer == Drawer::Report;
}

std::optional<Rect> reported_area(const Model& model) {
  if (!model.report_desk.writing || model.drawer != Drawer::Report) return std::nullopt;
  const auto area = read_report_area(model);
  return area ? std::optional(*area) : std::nullopt;
}

void report_cell(Turn& turn, Cell cell) {
  Model& model = turn.model;
  ReportDesk& desk = model.report_desk;
  const Size canvas = model.viewport.canvas();
  if (!may_report(model) || desk.busy || !canvas.contains(cell)) return;
  put_area(desk.form, around(cell, canvas));
  desk.writing = true;
  desk.marking = desk.sent = false;
  desk.error.reset();
  model.cell.open = false;
  model.drawer = Drawer::Report;
  read_own_reports(turn);
}

void edit_report_form(Model& model, const ReportForm& form) {
  if (model.report_desk.busy) return;
  model.report_desk.form = form;
  model.report_desk.error.reset();
}

void mark_report_area(Model& model, bool marking) {
  model.report_desk.marking = marking && !model.report_desk.busy;
  model.lock_frame = {};
}

void take_report_area(Model& model, const Rect& area) {
  model.report_desk.marking = false;
  model.report_desk.error.reset();
  put_area(model.report_desk.form, area);
}

void submit_report(Turn& turn) {
  ReportDesk& desk = turn.model.report_desk;
  if (!desk.writing || desk.busy) return;
  const auto area = read_report_area(turn.model);
  if (!area) return fail(desk, area.error());
  auto reason = read_reason(turn.model);
  if (!reason) return fail(desk, reason.error());
  desk.marking = false;
  desk.busy = true;
  desk.error.reset();
  desk.asked = ask_question(turn, ask::MakeReport{turn.model.canvas.name, *area, std::move(*reason)});
}

void report_answered(Turn& turn, const Response& response, const QuestionAnswer& answer) {
  ReportDesk& desk = turn.model.report_desk;
  desk.asked = unasked;
  const auto* made = std::get_if<answer::MadeReport>(&answer);
  // Who looks elsewhere by now hears of it there.
  const bool elsewhere = turn.model.drawer != Drawer::Report;
  if (!response.ok() || !made) {
    fail(desk, report_failure(turn.model, response));
    if (elsewhere) turn.tell(Level::Warn, *desk.error);
    return;
  }
  desk.busy = desk.writing = false;
  desk.sent = true;
  desk.form = {};
  take_own_report(turn, made->report);
  if (elsewhere) turn.tell(Level::Good, {Text::ReportSent, {}});
}

}  // namespace tessera
