// Who is signed in, and where: sessions, and the open connections that follow them.
#include <algorithm>

#include "server/core/account_rules.h"
#include "server/core/refusal_text.h"
#include "server/core/rooms.h"
#include "server/core/rooms_hall.h"

namespace tessera {
namespace {

constexpr Duration session_sweep_interval = std::chrono::hours{1};
constexpr std::size_t most_sessions = 100;  // of one account: past it the one unused for longest ends

SignInReply refused(Refusal reason, std::string detail) {
  return {.refused = reason, .detail = std::move(detail), .account = {}, .session = {}};
}

SignInReply busy() { return refused(Refusal::Busy, "the server is busy; try again"); }

}  // namespace

// ---- writing ----

/// Writes, and says whether it was stored; the answer may come at once.
void Rooms::write_people(WriteSet set, WasStored done) {
  const auto shared = std::make_shared<WasStored>(std::move(done));
  const bool posted = !stopping_ && write(std::move(set), [shared](const Written& written) {
    (*shared)(written.result.outcome == CommitOutcome::Stored);
  });
  if (!posted) (*shared)(false);
}

/// What was ended is ended, whether or not it can be written now.
void Rooms::forget(WriteSet ended) {
  const auto try_again = [this, hashes = ended.ended_sessions, invites = ended.ended_invites] {
    ended_.ended_sessions.insert(ended_.ended_sessions.end(), hashes.begin(), hashes.end());
    ended_.ended_invites.insert(ended_.ended_invites.end(), invites.begin(), invites.end());
  };
  const bool posted = write(std::move(ended), [try_again](const Written& written) {
    if (written.result.outcome != CommitOutcome::Stored) try_again();
  });
  if (!posted) try_again();
}

void Rooms::write_sessions(Moment moment) {
  if (moment.now >= next_session_sweep_) {
    next_session_sweep_ = moment.now + session_sweep_interval;
    // A connection that stays open uses its session.
    for (const TokenHash& hash : connections_.sessions()) sessions_.use(hash, moment.wall);
    for (const SessionRecord& expired : sessions_.sweep(moment.wall)) {
      sign_out(expired);
      ended_.ended_sessions.push_back(expired.hash);
    }
  }
  WriteSet writes = std::exchange(ended_, {});
  writes.sessions = sessions_.take_renewed();
  if (!writes.empty()) forget(std::move(writes));
}

// ---- sessions ----

void Rooms::find_session(const TokenHash& token, Reply<std::optional<FoundSession>> reply) {
  const SessionRecord* session = sessions_.use(token, clock_.wall());
  const AccountRecord* account = session == nullptr ? nullptr : accounts_.resolve(session->account);
  if (account == nullptr) return reply(std::nullopt);
  FoundSession found{*account, *session};
  const Hall* first = find({});
  for (const auto& hall : halls_) {
    const Role role = role_on(*account, hall.get());
    const std::string& name = hall->room.record().name;
    if (role == account->role || find(name) != hall.get()) continue;
    found.canvases.push_back({name, role});
    if (hall.get() == first) found.canvases.push_back({{}, role});
  }
  reply(std::move(found));
}

void Rooms::sign_in_guest(std::string name, NewSession session, Reply<SignInReply> reply) {
  if (accounts_.looks_like_staff(name))
    return reply(refused(Refusal::Invalid, "that name looks like one of this server's staff: choose another"));
  const WallTime now = clock_.wall();
  SignInReply answer;
  answer.account = accounts_.new_account(AccountKind::Guest, std::move(name), now);
  answer.session = sessions_.begin(session.token, answer.account.id, now, std::move(session.label));
  WriteSet writes;
  writes.accounts.push_back(answer.account);
  writes.sessions.push_back(answer.session);
  write_people(std::move(writes), [this, answer, reply = std::move(reply)](bool stored) {
    if (!stored) return reply(busy());
    accounts_.put(answer.account);
    sessions_.put(answer.session);
    count(counters_.sign_ins);
    reply(answer);
  });
}

/// Also ends the account's session that was unused for longest, where it has too many.
void Rooms::add_session(SessionRecord session, WriteSet& writes) {
  std::vector<SessionRecord> others = sessions_.of(session.account, session.created);
  std::erase_if(others, [](const SessionRecord& other) { return other.kind != SessionKind::Person; });
  if (others.size() >= most_sessions) {
    const auto oldest = std::min_element(others.begin(), others.end(), [](const auto& one, const auto& other) {
      return one.used < other.used;
    });
    writes.ended_sessions.push_back(oldest->hash);
  }
  writes.sessions.push_back(std::move(session));
}

/// In the audit log, where it is one of the staff.
void Rooms::note_sign_in(const SignInReply& signed_in, WriteSet& writes) const {
  if (is_staff(signed_in.account.role))
    writes.audit.push_back(entry(&signed_in.account, "auth.sign_in", {}, {}, JsonObject().text("device", signed_in.session.label)));
}

void Rooms::begin_session(AccountId id, NewSession session, Reply<SignInReply> reply) {
  in_turn([this, id, session = std::move(session), reply = std::move(reply)] {
    const AccountRecord* account = accounts_.resolve(id);
    if (account == nullptr || !is_person(*account))
      return reply(refused(Refusal::NotFound, "there is no such person's account"));
    SignInReply answer;
    answer.account = *account;
    answer.session = sessions_.begin(session.token, account->id, clock_.wall(), session.label);
    WriteSet writes;
    add_session(answer.session, writes);
    note_sign_in(answer, writes);
    const std::vector<TokenHash> ended = writes.ended_sessions;
    write_in_turn(std::move(writes), [this, answer, ended, reply](bool stored) {
      if (!stored) return reply(busy());
      for (const TokenHash& hash : ended)
        if (const auto was = sessions_.end(hash, clock_.wall())) sign_out(*was);
      sessions_.put(answer.session);
      count(counters_.sign_ins);
      reply(answer);
    });
  });
}

void Rooms::end_session(const TokenHash& token, Reply<bool> reply) {
  const WallTime now = clock_.wall();
  const SessionRecord* known = sessions_.find(token, now);
  if (known == nullptr || known->kind == SessionKind::OwnerLink) return reply(false);
  const auto ended = sessions_.end(token, now);
  sign_out(*ended);
  WriteSet writes;
  writes.ended_sessions.push_back(token);
  const auto try_again = [this, token] { ended_.ended_sessions.push_back(token); };
  const auto shared_reply = std::make_shared<Reply<bool>>(std::move(reply));
  const bool posted = write(std::move(writes), [try_again, shared_reply](const Written& written) {
    if (written.result.outcome != CommitOutcome::Stored) try_again();
    (*shared_reply)(true);
  });
  if (posted) return;
  try_again();
  (*shared_reply)(true);
}

void Rooms::sessions(AccountId account, Reply<std::vector<SessionRecord>> reply) {
  std::vector<SessionRecord> found = sessions_.of(account, clock_.wall());
  std::erase_if(found, [](const SessionRecord& session) { return session.kind != SessionKind::Person; });
  std::sort(found.begin(), found.end(), [](const SessionRecord& one, const SessionRecord& other) {
    return std::pair(other.created, other.hash) < std::pair(one.created, one.hash);
  });
  reply(std::move(found));
}

void Rooms::end_sessions(AccountId account, std::string id, std::optional<TokenHash> kept, Reply<std::size_t> reply) {
  const WallTime now = clock_.wall();
  WriteSet writes;
  for (const SessionRecord& session : sessions_.of(account, now)) {
    const bool wanted = id.empty() ? session.hash != kept : session_id(session.hash) == id;
    if (session.kind != SessionKind::Person || !wanted) continue;
    sessions_.end(session.hash, now);
    sign_out(session);
    writes.ended_sessions.push_back(session.hash);
  }
  const std::size_t ended = writes.ended_sessions.size();
  if (ended == 0) return reply(0);
  const auto hashes = writes.ended_sessions;
  write_people(std::move(writes), [this, hashes, ended, reply = std::move(reply)](bool stored) {
    if (!stored) ended_.ended_sessions.insert(ended_.ended_sessions.end(), hashes.begin(), hashes.end());
    reply(ended);
  });
}

// ---- connections ----

/// Who a connection is by now: while the command was on its way its session may have ended, or its guest have become another
/// account.
AccountId Rooms::signed_in_as(AccountId account, const std::optional<TokenHash>& session) const {
  if (session) {
    const SessionRecord* known = sessions_.find(*session, clock_.wall());
    if (known == nullptr) return nobody;
    account = known->account;
  }
  const AccountRecord* record = accounts_.resolve(account);
  return record == nullptr ? account : record->id;
}

void Rooms::opened(const Opened& command) {
  Opened now = command;
  now.account = signed_in_as(command.account, command.session);
  if (now.account == nobody) now.session.reset();
  connections_.open(now);
  Connection& connection = *connections_.find(now.connection);
  connection.told = role_of(connection);
  if (now.account != command.account) tell_account(connection);
}

void Rooms::signed_in(const SignedIn& command) {
  Connection* connection = connections_.find(command.connection);
  if (connection == nullptr) return;
  const AccountId account = signed_in_as(command.account, command.session);
  connections_.sign_in(*connection, account, account == nobody ? std::nullopt : command.session);
  const AccountRecord* record = account_of(*connection);
  connection->told = record == nullptr ? Role::Guest : record->role;
  if (account != command.account || role_of(*connection) != connection->told) return tell_account(*connection);
  tell_charges(*connection);
  note_staff(*connection);
}

/// The connections of a session that has ended are nobody's.
void Rooms::sign_out(const SessionRecord& ended) {
  for (Connection* connection : connections_.of(ended.account)) {
    if (connection->session != ended.hash) continue;
    connections_.sign_in(*connection, nobody, std::nullopt);
    tell_account(*connection);
  }
}

/// On the canvas that it is on.
Role Rooms::role_of(const Connection& connection) const {
  const AccountRecord* account = account_of(connection);
  return account == nullptr ? Role::Guest : role_on(*account, hall_of(connection));
}

/// The role told is the one on the canvas that the connection is on: its tools are for that canvas.
void Rooms::tell_account(Connection& connection) {
  const AccountRecord* account = account_of(connection);
  AccountInfo info = account == nullptr ? AccountInfo{} : account->info();
  info.role = connection.told = role_of(connection);
  connection.gate->post(Directed{connection.id, AccountChanged{std::move(info)}});
  tell_charges(connection);
  note_staff(connection);
}

void Rooms::tell_charges(const Connection& connection) {
  const Hall* hall = hall_of(connection);
  if (hall == nullptr) return;
  const AccountRecord* account = account_of(connection);
  const Entered now = hall->room.entered(account, Moment::of(clock_));
  if (connection.kind == ConnectionKind::Json && !now.may_place && now.why_not == Refusal::Banned) {
    Refused banned;  // the charges name no reason
    banned.reason = Refusal::Banned;
    banned.detail = banned_sentence(account->ban_reason, account->banned_until);
    connection.gate->post(Directed{connection.id, std::move(banned)});
  }
  connection.gate->post(Directed{connection.id, Charges{now.charges, now.may_place, now.why_not}});
}

}  // namespace tessera
