#pragma once

#include <memory>

#include "app/model/update.h"
#include "app/net/connection.h"
#include "app/net/http_client.h"
#include "app/net/inbox.h"
#include "app/platform/canvas_renderer.h"
#include "app/platform/event_loop.h"
#include "app/platform/input.h"
#include "app/platform/local_server.h"
#include "app/platform/options.h"
#include "app/platform/picture_textures.h"
#include "app/platform/storage.h"
#include "app/platform/token_keeper.h"
#include "app/platform/window.h"
#include "app/ui/fonts.h"
#include "app/ui/ui_state.h"

namespace tessera {

/// Everything put together: what happened becomes actions, update() changes the model, its effects are carried out, and the
/// frame is drawn. Main thread. Decides nothing by itself.
class App {
 public:
  App(const Options& options, std::unique_ptr<Window> window, std::unique_ptr<CanvasRenderer> canvas);
  ~App();
  App(const App&) = delete;
  App& operator=(const App&) = delete;

  /// Natively until the app ends; in a browser it goes on after this has returned.
  void run();

 private:
  struct Execution;

  void start(const Options& options);
  NextStep step();
  void listen();
  void gather(TimePoint now);
  void apply(TimePoint now);
  void draw();
  void follow_scale();
  NextStep next_step(TimePoint now) const;

  SystemClock clock_;
  SystemRandom random_;
  EventLoop loop_;
  Inbox inbox_;
  NetLoop net_;
  WebSocketClient connection_;
  HttpClient http_;
  Storage storage_;
  TokenKeeper tokens_;
  LocalServer local_server_;
  std::unique_ptr<Window> window_;
  std::unique_ptr<CanvasRenderer> canvas_;
  Input input_;
  Model model_;
  Actions actions_;
  Fonts fonts_;
  UiState ui_;
  PictureTextures pictures_;
  bool ui_moves_ = false;
  double scale_ = 0;
  FrameSize size_;
  TimePoint stepped_at_{};
  TimePoint lively_until_{};
  bool hidden_ = false;
  bool pictured_ = false;
  bool end_ = false;
};

}  // namespace tessera
