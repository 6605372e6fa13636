// `People` before the room loop: each call is posted to it.
#include "server/core/room_loop.h"

namespace tessera {

void RoomLoop::find_session(const TokenHash& token, Reply<std::optional<FoundSession>> reply) {
  forward(&Rooms::find_session, token, std::move(reply));
}
void RoomLoop::sign_in_guest(std::string name, NewSession session, Reply<SignInReply> reply) {
  forward(&Rooms::sign_in_guest, std::move(name), std::move(session), std::move(reply));
}
void RoomLoop::sign_in_discord(DiscordPerson person, AccountId guest, NewSession session, Reply<SignInReply> reply) {
  forward(&Rooms::sign_in_discord, std::move(person), guest, std::move(session), std::move(reply));
}
void RoomLoop::begin_session(AccountId account, NewSession session, Reply<SignInReply> reply) {
  forward(&Rooms::begin_session, account, std::move(session), std::move(reply));
}
void RoomLoop::end_session(const TokenHash& token, Reply<bool> reply) { forward(&Rooms::end_session, token, std::move(reply)); }
void RoomLoop::sessions(AccountId account, Reply<std::vector<SessionRecord>> reply) {
  forward(&Rooms::sessions, account, std::move(reply));
}
void RoomLoop::end_sessions(AccountId account, std::string id, std::optional<TokenHash> kept, Reply<std::size_t> reply) {
  forward(&Rooms::end_sessions, account, std::move(id), kept, std::move(reply));
}
void RoomLoop::claim_ownership(const TokenHash& secret, AccountId account, Reply<Changed<AccountRecord>> reply) {
  forward(&Rooms::claim_ownership, secret, account, std::move(reply));
}

void RoomLoop::note_address(AccountId account, std::vector<AddressPrefix> prefixes) {
  forward(&Rooms::note_address, account, std::move(prefixes));
}
void RoomLoop::accounts_at(const AddressPrefix& prefix, const Reply<std::vector<AccountId>>& reply) {
  forward(&Rooms::accounts_at, prefix, reply);
}
void RoomLoop::addresses_of(std::vector<AccountId> accounts, const Reply<AddressesOf>& reply) {
  forward(&Rooms::addresses_of, std::move(accounts), reply);
}
void RoomLoop::roster(Reply<Roster> reply) { forward(&Rooms::roster, std::move(reply)); }
void RoomLoop::accounts(std::vector<AccountId> ids, Reply<std::vector<AccountRecord>> reply) {
  forward(&Rooms::accounts, std::move(ids), std::move(reply));
}
void RoomLoop::account(AccountId id, Reply<std::optional<AccountRecord>> reply) { forward(&Rooms::account, id, std::move(reply)); }
void RoomLoop::change_account(AccountId actor, AccountId id, std::optional<std::uint32_t> version, AccountChange change,
                              Reply<Changed<AccountRecord>> reply) {
  forward(&Rooms::change_account, actor, id, version, std::move(change), std::move(reply));
}

void RoomLoop::make_service(NewService service, Reply<Changed<ServiceView>> reply) {
  forward(&Rooms::make_service, std::move(service), std::move(reply));
}
void RoomLoop::services(AccountId maker, Reply<std::vector<ServiceView>> reply) { forward(&Rooms::services, maker, std::move(reply)); }
void RoomLoop::end_service(AccountId maker, AccountId service, Reply<bool> reply) {
  forward(&Rooms::end_service, maker, service, std::move(reply));
}

void RoomLoop::make_invite(NewInvite invite, Reply<Changed<InviteView>> reply) {
  forward(&Rooms::make_invite, std::move(invite), std::move(reply));
}
void RoomLoop::invites(AccountId actor, Reply<std::vector<InviteView>> reply) { forward(&Rooms::invites, actor, std::move(reply)); }
void RoomLoop::end_invite(AccountId actor, InviteId id, Reply<bool> reply) { forward(&Rooms::end_invite, actor, id, std::move(reply)); }
void RoomLoop::accept_invite(const TokenHash& token, AccountId account, Reply<Changed<InviteView>> reply) {
  forward(&Rooms::accept_invite, token, account, std::move(reply));
}
void RoomLoop::join(std::string canvas, AccountId account, std::string code, Reply<std::optional<Refusal>> reply) {
  ask([canvas = std::move(canvas), account, code = std::move(code), reply = std::move(reply)](Rooms& rooms) {
    rooms.join(canvas, account, code, reply);
  });
}

}  // namespace tessera
