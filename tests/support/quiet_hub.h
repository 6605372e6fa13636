#pragma once

#include "server/core/hub.h"

namespace tessera {

/// A hub for tests that has no canvas and knows nobody: what they do not override is never answered.
class QuietHub : public Hub {
 public:
  void find_session(const TokenHash&, Reply<std::optional<FoundSession>>) override {}
  void sign_in_guest(std::string, NewSession, Reply<SignInReply>) override {}
  void sign_in_discord(DiscordPerson, AccountId, NewSession, Reply<SignInReply>) override {}
  void begin_session(AccountId, NewSession, Reply<SignInReply>) override {}
  void end_session(const TokenHash&, Reply<bool>) override {}
  void sessions(AccountId, Reply<std::vector<SessionRecord>>) override {}
  void end_sessions(AccountId, std::string, std::optional<TokenHash>, Reply<std::size_t>) override {}
  void claim_ownership(const TokenHash&, AccountId, Reply<Changed<AccountRecord>>) override {}
  void roster(Reply<Roster>) override {}
  void accounts(std::vector<AccountId>, Reply<std::vector<AccountRecord>>) override {}
  void note_address(AccountId, std::vector<AddressPrefix>) override {}
  void addresses_of(std::vector<AccountId>, const Reply<AddressesOf>&) override {}
  void accounts_at(const AddressPrefix&, const Reply<std::vector<AccountId>>&) override {}
  void account(AccountId, Reply<std::optional<AccountRecord>>) override {}
  void change_account(AccountId, AccountId, std::optional<std::uint32_t>, AccountChange,
                      Reply<Changed<AccountRecord>>) override {}
  void make_service(NewService, Reply<Changed<ServiceView>>) override {}
  void services(AccountId, Reply<std::vector<ServiceView>>) override {}
  void end_service(AccountId, AccountId, Reply<bool>) override {}
  void make_invite(NewInvite, Reply<Changed<InviteView>>) override {}
  void invites(AccountId, Reply<std::vector<InviteView>>) override {}
  void end_invite(AccountId, InviteId, Reply<bool>) override {}
  void accept_invite(const TokenHash&, AccountId, Reply<Changed<InviteView>>) override {}
  void join(std::string, AccountId, std::string, Reply<std::optional<Refusal>>) override {}
  void canvases(Reply<std::vector<CanvasView>>) override {}
  void canvas(std::string, Reply<std::optional<CanvasView>>) override {}
  void picture(std::string, Reply<std::optional<CanvasPicture>>) override {}
  void figures(Reply<HubFigures>) override {}
  void place(std::string, AccountId, std::vector<WireCell>, Reply<PlaceReply>) override {}
  void take_back(std::string, AccountId, PlacementKind, std::uint32_t, Reply<TakeBackReply>) override {}
  void create_canvas(AccountId, NewCanvas, Reply<Changed<CanvasView>>) override {}
  void change_canvas(AccountId, std::string, std::optional<std::uint32_t>, CanvasChange, Reply<Changed<CanvasView>>) override {}
  void locks(std::string, Reply<std::optional<std::vector<LockInfo>>>) override {}
  void make_lock(AccountId, std::string, NewLock, Reply<Changed<LockInfo>>) override {}
  void change_lock(AccountId, std::string, LockId, std::optional<std::uint32_t>, LockChange, Reply<Changed<LockInfo>>) override {}
  void lift_lock(AccountId, std::string, LockId, std::optional<std::uint32_t>, Reply<Changed<LockInfo>>) override {}
  void grants(std::string, Reply<std::optional<std::vector<GrantView>>>) override {}
  void grant(AccountId, std::string, AccountId, Role, std::optional<std::uint32_t>, Reply<Changed<GrantView>>) override {}
  void end_grant(AccountId, std::string, AccountId, std::optional<std::uint32_t>, Reply<Changed<GrantView>>) override {}
  void announcements(Reply<std::vector<AnnouncementInfo>>) override {}
  void make_announcement(AccountId, NewAnnouncement, Reply<Changed<AnnouncementInfo>>) override {}
  void change_announcement(AccountId, AnnouncementId, std::optional<std::uint32_t>, AnnouncementChange,
                           Reply<Changed<AnnouncementInfo>>) override {}
  void withdraw_announcement(AccountId, AnnouncementId, std::optional<std::uint32_t>, Reply<Changed<AnnouncementInfo>>) override {}
  void preview_rollback(AccountId, std::string, RollbackAsked, Reply<Changed<RollbackPreview>>) override {}
  void roll_back(AccountId, std::string, RollbackAsked, bool, Reply<Changed<RollbackView>>) override {}
  void change_rollback(AccountId, std::string, RollbackId, RollbackStep, bool, Reply<Changed<RollbackView>>) override {}
  void rollbacks(std::string, Reply<std::optional<std::vector<RollbackView>>>) override {}
  void schedule(std::string, Reply<std::optional<std::vector<ScheduleView>>>) override {}
  void make_schedule(AccountId, std::string, NewSchedule, Reply<Changed<ScheduleView>>) override {}
  void remove_schedule(AccountId, std::string, ScheduleId, Reply<Changed<ScheduleView>>) override {}
  void reset_canvas(AccountId, std::string, Confirmation, bool, Reply<Changed<RollbackView>>) override {}
  void snapshots(std::string, Reply<std::optional<std::vector<SnapshotView>>>) override {}
  void make_snapshot(AccountId, std::string, std::string, Reply<Changed<SnapshotView>>) override {}
  void restore_snapshot(AccountId, std::string, SnapshotId, Confirmation, bool, Reply<Changed<RollbackView>>) override {}
  void note_denied(AccountId, std::string) override {}
  void note_settings(std::string, std::string) override {}
  void make_report(AccountId, std::string, NewReport, Reply<ReportReply>) override {}
  void reports(AccountId, std::string, ReportQuery, Reply<Changed<std::vector<ReportView>>>) override {}
  void own_reports(AccountId, std::string, ReportQuery, Reply<std::optional<std::vector<ReportRecord>>>) override {}
  void report(AccountId, std::string, ReportId, Reply<Changed<ReportView>>) override {}
  void change_report(AccountId, std::string, ReportId, std::optional<std::uint32_t>, ReportChange, Reply<ReportReply>) override {}
  void warn(AccountId, AccountId, std::string, Reply<Changed<AccountRecord>>) override {}
  void profile(AccountId, AccountId, Reply<Changed<AccountProfile>>) override {}
};

}  // namespace tessera
