#pragma once

#include <functional>

#include "server/http/page.h"
#include "server/http/services.h"

/// What the routes that answer with pages share.
namespace tessera {

Page make_page(const HttpServices& services, const CallPtr& call, Page::Mood mood, PageText title);

/// Who asks, for routes that are open to anyone: nobody too where the token is forged or has ended. `work` is called on a thread
/// that may take its time. A cookie that does not count here, sent by another site's page, is answered for the work.
void with_caller(const HttpServices& services, const CallPtr& call, std::function<void(const Identity&)> work);

/// Whether a form was sent by a page of this server itself; another's is answered.
bool refuse_foreign_form(const HttpServices& services, const CallPtr& call);

/// Whether the caller's address has used up its minute; it is answered with a page then.
bool refuse_often_by_page(const HttpServices& services, AddressLimit& limit, const CallPtr& call);

void answer_busy_page(const HttpServices& services, const CallPtr& call, std::string_view again);
/// Says until when, and why.
HttpResponse banned_page(const HttpServices& services, const CallPtr& call, const AccountRecord& account);
/// For a sign-in that was refused: banned, busy, or a name that may not be.
void answer_refused_sign_in(const HttpServices& services, const CallPtr& call, const SignInReply& reply, std::string_view again);

/// Sends the browser on to an address of this server.
HttpResponse go_to(unsigned status, std::string_view address);

}  // namespace tessera
