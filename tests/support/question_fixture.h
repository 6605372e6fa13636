#pragma once

#include <doctest/doctest.h>

#include <string>
#include <utility>

#include "tests/support/model_fixture.h"

namespace tessera {

/// A model whose questions to the HTTP API the test answers.
struct QuestionFixture : ModelFixture {
  static constexpr const char* server = "http://localhost:7878";

  /// The question of a kind that the last effects asked.
  template <typename Kind>
  const effect::Ask* asked() const {
    for (const Effect& effect : effects)
      if (const auto* ask = std::get_if<effect::Ask>(&effect))
        if (std::holds_alternative<Kind>(ask->question)) return ask;
    return nullptr;
  }
  template <typename Kind>
  AskId id_of() const {
    const effect::Ask* ask = asked<Kind>();
    return ask ? ask->id : unasked;
  }
  /// The same of the staff panel's questions.
  template <typename Kind>
  const effect::Ask* panel_asked() const {
    for (const Effect& effect : effects)
      if (const auto* ask = std::get_if<effect::Ask>(&effect))
        if (const auto* of_panel = std::get_if<PanelQuestion>(&ask->question); of_panel && std::holds_alternative<Kind>(*of_panel)) return ask;
    return nullptr;
  }
  template <typename Kind>
  AskId panel_id() const {
    const effect::Ask* ask = panel_asked<Kind>();
    REQUIRE(ask);
    return ask->id;
  }
  template <typename Kind>
  Kind panel_question() const {
    const effect::Ask* ask = panel_asked<Kind>();
    REQUIRE(ask);
    return std::get<Kind>(std::get<PanelQuestion>(ask->question));
  }
  Effects& reply(AskId id, int status, QuestionAnswer answer = {}, std::string code = "") {
    return act(action::Answered{id, {status, std::move(code), "in words", {}}, std::move(answer)});
  }
  static AccountInfo as(Role role) { return {AccountId{7}, "ann", AccountKind::Guest, role}; }
  void live_as(Role role) {
    go_live();
    model.account = as(role);
  }
  static CanvasSetup setup_of(const std::string& name, std::uint32_t version = 3) {
    CanvasSetup setup;
    setup.name = name;
    setup.width = 600;
    setup.height = 400;
    setup.palette = Palette::r_place_2022().colors();
    setup.rules = {10, 20, 100, 0};
    setup.epoch = "00000000000000ab";
    setup.version = version;
    return setup;
  }
};

}  // namespace tessera
