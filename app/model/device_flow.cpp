#include <algorithm>

#include "app/model/turn.h"
#include "shared/base/percent.h"

/// Discord: in a browser the page goes there and comes back; elsewhere one confirms a code in the browser while this app
/// asks the server again and again whether that has been done (RFC 8628).
namespace tessera {
namespace {

constexpr Duration slower{5'000'000};  // RFC 8628, 3.5
constexpr Duration slowest{60'000'000};

void give_up(Turn& turn, Phrase why) {
  SignInPanel& panel = turn.model.sign_in;
  panel.error = std::move(why);
  panel.device.over = true;
  panel.device.poll_at.reset();
}

void poll_later(Turn& turn) { turn.model.sign_in.device.poll_at = turn.now() + turn.model.sign_in.device.interval; }

}  // namespace

void continue_with_discord(Turn& turn) {
  Model& model = turn.model;
  if (model.connection.server.empty() || model.sign_in.busy) return;
  if (model.device.web) {
    const std::string back = percent_encode(format_fragment(link_here(model)));
    return turn.emit(effect::LeavePage{model.connection.server + "/auth/discord/login?return=" + back, kept_errand(model)});
  }
  SignInPanel& panel = model.sign_in;
  panel.open = true;
  panel.step = SignInStep::Device;
  panel.error.reset();
  panel.device = {};
  panel.asked = ask_question(turn, ask::DeviceCode{});
}

void device_code_came(Turn& turn, const Response& response, const QuestionAnswer& answer) {
  Model& model = turn.model;
  model.sign_in.asked = unasked;
  const auto* granted = std::get_if<answer::DeviceCode>(&answer);
  if (!granted) return give_up(turn, failure(model, response));
  DeviceGrant& device = model.sign_in.device;
  device = {granted->device_code,
            granted->user_code,
            granted->address,
            granted->full_address,
            turn.now() + granted->expires_in,
            granted->interval,
            std::nullopt,
            false};
  poll_later(turn);
  turn.emit(effect::OpenBrowser{device.full_address});
}

void device_token_came(Turn& turn, const Response& response, const QuestionAnswer& answer) {
  Model& model = turn.model;
  DeviceGrant& device = model.sign_in.device;
  model.sign_in.asked = unasked;
  if (const auto* token = std::get_if<answer::DeviceToken>(&answer)) {
    model.sign_in.busy = true;
    device.over = true;
    return take_session(turn, token->token);
  }
  if (response.code == "expired_token") return give_up(turn, {Text::DeviceExpired, {}});
  if (response.code == "access_denied") return give_up(turn, {Text::DeviceDenied, {}});
  const bool slow = response.code == "slow_down" || response.status == 429;
  const bool unheard = response.status == 0 || response.status >= 500;
  if (slow) device.interval = std::min(slowest, device.interval + slower);
  if (unheard) device.interval = std::min(slowest, device.interval * 2);
  if (!slow && !unheard && response.code != "authorization_pending") return give_up(turn, failure(model, response));
  if (response.retry_after) device.interval = std::max(device.interval, std::min(slowest, *response.retry_after));
  poll_later(turn);
}

void tick_device_flow(Turn& turn) {
  SignInPanel& panel = turn.model.sign_in;
  DeviceGrant& device = panel.device;
  if (!panel.open || panel.step != SignInStep::Device || device.over || device.user_code.empty()) return;
  if (turn.now() >= device.expires_at) {
    panel.asked = unasked;
    return give_up(turn, {Text::DeviceExpired, {}});
  }
  if (panel.asked != unasked || !device.poll_at || turn.now() < *device.poll_at) return;
  device.poll_at.reset();
  panel.asked = ask_question(turn, ask::DeviceToken{device.device_code});
}

}  // namespace tessera
