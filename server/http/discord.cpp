#include "server/auth/discord.h"

#include "server/auth/cookie.h"
#include "server/auth/device_codes.h"
#include "server/auth/token.h"
#include "server/http/address_limit.h"
#include "server/http/device.h"
#include "server/http/page_parts.h"
#include "server/http/router.h"
#include "server/http/routes.h"
#include "shared/base/percent.h"

namespace tessera {
namespace {

constexpr std::string_view login_path = "/auth/discord/login";
constexpr std::string_view device_page = "/auth/device/verify";
constexpr std::size_t longest_value = 4'096;  // of what comes in the address

/// What each trouble answers, says, and is called in the log.
struct Told {
  unsigned status;
  PageText title, text;
  const char* word;
  Page::Mood mood = Page::Mood::Bad;
  bool can_retry = true;
};

Told told(DiscordTrouble trouble) {
  using enum PageText;
  const auto bad = Page::Mood::Bad, warn = Page::Mood::Warn, plain = Page::Mood::Plain;
  switch (trouble) {
    case DiscordTrouble::Denied: return {403, DeniedTitle, Denied, "denied", plain};
    case DiscordTrouble::UnknownState: return {400, UnknownStateTitle, UnknownState, "unknown state", warn};
    case DiscordTrouble::ExpiredState: return {410, ExpiredStateTitle, ExpiredState, "expired state", warn};
    case DiscordTrouble::OtherBrowser: return {403, OtherBrowserTitle, OtherBrowser, "other browser", bad, false};
    case DiscordTrouble::CodeRefused: return {400, CodeRefusedTitle, CodeRefused, "code refused", warn};
    case DiscordTrouble::Misconfigured: return {502, MisconfiguredTitle, Misconfigured, "misconfigured", bad, false};
    case DiscordTrouble::NotMember: return {403, NotMemberTitle, NotMember, "not a member", bad};
    case DiscordTrouble::RateLimited: return {503, RateLimitedTitle, RateLimited, "rate limited", warn};
    case DiscordTrouble::TimedOut: return {504, TimedOutTitle, TimedOut, "timed out", warn};
    case DiscordTrouble::Crowded: return {503, CrowdedTitle, Crowded, "crowded", warn};
    case DiscordTrouble::Down: break;
  }
  return {502, DownTitle, Down, "down", warn};
}

/// Where to begin again and come back to the same place.
std::string login_address(std::string_view back) {
  const std::string login(login_path);
  if (!back.starts_with(device_page)) return back.size() < 2 ? login : login + "?return=" + percent_encode(back.substr(1));
  const std::size_t code = back.find('=');
  return login + "?device=" + std::string(code == std::string_view::npos ? "" : back.substr(code + 1));
}

void answer_failure(const HttpServices& services, const CallPtr& call, const DiscordFailure& failure) {
  const Told what = told(failure.trouble);
  if (services.note_discord) services.note_discord(std::string(what.word) + (failure.detail.empty() ? "" : ": " + failure.detail));
  Page page = make_page(services, call, what.mood, what.title);
  page.paragraph(what.text, {std::to_string(failure.wait_s)});
  if (what.can_retry) page.main_button(PageText::TryAgain, login_address(failure.back));
  page.button(PageText::BackToCanvas, failure.back.starts_with(device_page) ? std::string_view("/") : std::string_view(failure.back));
  HttpResponse response = page.answer(what.status);
  if (failure.wait_s > 0) response.add("Retry-After", std::to_string(failure.wait_s));
  call->answer(std::move(response));
}

/// Nothing where Discord is not to be offered to this request, which then was answered.
std::optional<Origin> offered_origin(const HttpServices& services, const CallPtr& call) {
  if (!services.discord) {
    Page page = make_page(services, call, Page::Mood::Bad, PageText::NoDiscordTitle);
    call->answer(page.paragraph(PageText::NoDiscord).button(PageText::BackToCanvas, "/").answer(404));
    return std::nullopt;
  }
  auto origin = discord_origin(call->request, services.site);
  if (origin) return origin;
  Page page = make_page(services, call, Page::Mood::Bad, PageText::NotHereTitle);
  const auto& is_public = services.site.public_url();
  if (is_public && is_public->scheme == "https") page.paragraph(PageText::NotHereGoTo, {is_public->text()}).main_button(PageText::NotHereGo, is_public->text());
  else page.paragraph(PageText::NotHere);
  call->answer(page.button(PageText::BackToCanvas, "/").answer(403));
  return std::nullopt;
}

/// Where the person is to be afterwards: `return`, a fragment, or the page that connects the app, `device`. Never elsewhere.
std::optional<std::string> wanted_back(const CallPtr& call) {
  const std::string* device = call->find<std::string>("device");
  const std::string* fragment = call->find<std::string>("return");
  if (!device) return back_to(fragment ? *fragment : "");
  if (device->empty()) return std::string(device_page);
  const auto code = user_code(*device);
  return code ? std::optional(std::string(device_page) + "?user_code=" + *code) : std::nullopt;
}

void begin(const HttpServices& services, const CallPtr& call) {
  const auto origin = offered_origin(services, call);
  if (!origin) return;
  const auto back = wanted_back(call);
  if (!back) {
    Page page = make_page(services, call, Page::Mood::Bad, PageText::BadRequestTitle);
    return call->answer(page.paragraph(PageText::BadRequest).button(PageText::BackToCanvas, "/").answer(400));
  }
  if (refuse_often_by_page(services, services.sign_ins, call)) return;
  const auto begun = services.discord->begin(*origin, *back, call->request.cookie(discord_cookie));
  if (!begun) return answer_failure(services, call, {.trouble = DiscordTrouble::Crowded, .back = *back, .detail = "too many sign-ins are under way", .wait_s = 60});
  HttpResponse response = go_to(302, begun->url);
  response.add("Set-Cookie", set_discord_cookie(begun->browser, SignInStates::lifetime, origin->scheme == "https"));
  call->answer(std::move(response));
}

/// Discord has said who it is: a guest of this browser becomes that account and keeps what it drew.
void arrive(const HttpServices& services, const CallPtr& call, const Origin& origin, const DiscordArrival& arrival) {
  with_caller(services, call, [&services, call, arrival, is_secure = origin.scheme == "https"](const Identity& before) {
    const AccountId guest = before.account.kind == AccountKind::Guest ? before.account.id : nobody;
    std::string token = make_token(services.random);
    NewSession session{.token = hash_token(token), .label = device_label(call->request), .replaces = before.session};
    services.hub.sign_in_discord(
        arrival.person, guest, std::move(session),
        on_worker<SignInReply>(services, call, [&services, call, is_secure, token = std::move(token), back = arrival.back](const SignInReply& reply) {
          if (reply.refused) return answer_refused_sign_in(services, call, reply, login_address(back));
          note_address(services, call, reply.account.id);
          // Who is banned is signed in all the same, and may look; but hears here why drawing will not work.
          const bool is_banned = reply.account.is_banned(services.clock.wall());
          HttpResponse response = is_banned ? banned_page(services, call, reply.account) : go_to(302, back);
          response.add("Set-Cookie", set_session_cookie(token, services.info.session_time, is_secure));
          call->answer(std::move(response));
        }));
  });
}

void come_back(const HttpServices& services, const CallPtr& call) {
  const auto origin = offered_origin(services, call);
  if (!origin) return;
  const auto value = [&call](const char* name) {
    const std::string* text = call->find<std::string>(name);
    return text ? *text : std::string{};
  };
  const std::string* browser = call->request.cookie(discord_cookie);
  services.discord->finish({value("state"), value("code"), value("error"), browser ? *browser : ""}, *origin,
                           [&services, call, origin = *origin](Result<DiscordArrival, DiscordFailure> result) {
                             if (result) arrive(services, call, origin, *result);
                             else answer_failure(services, call, result.error());
                           });
}

Parameter text_parameter(const char* name, const char* about, const char* example) {
  return {.name = name, .kind = ParameterKind::Text, .max = longest_value, .about = about, .example = example};
}

}  // namespace

void add_discord_routes(Router& router, const HttpServices& services) {
  router.add({.pattern = std::string(login_path),
              .who = Who::Regardless,
              .summary = "Sends the browser to Discord to sign in; it comes back to where it was",
              .query = {text_parameter("return", "where on the canvas: a fragment and nothing else", "%23canvas=main"),
                        text_parameter("device", "instead: back to /auth/device/verify, with this code", "BCDF-GHJK")},
              .is_public = false,
              .answers = {{302, "to Discord", "", ""},
                          page_answer(400, "a `return` that is no fragment"),
                          page_answer(403, "Discord is not offered at this address"),
                          page_answer(404, "this server has no sign-in with Discord"),
                          page_answer(429, "too many sign-ins from this address: see Retry-After"),
                          page_answer(503, "too many sign-ins are under way")},
              .handler = [&services](const CallPtr& call) { begin(services, call); }});
  router.add({.pattern = "/auth/discord/callback",
              .who = Who::Regardless,
              .summary = "Where Discord sends the browser back to: sets the session's cookie and goes on to the canvas",
              .query = {text_parameter("state", "what this server gave along", "state"), text_parameter("code", "Discord's code", "code"),
                        text_parameter("error", "why there is none", "access_denied")},
              .unknown = Unknown::Ignored,
              .is_public = false,
              .answers = {{302, "signed in", "", ""},
                          page_answer(400, "a state or a code that is not known, or used up"),
                          page_answer(403, "declined, not a member, banned, or begun in another browser"),
                          page_answer(404, "this server has no sign-in with Discord"),
                          page_answer(410, "begun more than ten minutes ago"),
                          page_answer(502, "Discord is down, or does not take this server's settings"),
                          page_answer(503, "Discord or this server has too much to do: see Retry-After"),
                          page_answer(504, "Discord does not answer")},
              .handler = [&services](const CallPtr& call) { come_back(services, call); }});
}

}  // namespace tessera
