#include "tests/journey/simulation_client.h"

#include <algorithm>
#include <array>
#include <utility>

#include "shared/protocol/codec.h"

namespace tessera::simulation {
namespace {

constexpr milliseconds wire_delay{40};
constexpr const char* address = "http://server";

/// A masked frame, as clients send them (RFC 6455, section 5).
Bytes masked_frame(ByteSpan payload, std::uint32_t key) {
  const std::array<std::uint8_t, 4> mask{static_cast<std::uint8_t>(key), static_cast<std::uint8_t>(key >> 8),
                                         static_cast<std::uint8_t>(key >> 16), static_cast<std::uint8_t>(key >> 24)};
  Bytes frame;
  append_ws_header(WsOpcode::Binary, payload.size(), frame);
  frame[1] |= 0x80;
  frame.insert(frame.end(), mask.begin(), mask.end());
  const std::size_t header = frame.size();
  frame.insert(frame.end(), payload.begin(), payload.end());
  apply_ws_mask(std::span(frame).subspan(header), mask, 0);
  return frame;
}

/// The first whole frame's header and payload sizes; nothing where it has not all come.
std::optional<std::pair<std::size_t, std::size_t>> whole_frame(const Bytes& bytes) {
  if (bytes.size() < 2) return std::nullopt;
  const std::size_t extra = bytes[1] == 126 ? 2 : bytes[1] == 127 ? 8 : 0;
  if (bytes.size() < 2 + extra) return std::nullopt;
  std::size_t size = extra == 0 ? bytes[1] : 0;
  for (std::size_t i = 0; i < extra; ++i) size = size << 8 | bytes[2 + i];
  if (bytes.size() < 2 + extra + size) return std::nullopt;
  return std::pair{2 + extra, size};
}

}  // namespace

SimClient::SimClient(Timeline& timeline, SimServer& server, const std::vector<Ledger>& ledgers, Findings& findings,
                     Sabotage sabotage, std::string name)
    : timeline_(timeline),
      server_(server),
      ledgers_(ledgers),
      findings_(findings),
      sabotage_(sabotage),
      name_(std::move(name)),
      random_(timeline.random().next()) {}

void SimClient::start() {
  act(action::WindowResized{160, 160, 1});
  action::Started started;
  started.link = std::string(address) + "/#x=256&y=256&zoom=8";
  started.nickname = name_;
  act(started);
}

void SimClient::act(const Action& action) {
  const Instant moment{timeline_.now(), timeline_.clock().wall(), random_};
  for (const Effect& effect : update(model_, action, moment)) carry_out(effect);
}

void SimClient::carry_out(const Effect& effect) {
  if (const auto* opened = std::get_if<effect::OpenConnection>(&effect)) return open(*opened);
  if (const auto* closed = std::get_if<effect::CloseConnection>(&effect)) return close(closed->connection);
  if (const auto* send = std::get_if<effect::Send>(&effect)) return transmit(send->connection, send->message);
  if (const auto* guest = std::get_if<effect::SignInGuest>(&effect)) return sign_in(*guest);
}

// ---- what a person does ----

void SimClient::do_anything() {
  SeededRandom& random = timeline_.random();
  if (model_.sign_in.open) return act(action::SubmitNickname{});
  const Cell cell{static_cast<std::uint16_t>(252 + random.below(8)), static_cast<std::uint16_t>(252 + random.below(8))};
  const ScreenPoint at = model_.viewport.to_screen({cell.x + 0.5, cell.y + 0.5});
  const auto count = static_cast<std::uint32_t>(1 + random.below(3));
  switch (random.below(14)) {
    case 12:
      return take_back(Undo{RequestId{random_.next()}, count});
    case 13:
      return take_back(Redo{RequestId{random_.next()}, count});
    case 0:
      return act(
          action::GoTo{{230.0 + static_cast<double>(random.below(50)), 240.0 + static_cast<double>(random.below(30))}});
    case 1:
      return act(action::GoTo{{256, 256}});
    case 2:
      return act(random.below(2) == 0 ? Action(action::PageHidden{}) : Action(action::PageShown{}));
    case 3:
      return act(action::PageShown{});
    case 4:
      act(action::PointerPressed{at, PointerButton::Left, false, false, true});
      act(action::PointerMoved{{at.x + 16, at.y + 8}});
      return act(action::PointerReleased{{at.x + 16, at.y + 8}, PointerButton::Left});
    case 5:
      return act(action::SelectColor{static_cast<ColorIndex>(random.below(32))});
    default:
      act(action::SelectColor{static_cast<ColorIndex>(random.below(32))});
      act(action::PointerPressed{at, PointerButton::Left});
      return act(action::PointerReleased{at, PointerButton::Left});
  }
}

void SimClient::take_back(const ClientMessage& message) {
  if (model_.connection.state == ConnectionState::Live) transmit(model_.connection.id, message);
}

void SimClient::send_again() {
  if (sent_.empty() || model_.connection.state != ConnectionState::Live) return;
  Place again = sent_[timeline_.random().below(sent_.size())];
  // What it knows to be taken back, an app does not send again.
  const auto& result = requests_[again.request].result;
  if (result && result->accepted == 0) return;
  if (sabotage_ == Sabotage::NewRequestIds) again.request = RequestId{random_.next()};
  transmit(model_.connection.id, again);
}

void SimClient::heal() {
  healed_ = true;
  act(action::PageShown{});
  act(action::CloseSignIn{});
}

bool SimClient::settled() const {
  const bool reaches = !links_.empty() && links_.back()->up && !links_.back()->up->is_cut();
  return reaches && model_.connection.state == ConnectionState::Live && model_.replica.unanswered().empty() &&
         model_.replica.complete() && model_.sign_in.waiting.empty() && !model_.sign_in.busy;
}

// ---- the network ----

void SimClient::open(const effect::OpenConnection& effect) {
  auto link = std::make_shared<Wire>();
  link->id = effect.connection;
  links_.push_back(link);
  if (links_.size() > 8) links_.erase(links_.begin());
  timeline_.after(timeline_.up_to(wire_delay), [this, link] {
    const bool fails = !server_.running() || (!healed_ && timeline_.chance(0.1));
    if (fails) return tell_lost(link, DisconnectReason::Unreachable);
    link->end = server_.accept();
    link->up = std::make_unique<Pipe>(timeline_, wire_delay, [this, end = link->end](ByteSpan bytes) {
      if (server_.running()) server_.arrived(end, bytes);
    });
    link->down =
        std::make_unique<Pipe>(timeline_, wire_delay, [this, weak = std::weak_ptr<Wire>(link)](ByteSpan bytes) {
          const auto alive = weak.lock();
          if (!alive) return;
          arrived(alive, bytes);
          if (server_.running()) server_.writable(alive->end);
        });
    const std::weak_ptr<Wire> weak = link;
    link->end->send = [weak](ByteSpan bytes) {
      if (const auto alive = weak.lock()) alive->down->send(bytes);
    };
    link->end->under_way = [weak] {
      const auto alive = weak.lock();
      return alive ? alive->down->under_way() : 0;
    };
    link->end->hang_up = [this, weak] {
      if (const auto alive = weak.lock()) break_link(alive, milliseconds{0}, milliseconds{50}, true);
    };
    act(action::Connected{link->id});
  });
}

void SimClient::close(ConnectionId id) {
  for (const auto& link : links_) {
    if (link->id == id) break_link(link, milliseconds{3'000}, milliseconds{1}, false);
  }
}

void SimClient::cut() {
  if (links_.empty()) return;
  // Now and then nobody is told: only silence shows it.
  const bool told = timeline_.chance(0.85);
  break_link(links_.back(), milliseconds{3'000}, milliseconds{told ? 1'000 : 1}, told);
}

void SimClient::break_link(std::shared_ptr<Wire> link, milliseconds up_late, milliseconds down_late, bool told) {
  if (!link->up || link->up->is_cut()) return;
  link->up->cut(up_late, [this, link] {
    timeline_.after(timeline_.up_to(milliseconds{2'000}), [this, link] {
      if (server_.running()) server_.gone(link->end);
    });
  });
  // Some hear of it before what was under way has come.
  if (told && timeline_.chance(0.5)) tell_lost(link, DisconnectReason::Lost);
  link->down->cut(down_late, [this, link, told] {
    if (told) tell_lost(link, DisconnectReason::Lost);
  });
}

void SimClient::tell_lost(const std::shared_ptr<Wire>& link, DisconnectReason reason) {
  if (std::exchange(link->client_told, true)) return;
  act(action::Disconnected{link->id, reason, ""});
}

void SimClient::transmit(ConnectionId id, ClientMessage message) {
  if (auto* enter = std::get_if<Enter>(&message); enter != nullptr && sabotage_ == Sabotage::ForgetUnanswered)
    enter->unanswered.clear();
  if (const auto* place = std::get_if<Place>(&message)) {
    sent_.push_back(*place);
    const auto [told, first] = requests_.try_emplace(place->request, Told{{}, model_.account.id, {}, 0});
    if (first) {
      for (const WireCell& cell : place->cells) told->second.cells.push_back({{cell.x, cell.y}, cell.color});
    }
  }
  for (const auto& link : links_) {
    if (link->id == id && link->up)
      link->up->send(masked_frame(encode(message), static_cast<std::uint32_t>(random_.next())));
  }
}

void SimClient::arrived(const std::shared_ptr<Wire>& link, ByteSpan bytes) {
  link->unread.insert(link->unread.end(), bytes.begin(), bytes.end());
  while (const auto frame = whole_frame(link->unread)) {
    const auto [header, size] = *frame;
    const bool binary = link->unread[0] == 0x82;
    const Bytes payload(link->unread.begin() + static_cast<std::ptrdiff_t>(header),
                        link->unread.begin() + static_cast<std::ptrdiff_t>(header + size));
    link->unread.erase(link->unread.begin(), link->unread.begin() + static_cast<std::ptrdiff_t>(header + size));
    if (binary) heard(link, payload);
  }
}

void SimClient::heard(const std::shared_ptr<Wire>& link, ByteSpan payload) {
  auto message = decode_server(payload);
  if (!message) return findings_.add("a server's message could not be read: " + message.error().message);
  const bool newest = link->id == model_.connection.id;
  if (const auto* result = std::get_if<PlaceResult>(&*message); result != nullptr && newest) remember(*result);
  const std::uint64_t changes = model_.replica.changes();
  const ConnectionState state = model_.connection.state;
  act(action::Received{link->id, std::move(*message)});
  if (newest || (model_.replica.changes() == changes && model_.connection.state == state)) return;
  findings_.add(name_ + " listened to an older connection");
}

/// The answer as the model is about to take it.
void SimClient::remember(const PlaceResult& result) {
  const auto waiting = model_.replica.unanswered();
  const bool waits = std::find(waiting.begin(), waiting.end(), WireRequest{result.request}) != waiting.end();
  const auto asked = requests_.find(result.request);
  if (!waits || asked == requests_.end() || model_.connection.state != ConnectionState::Live) return;
  asked->second.result = result;
  asked->second.store = ledgers_.size();
}

void SimClient::sign_in(const effect::SignInGuest& effect) {
  const auto answer = [this](const std::string& token) {
    act(action::GuestAnswered{address, token.empty() ? 0 : 201, token, "", ""});
  };
  const bool lost = !healed_ && timeline_.chance(0.1);
  if (!server_.running() || lost) return timeline_.after(timeline_.up_to(wire_delay), [answer] { answer(""); });
  server_.sign_in(effect.name, answer);
  // Where the server dies meanwhile no answer comes; the request times out.
  timeline_.after(milliseconds{3'000}, [this, answer] {
    if (model_.sign_in.busy && model_.tokens.empty()) answer("");
  });
}

}  // namespace tessera::simulation
