#pragma once

#include <chrono>
#include <string>

#include "tests/support/question_fixture.h"

namespace tessera {

/// On a canvas as nobody or somebody, with the device flow's answers at hand.
struct AccountFixture : QuestionFixture {
  void live_as_nobody(const std::string& link = server, Device device = {}) {
    entered.may_place = false;
    entered.why_not = Refusal::NotSignedIn;
    start(link, device);
    come_back();
  }
  void live_with_token() {
    go_live();
    model.tokens = {{server, "secret"}};
  }
  answer::DeviceCode grant() {
    return {"device", "WDJB-MJHT", "https://a.example/verify", "https://a.example/verify?user_code=WDJB", std::chrono::seconds{600}, std::chrono::seconds{5}};
  }
  /// The device flow, up to the code.
  void show_code() {
    live_as_nobody();
    act(action::ContinueWithDiscord{});
    reply(id_of<ask::DeviceCode>(), 200, grant());
  }
};

}  // namespace tessera
