#include "server/serve/setting_changes.h"

#include <doctest/doctest.h>

#include "server/serve/plan.h"

using namespace tessera;

TEST_CASE("Setting changes: before and after of those that differ") {
  const SettingValues before{{"guests", "on"}, {"name", "Tessera"}, {"gone", "1"}};
  CHECK_FALSE(setting_changes(before, before));
  CHECK_FALSE(setting_changes({}, before));
  CHECK(setting_changes(before, {{"guests", "off"}, {"name", "Tessera"}, {"new", "2"}}) == R"({"after":{"guests":"off"},"before":{"guests":"on"}})");
}

TEST_CASE("Setting changes: settings come back as they were written, and what is no such text is none") {
  const SettingValues settings{{"name", "A \"name\""}, {"limit", "off"}};
  CHECK(settings_of(settings_text(settings)) == settings);
  for (const char* wrong : {"", "[]", "{", "7"}) CHECK(settings_of(wrong).empty());
}

TEST_CASE("Setting changes: a plan tells its settings, and of secrets no more than whether there is one") {
  setenv("TESSERA_OWNER_TOKEN", "hush hush hush hush", 1);
  ServeSettings settings;
  settings.guests = "off";
  const auto plan = make_plan(settings);
  unsetenv("TESSERA_OWNER_TOKEN");
  REQUIRE(plan.ok());
  const SettingValues values = setting_values(plan->shown);
  CHECK(values.at("guests") == "off");
  CHECK(values.at("TESSERA_OWNER_TOKEN") == "set (hidden)");
  CHECK(values.at("TESSERA_DISCORD_CLIENT_SECRET") == "not set");
  CHECK(settings_text(values).find("hush") == std::string::npos);
}
