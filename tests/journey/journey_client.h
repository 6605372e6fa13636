#pragma once

#include <chrono>
#include <condition_variable>
#include <functional>
#include <mutex>
#include <string>

#include "app/model/update.h"
#include "app/net/connection.h"
#include "app/net/sign_in.h"

namespace tessera {

/// The app without its window: the real model, the real network, and a person's input given by the test.
class JourneyClient {
 public:
  JourneyClient(const std::string& nickname, const std::string& link) : connection_(net_, inbox_), http_(net_) {
    action::Started started;
    started.settings.reduced_motion = true;
    started.link = link;
    started.nickname = nickname;
    act(action::WindowResized{800, 600, 1});
    act(started);
  }
  ~JourneyClient() { net_.stop(); }

  const Model& model() const { return model_; }
  bool live() const { return model_.connection.state == ConnectionState::Live && model_.replica.complete(); }

  void act(const Action& action) {
    const Instant moment{clock_.now(), clock_.wall(), random_};
    for (const Effect& effect : update(model_, action, moment)) carry_out(effect);
  }
  /// Points at a cell and clicks, as a person would.
  void click(Cell cell, ColorIndex color) {
    act(action::SelectColor{color});
    const ScreenPoint at = model_.viewport.to_screen({cell.x + 0.5, cell.y + 0.5});
    act(action::PointerMoved{at});
    act(action::PointerPressed{at, PointerButton::Left});
    act(action::PointerReleased{at, PointerButton::Left});
  }
  /// Takes what the network brought and lets time be seen.
  void step() {
    for (const Action& action : inbox_.take()) act(action);
    act(action::Tick{});
  }
  /// Waits for the network until `seen`, while the others go on too; false after 20 seconds.
  static bool until(std::initializer_list<JourneyClient*> clients, const std::function<bool()>& seen) {
    const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds(20);
    while (std::chrono::steady_clock::now() < deadline) {
      for (JourneyClient* client : clients) client->step();
      if (seen()) return true;
      std::unique_lock lock(bell().mutex);
      bell().rung.wait_for(lock, std::chrono::milliseconds(20), [] { return bell().news; });
      bell().news = false;
    }
    return false;
  }

 private:
  /// Rung by the network threads of all clients.
  struct Bell {
    std::mutex mutex;
    std::condition_variable rung;
    bool news = false;
  };
  static Bell& bell() {
    static Bell shared;
    return shared;
  }
  static void ring() {
    {
      const std::lock_guard lock(bell().mutex);
      bell().news = true;
    }
    bell().rung.notify_all();
  }

  void carry_out(const Effect& effect) {
    if (const auto* open = std::get_if<effect::OpenConnection>(&effect))
      connection_.open(open->connection, open->server);
    if (const auto* close = std::get_if<effect::CloseConnection>(&effect)) connection_.close(close->connection);
    if (const auto* send = std::get_if<effect::Send>(&effect)) connection_.send(send->connection, send->message);
    if (const auto* guest = std::get_if<effect::SignInGuest>(&effect)) {
      sign_in_guest(http_, inbox_, guest->server, guest->name);
    }
  }

  SystemClock clock_;
  SystemRandom random_;
  Model model_;
  NetLoop net_;
  Inbox inbox_{ring};
  WebSocketClient connection_;
  HttpClient http_;
};

}  // namespace tessera
