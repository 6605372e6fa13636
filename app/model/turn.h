#pragma once

#include "app/model/update.h"

/// What the parts of update() share; of no concern to anyone outside `app/model`.
namespace tessera {

/// One call of update(): the model it changes, the moment, and the effects it gathers.
struct Turn {
  Model& model;
  const Instant& moment;
  Effects& effects;

  TimePoint now() const { return moment.now; }
  bool live() const { return model.connection.state == ConnectionState::Live; }
  void emit(Effect effect) { effects.push_back(std::move(effect)); }
  void send(ClientMessage message) { emit(effect::Send{model.connection.id, std::move(message)}); }
  void send_all(Replica::Out& messages) {
    for (ClientMessage& message : messages) send(std::move(message));
  }
  /// A toast; the same text shown twice only lasts longer.
  void tell(Level level, Phrase phrase);
};

// ---- connection.cpp ----

/// Goes where a link leads: another server, another canvas, or only another place.
void go_to_link(Turn& turn, const Link& link);
void leave(Turn& turn);
void retry_now(Turn& turn);
void connected(Turn& turn);
void received(Turn& turn, const ServerMessage& message);
void unreadable(Turn& turn, const std::string& detail);
void disconnected(Turn& turn, DisconnectReason reason, const std::string& detail);
/// Retries, pings and time-outs.
void tick_connection(Turn& turn);
/// After a pause of the whole app: nothing that was due meanwhile counts as late.
void wake_connection(Turn& turn);

// ---- session.cpp ----

const std::string& token_of(const Model& model);
void keep_token(Turn& turn, const std::string& token);
void ask_nickname(Turn& turn, std::span<const CellColor> cells);
void submit_nickname(Turn& turn);
void guest_answered(Turn& turn, const action::GuestAnswered& answer);
/// `Welcome` or `Refused` answered a `SignIn`.
void signed_in_now(Turn& turn);
void sign_in_refused(Turn& turn, const std::string& detail);
void sign_out(Turn& turn);

// ---- tools.cpp ----

void use_tool(Turn& turn, Cell cell);
/// Places what may be placed of these; where nothing may, says why.
void place_cells(Turn& turn, std::span<const CellColor> cells);
void inspect(Turn& turn, Cell cell);
/// The server's word on the charges; what it has not answered yet is taken off.
void take_charges(Turn& turn, const ChargeState& charges);
void select_color(Turn& turn, ColorIndex color);
void step_color(Turn& turn, int direction);
void answered(Turn& turn, const PlaceResult& result);
void inspected(Turn& turn, const Inspected& message);
void tick_tools(Turn& turn);

// ---- gesture.cpp ----

void pointer_moved(Turn& turn, ScreenPoint at, bool touch);
void pointer_left(Turn& turn);
void pointer_pressed(Turn& turn, const action::PointerPressed& press);
void pointer_released(Turn& turn, const action::PointerReleased& release);
void move_cursor(Turn& turn, int dx, int dy);
/// The view has moved under the pointer.
void follow_pointer(Turn& turn);

// ---- view.cpp ----

/// Asks for the tiles that are in view.
void watch_view(Turn& turn);
void tick_view(Turn& turn);
/// Where a link wants to look, else the whole canvas.
void look_at(Turn& turn, const std::optional<Link>& destination, Motion motion);
Link link_here(const Model& model);
void remember_recent(Turn& turn);
void address_changed(Turn& turn, const std::string& fragment);

}  // namespace tessera
