#include <doctest/doctest.h>

#include "tests/support/question_fixture.h"

using namespace tessera;

namespace {

struct SetupFixture : QuestionFixture {
  explicit SetupFixture(Role role = Role::Admin) { live_as(role); }

  void open(const CanvasSetup& base = setup_of("main")) {
    act(action::SetUpCanvas{});
    reply(id_of<ask::ReadCanvas>(), 200, answer::Canvas{base, {}});
    REQUIRE(model.setup.loaded);
  }
  template <typename Edit>
  void edit(Edit change) {
    SetupForm form = model.setup.form;
    change(form);
    act(action::EditSetup{form});
  }
  /// What was last asked to be changed.
  std::optional<ask::ChangeCanvas> change() const {
    const effect::Ask* ask = asked<ask::ChangeCanvas>();
    if (!ask) return std::nullopt;
    return std::get<ask::ChangeCanvas>(ask->question);
  }
  void save() { act(action::SubmitSetup{}); }
  Text problem() {
    save();
    CHECK(effects.empty());
    return model.setup.error.value_or(Phrase{}).text;
  }
};

}  // namespace

TEST_CASE("Setup: it is read when it opens, and only for admins") {
  SetupFixture guest(Role::Moderator);
  guest.act(action::SetUpCanvas{});
  CHECK(guest.effects.empty());
  SetupFixture f;
  f.act(action::SetUpCanvas{});
  CHECK(f.model.drawer == Drawer::Setup);
  CHECK_FALSE(f.model.setup.loaded);
  f.reply(f.id_of<ask::ReadCanvas>(), 0);
  CHECK(f.model.setup.error == Phrase{Text::SignInUnreachable, {}});
  f.open();
  CHECK(f.model.setup.form.width == "600");
  CHECK(f.model.setup.form.rules.per_second == "10");
}

TEST_CASE("Setup: only what was changed is sent, with the version it was changed from") {
  SetupFixture f;
  f.open();
  f.edit([](SetupForm& form) { form.width = "800", form.colors[3].name = "Mine", form.rules.per_minute.clear(); });
  f.save();
  REQUIRE(f.change());
  CHECK(f.change()->version == 3);
  CHECK_FALSE(f.change()->dry_run);
  CHECK(f.change()->change.fields == std::vector{SetupField::Width, SetupField::Palette, SetupField::PerMinute});
  CHECK(f.change()->change.wanted.width == 800);
  CHECK_FALSE(f.change()->change.wanted.rules.per_minute);
  f.save();
  CHECK(f.effects.empty());  // once
  CanvasSetup after = f.setup_of("main", 4);
  after.width = 800;
  f.reply(f.model.setup.asked, 200, answer::Canvas{after, {}});
  CHECK(f.has_toast(Text::SetupSaved));
  CHECK(f.model.setup.base.version == 4);
  f.save();
  CHECK_FALSE(f.change());
  CHECK(f.has_toast(Text::SetupSame));
}

TEST_CASE("Setup: what is wrong in the form is said, shown, and never sent") {
  SetupFixture f;
  f.open();
  const auto wrong = [&](auto change) {
    f.model.setup.form = form_of(f.model.setup.base);
    f.edit(change);
    return f.problem();
  };
  CHECK(wrong([](SetupForm& form) { form.width = "0"; }) == Text::SizeWrong);
  CHECK(wrong([](SetupForm& form) { form.height = "65536"; }) == Text::SizeWrong);
  CHECK(wrong([](SetupForm& form) { form.height = "99999999999999999999"; }) == Text::SizeWrong);
  CHECK(wrong([](SetupForm& form) { form.width = "-5"; }) == Text::SizeWrong);
  CHECK(wrong([](SetupForm& form) { form.colors.push_back({"red", "", false}); }) == Text::ColorWrong);
  CHECK(f.model.setup.part == SetupPart::Colors);
  CHECK(wrong([](SetupForm& form) { form.colors.push_back({"#ff4500", "", false}); }) == Text::ColorTwice);
  CHECK(wrong([](SetupForm& form) { form.colors[0].name = std::string(33, 'x'); }) == Text::ColorNameWrong);
  CHECK(wrong([](SetupForm& form) {
          for (ColorForm& color : form.colors) color.retired = true;
        }) == Text::ColorsGone);
  CHECK(wrong([](SetupForm& form) { form.rules.per_second = "0"; }) == Text::RateWrong);
  CHECK(wrong([](SetupForm& form) { form.rules.per_second = "1e9"; }) == Text::RateWrong);
  CHECK(wrong([](SetupForm& form) { form.rules.burst = ""; }) == Text::BurstWrong);
  CHECK(wrong([](SetupForm& form) { form.rules.per_minute = "0"; }) == Text::PerMinuteWrong);
  CHECK(wrong([](SetupForm& form) { form.rules.cooldown = "many"; }) == Text::CooldownWrong);
  CHECK(wrong([](SetupForm& form) { form.roles[1] = RulesForm{"x", "", "", ""}; }) == Text::RateWrong);
  CHECK(f.model.setup.part == SetupPart::Rules);
  CHECK(wrong([](SetupForm& form) { form.access = Access::Code, form.code = "ab"; }) == Text::CodeMissing);
}

TEST_CASE("Setup: decimals are read with point and comma, and what cannot be written down is left as it was") {
  SetupFixture f;
  CanvasSetup base = f.setup_of("main");
  base.rules.per_second = 1.0 / 3;
  f.open(base);
  CHECK(f.model.setup.form.rules.per_second == "0.333333");
  f.save();
  CHECK_FALSE(f.change());
  f.edit([](SetupForm& form) { form.rules.per_second = "0,5", form.rules.cooldown = "1.25"; });
  f.save();
  CHECK_FALSE(f.model.setup.error);
  REQUIRE(f.change());
  CHECK(f.change()->change.wanted.rules.per_second == 0.5);
  CHECK(f.change()->change.wanted.rules.cooldown_ms == 1'250);
}

TEST_CASE("Setup: a smaller size is tried first, and says what it hides before it is done") {
  SetupFixture f;
  f.open();
  f.edit([](SetupForm& form) { form.width = "300"; });
  f.save();
  REQUIRE(f.change());
  CHECK(f.change()->dry_run);
  SUBCASE("where something would be hidden it is asked") {
    f.reply(f.model.setup.asked, 200, answer::Canvas{f.setup_of("main"), 12'345});
    CHECK(f.asked<ask::ChangeCanvas>() == nullptr);
    CHECK(f.model.setup.confirm == SetupConfirm::Shrink);
    CHECK(f.model.setup.hidden_cells == 12'345);
    f.act(action::CancelConfirm{});
    CHECK(f.model.setup.form.width == "300");
    f.act(action::ConfirmSetup{});
    CHECK(f.effects.empty());
    f.save();
    f.reply(f.model.setup.asked, 200, answer::Canvas{f.setup_of("main"), 12'345});
    f.act(action::ConfirmSetup{});
  }
  SUBCASE("where nothing would be, it is done") {
    f.reply(f.model.setup.asked, 200, answer::Canvas{f.setup_of("main"), 0});
  }
  REQUIRE(f.change());
  CHECK_FALSE(f.change()->dry_run);
  CHECK(f.change()->version == 3);
}

TEST_CASE("Setup: where somebody was quicker, both versions are shown and each field is chosen") {
  SetupFixture f;
  f.open();
  f.edit([](SetupForm& form) { form.width = "800", form.rules.burst = "50", form.colors[0].name = "Mine"; });
  f.save();
  CanvasSetup theirs = f.setup_of("main", 7);
  theirs.width = 900;
  theirs.guests = false;
  theirs.palette.push_back({{1, 2, 3}, "Theirs", false});
  f.reply(f.model.setup.asked, 412, answer::Canvas{theirs, {}}, "stale");
  REQUIRE(f.model.setup.theirs);
  REQUIRE(f.model.setup.conflicts.size() == 4);
  const auto side = [&](SetupField field) {
    for (const SetupConflict& conflict : f.model.setup.conflicts)
      if (conflict.field == field) return conflict.side;
    FAIL("no such field");
    return Side::Mine;
  };
  CHECK(side(SetupField::Width) == Side::Mine);
  CHECK(side(SetupField::Burst) == Side::Mine);
  CHECK(side(SetupField::Palette) == Side::Mine);
  CHECK(side(SetupField::Guests) == Side::Theirs);
  f.save();
  CHECK(f.effects.empty());  // first it is settled
  f.act(action::ChooseSide{SetupField::Width, Side::Theirs});
  f.act(action::ResolveConflict{});
  REQUIRE(f.change());
  CHECK(f.change()->version == 7);
  CHECK(f.change()->change.fields == std::vector{SetupField::Palette, SetupField::Burst});
  const CanvasSetup wanted = f.change()->change.wanted;
  CHECK(wanted.width == 900);
  CHECK_FALSE(wanted.guests);
  CHECK(wanted.palette[0].name == "Mine");
  CHECK(wanted.palette.back().name == "Theirs");
  // And once more: whoever is quicker again is asked about again.
  theirs.version = 8;
  theirs.rules.burst = 60;
  f.reply(f.model.setup.asked, 412, answer::Canvas{theirs, {}}, "stale");
  CHECK(f.model.setup.theirs);
  f.act(action::DropConflict{});
  CHECK_FALSE(f.model.setup.theirs);
  CHECK(f.model.setup.form.rules.burst == "50");
}

TEST_CASE("Setup: a change in between that concerns no field is no conflict") {
  SetupFixture f;
  f.open();
  f.edit([](SetupForm& form) { form.width = "800"; });
  f.save();
  CanvasSetup paused = f.setup_of("main", 4);
  paused.paused = true;
  f.reply(f.model.setup.asked, 412, answer::Canvas{paused, {}}, "stale");
  CHECK_FALSE(f.model.setup.theirs);
  REQUIRE(f.change());
  CHECK(f.change()->version == 4);
  CHECK(f.change()->change.fields == std::vector{SetupField::Width});
}

TEST_CASE("Setup: a conflict without what there is now, and every other refusal, is said in words") {
  SetupFixture f;
  f.open();
  f.edit([](SetupForm& form) { form.width = "800"; });
  const auto said = [&](int status, const char* code) {
    f.save();
    f.reply(f.model.setup.asked, status, {}, code);
    CHECK_FALSE(f.model.setup.busy);
    CHECK(f.model.setup.form.width == "800");
    return f.model.setup.error.value_or(Phrase{}).text;
  };
  CHECK(said(412, "stale") == Text::SignInFailed);
  CHECK(said(403, "forbidden") == Text::NotAllowed);
  CHECK(said(404, "not_found") == Text::NotThere);
  CHECK(said(0, "") == Text::SignInUnreachable);
  CHECK(said(401, "bad_token") == Text::WhyNotSignedIn);
  CHECK(said(200, "") == Text::SignInFailed);  // a success that says nothing
}

TEST_CASE("Setup: pausing is done at once, without a version, and leaves what is being typed") {
  SetupFixture f;
  f.open();
  f.edit([](SetupForm& form) { form.width = "800", form.message = "judging"; });
  f.act(action::PauseCanvas{true});
  REQUIRE(f.change());
  CHECK(f.change()->version == 0);
  CHECK(f.change()->change.fields == std::vector{SetupField::Paused, SetupField::Message});
  CHECK(f.change()->change.wanted.message == "judging");
  CanvasSetup paused = f.setup_of("main", 4);
  paused.paused = true;
  paused.message = "judging";
  f.reply(f.model.setup.asked, 200, answer::Canvas{paused, {}});
  CHECK(f.model.setup.base.paused);
  CHECK(f.model.setup.base.version == 4);
  CHECK(f.model.setup.form.width == "800");
  f.act(action::PauseCanvas{false});
  CHECK(f.change()->change.wanted.message.empty());
  CHECK_FALSE(f.change()->change.wanted.paused);
}

TEST_CASE("Setup: archiving is confirmed first; restoring is not") {
  SetupFixture f;
  f.open();
  f.act(action::ArchiveCanvas{true});
  CHECK_FALSE(f.change());
  CHECK(f.model.setup.confirm == SetupConfirm::Archive);
  f.act(action::ConfirmSetup{});
  REQUIRE(f.change());
  CHECK(f.change()->change.fields == std::vector{SetupField::Archived});
  CanvasSetup archived = f.setup_of("main", 4);
  archived.archived = true;
  f.reply(f.model.setup.asked, 200, answer::Canvas{archived, {}});
  CHECK(f.has_toast(Text::CanvasArchived));
  f.act(action::ArchiveCanvas{false});
  REQUIRE(f.change());
  CHECK(f.change()->version == 4);
}

TEST_CASE("Setup: a new canvas is named, made and entered; a name that is taken is said") {
  SetupFixture f;
  f.act(action::NewCanvas{});
  f.edit([](SetupForm& form) { form.name = "Not a name"; });
  CHECK(f.problem() == Text::CanvasNameWrong);
  f.edit([](SetupForm& form) { form.name = "club", form.colors.erase(form.colors.begin() + 1, form.colors.end()); });
  f.save();
  const effect::Ask* create = f.asked<ask::CreateCanvas>();
  REQUIRE(create != nullptr);
  CHECK(std::get<ask::CreateCanvas>(create->question).setup.palette.size() == 1);
  f.reply(create->id, 409, {}, "exists");
  CHECK(f.model.setup.error == Phrase{Text::NameTaken, {}});
  f.save();
  f.reply(f.model.setup.asked, 201, answer::Canvas{f.setup_of("club", 1), {}});
  CHECK(f.has_toast(Text::CanvasCreated));
  REQUIRE(f.sent<Enter>().size() == 1);
  CHECK(f.sent<Enter>()[0].canvas == "club");
}

TEST_CASE("Setup: a drawn code is six letters easy to read aloud, a word is taken without blanks") {
  SetupFixture f;
  f.open();
  f.edit([](SetupForm& form) { form.access = Access::Code; });
  f.act(action::DrawCode{});
  const std::string drawn = f.model.setup.form.code;
  CHECK(drawn.size() == 6);
  CHECK(drawn.find_first_of("0O1IL5S2Z8B") == std::string::npos);
  f.act(action::DrawCode{});
  CHECK(f.model.setup.form.code != drawn);
  f.edit([](SetupForm& form) { form.code = "plu mes-7"; });
  f.save();
  REQUIRE(f.change());
  CHECK(f.change()->change.wanted.code == "PLUMES7");
  CHECK(f.change()->change.fields == std::vector{SetupField::Access, SetupField::Code});
}

TEST_CASE("Setup: a late answer of another panel's question changes nothing") {
  SetupFixture f;
  f.act(action::SetUpCanvas{"main"});
  const AskId old = f.model.setup.asked;
  f.act(action::SetUpCanvas{"club"});
  f.reply(old, 200, answer::Canvas{f.setup_of("main"), {}});
  CHECK_FALSE(f.model.setup.loaded);
  f.reply(f.model.setup.asked, 200, answer::Canvas{f.setup_of("club"), {}});
  CHECK(f.model.setup.base.name == "club");
}

TEST_CASE("Setup: palettes of two admins merge, index by index") {
  const std::vector<PaletteColor> base{{{1, 0, 0}, "A", false}, {{2, 0, 0}, "B", false}};
  std::vector<PaletteColor> mine = base, theirs = base;
  mine[0].name = "Mine";
  mine.push_back({{3, 0, 0}, "New", false});
  theirs[1].retired = true;
  theirs.push_back({{4, 0, 0}, "Theirs", false});
  theirs.push_back({{3, 0, 0}, "Both", false});
  const auto merged = merge_palettes(base, mine, theirs);
  REQUIRE(merged.size() == 4);
  CHECK(merged[0].name == "Mine");
  CHECK(merged[1].retired);
  CHECK(merged[2].name == "Theirs");
  CHECK(merged[3].name == "Both");
}
