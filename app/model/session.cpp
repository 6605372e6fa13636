#include <algorithm>

#include "app/model/turn.h"
#include "shared/base/text.h"

/// Who one is: a nickname at the first placement, tokens kept per server, and no stale one that locks anybody out.
namespace tessera {
namespace {

constexpr std::size_t nickname_code_points = 32;

void fail(Turn& turn, Phrase why) {
  NicknameDialog& dialog = turn.model.nickname;
  dialog.busy = false;
  dialog.open = true;
  dialog.error = std::move(why);
}

void place_waiting(Turn& turn) {
  const std::vector<CellColor> cells = std::exchange(turn.model.nickname.waiting, {});
  place_cells(turn, cells);
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

void ask_nickname(Turn& turn, std::span<const CellColor> cells) {
  NicknameDialog& dialog = turn.model.nickname;
  dialog.waiting.assign(cells.begin(), cells.end());
  if (dialog.busy) return;
  dialog.error.reset();
  if (!dialog.given.empty()) {
    dialog.text = std::exchange(dialog.given, {});
    return submit_nickname(turn);
  }
  dialog.open = true;
  if (dialog.text.empty()) dialog.text = turn.model.settings.nickname;
}

void submit_nickname(Turn& turn) {
  Model& model = turn.model;
  if (model.nickname.busy || model.connection.server.empty()) return;
  const auto name = display_name(model.nickname.text, nickname_code_points);
  if (!name) return fail(turn, {Text::NicknameBad, {}});
  model.nickname.error.reset();
  model.nickname.busy = true;
  if (model.settings.nickname != *name) {
    model.settings.nickname = *name;
    turn.emit(effect::SaveSettings{model.settings});
  }
  turn.emit(effect::SignInGuest{model.connection.server, *name});
}

void guest_answered(Turn& turn, const action::GuestAnswered& answer) {
  Model& model = turn.model;
  if (answer.server != model.connection.server || !model.nickname.busy) return;
  if (answer.status == 201 && !answer.token.empty() && answer.token.size() <= limits::token_bytes) {
    keep_token(turn, answer.token);
    // Not live: the next Hello carries it.
    if (turn.live()) turn.send(SignIn{answer.token});
    return;
  }
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
  // Whether an account may place is the server's to say, by `Charges` or by the answer.
  if (model.why_not == Refusal::NotSignedIn) model.may_place = true;
  model.nickname.open = model.nickname.busy = false;
  model.nickname.error.reset();
  if (!model.nickname.waiting.empty()) place_waiting(turn);
}

void sign_in_refused(Turn& turn, const std::string& detail) {
  Model& model = turn.model;
  keep_token(turn, "");
  model.account = {};
  if (model.nickname.busy) return fail(turn, {Text::SignInFailed, {detail}});
  turn.tell(Level::Info, {Text::SessionEnded, {}});
}

void sign_out(Turn& turn) {
  Model& model = turn.model;
  turn.emit(effect::SignOut{model.connection.server, token_of(model)});
  keep_token(turn, "");
  model.account = {};
  model.may_place = false;
  model.why_not = Refusal::NotSignedIn;
  if (turn.live()) turn.send(SignIn{});
}

}  // namespace tessera
