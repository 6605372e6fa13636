#pragma once

#include <functional>
#include <memory>
#include <mutex>
#include <thread>

#include "server/core/readers.h"
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
    Readers& readers;
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
  /// Wakes the loop once.
  void post_all(std::vector<Command>& commands) override;
  void find_session(const TokenHash& token, Reply<std::optional<FoundSession>> reply) override;
  void sign_in_guest(std::string name, NewSession session, Reply<SignInReply> reply) override;
  void sign_in_discord(DiscordPerson person, AccountId guest, NewSession session, Reply<SignInReply> reply) override;
  void begin_session(AccountId account, NewSession session, Reply<SignInReply> reply) override;
  void end_session(const TokenHash& token, Reply<bool> reply) override;
  void sessions(AccountId account, Reply<std::vector<SessionRecord>> reply) override;
  void end_sessions(AccountId account, std::string id, std::optional<TokenHash> kept, Reply<std::size_t> reply) override;
  void claim_ownership(const TokenHash& secret, AccountId account, Reply<Changed<AccountRecord>> reply) override;
  void roster(Reply<Roster> reply) override;
  void accounts(std::vector<AccountId> ids, Reply<std::vector<AccountRecord>> reply) override;
  void note_address(AccountId account, std::vector<AddressPrefix> prefixes) override;
  void accounts_at(const AddressPrefix& prefix, const Reply<std::vector<AccountId>>& reply) override;
  void addresses_of(std::vector<AccountId> accounts, const Reply<AddressesOf>& reply) override;
  void account(AccountId id, Reply<std::optional<AccountRecord>> reply) override;
  void change_account(AccountId actor, AccountId id, std::optional<std::uint32_t> version, AccountChange change,
                      Reply<Changed<AccountRecord>> reply) override;
  void make_service(NewService service, Reply<Changed<ServiceView>> reply) override;
  void services(AccountId maker, Reply<std::vector<ServiceView>> reply) override;
  void end_service(AccountId maker, AccountId service, Reply<bool> reply) override;
  void make_invite(NewInvite invite, Reply<Changed<InviteView>> reply) override;
  void invites(AccountId actor, Reply<std::vector<InviteView>> reply) override;
  void end_invite(AccountId actor, InviteId id, Reply<bool> reply) override;
  void accept_invite(const TokenHash& token, AccountId account, Reply<Changed<InviteView>> reply) override;
  void join(std::string canvas, AccountId account, std::string code, Reply<std::optional<Refusal>> reply) override;
  void canvases(Reply<std::vector<CanvasView>> reply) override;
  void canvas(std::string name, Reply<std::optional<CanvasView>> reply) override;
  void picture(std::string name, Reply<std::optional<CanvasPicture>> reply) override;
  void figures(Reply<HubFigures> reply) override;
  void place(std::string canvas, AccountId account, std::vector<WireCell> cells, Reply<PlaceReply> reply) override;
  void take_back(std::string canvas, AccountId account, PlacementKind kind, std::uint32_t count,
                 Reply<TakeBackReply> reply) override;
  void create_canvas(AccountId actor, NewCanvas canvas, Reply<Changed<CanvasView>> reply) override;
  void change_canvas(AccountId actor, std::string name, std::optional<std::uint32_t> version, CanvasChange change,
                     Reply<Changed<CanvasView>> reply) override;
  void locks(std::string canvas, Reply<std::optional<std::vector<LockInfo>>> reply) override;
  void make_lock(AccountId actor, std::string canvas, NewLock lock, Reply<Changed<LockInfo>> reply) override;
  void change_lock(AccountId actor, std::string canvas, LockId id, std::optional<std::uint32_t> version, LockChange change,
                   Reply<Changed<LockInfo>> reply) override;
  void lift_lock(AccountId actor, std::string canvas, LockId id, std::optional<std::uint32_t> version,
                 Reply<Changed<LockInfo>> reply) override;
  void grants(std::string canvas, Reply<std::optional<std::vector<GrantView>>> reply) override;
  void grant(AccountId actor, std::string canvas, AccountId account, Role role, std::optional<std::uint32_t> version,
             Reply<Changed<GrantView>> reply) override;
  void end_grant(AccountId actor, std::string canvas, AccountId account, std::optional<std::uint32_t> version,
                 Reply<Changed<GrantView>> reply) override;
  void announcements(Reply<std::vector<AnnouncementInfo>> reply) override;
  void make_announcement(AccountId actor, NewAnnouncement announcement, Reply<Changed<AnnouncementInfo>> reply) override;
  void change_announcement(AccountId actor, AnnouncementId id, std::optional<std::uint32_t> version, AnnouncementChange change,
                           Reply<Changed<AnnouncementInfo>> reply) override;
  void withdraw_announcement(AccountId actor, AnnouncementId id, std::optional<std::uint32_t> version,
                             Reply<Changed<AnnouncementInfo>> reply) override;
  void preview_rollback(AccountId actor, std::string canvas, RollbackAsked asked, Reply<Changed<RollbackPreview>> reply) override;
  void roll_back(AccountId actor, std::string canvas, RollbackAsked asked, bool at_once, Reply<Changed<RollbackView>> reply) override;
  void change_rollback(AccountId actor, std::string canvas, RollbackId id, RollbackStep step, bool at_once,
                       Reply<Changed<RollbackView>> reply) override;
  void rollbacks(std::string canvas, Reply<std::optional<std::vector<RollbackView>>> reply) override;
  void schedule(std::string canvas, Reply<std::optional<std::vector<ScheduleView>>> reply) override;
  void make_schedule(AccountId actor, std::string canvas, NewSchedule wanted, Reply<Changed<ScheduleView>> reply) override;
  void remove_schedule(AccountId actor, std::string canvas, ScheduleId id, Reply<Changed<ScheduleView>> reply) override;
  void reset_canvas(AccountId actor, std::string canvas, Confirmation confirmation, bool at_once,
                    Reply<Changed<RollbackView>> reply) override;
  void snapshots(std::string canvas, Reply<std::optional<std::vector<SnapshotView>>> reply) override;
  void make_snapshot(AccountId actor, std::string canvas, std::string name, Reply<Changed<SnapshotView>> reply) override;
  void restore_snapshot(AccountId actor, std::string canvas, SnapshotId id, Confirmation confirmation, bool at_once,
                        Reply<Changed<RollbackView>> reply) override;
  void note_denied(AccountId account, std::string what) override;
  void note_settings(std::string detail, std::string settings) override;
  void make_report(AccountId actor, std::string canvas, NewReport report, Reply<ReportReply> reply) override;
  void reports(AccountId actor, std::string canvas, ReportQuery query, Reply<Changed<std::vector<ReportView>>> reply) override;
  void own_reports(AccountId actor, std::string canvas, ReportQuery query, Reply<std::optional<std::vector<ReportRecord>>> reply) override;
  void report(AccountId actor, std::string canvas, ReportId id, Reply<Changed<ReportView>> reply) override;
  void change_report(AccountId actor, std::string canvas, ReportId id, std::optional<std::uint32_t> version, ReportChange change,
                     Reply<ReportReply> reply) override;
  void warn(AccountId actor, AccountId account, std::string text, Reply<Changed<AccountRecord>> reply) override;
  void profile(AccountId actor, AccountId account, Reply<Changed<AccountProfile>> reply) override;

 private:
  class Inbox;

  bool commit(WriteSet set, Journal::Done done) override;
  bool compress(std::shared_ptr<Snapshot> snapshot) override;
  bool read(std::function<std::function<void()>(StoreReader&)> work) override;
  void fail(const std::string& message) override;
  void run();
  void ask(std::function<void(Rooms&)> call);
  /// Calls it on the loop, with what is passed here.
  template <typename... Parameters, typename... Arguments>
  void forward(void (Rooms::*call)(Parameters...), Arguments... arguments) {
    ask([call, ... kept = std::move(arguments)](Rooms& rooms) { (rooms.*call)(kept...); });
  }

  const Parts parts_;
  const std::shared_ptr<Inbox> inbox_;  // also held by work under way on other threads
  Rooms rooms_;                         // the loop's thread
  std::once_flag stop_once_;
  std::thread thread_;
};

}  // namespace tessera
