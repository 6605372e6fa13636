#include "server/serve/owner.h"

#include <algorithm>

#include "server/auth/token.h"

namespace tessera {

Result<AccountRecord> find_or_make_owner(Store& store, WallTime now) {
  const auto contents = store.contents(now);
  if (!contents) return contents.error();
  std::uint32_t last_id = 0;
  for (const AccountRecord& account : contents->accounts) {
    const bool is_own = account.role == Role::Owner && account.kind == AccountKind::Service && account.maker == nobody;
    if (is_own) return account;
    last_id = std::max(last_id, static_cast<std::uint32_t>(account.id));
  }
  AccountRecord owner;
  owner.id = AccountId{last_id + 1};
  owner.name = "owner";
  owner.kind = AccountKind::Service;
  owner.role = Role::Owner;
  owner.created = now;
  WriteSet writes;
  writes.accounts.push_back(owner);
  const CommitResult result = store.commit(writes);
  if (result.outcome != CommitOutcome::Stored) return Error{"the owner's account could not be stored: " + result.message};
  return owner;
}

std::optional<OwnerLink> make_owner_link(const Opening& opening, RandomSource& random, WallTime now) {
  const bool is_owned = std::any_of(opening.accounts.begin(), opening.accounts.end(),
                                    [](const AccountRecord& account) { return account.role == Role::Owner; });
  const bool is_told = std::any_of(opening.sessions.begin(), opening.sessions.end(),
                                   [](const SessionRecord& session) { return session.kind == SessionKind::OwnerLink; });
  if (is_owned || is_told) return std::nullopt;
  OwnerLink link{.secret = make_token(random), .session = {}};
  link.session.hash = hash_token(link.secret);
  link.session.kind = SessionKind::OwnerLink;
  link.session.created = link.session.used = now;
  link.session.expires = never_expires;
  return link;
}

std::string owner_link_text(const OwnerLink& link, const std::string& url) {
  return "Nobody owns this server yet. Whoever opens this link first and signs in does: " + url + "/#owner=" + link.secret;
}

}  // namespace tessera
