#include "app/app.h"

#include <imgui.h>

#include <utility>

#include "app/net/api.h"
#include "app/net/sign_in.h"
#include "app/platform/canvas_overlay.h"
#include "app/platform/remembered.h"
#include "app/platform/shell.h"
#include "app/ui/theme.h"
#include "app/ui/ui.h"

namespace tessera {
namespace {

constexpr const char* settings_file = "settings.json";
constexpr const char* recent_file = "recent.json";
/// After input the interface moves on for so long: what is lit up, slides or fades.
constexpr Duration lively{300'000};
constexpr Duration shortest_frame{7'000};
constexpr Duration caret_blink{200'000};
constexpr Duration hidden_step{250'000};

/// An empty canvas's own ground: not quite white, so that white can be seen on it.
constexpr Rgb paper{0xf3, 0xf2, 0xee};

Overview overview_of(CanvasTexture& canvas) {
  constexpr auto side = static_cast<float>(CanvasTexture::overview_side);
  return {canvas.overview().name(), static_cast<float>(canvas.overview_width()) / side, static_cast<float>(canvas.overview_height()) / side};
}

}  // namespace

/// One function for each effect: who does it.
struct App::Execution {
  App& app;

  void operator()(const effect::OpenConnection& e) { app.connection_.open(e.connection, e.server); }
  void operator()(const effect::CloseConnection& e) { app.connection_.close(e.connection); }
  void operator()(const effect::Send& e) { app.connection_.send(e.connection, e.message); }
  void operator()(const effect::SignInGuest& e) { sign_in_guest(app.http_, app.inbox_, e.server, e.name); }
  void operator()(const effect::SignOut& e) { sign_out(app.http_, e.server, e.token); }
  void operator()(const effect::CheckSession& e) { check_session(app.http_, app.inbox_, e.server); }
  void operator()(const effect::Ask& e) { ask_server(app.http_, app.inbox_, e); }
  void operator()(const effect::StartLocalServer& e) { app.local_server_.start(e.port, e.lan); }
  void operator()(const effect::StopLocalServer&) { app.local_server_.stop(); }
  void operator()(const effect::SaveSettings& e) { app.storage_.write(settings_file, write_settings(e.settings)); }
  void operator()(const effect::SaveRecent& e) { app.storage_.write(recent_file, write_recent(e.recent)); }
  void operator()(const effect::SaveTokens& e) { app.tokens_.write(e.tokens); }
  void operator()(const effect::CopyText& e) { copy_text(e.text); }
  void operator()(const effect::SetAddress& e) { show_address(e.fragment); }
  void operator()(const effect::OpenBrowser& e) { open_browser(e.address); }
  void operator()(const effect::LeavePage& e) { leave_page(e.address, e.kept); }
  void operator()(const effect::AskNotifications&) { ask_notifications([&inbox = app.inbox_](bool allowed) { inbox.post(action::NotificationsAllowed{allowed}); }); }
  void operator()(const effect::Notify& e) { notify(e.title, e.text); }
  void operator()(const effect::SaveFile& e) { app.actions_.push_back(action::FileSaved{save_file(e.name, e.bytes)}); }
  void operator()(const effect::ReloadPage&) { reload_page(); }
  void operator()(const effect::CloseApp&) { app.end_ = true; }
};

App::App(const Options& options, std::unique_ptr<Window> window, std::unique_ptr<CanvasRenderer> canvas)
    : loop_(clock_),
      inbox_([this] { loop_.wake(); }),
      connection_(net_, inbox_),
      http_(net_),
      tokens_({storage_, open_keyring()}, [this](Action action) { inbox_.post(std::move(action)); }),
      local_server_({options.data.empty() ? data_folder() : options.data, options.canvas}, [this](Action action) { inbox_.post(std::move(action)); }),
      window_(std::move(window)),
      canvas_(std::move(canvas)),
      input_([this](ScreenPoint point) { return window_->covered(point); }) {
  start(options);
}

App::~App() { net_.stop(); }

void App::start(const Options& options) {
  action::Started started;
  started.settings = read_settings(storage_.read(settings_file).value_or(""));
  started.recent = read_recent(storage_.read(recent_file).value_or(""));
  started.device = describe_device();
  auto tokens = tokens_.read();
  started.tokens_follow = !tokens;
  started.tokens = std::move(tokens).value_or(std::vector<SavedToken>{});
  if (options.language) started.settings.language = options.language;
  started.host_available = LocalServer::available();
  started.link = options.link.empty() ? surrounding_link() : options.link;
  started.canvas = options.canvas;
  started.nickname = options.nickname;
  started.kept = take_kept();
  actions_.push_back(std::move(started));
  if (options.port) actions_.push_back(action::SetHostPort{*options.port});
  if (options.lan) actions_.push_back(action::SetHostLan{true});
  if (options.host) actions_.push_back(action::HostCanvas{});
  watch_surroundings([this](Action action) { inbox_.post(std::move(action)); });
}

void App::run() {
  stepped_at_ = clock_.now();
  loop_.run([this] { return step(); }, [this] { listen(); });
}

NextStep App::step() {
  const TimePoint now = clock_.now();
  gather(now);
  apply(now);
  if (window_->visible() && !end_) draw();
  stepped_at_ = now;
  return next_step(now);
}

void App::listen() {
  for (Action& action : inbox_.take()) actions_.push_back(std::move(action));
  apply(clock_.now());
}

void App::gather(TimePoint now) {
  if (const FrameSize size = window_->size(); size != size_) {
    size_ = size;
    // First of all: what follows asks where on the window things are.
    actions_.insert(actions_.begin(), action::WindowResized{double(size.width), double(size.height), size.pixel_ratio});
    lively_until_ = now + lively;
  }
  SDL_Event event;
  while (window_->next_event(event)) {
    input_.handle(event, model_, window_->takes_keys(), actions_);
    lively_until_ = now + lively;
  }
  if (const bool hidden = !window_->visible(); hidden != hidden_) {
    hidden_ = hidden;
    if (hidden) actions_.push_back(action::PageHidden{});
    else actions_.push_back(action::PageShown{});
  }
  input_.rest(actions_);
  input_.hold(now - stepped_at_, model_, actions_);
  for (Action& action : inbox_.take()) actions_.push_back(std::move(action));
  actions_.push_back(action::Tick{});
}

void App::apply(TimePoint now) {
  const Instant moment{now, clock_.wall(), random_};
  for (const Action& action : std::exchange(actions_, {}))
    for (const Effect& effect : update(model_, action, moment)) std::visit(Execution{*this}, effect);
}

void App::draw() {
  follow_scale();
  canvas_->draw(model_, {theme_colors(dark(model_)).ground.rgb, paper});
  window_->begin_frame();
  draw_canvas_overlay(*ImGui::GetBackgroundDrawList(), model_);
  pictures_.follow(model_.canvases);
  pictures_.follow(model_.staff);
  ui_.pictures = pictures_.names();
  ui_moves_ = draw_ui(model_, fonts_, scale_, overview_of(canvas_->texture()), ui_, actions_);
  window_->end_frame();
  if (pictured_ || model_.screen != Screen::Canvas || !model_.replica.complete()) return;
  pictured_ = true;
  mark_first_picture();
}

void App::follow_scale() {
  const double scale = size_.pixel_ratio * model_.settings.scale;
  if (scale == scale_) return;
  scale_ = scale;
  fonts_ = load_fonts(scale);
  window_->renew_fonts();
}

NextStep App::next_step(TimePoint now) const {
  if (end_) return {true, now};
  if (!actions_.empty()) return {false, now};
  std::optional<TimePoint> next = next_change(model_);
  if (hidden_) return {false, next ? std::max(*next, now + hidden_step) : next};
  const auto at_latest = [&](TimePoint at) { next = next ? std::min(*next, at) : at; };
  if (now < lively_until_ || input_.holding() || ui_moves_) at_latest(now);
  if (window_->typing()) at_latest(now + caret_blink);
  if (next) next = std::max(*next, now + shortest_frame);
  return {false, next};
}

}  // namespace tessera
