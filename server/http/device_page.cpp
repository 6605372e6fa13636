#include "server/auth/cookie.h"
#include "server/auth/device_codes.h"
#include "server/auth/discord.h"
#include "server/auth/session_authenticator.h"
#include "server/auth/token.h"
#include "server/http/address_limit.h"
#include "server/http/device.h"
#include "server/http/json_body.h"
#include "server/http/page_parts.h"
#include "server/http/router.h"
#include "server/http/routes.h"
#include "shared/base/text.h"

namespace tessera {
namespace {

constexpr std::string_view here = "/auth/device/verify";
constexpr std::size_t longest_value = 4'096;

/// The page with this code; without one where it is empty.
std::string address_of(std::string_view code) { return std::string(here) + (code.empty() ? "" : "?user_code=" + std::string(code)); }

/// A form to this very page that carries the code on.
Html form_with(std::string_view code) {
  Html html;
  html.add("<form method=\"post\" action=\"").text(here).add("\">\n");
  if (!code.empty()) html.add("<input type=\"hidden\" name=\"user_code\" value=\"").text(code).add("\">\n");
  return html;
}

Html submit(const Page& page, Html::Literal what, Html::Literal look, PageText text) {
  Html html;
  html.add("<button class=\"button").add(look).add("\" name=\"do\" value=\"").add(what).add("\">").text(page.say(text)).add("</button>\n");
  return html;
}

void answer_sign_in_page(const HttpServices& services, const CallPtr& call, const std::string& code, std::optional<PageText> complaint = {}) {
  const bool discord = services.discord && discord_origin(call->request, services.site);
  const bool guests = services.authenticator.guests_allowed();
  Page page = make_page(services, call, Page::Mood::Plain, PageText::DeviceTitle);
  page.paragraph(discord || guests ? PageText::DeviceSignIn : PageText::NoWayIn);
  if (discord) page.main_button(PageText::SignInDiscord, "/auth/discord/login?device=" + code);
  Html html;
  if (discord && guests) html.add("<p class=\"or\">").text(page.say(PageText::Or)).add("</p>\n");
  if (guests) {
    html.add(form_with(code)).add("<label for=\"name\">").text(page.say(PageText::Nickname)).add("</label>\n");
    html.add("<input id=\"name\" name=\"name\" required maxlength=\"64\" autocomplete=\"nickname\" spellcheck=\"false\">\n");
    html.add(submit(page, "sign_in", discord ? Html::Literal("") : Html::Literal(" main"), PageText::UseNickname)).add("</form>\n");
  }
  if (complaint) page.complaint(*complaint);
  call->answer(page.add(html).answer(complaint ? 400 : 200));
}

/// `typed` stands in the field again, to be put right.
void answer_code_page(const HttpServices& services, const CallPtr& call, unsigned status, std::optional<PageText> complaint = {},
                      std::string_view typed = {}) {
  Page page = make_page(services, call, Page::Mood::Plain, PageText::DeviceTitle);
  if (complaint) page.complaint(*complaint);
  Html html;
  html.add("<form method=\"get\" action=\"").text(here).add("\">\n<label for=\"code\">").text(page.say(PageText::CodeLabel)).add("</label>\n");
  html.add("<input id=\"code\" class=\"code\" name=\"user_code\" required autofocus maxlength=\"16\" autocomplete=\"off\" autocapitalize=\"characters\" "
           "spellcheck=\"false\" aria-describedby=\"hint\" value=\"");
  html.text(typed).add("\">\n<small id=\"hint\">").text(page.say(PageText::CodeHint)).add("</small>\n<button class=\"button main\">").text(page.say(PageText::Continue)).add("</button>\n</form>\n");
  call->answer(page.add(html).answer(status));
}

Html row(const std::string& term, std::string_view value, Html::Literal look = "") {
  Html html;
  html.add("<div><dt>").text(term).add("</dt><dd").add(look).add("><bdi>").text(value).add("</bdi></dd></div>\n");
  return html;
}

void answer_confirm_page(const HttpServices& services, const CallPtr& call, const AccountInfo& account, const std::string& code,
                         const std::string& label) {
  Page page = make_page(services, call, Page::Mood::Plain, PageText::DeviceTitle);
  page.paragraph(PageText::DeviceAsks);
  Html html;
  html.add("<dl>\n").add(row(page.say(PageText::TheApp), label.empty() ? "Tessera" : label));
  html.add(row(page.say(PageText::TheCode), code, " class=\"code\"")).add(row(page.say(PageText::YourAccount), account.name)).add("</dl>\n");
  page.add(html).paragraph(PageText::DeviceCheck);
  Html buttons = form_with(code);
  buttons.add(submit(page, "confirm", " main", PageText::Connect)).add(submit(page, "refuse", "", PageText::Refuse));
  // A guest has nothing but this session: signed out, the account would be lost.
  if (account.kind == AccountKind::Discord) buttons.add(submit(page, "sign_out", " bare", PageText::OtherAccount));
  call->answer(page.add(buttons.add("</form>\n")).answer(200));
}

/// Its token may be good for less than the session that it would begin.
bool is_bot(const Identity& caller) { return caller.kind != SessionKind::Person || caller.account.kind == AccountKind::Service; }

void answer_bot_page(const HttpServices& services, const CallPtr& call) {
  Page page = make_page(services, call, Page::Mood::Bad, PageText::BotTitle);
  call->answer(page.paragraph(PageText::Bot).button(PageText::BackToCanvas, "/").answer(403));
}

void show(const HttpServices& services, const CallPtr& call) {
  const std::string* typed = call->find<std::string>("user_code");
  const auto code = typed ? user_code(*typed) : std::nullopt;
  with_caller(services, call, [&services, call, code, typed = typed ? *typed : std::string{}](const Identity& caller) {
    const AccountInfo& account = caller.account;
    if (account.id == nobody) return answer_sign_in_page(services, call, code.value_or(""));
    if (is_bot(caller)) return answer_bot_page(services, call);
    if (!code) return typed.empty() ? answer_code_page(services, call, 200) : answer_code_page(services, call, 400, PageText::CodeMalformed, typed);
    if (refuse_often_by_page(services, services.device_tries, call)) return;
    const auto label = services.devices.waiting(*code);
    if (!label) return answer_code_page(services, call, 404, PageText::CodeWrong, *code);
    answer_confirm_page(services, call, account, *code, *label);
  });
}

void sign_in(const HttpServices& services, const CallPtr& call, const std::string& code, const std::string& typed) {
  if (!services.authenticator.guests_allowed()) return answer_sign_in_page(services, call, code);
  if (refuse_often_by_page(services, services.sign_ins, call)) return;
  auto name = display_name(typed);
  if (!name) return answer_sign_in_page(services, call, code, PageText::NameWrong);
  std::string token = make_token(services.random);
  NewSession session{hash_token(token), device_label(call->request)};
  services.hub.sign_in_guest(
      std::move(*name), std::move(session),
      on_worker<SignInReply>(services, call, [&services, call, code, token = std::move(token)](const SignInReply& reply) {
        if (reply.refused == Refusal::Invalid) return answer_sign_in_page(services, call, code, PageText::NameTaken);
        if (reply.refused) return answer_refused_sign_in(services, call, reply, address_of(code));
        HttpResponse response = go_to(303, address_of(code));
        response.add("Set-Cookie", set_session_cookie(token, services.info.session_time, call->request.is_secure));
        call->answer(std::move(response));
      }));
}

void sign_out(const HttpServices& services, const CallPtr& call, const std::string& code) {
  const auto finish = [call, code] {
    HttpResponse response = go_to(303, address_of(code));
    response.add("Set-Cookie", clear_session_cookie(call->request.is_secure));
    call->answer(std::move(response));
  };
  const auto shown = shown_token(call->request);
  if (!shown) return finish();
  services.hub.end_session(hash_token(shown->token), on_worker<bool>(services, call, [finish](bool) { finish(); }));
}

void decide(const HttpServices& services, const CallPtr& call, const std::string& code, bool confirms) {
  with_caller(services, call, [&services, call, code, confirms](const Identity& caller) {
    const AccountInfo& account = caller.account;
    if (account.id == nobody) return answer_sign_in_page(services, call, code);
    if (is_bot(caller)) return answer_bot_page(services, call);
    if (refuse_often_by_page(services, services.device_tries, call)) return;
    if (!services.devices.decide(code, confirms ? std::optional(account.id) : std::nullopt))
      return answer_code_page(services, call, 404, code.empty() ? PageText::CodeMalformed : PageText::CodeWrong, code);
    Page page = make_page(services, call, confirms ? Page::Mood::Good : Page::Mood::Plain,
                          confirms ? PageText::ConnectedTitle : PageText::RefusedTitle);
    call->answer(page.paragraph(confirms ? PageText::Connected : PageText::Refused).button(PageText::BackToCanvas, "/").answer(200));
  });
}

void act(const HttpServices& services, const CallPtr& call) {
  if (refuse_foreign_form(services, call)) return;
  std::string error;
  JsonFields fields(call->body, "", error);
  const std::string what = fields.text("do", longest_value);
  const std::string code = user_code(fields.has("user_code") ? fields.text("user_code", longest_value) : "").value_or("");
  const std::string name = fields.has("name") ? fields.text("name", longest_value) : std::string{};
  fields.finish();
  if (error.empty() && what == "sign_in") return sign_in(services, call, code, name);
  if (error.empty() && what == "sign_out") return sign_out(services, call, code);
  if (error.empty() && (what == "confirm" || what == "refuse")) return decide(services, call, code, what == "confirm");
  call->refuse(400, "invalid", error.empty() ? "do is sign_in, sign_out, confirm or refuse" : error);
}

}  // namespace

void add_device_page(Router& router, const HttpServices& services) {
  const std::vector<RouteAnswer> pages{page_answer(200, "a page for the person"),
                                       {303, "signed in or out: the page again", "", ""},
                                       page_answer(400, "a code or a name that cannot be"),
                                       page_answer(403, "another site's form, a banned person, or a bot"),
                                       page_answer(404, "no app waits with this code"),
                                       page_answer(429, "too many codes or sign-ins from this address: see Retry-After"),
                                       page_answer(503, "the sign-in could not be stored: try again")};
  router.add({.pattern = std::string(here),
              .who = Who::Regardless,
              .summary = "The page where a person signs in, and confirms or refuses an app's code",
              .query = {{.name = "user_code", .kind = ParameterKind::Text, .max = 64, .about = "the code that the app shows", .example = "BCDF-GHJK"}},
              .unknown = Unknown::Ignored,
              .is_public = false,
              .answers = pages,
              .handler = [&services](const CallPtr& call) { show(services, call); }});
  router.add({.method = Method::Post,
              .pattern = std::string(here),
              .who = Who::Regardless,
              .summary = "What that page's form says, with the session cookie and the Origin of the page",
              .body = Body::Form,
              .body_schema = "DeviceDecision",
              .answers = pages,
              .handler = [&services](const CallPtr& call) { act(services, call); }});
}

}  // namespace tessera
