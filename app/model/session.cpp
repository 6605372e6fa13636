#include <algorithm>

#include "app/model/turn.h"
#include "shared/base/text.h"

/// Who one is: asked at the first placement, tokens kept per server, and no stale one that locks anybody out.
namespace tessera {
namespace {

constexpr std::size_t nickname_code_points = 32;
constexpr std::size_t longest_code = 64;

void fail(Turn& turn, Phrase why) {
  SignInPanel& panel = turn.model.sign_in;
  panel.busy = false;
  panel.open = true;
  panel.error = std::move(why);
}

void place_waiting(Turn& turn) {
  const std::vector<CellColor> cells = std::exchange(turn.model.sign_in.waiting, {});
  place_cells(turn, cells);
}

void show(SignInPanel& panel, SignInStep step) {
  panel.open = true;
  panel.busy = false;
  panel.step = step;
  panel.error.reset();
  panel.asked = unasked;
  panel.device = {};
}

void submit_join(Turn& turn) {
  Model& model = turn.model;
  std::string code;
  for (const char c : model.sign_in.code)
    if (c != ' ' && c != '\t') code += c;
  if (code.empty() || code.size() > longest_code) return fail(turn, {Text::CodeWrong, {}});
  model.sign_in.error.reset();
  model.sign_in.busy = true;
  model.sign_in.asked = ask_question(turn, ask::JoinCanvas{model.canvas.name, code});
}

}  // namespace

const std::string& token_of(const Model& model) {
  static const std::string none;
  const auto saved = std::find_if(model.tokens.begin(), model.tokens.end(),
                                  [&](const SavedToken& entry) { return entry.server == model.connection.server; });
  return saved == model.tokens.end() ? none : saved->token;
}

void keep_token(Turn& turn, const std::string& token) {
  Model& model = turn.model;
  const std::string& server = model.connection.server;
  std::erase_if(model.tokens, [&](const SavedToken& entry) { return entry.server == server; });
  if (!token.empty()) model.tokens.push_back({server, token});
  // In a browser the cookie lasts; the token is only for this page's own connections.
  if (model.device.sessions == SessionKeeping::Token) turn.emit(effect::SaveTokens{model.tokens});
}

void tokens_read(Turn& turn, const std::vector<SavedToken>& tokens) {
  Model& model = turn.model;
  const bool waited = model.tokens_due.has_value(), before = !model.tokens.empty(), nobody_here = token_of(model).empty();
  for (const SavedToken& entry : tokens) {
    const bool known = std::any_of(model.tokens.begin(), model.tokens.end(),
                                   [&](const SavedToken& saved) { return saved.server == entry.server; });
    if (!known) model.tokens.push_back(entry);
  }
  // What was saved meanwhile has taken the place of all that.
  if (before) turn.emit(effect::SaveTokens{model.tokens});
  if (waited) return greet_now(turn);
  const ConnectionState state = model.connection.state;
  const bool greeting = state == ConnectionState::Greeting || state == ConnectionState::Live;
  const std::string& token = token_of(model);
  if (greeting && nobody_here && !token.empty() && !model.sign_in.busy) turn.send(SignIn{token});
}

void open_sign_in(Turn& turn, std::span<const CellColor> cells) {
  SignInPanel& panel = turn.model.sign_in;
  panel.waiting.assign(cells.begin(), cells.end());
  if (panel.busy || (panel.open && panel.step == SignInStep::Device)) return;
  show(panel, missing(turn.model).value_or(SignInStep::Choose));
  if (panel.step != SignInStep::Choose) return;
  if (!panel.given.empty() && turn.model.server.guests_allowed && !signed_in(turn.model)) {
    panel.text = std::exchange(panel.given, {});
    panel.open = false;
    return submit_nickname(turn);
  }
  if (panel.text.empty()) panel.text = turn.model.settings.nickname;
}

void close_sign_in(Turn& turn) {
  SignInPanel& panel = turn.model.sign_in;
  SignInPanel closed;
  closed.text = panel.text;
  closed.given = panel.given;
  panel = std::move(closed);
}

void submit_nickname(Turn& turn) {
  Model& model = turn.model;
  if (model.sign_in.busy || model.connection.server.empty()) return;
  const auto name = display_name(model.sign_in.text, nickname_code_points);
  if (!name) return fail(turn, {Text::NicknameBad, {}});
  model.sign_in.error.reset();
  model.sign_in.busy = true;
  if (model.settings.nickname != *name) {
    model.settings.nickname = *name;
    turn.emit(effect::SaveSettings{model.settings});
  }
  turn.emit(effect::SignInGuest{model.connection.server, *name});
}

void submit_code(Turn& turn) {
  if (!turn.model.sign_in.busy && turn.model.sign_in.step == SignInStep::Code) submit_join(turn);
}

void joined(Turn& turn, const Response& response) {
  Model& model = turn.model;
  model.sign_in.asked = unasked;
  if (response.ok()) {
    model.sign_in.open = model.sign_in.busy = false;
    model.sign_in.code.clear();
    // The server says so too, by `Charges`; whichever comes first.
    if (model.why_not == Refusal::NotJoined) model.may_place = true;
    turn.tell(Level::Good, {Text::CodeTaken, {model.canvas.name}});
    return permission_changed(turn);
  }
  if (response.status == 403) return fail(turn, {Text::CodeWrong, {}});
  fail(turn, failure(model, response));
}

void take_session(Turn& turn, const std::string& token) {
  keep_token(turn, token);
  // Not live: the next Hello carries it.
  if (turn.live()) turn.send(SignIn{token});
}

void guest_answered(Turn& turn, const action::GuestAnswered& answer) {
  Model& model = turn.model;
  if (answer.server != model.connection.server || !model.sign_in.busy) return;
  if (answer.status == 201 && !answer.token.empty() && answer.token.size() <= limits::token_bytes)
    return take_session(turn, answer.token);
  if (answer.status == 0) return fail(turn, {Text::SignInUnreachable, {}});
  if (answer.code == "too_soon") return fail(turn, {Text::SignInTooOften, {}});
  if (answer.code == "invalid") return fail(turn, {Text::NicknameBad, {}});
  fail(turn, {Text::SignInFailed, {answer.detail.empty() ? answer.code : answer.detail}});
}

void signed_in_now(Turn& turn) {
  Model& model = turn.model;
  if (!signed_in(model)) {
    model.may_place = false;
    model.why_not = Refusal::NotSignedIn;
    return;
  }
  // Whether an account may place is the server's to say, by `Charges` or by the answer; a canvas that is open to all
  // need not be waited for.
  if (model.why_not == Refusal::NotSignedIn && model.canvas.access == Access::Open) model.may_place = true;
  model.sign_in.open = model.sign_in.busy = false;
  model.sign_in.error.reset();
  model.sign_in.device = {};
  model.sign_in.asked = unasked;
  if (model.may_place && !model.sign_in.waiting.empty()) place_waiting(turn);
  claim_hosted(turn);
  run_errand(turn);
}

void permission_changed(Turn& turn) {
  Model& model = turn.model;
  note_ban(turn);
  SignInPanel& panel = model.sign_in;
  if (model.may_place) {
    if (panel.step == SignInStep::Code && !panel.busy) panel.open = false;
    if (signed_in(model) && !panel.busy && !panel.waiting.empty()) place_waiting(turn);
    return;
  }
  if (panel.waiting.empty() || panel.open || panel.busy) return;
  if (missing(model) == SignInStep::Code) return show(panel, SignInStep::Code);
  if (signed_in(model)) place_waiting(turn);  // which says why not
}

void sign_in_refused(Turn& turn, const std::string& detail) {
  Model& model = turn.model;
  keep_token(turn, "");
  forget_person(model);
  if (model.sign_in.busy) return fail(turn, {Text::SignInFailed, {detail}});
  turn.tell(Level::Info, {Text::SessionEnded, {}});
}

void sign_out(Turn& turn) {
  Model& model = turn.model;
  turn.emit(effect::SignOut{model.connection.server, token_of(model)});
  keep_token(turn, "");
  forget_person(model);
  model.may_place = false;
  model.why_not = Refusal::NotSignedIn;
  if (turn.live()) turn.send(SignIn{});
}

}  // namespace tessera
