#pragma once

#include <functional>
#include <memory>
#include <mutex>
#include <thread>

#include "server/core/rooms.h"
#include "server/core/workers.h"
#include "shared/canvas/png.h"

namespace tessera {

/// The thread of the rooms, and the Hub before it: a queue of posted values, swapped out as a whole. It never
/// compresses, reads a disk or waits for anything but its queue and its clock.
class RoomLoop final : public Hub, private RoomServices {
 public:
  struct Settings {
    RoomsSettings rooms;
    /// Cells of `Place` messages that may wait in the queue; past it they are refused as busy, without being kept.
    std::size_t max_queued_cells = 1u << 20;
  };
  /// Everything outlives the loop; `fatal` is called once, on the loop's thread, if the store is lost.
  struct Parts {
    const Clock& clock;
    RandomSource& random;
    Journal& journal;
    Workers& workers;
    Counters& counters;
    ZlibCompressor compress;
    std::function<void(const std::string& message)> fatal;
  };

  RoomLoop(const Settings& settings, Parts parts, Opening opening);
  ~RoomLoop() override;  ///< stops

  /// Refuses what is new, flushes, commits, checkpoints every tile, ends the thread. From any thread but the loop's;
  /// later commands are ignored, and later replies never come. Returns early where the store is lost.
  void stop();

  void post(Command command) override;
  void find_session(const TokenHash& token, Reply<std::optional<AccountRecord>> reply) override;
  void sign_in_guest(std::string name, const TokenHash& token, Reply<SignInReply> reply) override;
  void end_session(const TokenHash& token, Reply<bool> reply) override;
  void canvases(Reply<std::vector<CanvasView>> reply) override;
  void canvas(std::string name, Reply<std::optional<CanvasView>> reply) override;
  void picture(std::string name, Reply<std::optional<CanvasPicture>> reply) override;
  void place(std::string canvas, AccountId account, std::vector<WireCell> cells, Reply<PlaceReply> reply) override;
  void take_back(std::string canvas, AccountId account, PlacementKind kind, std::uint32_t count,
                 Reply<TakeBackReply> reply) override;
  void create_canvas(NewCanvas canvas, Reply<Changed<CanvasView>> reply) override;
  void change_canvas(std::string name, std::optional<std::uint32_t> version, CanvasChange change,
                     Reply<Changed<CanvasView>> reply) override;

 private:
  class Inbox;

  bool commit(WriteSet set, Journal::Done done) override;
  bool compress(std::shared_ptr<Snapshot> snapshot) override;
  void fail(const std::string& message) override;
  void run();

  const Parts parts_;
  const std::shared_ptr<Inbox> inbox_;  // also held by work under way on other threads
  Rooms rooms_;                         // the loop's thread
  std::once_flag stop_once_;
  std::thread thread_;
};

}  // namespace tessera
