// What a canvas's staff are told when there is something to look at again.
#include "server/core/rooms.h"
#include "server/core/rooms_hall.h"

namespace tessera {
namespace {

constexpr Duration news_interval = std::chrono::seconds{1};

}  // namespace

StaffNews Rooms::news_of(const Hall& hall) const {
  return {.audit_entries = audit_entries_,
          .open_reports = static_cast<std::uint32_t>(reports_.open_on(hall.id())),
          .rollbacks_changed = hall.rollbacks_changed};
}

bool Rooms::may_hear_news(const Connection& connection) const {
  const AccountRecord* account = account_of(connection);
  return account != nullptr && is_staff(role_of(connection)) && !account->is_banned(clock_.wall());
}

void Rooms::send_news(Hall& hall, const Connection& connection) const {
  connection.gate->post(Directed{connection.id, news_of(hall)});
}

void Rooms::note_staff(const Connection& connection) {
  Hall* hall = hall_of(connection);
  if (hall == nullptr) return;
  if (!may_hear_news(connection)) {
    hall->staff.erase(connection.id);
    return;
  }
  if (hall->staff.empty()) hall->news_told = news_of(*hall);
  if (hall->staff.insert(connection.id).second) send_news(*hall, connection);
}

void Rooms::tell_news(Hall& hall, TimePoint now) {
  if (hall.staff.empty() || now < hall.next_news) return;
  const StaffNews news = news_of(hall);
  if (news == hall.news_told) return;
  hall.news_told = news;
  hall.next_news = now + news_interval;
  for (const ConnectionId id : hall.staff) {
    const Connection* connection = connections_.find(id);
    // Whoever was banned or taken off the staff since is told nothing more.
    if (connection != nullptr && may_hear_news(*connection)) send_news(hall, *connection);
  }
}

}  // namespace tessera
