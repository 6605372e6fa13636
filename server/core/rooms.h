#pragma once

#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <unordered_map>
#include <unordered_set>
#include <vector>

#include "server/core/accounts.h"
#include "server/core/connections.h"
#include "server/core/invites.h"
#include "server/core/journal.h"
#include "server/core/json_text.h"
#include "server/core/opening.h"
#include "server/core/permissions.h"
#include "server/core/prefix_book.h"
#include "server/core/report_book.h"
#include "server/core/room.h"
#include "server/core/sessions.h"
#include "shared/base/random.h"

namespace tessera {

struct RoomsSettings {
  RoomSettings room;
  std::chrono::milliseconds session_time{std::chrono::hours{24 * 30}};
  std::optional<TokenHash> owner_token;  ///< of TESSERA_OWNER_TOKEN, which makes owners as the one-time link does
  Duration online_interval = std::chrono::seconds{1};
  Duration hash_interval = std::chrono::seconds{2};  ///< between two `TileHash` of a canvas
  std::size_t checkpoint_tiles = 2;                  ///< in one write: a batch may have to wait for it
  std::size_t last_checkpoint_tiles = 32;            ///< the same in an orderly stop
  /// Checkpoints take at most one part in this many of the writer's time.
  std::uint32_t checkpoint_share = 10;
  std::uint64_t max_cells = 16'000'000;  ///< of a canvas that is made or resized
  std::size_t max_canvases = 1'000;      ///< archived ones too
};

/// What the rooms ask of other threads. In tests, the test itself.
class RoomServices {
 public:
  virtual ~RoomServices() = default;
  /// Calls `done` later, on the rooms' own thread. False: refused, and `done` is not called.
  virtual bool commit(WriteSet set, Journal::Done done) = 0;
  /// Fills `encoded` and `ready`, then calls `Rooms::compressed` on the rooms' own thread. False: ask again later.
  virtual bool compress(std::shared_ptr<Snapshot> snapshot) = 0;
  /// Calls `work` on a reader's thread; what it answers is called later, on the rooms' own. False: too much waits.
  virtual bool read(std::function<std::function<void()>(StoreReader&)> work) = 0;
  /// The store is lost: nothing can be acknowledged any more. The server must end with this message.
  virtual void fail(const std::string& message) = 0;
};

/// All canvases, connections, accounts and sessions of a server: what the room loop does, without its thread. Whoever
/// drives it calls from one thread, and `tick` after each command or bunch of them and at `next_due`.
class Rooms final : public People {
 public:
  Rooms(const RoomsSettings& settings, const Clock& clock, RandomSource& random, RoomServices& services, Counters& counters,
        Opening opening);
  ~Rooms() override;

  void handle(Command command);
  /// A `Place` that came when too much waited: refused as busy. `message` keeps its id; only the number of cells
  /// counts.
  void refuse_busy(PlaceCells command, std::size_t cells);

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

  void canvases(const Hub::Reply<std::vector<CanvasView>>& reply);
  void figures(const Hub::Reply<HubFigures>& reply);
  void canvas(const std::string& name, const Hub::Reply<std::optional<CanvasView>>& reply);
  void picture(const std::string& name, const Hub::Reply<std::optional<Hub::CanvasPicture>>& reply);
  void place(const std::string& canvas, AccountId account, std::vector<WireCell> cells, Hub::Reply<PlaceReply> reply);
  void take_back(const std::string& canvas, AccountId account, PlacementKind kind, std::uint32_t count,
                 Hub::Reply<TakeBackReply> reply);
  void create_canvas(AccountId actor, NewCanvas canvas, Hub::Reply<Changed<CanvasView>> reply);
  void change_canvas(AccountId actor, const std::string& name, std::optional<std::uint32_t> version, CanvasChange change,
                     Hub::Reply<Changed<CanvasView>> reply);

  // `Staff`
  void locks(const std::string& canvas, const Reply<std::optional<std::vector<LockInfo>>>& reply);
  void make_lock(AccountId actor, const std::string& canvas, NewLock wanted, Reply<Changed<LockInfo>> reply);
  void change_lock(AccountId actor, const std::string& canvas, LockId id, std::optional<std::uint32_t> version, LockChange change,
                   Reply<Changed<LockInfo>> reply);
  void lift_lock(AccountId actor, const std::string& canvas, LockId id, std::optional<std::uint32_t> version,
                 Reply<Changed<LockInfo>> reply);
  void grants(const std::string& canvas, const Reply<std::optional<std::vector<GrantView>>>& reply);
  void grant(AccountId actor, const std::string& canvas, AccountId account, Role role, std::optional<std::uint32_t> version,
             Reply<Changed<GrantView>> reply);
  void end_grant(AccountId actor, const std::string& canvas, AccountId account, std::optional<std::uint32_t> version,
                 Reply<Changed<GrantView>> reply);
  void announcements(const Reply<std::vector<AnnouncementInfo>>& reply);
  void make_announcement(AccountId actor, NewAnnouncement wanted, Reply<Changed<AnnouncementInfo>> reply);
  void change_announcement(AccountId actor, AnnouncementId id, std::optional<std::uint32_t> version, AnnouncementChange change,
                           Reply<Changed<AnnouncementInfo>> reply);
  void withdraw_announcement(AccountId actor, AnnouncementId id, std::optional<std::uint32_t> version,
                             Reply<Changed<AnnouncementInfo>> reply);
  void preview_rollback(AccountId actor, const std::string& canvas, const RollbackAsked& asked, Reply<Changed<RollbackPreview>> reply);
  void roll_back(AccountId actor, const std::string& canvas, const RollbackAsked& asked, bool at_once, Reply<Changed<RollbackView>> reply);
  void change_rollback(AccountId actor, const std::string& canvas, RollbackId id, RollbackStep step, bool at_once,
                       Reply<Changed<RollbackView>> reply);
  void rollbacks(const std::string& canvas, const Reply<std::optional<std::vector<RollbackView>>>& reply);
  void schedule(const std::string& canvas, const Reply<std::optional<std::vector<ScheduleView>>>& reply);
  void make_schedule(AccountId actor, const std::string& canvas, NewSchedule wanted, Reply<Changed<ScheduleView>> reply);
  void remove_schedule(AccountId actor, const std::string& canvas, ScheduleId id, Reply<Changed<ScheduleView>> reply);
  void reset_canvas(AccountId actor, const std::string& canvas, const Confirmation& confirmation, bool at_once,
                    Reply<Changed<RollbackView>> reply);
  void snapshots(const std::string& canvas, const Reply<std::optional<std::vector<SnapshotView>>>& reply);
  void make_snapshot(AccountId actor, const std::string& canvas, std::string name, Reply<Changed<SnapshotView>> reply);
  void restore_snapshot(AccountId actor, const std::string& canvas, SnapshotId id, const Confirmation& confirmation, bool at_once,
                        Reply<Changed<RollbackView>> reply);
  void note_denied(AccountId account, std::string what);
  void note_settings(std::string detail, std::string settings);
  void make_report(AccountId actor, const std::string& canvas, NewReport wanted, Reply<ReportReply> reply);
  void reports(AccountId actor, const std::string& canvas, const ReportQuery& query, const Reply<Changed<std::vector<ReportView>>>& reply);
  void own_reports(AccountId actor, const std::string& canvas, const ReportQuery& query, const Reply<std::optional<std::vector<ReportRecord>>>& reply);
  void report(AccountId actor, const std::string& canvas, ReportId id, const Reply<Changed<ReportView>>& reply);
  void change_report(AccountId actor, const std::string& canvas, ReportId id, std::optional<std::uint32_t> version, ReportChange change,
                     Reply<ReportReply> reply);
  void warn(AccountId actor, AccountId id, std::string text, Reply<Changed<AccountRecord>> reply);
  void profile(AccountId actor, AccountId id, const Reply<Changed<AccountProfile>>& reply);

  void compressed(const std::shared_ptr<Snapshot>& snapshot);

  /// Does what is due: flushes, counts, hashes, checkpoints, sweeps.
  void tick();
  TimePoint next_due() const;

  /// Refuses new placements and sign-ins, flushes, then checkpoints every tile; `stopped` once all is stored.
  void begin_stop();
  bool stopped() const;
  /// The store is lost, and `RoomServices::fail` was called: nothing more happens.
  bool lost() const { return lost_; }

 private:
  struct Hall;  // one canvas's room and who is in it
  struct Compression {
    std::shared_ptr<Snapshot> snapshot;
    std::vector<Gate*> gates;  // that wait for it
    bool posted = false;
  };

  void opened(const Opened& command);
  void signed_in(const SignedIn& command);
  void closed(const Closed& command);
  void enter(const EnterCanvas& command);
  void watch(const WatchTiles& command);
  void place_cells(PlaceCells& command);
  void take_back(const TakeBack& command);
  void mismatch(const ReportMismatch& command);
  void refresh(const Refresh& command);

  Hall* find(const std::string& name);
  Hall* hall_of(const Connection& connection) const;
  CanvasView view(const Hall& hall) const;
  const AccountRecord* account_of(const Connection& connection) const { return accounts_.resolve(connection.account); }
  void join(Connection& connection, Hall& hall);
  void leave(Connection& connection);
  void replace_older(const Connection& connection);
  void send_snapshot(Hall& hall, const Connection& connection, TileIndex tile);
  void compress_waiting();

  void carry(Hall& hall);
  void carry(Hall& hall, PlaceAnswer& answer);
  void carry(Hall& hall, const TakeBackAnswer& answer);
  /// Where the answer goes: nowhere when its connection is gone, or on another canvas.
  const Connection* waits_here(const Hall& hall, Asker asker);

  void advance_changes(Hall& hall);
  bool begin_change(Hall& hall);
  void change_answered(Hall& hall, const CanvasRecord& record, const Written& written);
  void announce_change(Hall& hall, const CanvasRecord& before);
  /// Tells the connections on the canvas what they may do now.
  void tell_charges(const Hall& hall);

  // ---- people ----
  using Turn = std::function<void()>;
  using WasStored = std::function<void(bool stored)>;
  void in_turn(Turn turn);
  void take_turns();
  void write_people(WriteSet set, WasStored done);
  void write_in_turn(WriteSet set, WasStored done);
  void forget(WriteSet ended);
  AccountId signed_in_as(AccountId account, const std::optional<TokenHash>& session) const;
  void sign_out(const SessionRecord& ended);
  void tell_account(Connection& connection);
  Role role_of(const Connection& connection) const;
  void tell_charges(const Connection& connection);
  void put_account(AccountRecord account);
  void add_session(SessionRecord session, WriteSet& writes);
  void note_sign_in(const SignInReply& signed_in, WriteSet& writes) const;
  void change_bots(const AccountRecord& maker, const AccountChange& change, WriteSet& writes) const;
  void become_alias(AccountRecord& guest, AccountRecord& account, WriteSet& writes) const;
  void alias_stored(AccountId guest, AccountId account);
  const SessionRecord* token_of(AccountId service) const;
  Hall* hall_with(CanvasId canvas) const;
  InviteView view(const InviteRecord& invite) const;
  void add_join(const Hall& hall, const AccountRecord& account, WriteSet& writes) const;
  bool put_join(Hall& hall, AccountId account);
  void joined(const WriteSet& writes);
  void roster_on();
  /// Who was seen there, by id; for an alias, the account that it stands for.
  std::vector<AccountId> seen_at(const AddressPrefix& prefix) const;
  std::vector<AccountProfile::Prefix> prefixes_of(AccountId account) const;
  void write_prefixes();

  // ---- staff ----
  struct Denials {
    TimePoint since{};
    std::uint64_t count = 0;  // after the first
  };
  /// The account, where it may; null where it may not. `hall`: of the canvas that it is about; null: of the whole server.
  const AccountRecord* staff(AccountId id, Permission permission, const Hall* hall = nullptr) const;
  Role role_on(const AccountRecord& account, const Hall* hall) const;
  GrantView view(const GrantRecord& grant) const;
  void apply_grant(Hall& hall, AccountId account);
  /// Stored: from now on they count, also on open connections.
  void granted(const WriteSet& writes);
  void pass_grants(const AccountRecord& guest, const AccountRecord& account, WriteSet& writes);
  /// The grant that is to be changed, as a copy; otherwise why it may not be, told to `reply`.
  std::optional<GrantRecord> grant_to_change(const AccountRecord& actor, const Hall& hall, AccountId account, std::optional<std::uint32_t> version,
                                             const Reply<Changed<GrantView>>& reply) const;
  AccountInfo shown(AccountId id) const;
  AuditRecord entry(const AccountRecord* actor, std::string action, const std::string& canvas, std::string target,
                    const JsonObject& detail) const;
  void tell(const Hall& hall, const ServerMessage& message);
  void tell_all(const ServerMessage& message);
  void write_denial(AccountId account, const std::string& what, std::uint64_t count);
  void sum_denials(TimePoint now);
  LockInfo info(const LockRecord& lock) const;
  void send_locks(const Hall& hall, const Connection& connection) const;
  void put_lock(Hall& hall, const LockRecord& lock, bool created);
  void end_lock(Hall& hall, LockId id);
  void end_expired_locks(Hall& hall, WallTime now);
  std::optional<LockRecord> lock_to_change(AccountId actor, const Hall* hall, LockId id, std::optional<std::uint32_t> version,
                                           const Reply<Changed<LockInfo>>& reply) const;
  AnnouncementInfo info(const AnnouncementRecord& announcement) const;
  std::vector<AnnouncementInfo> all_announcements() const;
  void put_announcement(const AnnouncementRecord& announcement, bool created);
  void end_announcement(AnnouncementId id);
  void end_expired_announcements(WallTime now);
  std::optional<AnnouncementRecord> announcement_to_change(AccountId actor, AnnouncementId id, std::optional<std::uint32_t> version,
                                                           const Reply<Changed<AnnouncementInfo>>& reply) const;

  // ---- rollbacks ----
  struct PlanQuestion;
  bool plan(PlanQuestion question, std::function<void(Result<RollbackPreview>)> done);
  Result<PlanQuestion, std::pair<Refusal, std::string>> question_of(AccountId actor, const Hall* hall, const RollbackAsked& asked) const;
  /// Who rolls back and why, as the audit log has it.
  struct RollbackCause {
    AccountId actor{};
    std::string reason{};
    bool at_once = false;
    std::string action = "rollback.apply";
    Permission permission = Permission::RollBack;
    std::optional<SnapshotId> snapshot{};
    std::optional<AddressPrefix> address{};
    std::optional<ScheduleId> schedule{};  // whose end is in the same commit
  };
  Result<std::vector<AccountId>, std::pair<Refusal, std::string>> selected_accounts(const AccountRecord& actor, const Hall& hall, const RollbackAsked& asked) const;
  void begin_rollback(Hall& hall, PlanQuestion question, RollbackCause cause, const Reply<Changed<RollbackView>>& reply);
  /// Of everybody's placements after this one, wherever they are.
  void roll_back_after(Hall& hall, Seq after, RollbackCause cause, const Reply<Changed<RollbackView>>& reply);
  void record_rollback(Hall& hall, const RollbackCause& cause, const RollbackPreview& preview, const Reply<Changed<RollbackView>>& reply);
  void write_rollbacks(Hall& hall, WriteSet writes, RollbackId id, bool at_once, const Reply<Changed<RollbackView>>& reply);
  void set_rollbacks(Hall& hall, const std::vector<RollbackRecord>& records);
  static std::vector<RollbackId> counting_rollbacks(const Hall& hall);
  static std::vector<RollbackRecord> turned_to(const Hall& hall, const SnapshotRecord& snapshot);
  static std::vector<RollbackRecord> turned_with(const Hall& hall, RollbackRecord record);
  /// Of those of a lower role; the owner of everybody.
  bool may_roll_back(const AccountRecord& actor, const Hall& hall, const AccountRecord& account) const;
  std::optional<std::string> why_not_turn(const AccountRecord& actor, const Hall& hall, const Selection& selection) const;
  void answer_rollback(Hall& hall, RollbackId id, bool at_once, const Reply<Changed<RollbackView>>& reply);
  RollbackView view(const Hall& hall, const RollbackRecord& record) const;
  void advance_rollbacks(Hall& hall);
  bool flush_rollback(Hall& hall, Moment moment);
  void rollback_answered(Hall& hall, const Batch& batch, bool stored);
  void end_rollback(Hall& hall);
  void answer_waiting(Hall& hall, TimePoint now);

  // ---- events ----
  ScheduleView view(const ScheduleRecord& record) const;
  SnapshotView view(const SnapshotRecord& record) const;
  bool may_make_happen(AccountId maker, const ScheduledWork& work) const;
  void put_scheduled(Hall& hall, const ScheduleRecord& record);
  void send_schedule(const Hall& hall, const Connection& connection) const;
  void end_scheduled(const ScheduleRecord& record);
  /// Makes happen what is due: one after the other, by time, then id.
  void fire_due(Moment moment);
  /// When that is to be looked at again; nothing where nothing waits for time.
  std::optional<TimePoint> fire_next(Moment moment) const;
  void fire(Hall& hall, const ScheduleRecord& record);
  void fire_change(Hall& hall, const ScheduleRecord& record);
  void fire_announcement(const ScheduleRecord& record);
  void fire_reset(Hall& hall, const ScheduleRecord& record);
  void fired(const ScheduleRecord& record, std::optional<Refusal> refused, const std::string& why);
  void fail_scheduled(const ScheduleRecord& record, const std::string& why);

  // ---- reports ----
  ReportView view(const ReportRecord& record) const;
  std::vector<AccountId> all_ids_of(AccountId id) const;
  std::optional<ReportReply> refuses_report(const AccountRecord* reporter, const Hall* hall, const NewReport& wanted) const;
  std::vector<const ReportRecord*> reports_to_change(const AccountRecord& actor, const Hall& hall, ReportId id, const ReportChange& change,
                                                     const Reply<ReportReply>& reply) const;
  void put_report(const ReportRecord& record);

  // ---- news for staff ----
  StaffNews news_of(const Hall& hall) const;
  bool may_hear_news(const Connection& connection) const;
  void send_news(Hall& hall, const Connection& connection) const;
  /// The connection's role, or its canvas, is another now.
  void note_staff(const Connection& connection);
  void tell_news(Hall& hall, TimePoint now);

  bool write(WriteSet set, Journal::Done done);
  void flush(Hall& hall, Moment moment);
  void post_batch(Hall& hall, std::shared_ptr<const Batch> batch);
  void batch_answered(Hall& hall, const Batch& batch, const Written& written);
  void tell_online(Hall& hall, TimePoint now);
  void housekeeping(Moment moment);
  void write_sessions(Moment moment);
  void start_checkpoint(TimePoint now);
  void checkpoint_answered(Hall& hall, const std::vector<TileCheckpoint>& tiles, const Written& written);
  bool rooms_idle() const;
  bool checkpoint_due() const;

  const RoomsSettings settings_;
  const Clock& clock_;
  RoomServices& services_;
  RandomSource& random_;
  Counters& counters_;
  Accounts accounts_;
  Sessions sessions_;
  Connections connections_;
  std::vector<std::unique_ptr<Hall>> halls_;                   // the default canvas first
  std::unordered_map<std::uint64_t, Hub::Reply<PlaceReply>> replies_;  // of HTTP, by the askers' numbers
  std::unordered_map<std::uint64_t, Hub::Reply<TakeBackReply>> take_back_replies_;
  std::uint64_t last_reply_ = 0;
  std::uint32_t last_canvas_ = 0;
  std::unordered_set<std::string> making_;  // names of canvases whose first event is on its way
  std::unordered_map<const Snapshot*, Compression> compressions_;  // of snapshots that are not ready
  std::size_t refused_compressions_ = 0;                           // of those, because too much waited
  WriteSet ended_;                                                 // sessions and invitations whose end could not be written yet
  Invites invites_;
  std::map<AnnouncementId, AnnouncementRecord> announcements_;
  ReportBook reports_;
  PrefixBook prefixes_;
  std::uint64_t audit_entries_ = 0;  // stored
  std::uint32_t last_number_ = 0;  // of what staff made last
  std::map<std::pair<WallTime, ScheduleId>, CanvasId> due_;  // all canvases' schedules, in the order in which they happen
  std::optional<ScheduleId> firing_;                         // happens now: until it is stored, nothing else does
  std::optional<ScheduleId> removing_;                       // its end is being written
  TimePoint next_fire_{};                                    // not before, since it could not be stored
  std::map<std::pair<AccountId, std::string>, Denials> denials_;
  std::deque<Turn> turns_;  // changes of people: one at a time, so that each sees what the one before it stored
  bool turn_taken_ = false;
  RosterMaker roster_;
  std::deque<Reply<Roster>> rosters_asked_;
  std::size_t rosters_begun_ = 0;  // of those, how many the one in the making is for
  RoomEvents events_;                                              // scratch
  std::unordered_map<Gate*, std::vector<GateEvent>> outgoing_;     // what `carry` gathers for each; scratch
  TimePoint next_housekeeping_{};
  TimePoint next_session_sweep_{};
  TimePoint next_checkpoint_{};
  std::size_t checkpoint_hall_ = 0;
  std::size_t writes_in_flight_ = 0;
  bool checkpoint_in_flight_ = false;
  bool stopping_ = false;
  bool last_checkpoints_ = false;  // of an orderly stop: every tile is due
  bool lost_ = false;
};

}  // namespace tessera
