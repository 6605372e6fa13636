#include "server/http/page_parts.h"

#include <thread>

#include "server/http/address_limit.h"
#include "server/http/refusals.h"
#include "shared/base/text.h"

namespace tessera {
namespace {

/// As people read it, to the minute.
std::string shown_time(const Page& page, WallTime time) {
  const std::string iso = format_time(time);
  return page.say(PageText::DateAndTime, {iso.substr(0, 4), iso.substr(5, 2), iso.substr(8, 2), iso.substr(11, 5)});
}

}  // namespace

Page make_page(const HttpServices& services, const CallPtr& call, Page::Mood mood, PageText title) {
  return Page(page_language(call->request), services.info.name, mood, title);
}

void with_caller(const HttpServices& services, const CallPtr& call, std::function<void(const Identity&)> work) {
  const auto thread = std::this_thread::get_id();
  services.authenticator.authenticate(
      call->request, [&services, call, thread, work = std::move(work)](Result<Identity, HttpResponse> caller) {
        const auto go_on = [&services, call, caller, work] {
          if (caller) return work(*caller);
          if (caller.error().status == 401) return work(Identity{});
          Page page = make_page(services, call, Page::Mood::Bad, PageText::ForeignTitle);
          call->answer(page.paragraph(PageText::Foreign).button(PageText::BackToCanvas, "/").answer(403));
        };
        if (std::this_thread::get_id() == thread) return go_on();
        // The room loop found the session, and must not be kept by a page.
        if (!services.workers.post(Workers::Urgency::Tile, go_on)) refuse_busy(call);
      });
}

bool refuse_foreign_form(const HttpServices& services, const CallPtr& call) {
  const std::string* origin = call->request.header("origin");
  const std::string* host = call->request.header("host");
  if (origin && host && services.site.is_own_origin(*origin, *host, call->request.is_secure ? "https" : "http")) return false;
  Page page = make_page(services, call, Page::Mood::Bad, PageText::ForeignTitle);
  call->answer(page.paragraph(PageText::Foreign).button(PageText::BackToCanvas, "/").answer(403));
  return true;
}

bool refuse_often_by_page(const HttpServices& services, AddressLimit& limit, const CallPtr& call) {
  const auto wait = limit.refuse(call->request.peer, services.clock.now());
  if (!wait) return false;
  Page page = make_page(services, call, Page::Mood::Warn, PageText::TooOftenTitle);
  const std::string seconds = std::to_string(seconds_of(static_cast<std::uint32_t>(wait->count())));
  page.paragraph(PageText::TooOften, {seconds}).button(PageText::BackToCanvas, "/");
  HttpResponse response = page.answer(429);
  response.add("Retry-After", seconds);
  call->answer(std::move(response));
  return true;
}

void answer_busy_page(const HttpServices& services, const CallPtr& call, std::string_view again) {
  Page page = make_page(services, call, Page::Mood::Warn, PageText::BusyTitle);
  HttpResponse response = page.paragraph(PageText::Busy).main_button(PageText::TryAgain, again).button(PageText::BackToCanvas, "/").answer(503);
  response.add("Retry-After", "1");
  call->answer(std::move(response));
}

HttpResponse banned_page(const HttpServices& services, const CallPtr& call, const AccountRecord& account) {
  Page page = make_page(services, call, Page::Mood::Bad, PageText::BannedTitle);
  if (const auto until = account.banned_until) page.paragraph(PageText::BannedUntil, {shown_time(page, *until)});
  else page.paragraph(PageText::Banned);
  if (!account.ban_reason.empty()) page.paragraph(PageText::BannedReason, {account.ban_reason});
  return page.paragraph(PageText::BannedMayLook).button(PageText::BackToCanvas, "/").answer(403);
}

void answer_refused_sign_in(const HttpServices& services, const CallPtr& call, const SignInReply& reply, std::string_view again) {
  if (*reply.refused == Refusal::Banned) return call->answer(banned_page(services, call, reply.account));
  answer_busy_page(services, call, again);
}

HttpResponse go_to(unsigned status, std::string_view address) {
  HttpResponse response;
  response.status = status;
  response.add("Location", std::string(address));
  response.add("Cache-Control", "no-store");
  return response;
}

}  // namespace tessera
