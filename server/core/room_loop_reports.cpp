// Reports and profiles before the room loop: each call is posted to it.
#include "server/core/room_loop.h"

namespace tessera {

void RoomLoop::make_report(AccountId actor, std::string canvas, NewReport report, Reply<ReportReply> reply) {
  forward(&Rooms::make_report, actor, std::move(canvas), std::move(report), std::move(reply));
}
void RoomLoop::reports(AccountId actor, std::string canvas, ReportQuery query, Reply<Changed<std::vector<ReportView>>> reply) {
  forward(&Rooms::reports, actor, std::move(canvas), query, std::move(reply));
}
void RoomLoop::own_reports(AccountId actor, std::string canvas, ReportQuery query, Reply<std::optional<std::vector<ReportRecord>>> reply) {
  forward(&Rooms::own_reports, actor, std::move(canvas), query, std::move(reply));
}
void RoomLoop::report(AccountId actor, std::string canvas, ReportId id, Reply<Changed<ReportView>> reply) {
  forward(&Rooms::report, actor, std::move(canvas), id, std::move(reply));
}
void RoomLoop::change_report(AccountId actor, std::string canvas, ReportId id, std::optional<std::uint32_t> version, ReportChange change,
                             Reply<ReportReply> reply) {
  forward(&Rooms::change_report, actor, std::move(canvas), id, version, std::move(change), std::move(reply));
}
void RoomLoop::warn(AccountId actor, AccountId account, std::string text, Reply<Changed<AccountRecord>> reply) {
  forward(&Rooms::warn, actor, account, std::move(text), std::move(reply));
}
void RoomLoop::profile(AccountId actor, AccountId account, Reply<Changed<AccountProfile>> reply) {
  forward(&Rooms::profile, actor, account, std::move(reply));
}

}  // namespace tessera
