#pragma once

#include "app/model/panel.h"

/// What is done in the staff panel.
namespace tessera::action {

struct OpenStaff {
  std::optional<StaffTab> tab;  ///< nothing: where one was
};
/// The next page of the tab's list.
struct ReadMoreRows {};
struct ReadTabAgain {};

struct ShowHours {
  std::uint32_t hours = 1;
};
struct EditPause {
  bool open = false;
  std::string message;
};
struct PauseNow {
  bool paused = false;
};

struct EditLocksTab {
  LocksTab tab;
};

struct EditSearch {
  AccountSearch search;
};
struct ShowAutomation {
  bool shown = false;
};
/// Its profile; nobody: back to the list.
struct OpenProfile {
  AccountId id{};
};
struct EditProfile {
  std::string note, warning;
  BanForm ban;
};
struct SaveNote {};
struct SendWarning {};
struct SubmitBan {};
struct LiftBan {};
struct GiveRole {
  Role role{};
};
/// On the canvas one is on; nothing takes it back.
struct GiveGrant {
  std::optional<Role> role;
};

struct ShowReports {
  std::optional<ReportState> state;
};
/// 0: back to the list.
struct OpenReport {
  ReportId id{};
};
struct EditReport {
  std::string outcome;
  bool also = true;
};
struct MoveReport {
  ReportState state{};
  bool take_over = false;
};

struct EditRollback {
  RollbackForm form;
};
/// The tab, with this to start from.
struct BeginRollback {
  RollbackForm form;
};
struct ForecastNow {};
struct ApplyRollback {
  bool ban = false;
};
struct StepRollbackNow {
  RollbackId id{};
  bool redo = false;
};
/// One of the list; 0: none.
struct OpenRollback {
  RollbackId id{};
};
/// The next rectangle that is dragged on the canvas is the form's.
struct PickRegion {};

struct ShowEvents {
  EventsPart part{};
};
struct EditSchedule {
  ScheduleForm form;
};
struct SubmitSchedule {};
/// One of the list; 0: none.
struct ChooseScheduled {
  ScheduleId id{};
};
struct RemoveScheduled {
  ScheduleId id{};
};
struct EditSnapshot {
  std::string name;
};
struct TakeSnapshot {};
struct BeginRestore {
  std::optional<SnapshotId> snapshot;  ///< nothing: a reset
};
struct EditRestore {
  std::string name, reason;
};
struct SubmitRestore {};
struct CancelRestore {};

struct EditAudit {
  AuditForm form;
};
/// One of the list's; 0: none.
struct OpenEntry {
  std::uint64_t id = 0;
};
struct VerifyLog {};
/// `csv` or `ndjson`, to the person's browser or a file.
struct ExportAudit {
  bool csv = false;
};
/// Moves the view there; the panel stays.
struct LookAt {
  Rect area;
};

}  // namespace tessera::action

namespace tessera {

using PanelAction =
    std::variant<action::OpenStaff, action::ReadMoreRows, action::ReadTabAgain, action::ShowHours, action::EditPause, action::PauseNow,
                 action::EditLocksTab, action::EditSearch, action::ShowAutomation, action::OpenProfile, action::EditProfile,
                 action::SaveNote, action::SendWarning, action::SubmitBan, action::LiftBan, action::GiveRole, action::GiveGrant,
                 action::ShowReports, action::OpenReport, action::EditReport, action::MoveReport, action::EditRollback,
                 action::BeginRollback, action::ForecastNow, action::ApplyRollback, action::StepRollbackNow, action::OpenRollback, action::PickRegion,
                 action::ShowEvents, action::EditSchedule, action::SubmitSchedule, action::ChooseScheduled, action::RemoveScheduled, action::EditSnapshot,
                 action::TakeSnapshot, action::BeginRestore, action::EditRestore, action::SubmitRestore, action::CancelRestore,
                 action::EditAudit, action::OpenEntry, action::VerifyLog, action::ExportAudit, action::LookAt>;

}  // namespace tessera
