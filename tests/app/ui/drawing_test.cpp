#include <functional>

#include "tests/app/ui/ui_fixture.h"

namespace tessera {
namespace {

const std::string long_name(10'000, 'W');

HistoryItem history_item(std::string name, ColorIndex color) {
  HistoryItem item;
  item.account = AccountId{9};
  item.name = std::move(name);
  item.color = color;
  item.time_ms = 1'650'000'000'000;
  return item;
}

Palette many_colors(int count) {
  std::vector<PaletteColor> colors;
  for (int i = 0; i < count; ++i)
    colors.push_back({{static_cast<std::uint8_t>(i), static_cast<std::uint8_t>(255 - i), 7}, "", false});
  return *Palette::make(colors);
}

void recent(Model& model, const std::string& name) {
  for (std::size_t i = 0; i < recent_servers + 2; ++i) {
    RecentServer entry{"http://" + name, i % 2 == 0 ? name : "", WallTime{1'600'000'000'000}, 0, {}};
    if (i % 3 == 0)
      entry = {entry.server, entry.canvas, entry.seen, recent_picture_side,
               Bytes(std::size_t{4} * recent_picture_side * recent_picture_side, 77)};
    model.recent.push_back(entry);
  }
}

struct Scene {
  const char* name;
  std::function<void(UiFixture&)> set;
};

void host(UiFixture& ui, HostState state) {
  Host& host = ui.model.host;
  host.available = true;
  host.state = state;
  host.port = 65'535;
  host.link = "http://127.0.0.1:7878";
  host.details_open = true;
  host.log = {"one line", long_name, ""};
  if (state == HostState::Failed) host.error = Phrase{Text::HostPortTaken, {"7878"}};
  recent(ui.model, "place.example.org");
}

void connecting(UiFixture& ui, const std::string& server) {
  ui.model.screen = Screen::Connecting;
  ui.model.connection.server = server;
  ui.model.connection.state = ConnectionState::Waiting;
  ui.model.connection.retry_at = ui.now + std::chrono::seconds(3);
  ui.model.connection.trouble = Phrase{Text::TlsFailed, {server, long_name}};
}

void toasts(UiFixture& ui, const std::string& words) {
  for (const Level level : {Level::Info, Level::Good, Level::Warn, Level::Bad})
    ui.model.toasts.push_back(
        {ui.model.next_toast++, level, {Text::SignInFailed, {words}}, ui.now, ui.now + std::chrono::seconds(4)});
}

void open(UiFixture& ui, Drawer drawer) {
  ui.play();
  ui.model.drawer = drawer;
  ui.model.cell = {true, {599, 399}, false, false, 3, {history_item("ann", 3), history_item("bob", 255)}, false, {}};
}

void nickname(UiFixture& ui, const std::string& text, std::optional<Phrase> error, bool busy) {
  ui.play();
  ui.model.account = {};
  ui.model.sign_in.open = true;
  ui.model.sign_in.text = text;
  ui.model.sign_in.error = std::move(error);
  ui.model.sign_in.busy = busy;
}

void device(UiFixture& ui, const std::string& code, bool over) {
  ui.play();
  ui.model.account = {};
  SignInPanel& panel = ui.model.sign_in;
  panel.open = true;
  panel.step = SignInStep::Device;
  panel.device = {"secret", code, "https://draw.example.org/auth/device/verify", "https://draw.example.org/auth/device/verify?user_code=" + code,
                  ui.now + std::chrono::seconds(540), std::chrono::seconds(5), std::nullopt, over};
  if (over) panel.error = Phrase{Text::DeviceExpired, {}};
}

void ask_code(UiFixture& ui, const std::string& code, std::optional<Phrase> error) {
  ui.play();
  ui.model.sign_in.open = true;
  ui.model.sign_in.step = SignInStep::Code;
  ui.model.sign_in.code = code;
  ui.model.sign_in.error = std::move(error);
}

void devices(UiFixture& ui, const std::string& label, int count) {
  open(ui, Drawer::Account);
  ui.model.account.role = Role::Moderator;
  ui.model.ways = {true, true, unasked};
  DeviceList& list = ui.model.devices;
  list.loaded = true;
  for (int i = 0; i < count; ++i)
    list.items.push_back({std::to_string(i), label, WallTime{ms(ui.moment().wall) - 3'600'000 * i}, i == 0});
}

CanvasSetup setup_of(const std::string& name) {
  CanvasSetup setup;
  setup.name = name;
  setup.width = 1'000;
  setup.height = 600;
  setup.palette = Palette::r_place_2022().colors();
  setup.rules = {10, 20, 100, 0};
  setup.version = 3;
  return setup;
}

void canvases(UiFixture& ui, const std::string& name, int count) {
  open(ui, Drawer::Canvases);
  ui.model.account.role = Role::Admin;
  ui.model.canvases.loaded = true;
  for (int i = 0; i < count; ++i) {
    ListedCanvas entry{setup_of(i == 0 ? "main" : name), std::nullopt, unasked, false};
    entry.setup.online = static_cast<std::uint32_t>(i);
    entry.setup.access = static_cast<Access>(i % access_count);
    entry.setup.paused = i % 5 == 1;
    entry.setup.archived = i > 6;
    ui.model.canvases.items.push_back(entry);
  }
}

SetupPanel& set_up(UiFixture& ui, SetupPart part) {
  open(ui, Drawer::Setup);
  ui.model.account.role = Role::Owner;
  SetupPanel& setup = ui.model.setup;
  setup.loaded = true;
  setup.part = part;
  setup.base = setup_of("main");
  setup.form = form_of(setup.base);
  return setup;
}

void collide(UiFixture& ui, const std::string& word) {
  SetupPanel& setup = set_up(ui, SetupPart::General);
  setup.mine = setup.base;
  setup.theirs = setup.base;
  setup.mine->code = word;
  setup.mine->access = setup.theirs->access = Access::Code;
  setup.theirs->roles[1] = setup.base.rules;
  for (PaletteColor& entry : setup.mine->palette) entry.name = word;
  for (std::uint8_t i = 0; i < form_field_count; ++i) setup.conflicts.push_back({static_cast<SetupField>(i), i % 2 == 0 ? Side::Mine : Side::Theirs});
}

void reports(UiFixture& ui, const std::string& words, bool writing) {
  open(ui, Drawer::Report);
  ReportDesk& desk = ui.model.report_desk;
  desk.writing = writing, desk.sent = !writing;
  desk.form = {words, "0", "16", "16", ReportReason::Spam, words};
  if (writing) desk.error = Phrase{Text::SignInFailed, {words}};
  for (std::uint32_t i = 30; i > 0; --i)
    desk.own.push_back({"main", ReportId{i}, static_cast<ReportState>(i % report_state_count), {1, 2, 3, 4}, words, i % 2 == 0 ? words : "", {}});
}

void outcomes(UiFixture& ui, const std::string& words) {
  reports(ui, words, false);
  ui.model.drawer = Drawer::None;
  ui.model.report_desk.own[0].canvas = words;
  ui.model.report_desk.news = {{ReportId{30}, ReportState::Resolved, words}, {ReportId{99}, ReportState::Dismissed, ""}};
}

void coming(UiFixture& ui, Drawer drawer, const std::string& words) {
  open(ui, drawer);
  std::vector<ScheduleInfo> entries;
  for (std::uint32_t i = 0; i < 30; ++i)
    entries.push_back({ScheduleId{i + 1}, static_cast<std::uint64_t>(ms(server_now(ui.model)) + 7'500'000 * (i + 1)), static_cast<ScheduledAction>((i + 2) % scheduled_action_count), words});
  ui.hear(Schedule{entries});
}

void notice(UiFixture& ui, NoticeKind kind, const std::string& words) {
  ui.play();
  ui.model.notices.waiting = {{kind, words, words, WallTime{1'900'000'000'000}}, {kind, "", "", std::nullopt}};
}

void extreme(UiFixture& ui, Drawer drawer) {
  open(ui, drawer);
  Model& model = ui.model;
  model.canvas.name = model.account.name = model.connection.server = long_name;
  model.canvas.paused = true;
  model.canvas.pause_message = long_name;
  model.cell.items.assign(300, history_item(long_name, 254));
  model.cell.cell = {65'534, 65'534};
  model.palette = many_colors(255);
  model.tool.color = 254;
  model.online = 4'000'000'000;
  model.connection.latency = std::chrono::seconds(100);
  model.charge_clock = {{1'000'000, 2'000'000, 4'000'000'000, 4'000'000'000}, ui.now};
  model.host.state = HostState::Running;
  model.host.link = long_name;
  model.settings.scale = 2;
  toasts(ui, long_name);
}

const std::vector<Scene>& scenes() {
  static const std::vector<Scene> all{
      {"start, empty", [](UiFixture&) {}},
      {"start, recent ones", [](UiFixture& ui) { recent(ui.model, "place.example.org"); }},
      {"start, endless names",
       [](UiFixture& ui) {
         recent(ui.model, long_name), ui.model.join = {long_name, Phrase{Text::LinkScheme, {}}}, toasts(ui, "no");
       }},
      {"start, settings", [](UiFixture& ui) { ui.model.drawer = Drawer::Settings; }},
      {"hosting, off", [](UiFixture& ui) { host(ui, HostState::Off); }},
      {"hosting, starting", [](UiFixture& ui) { host(ui, HostState::Starting); }},
      {"hosting", [](UiFixture& ui) { host(ui, HostState::Running); }},
      {"hosting, stopping", [](UiFixture& ui) { host(ui, HostState::Stopping); }},
      {"hosting, failed", [](UiFixture& ui) { host(ui, HostState::Failed); }},
      {"connecting", [](UiFixture& ui) { ui.start(); }},
      {"connecting, trouble", [](UiFixture& ui) { connecting(ui, "http://place.example.org"); }},
      {"connecting, endless trouble", [](UiFixture& ui) { connecting(ui, "http://" + long_name); }},
      {"canvas", [](UiFixture& ui) { ui.play(); }},
      {"canvas, marker",
       [](UiFixture& ui) {
         ui.play(), ui.model.marker = {Cell{3, 4}, true};
       }},
      {"canvas, no limits", [](UiFixture& ui) { ui.play(), ui.model.charge_clock.known = {}; }},
      {"canvas, one colour", [](UiFixture& ui) { ui.play(), ui.model.palette = many_colors(1); }},
      {"canvas, all colours retired",
       [](UiFixture& ui) {
         ui.play(), ui.model.palette = *Palette::make({{{1, 2, 3}, "Gone", true}});
       }},
      {"canvas, no minimap", [](UiFixture& ui) { ui.play(), ui.overview = {}; }},
      {"cell", [](UiFixture& ui) { open(ui, Drawer::Cell); }},
      {"cell, loading",
       [](UiFixture& ui) { open(ui, Drawer::Cell), ui.model.cell.items.clear(), ui.model.cell.loading = true; }},
      {"cell, failed", [](UiFixture& ui) { open(ui, Drawer::Cell), ui.model.cell.failed = true; }},
      {"settings", [](UiFixture& ui) { open(ui, Drawer::Settings); }},
      {"share",
       [](UiFixture& ui) {
         open(ui, Drawer::Share), ui.model.host.state = HostState::Running,
                                  ui.model.host.link = ui.model.connection.server;
       }},
      {"account", [](UiFixture& ui) { open(ui, Drawer::Account); }},
      {"account, signed out", [](UiFixture& ui) { open(ui, Drawer::Account), ui.model.account = {}; }},
      {"help", [](UiFixture& ui) { open(ui, Drawer::Help); }},
      {"nickname", [](UiFixture& ui) { nickname(ui, "", std::nullopt, false); }},
      {"nickname, wrong",
       [](UiFixture& ui) {
         nickname(ui, long_name, Phrase{Text::SignInFailed, {long_name}}, false);
       }},
      {"nickname, busy", [](UiFixture& ui) { nickname(ui, "ann", std::nullopt, true); }},
      {"sign in, both ways", [](UiFixture& ui) { nickname(ui, "", std::nullopt, false), ui.model.ways.discord = true; }},
      {"sign in, Discord alone",
       [](UiFixture& ui) {
         nickname(ui, "", std::nullopt, false), ui.model.ways.discord = true, ui.model.server.guests_allowed = false;
         ui.model.device.web = true, ui.model.errand = {ui.model.connection.server, "secret", "", unasked};
       }},
      {"sign in, no way", [](UiFixture& ui) { nickname(ui, "", std::nullopt, false), ui.model.server.guests_allowed = false; }},
      {"device, asking", [](UiFixture& ui) { device(ui, "", false); }},
      {"device", [](UiFixture& ui) { device(ui, "WDJB-MJHT", false); }},
      {"device, over", [](UiFixture& ui) { device(ui, "WDJB-MJHT", true); }},
      {"device, endless", [](UiFixture& ui) { device(ui, long_name, false), ui.model.sign_in.device.address = long_name; }},
      {"code", [](UiFixture& ui) { ask_code(ui, "", std::nullopt); }},
      {"code, wrong",
       [](UiFixture& ui) {
         ask_code(ui, long_name, Phrase{Text::SignInFailed, {long_name}});
       }},
      {"account, devices", [](UiFixture& ui) { devices(ui, "Firefox on Linux", 3); }},
      {"account, ending the others", [](UiFixture& ui) { devices(ui, "", 2), ui.model.devices.confirming = true; }},
      {"account, banned",
       [](UiFixture& ui) {
         devices(ui, long_name, 30), ui.model.ban = Ban{long_name, WallTime{1'900'000'000'000}};
         ui.model.devices.failed = true;
       }},
      {"canvases, loading", [](UiFixture& ui) { open(ui, Drawer::Canvases); }},
      {"canvases, none", [](UiFixture& ui) { canvases(ui, "", 0); }},
      {"canvases", [](UiFixture& ui) { canvases(ui, "contest-2026", 9); }},
      {"canvases, endless",
       [](UiFixture& ui) {
         canvases(ui, long_name, 200), ui.model.canvases.error = Phrase{Text::SignInUnreachable, {}};
       }},
      {"setup, loading", [](UiFixture& ui) { set_up(ui, SetupPart::General).loaded = false; }},
      {"setup", [](UiFixture& ui) { set_up(ui, SetupPart::General).form.access = Access::Code; }},
      {"setup, new", [](UiFixture& ui) { set_up(ui, SetupPart::General).creating = true; }},
      {"setup, paused",
       [](UiFixture& ui) {
         SetupPanel& setup = set_up(ui, SetupPart::General);
         setup.base.paused = true, setup.base.message = long_name, setup.error = Phrase{Text::SignInFailed, {long_name}};
       }},
      {"setup, archived", [](UiFixture& ui) { set_up(ui, SetupPart::General).base.archived = true; }},
      {"setup, colours",
       [](UiFixture& ui) {
         SetupPanel& setup = set_up(ui, SetupPart::Colors);
         setup.color = 3, setup.form.colors[3].retired = true, setup.form.colors[5].name = long_name;
       }},
      {"setup, a new colour",
       [](UiFixture& ui) {
         SetupPanel& setup = set_up(ui, SetupPart::Colors);
         setup.form.colors.resize(255), setup.form.colors.back() = {long_name, long_name, false}, setup.color = 254;
       }},
      {"setup, rules",
       [](UiFixture& ui) {
         SetupPanel& setup = set_up(ui, SetupPart::Rules);
         setup.form.roles[0] = setup.form.rules, setup.form.roles[4] = RulesForm{long_name, "", long_name, ""};
       }},
      {"setup, shrinking",
       [](UiFixture& ui) {
         SetupPanel& setup = set_up(ui, SetupPart::General);
         setup.confirm = SetupConfirm::Shrink, setup.hidden_cells = 12'345;
       }},
      {"setup, archiving",
       [](UiFixture& ui) {
         SetupPanel& setup = set_up(ui, SetupPart::General);
         setup.confirm = SetupConfirm::Archive, setup.base.name = long_name;
       }},
      {"setup, conflict", [](UiFixture& ui) { collide(ui, "PLUMES"); }},
      {"setup, endless conflict", [](UiFixture& ui) { collide(ui, long_name); }},
      {"report", [](UiFixture& ui) { reports(ui, "the cat", true); }},
      {"report, endless", [](UiFixture& ui) { reports(ui, long_name, true); }},
      {"reports", [](UiFixture& ui) { reports(ui, "the cat", false); }},
      {"reports, endless", [](UiFixture& ui) { reports(ui, long_name, false); }},
      {"outcome", [](UiFixture& ui) { outcomes(ui, "taken back"); }},
      {"outcome, endless", [](UiFixture& ui) { outcomes(ui, long_name); }},
      {"countdown", [](UiFixture& ui) { coming(ui, Drawer::None, "20000×10000"); }},
      {"to come", [](UiFixture& ui) { coming(ui, Drawer::Announcements, long_name); }},
      {"notice, endless", [](UiFixture& ui) { notice(ui, NoticeKind::Warning, long_name); }},
      {"notice, a ban", [](UiFixture& ui) { notice(ui, NoticeKind::Ban, "drew over the cat"); }},
      {"reconnecting", [](UiFixture& ui) { ui.play(), ui.lose(); }},
      {"toasts", [](UiFixture& ui) { ui.play(), toasts(ui, "the server is tired"); }},
      {"everything endless, cell", [](UiFixture& ui) { extreme(ui, Drawer::Cell); }},
      {"everything endless, share", [](UiFixture& ui) { extreme(ui, Drawer::Share); }},
      {"everything endless, account", [](UiFixture& ui) { extreme(ui, Drawer::Account); }},
  };
  return all;
}

/// The sheet's lower corners are the only thing meant to be outside.
float allowed_below(const ImGuiWindow& panel, const TestWindow& window) {
  const bool sheet = std::string_view(panel.Name) == "palette" && panel.Size.x == window.width;
  return sheet ? std::round(measure::panel_radius * static_cast<float>(window.scale)) : 0;
}

void check_inside(const UiFixture& ui) {
  for (const ImGuiWindow* panel : ui.panels()) {
    const std::string name = panel->Name;
    CAPTURE(name);
    CHECK(panel->Pos.x >= 0);
    CHECK(panel->Pos.y >= 0);
    CHECK(panel->Pos.x + panel->Size.x <= ui.window.width);
    CHECK(panel->Pos.y + panel->Size.y <= ui.window.height + allowed_below(*panel, ui.window));
  }
}

/// Nothing sticks out of a panel: what is too long is cut with an ellipsis or scrolls, never by the panel's edge.
void check_content_fits(const UiFixture& ui) {
  for (const ImGuiWindow* panel : ui.context->Windows) {
    if (!panel->Active || panel->Hidden || std::string_view(panel->Name).starts_with("Debug")) continue;
    const std::string name = panel->Name;
    CAPTURE(name);
    CHECK(panel->Pos.x + panel->WindowPadding.x + panel->ContentSize.x <= panel->InnerRect.Max.x + 1);
  }
}

void draw_all(const TestWindow& window, const std::function<void(const UiFixture&)>& check) {
  for (const Scene& scene : scenes()) {
    const std::string state = scene.name;
    CAPTURE(state);
    for (const Language language : {Language::English, Language::French}) {
      UiFixture ui(window);
      ui.model.settings.theme = language == Language::English ? Theme::Dark : Theme::Light;
      ui.model.settings.language = language;
      scene.set(ui);
      ui.settle();
      CHECK(ui.pushed.empty());
      CHECK_FALSE(ui.panels().empty());
      check(ui);
    }
  }
}

void check_all(const UiFixture& ui) {
  check_inside(ui);
  check_content_fits(ui);
}

}  // namespace

TEST_CASE("Panels: every state is drawn inside a usual window, in both languages") {
  draw_all({1'440, 900, 1}, check_all);
}
TEST_CASE("Panels: every state is drawn inside a small window") { draw_all({1'024, 640, 1}, check_all); }
TEST_CASE("Panels: every state is drawn inside the narrowest window with bars") {
  draw_all({600, 400, 1}, check_all);
}
TEST_CASE("Panels: every state is drawn inside a phone's window") { draw_all({390, 844, 1}, check_all); }
TEST_CASE("Panels: every state is drawn inside the smallest window") { draw_all({320, 480, 1}, check_all); }
TEST_CASE("Panels: every state is drawn inside a phone's window of high density") {
  draw_all({640, 960, 2}, check_all);
}
TEST_CASE("Panels: every state is drawn inside a window that is wide for its density") {
  draw_all({2'880, 1'800, 2}, check_all);
}

TEST_CASE("Panels: the two bars, the palette and the minimap never lie on one another") {
  for (const float width : {600.0f, 700.0f, 800.0f, 1'024.0f, 1'280.0f, 1'920.0f}) {
    CAPTURE(width);
    UiFixture ui({width, 720, 1});
    ui.play();
    ui.model.canvas.name = ui.model.account.name = long_name;
    ui.model.online = 1'234'567;
    ui.settle();
    const char* names[] = {"canvas", "account", "tools", "palette", "zoom"};
    for (const char* one : names)
      for (const char* other : names) {
        if (one == other) continue;
        const Box a = ui.box(one), b = ui.box(other);
        const std::string pair = std::string(one) + " and " + other;
        CAPTURE(pair);
        const bool apart = a.max.x < b.min.x || b.max.x < a.min.x || a.max.y < b.min.y || b.max.y < a.min.y;
        CHECK(apart);
      }
  }
}

TEST_CASE("Panels: a banner lies between the bars where there is room, beneath them where not, and never on a drawer") {
  for (const float width : {390.0f, 700.0f, 1'024.0f, 1'440.0f}) {
    CAPTURE(width);
    UiFixture ui({width, 800, 1});
    open(ui, Drawer::Settings);
    ui.model.canvas.paused = true;
    ui.model.canvas.pause_message = "contest judging, back at 21:00, and then we all draw on";
    ui.settle();
    const Box banner = ui.box("banner"), drawer = ui.box("drawer"), left = ui.box("canvas");
    const bool off_drawer = banner.max.y < drawer.min.y || banner.max.x < drawer.min.x;
    CHECK(off_drawer);
    const bool off_bar = banner.min.y > left.max.y || banner.min.x > left.max.x;
    CHECK(off_bar);
  }
}

TEST_CASE("Panels: with the palette there is no draw list past what 16 bits can count") {
  UiFixture ui({3'840, 2'160, 1});
  recent(ui.model, "place");
  ui.settle();
  CHECK(ImGui::GetBackgroundDrawList()->VtxBuffer.Size < 65'536);
  extreme(ui, Drawer::Cell);
  ui.settle();
  for (const ImGuiWindow* panel : ui.context->Windows) CHECK(panel->DrawList->VtxBuffer.Size < 65'536);
}

TEST_CASE("Panels: once all is in place no more frames are asked for, and what comes in asks for them") {
  UiFixture ui;
  ui.play();
  ui.model.settings.reduced_motion = false;
  ui.settle();
  CHECK_FALSE(ui.moves);
  ui.model.drawer = Drawer::Settings;
  ui.frame();
  CHECK(ui.moves);
  const float coming = [&] { return ui.frame(), ui.box("drawer").max.x; }();
  ui.settle();
  CHECK_FALSE(ui.moves);
  CHECK(ui.box("drawer").max.x < coming);
}

TEST_CASE("Panels: with reduced motion a drawer is in its place in the first frame that shows it") {
  UiFixture ui;
  ui.play();
  ui.settle();
  ui.model.drawer = Drawer::Settings;
  ui.frame(0.001f);
  ui.frame(0.001f);
  const float at_once = ui.box("drawer").max.x;
  ui.settle();
  CHECK(ui.box("drawer").max.x == at_once);
}

TEST_CASE("Panels: what turns keeps the frames coming, but not with reduced motion") {
  UiFixture ui;
  ui.start();
  ui.model.settings.reduced_motion = true;
  ui.settle();
  CHECK_FALSE(ui.moves);
  ui.model.settings.reduced_motion = false;
  ui.settle();
  CHECK(ui.moves);
}

}  // namespace tessera
