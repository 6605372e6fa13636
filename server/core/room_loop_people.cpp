// `People` before the room loop: each call is posted to it.
#include "server/core/room_loop.h"

namespace tessera {

void RoomLoop::find_session(const TokenHash& token, Reply<std::optional<FoundSession>> reply) {
  ask([token, reply = std::move(reply)](Rooms& rooms) {
    rooms.find_session(token, reply);
  });
}

void RoomLoop::sign_in_guest(std::string name, NewSession session, Reply<SignInReply> reply) {
  ask([name = std::move(name), session = std::move(session), reply = std::move(reply)](Rooms& rooms) {
    rooms.sign_in_guest(name, session, reply);
  });
}

void RoomLoop::sign_in_discord(DiscordPerson person, AccountId guest, NewSession session, Reply<SignInReply> reply) {
  ask([person = std::move(person), guest, session = std::move(session), reply = std::move(reply)](Rooms& rooms) {
    rooms.sign_in_discord(person, guest, session, reply);
  });
}

void RoomLoop::begin_session(AccountId account, NewSession session, Reply<SignInReply> reply) {
  ask([account, session = std::move(session), reply = std::move(reply)](Rooms& rooms) {
    rooms.begin_session(account, session, reply);
  });
}

void RoomLoop::end_session(const TokenHash& token, Reply<bool> reply) {
  ask([token, reply = std::move(reply)](Rooms& rooms) {
    rooms.end_session(token, reply);
  });
}

void RoomLoop::sessions(AccountId account, Reply<std::vector<SessionRecord>> reply) {
  ask([account, reply = std::move(reply)](Rooms& rooms) {
    rooms.sessions(account, reply);
  });
}

void RoomLoop::end_sessions(AccountId account, std::string id, std::optional<TokenHash> kept,
                            Reply<std::size_t> reply) {
  ask([account, id = std::move(id), kept, reply = std::move(reply)](Rooms& rooms) {
    rooms.end_sessions(account, id, kept, reply);
  });
}

void RoomLoop::claim_ownership(const TokenHash& secret, AccountId account, Reply<Changed<AccountRecord>> reply) {
  ask([secret, account, reply = std::move(reply)](Rooms& rooms) {
    rooms.claim_ownership(secret, account, reply);
  });
}

void RoomLoop::accounts(AccountQuery query, Reply<std::vector<AccountRecord>> reply) {
  ask([query = std::move(query), reply = std::move(reply)](Rooms& rooms) {
    rooms.accounts(query, reply);
  });
}

void RoomLoop::account(AccountId id, Reply<std::optional<AccountRecord>> reply) {
  ask([id, reply = std::move(reply)](Rooms& rooms) {
    rooms.account(id, reply);
  });
}

void RoomLoop::change_account(AccountId actor, AccountId id, std::optional<std::uint32_t> version,
                              AccountChange change, Reply<Changed<AccountRecord>> reply) {
  ask([actor, id, version, change = std::move(change), reply = std::move(reply)](Rooms& rooms) {
    rooms.change_account(actor, id, version, change, reply);
  });
}

void RoomLoop::make_service(NewService service, Reply<Changed<ServiceView>> reply) {
  ask([service = std::move(service), reply = std::move(reply)](Rooms& rooms) {
    rooms.make_service(service, reply);
  });
}

void RoomLoop::services(AccountId maker, Reply<std::vector<ServiceView>> reply) {
  ask([maker, reply = std::move(reply)](Rooms& rooms) {
    rooms.services(maker, reply);
  });
}

void RoomLoop::end_service(AccountId maker, AccountId service, Reply<bool> reply) {
  ask([maker, service, reply = std::move(reply)](Rooms& rooms) {
    rooms.end_service(maker, service, reply);
  });
}

void RoomLoop::make_invite(NewInvite invite, Reply<Changed<InviteView>> reply) {
  ask([invite = std::move(invite), reply = std::move(reply)](Rooms& rooms) {
    rooms.make_invite(invite, reply);
  });
}

void RoomLoop::invites(AccountId actor, Reply<std::vector<InviteView>> reply) {
  ask([actor, reply = std::move(reply)](Rooms& rooms) {
    rooms.invites(actor, reply);
  });
}

void RoomLoop::end_invite(AccountId actor, InviteId id, Reply<bool> reply) {
  ask([actor, id, reply = std::move(reply)](Rooms& rooms) {
    rooms.end_invite(actor, id, reply);
  });
}

void RoomLoop::accept_invite(const TokenHash& token, AccountId account, Reply<Changed<InviteView>> reply) {
  ask([token, account, reply = std::move(reply)](Rooms& rooms) {
    rooms.accept_invite(token, account, reply);
  });
}

void RoomLoop::join(std::string canvas, AccountId account, std::string code, Reply<std::optional<Refusal>> reply) {
  ask([canvas = std::move(canvas), account, code = std::move(code), reply = std::move(reply)](Rooms& rooms) {
    rooms.join(canvas, account, code, reply);
  });
}

}  // namespace tessera
