#include <algorithm>

#include "app/model/turn.h"

/// One's own account: what the server says of it, its devices, and what a link brought along for it.
namespace tessera {
namespace {

void take_account(Turn& turn, const AccountInfo& account) {
  Model& model = turn.model;
  const AccountInfo before = std::exchange(model.account, account);
  if (before.id == nobody) return;
  if (before.kind != account.kind) turn.tell(Level::Good, {Text::SignedInAs, {account.name}});
  if (before.role == account.role) return;
  const std::string role = translate(language(model), role_name(account.role));
  turn.tell(account.role > before.role ? Level::Good : Level::Info, {Text::RoleNow, {role}});
  if (!is_admin(model) && model.drawer == Drawer::Setup) model.drawer = Drawer::None;
}

}  // namespace

AskId ask_question(Turn& turn, Question question) {
  Model& model = turn.model;
  const AskId id{model.next_ask++};
  turn.emit(effect::Ask{id, model.connection.server, token_of(model), std::move(question)});
  return id;
}

Phrase failure(const Model& model, const Response& response) {
  if (response.status == 0) return {Text::SignInUnreachable, {}};
  if (response.status == 429) {
    if (!response.retry_after) return {Text::SignInTooOften, {}};
    return {Text::TooOftenIn, {format_duration(language(model), *response.retry_after)}};
  }
  if (response.status == 401) return {Text::WhyNotSignedIn, {}};
  if (response.code == "forbidden") return {Text::NotAllowed, {}};
  if (response.code == "not_found") return {Text::NotThere, {}};
  if (response.code == "exists") return {Text::NameTaken, {}};
  return {Text::SignInFailed, {response.detail.empty() ? response.code : response.detail}};
}

void forget_person(Model& model) {
  model.account = {};
  model.ban.reset();
  model.ban_told = model.ban_due = false;
  model.me_asked = unasked;
  model.devices = {};
  model.report_desk = {};
  forget_undo(model);
  if (model.drawer == Drawer::Setup || model.drawer == Drawer::Report) model.drawer = Drawer::None;
  role_changed(model);
}

void account_changed(Turn& turn, const AccountInfo& account) {
  Model& model = turn.model;
  if (account.id != nobody) return take_account(turn, account);
  if (!signed_in(model)) return;  // by one's own doing
  keep_token(turn, "");
  forget_person(model);
  model.may_place = false;
  model.why_not = Refusal::NotSignedIn;
  turn.tell(Level::Warn, {Text::SignedOutElsewhere, {}});
  // The cookie is of no use any more; asking clears it.
  if (model.device.sessions == SessionKeeping::Cookie) turn.emit(effect::CheckSession{model.connection.server});
}

void read_me(Turn& turn) {
  if (turn.model.me_asked == unasked && signed_in(turn.model)) turn.model.me_asked = ask_question(turn, ask::Me{});
}

void me_came(Turn& turn, const QuestionAnswer& answer) {
  turn.model.me_asked = unasked;
  if (const auto* me = std::get_if<answer::Me>(&answer); me && me->account.id == turn.model.account.id) {
    turn.model.ban = me->ban;
    if (!me->ban) turn.model.ban_due = false;
  }
  tell_ban(turn);
}

// ---- devices ----

void read_devices(Turn& turn) {
  DeviceList& devices = turn.model.devices;
  if (!signed_in(turn.model) || devices.asked != unasked) return;
  devices.failed = false;
  devices.asked = ask_question(turn, ask::Devices{});
}

void devices_came(Turn& turn, const QuestionAnswer& answer) {
  DeviceList& devices = turn.model.devices;
  devices.asked = unasked;
  const auto* list = std::get_if<answer::Devices>(&answer);
  devices.failed = list == nullptr;
  if (!list) return;
  devices.loaded = true;
  devices.items = list->items;
  std::stable_sort(devices.items.begin(), devices.items.end(), [](const SignedInDevice& a, const SignedInDevice& b) {
    return a.current != b.current ? a.current : ms(a.used) > ms(b.used);
  });
}

void end_device(Turn& turn, const std::string& id) {
  DeviceList& devices = turn.model.devices;
  if (devices.ending != unasked) return;
  devices.ending_id = id;
  devices.ending = ask_question(turn, ask::EndDevice{id});
}

void end_other_devices(Turn& turn) {
  DeviceList& devices = turn.model.devices;
  if (devices.ending != unasked) return;
  if (!std::exchange(devices.confirming, !devices.confirming)) return;
  devices.ending_id.clear();
  devices.ending = ask_question(turn, ask::EndOtherDevices{});
}

void device_ended(Turn& turn, const Response& response) {
  DeviceList& devices = turn.model.devices;
  devices.ending = unasked;
  // One that is gone already is as good as ended.
  if (!response.ok() && response.status != 404) {
    turn.tell(Level::Warn, failure(turn.model, response));
  } else {
    const std::string id = devices.ending_id;
    std::erase_if(devices.items, [&](const SignedInDevice& device) {
      return id.empty() ? !device.current : device.id == id;
    });
    turn.tell(Level::Good, {id.empty() ? Text::OthersEnded : Text::DeviceEnded, {}});
  }
  read_devices(turn);
}

// ---- errands ----

bool has_secret(const Link& link) { return !link.owner.empty() || !link.invite.empty(); }

void take_errand(Model& model, const Link& link) {
  if (has_secret(link)) model.errand = {link.server, link.owner, link.invite, unasked};
}

std::string kept_errand(const Model& model) {
  const Errand& errand = model.errand;
  if (errand.empty() || errand.server != model.connection.server) return {};
  Link link;
  link.server = errand.server;
  link.owner = errand.owner;
  link.invite = errand.invite;
  return format_secret_link(link);
}

void take_kept_errand(Model& model, const std::string& kept) {
  const auto link = parse_link(kept);
  if (link && model.errand.empty() && link->server == model.connection.server) take_errand(model, *link);
}

void claim_hosted(Turn& turn) {
  Model& model = turn.model;
  const Host& host = model.host;
  const bool here = host.state == HostState::Running && model.connection.server == host.link;
  if (!here || host.owner_token.empty() || model.account.role == Role::Owner || !model.errand.empty()) return;
  model.errand = {host.link, host.owner_token, {}, unasked};
}

void run_errand(Turn& turn) {
  Model& model = turn.model;
  Errand& errand = model.errand;
  if (errand.empty() || errand.server != model.connection.server || !turn.live()) return;
  if (!signed_in(model)) return open_sign_in(turn, {});
  if (errand.asked != unasked) return;
  if (!errand.owner.empty()) errand.asked = ask_question(turn, ask::Own{errand.owner});
  else errand.asked = ask_question(turn, ask::AcceptInvite{errand.invite});
}

void errand_done(Turn& turn, const Response& response, const QuestionAnswer& answer) {
  Model& model = turn.model;
  Errand& errand = model.errand;
  errand.asked = unasked;
  // Without an answer it is tried again after the next sign-in or return.
  if (response.status == 0) return turn.tell(Level::Warn, failure(model, response));
  const bool owning = !errand.owner.empty();
  const bool hosted = owning && errand.owner == model.host.owner_token;
  if (owning) errand.owner.clear();
  else errand.invite.clear();
  if (!response.ok()) {
    if (hosted) return;
    const bool over = response.status == 410 || response.status == 404 || response.status == 403;
    return turn.tell(Level::Warn, !over    ? failure(model, response)
                                  : owning ? Phrase{Text::OwnerLinkOver, {}}
                                           : Phrase{Text::InviteOver, {}});
  }
  if (const auto* me = std::get_if<answer::Me>(&answer); me && owning && me->account.id == model.account.id)
    take_account(turn, me->account);
  if (const auto* invited = std::get_if<answer::Invited>(&answer)) {
    turn.tell(Level::Good, {Text::InviteTaken, {}});
    if (!invited->canvas.empty()) open_canvas(turn, invited->canvas);
  }
  run_errand(turn);
}

// ---- ways to sign in ----

void read_ways(Turn& turn) { turn.model.ways.asked = ask_question(turn, ask::Server{}); }

void ways_came(Turn& turn, const QuestionAnswer& answer) {
  Model& model = turn.model;
  model.ways.asked = unasked;
  const auto* server = std::get_if<answer::Server>(&answer);
  if (!server) return;
  model.ways.known = true;
  model.ways.discord = server->discord;
  if (server->undo_window) model.undo.window = *server->undo_window;
}

}  // namespace tessera
