#include "server/auth/discord.h"

#include <algorithm>
#include <memory>

#include <nlohmann/json.hpp>

#include "server/auth/pkce.h"
#include "server/auth/token.h"
#include "shared/base/percent.h"
#include "shared/base/text.h"

namespace tessera {
namespace {

using nlohmann::json;

constexpr std::chrono::seconds whole_time{15};  // of all that is asked of Discord for one sign-in
constexpr std::size_t longest_fragment = 1'024;
constexpr std::size_t token_characters = 43;
constexpr std::uint32_t usual_wait_s = 5;
constexpr std::uint32_t longest_wait_s = 3'600;

/// Letters that may stand in a fragment (RFC 3986, 3.5), percents included, and nothing that ends a header or a text.
bool is_of_fragment(char c) {
  static constexpr std::string_view signs = "-._~!$&'()*+,;=:@/?%";
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || signs.find(c) != std::string_view::npos;
}

bool is_token(std::string_view text) {
  return text.size() == token_characters && std::all_of(text.begin(), text.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '_';
  });
}

std::string callback_address(const std::string& origin) { return origin + "/auth/discord/callback"; }

std::string form(std::initializer_list<std::pair<std::string_view, std::string_view>> values) {
  std::string text;
  for (const auto& [name, value] : values)
    text += (text.empty() ? "" : "&") + std::string(name) + "=" + percent_encode(value);
  return text;
}

/// A member of a JSON object that is a text; empty where it is not.
std::string text_of(const json& object, const char* name) {
  if (!object.is_object()) return {};
  const auto found = object.find(name);
  return found != object.end() && found->is_string() ? found->get<std::string>() : std::string{};
}

/// The number before a point; Discord also writes fractions of a second.
std::uint32_t seconds_of(const OutgoingAnswer& answer) {
  const std::string* text = answer.header("retry-after");
  const auto whole = text ? parse_number(std::string_view(*text).substr(0, text->find('.')), longest_wait_s) : std::nullopt;
  return whole ? std::max(1u, static_cast<std::uint32_t>(*whole)) : usual_wait_s;
}

/// The name that others will see: as shown on Discord, else the one they sign in with there.
std::string shown_name(const json& person, std::uint64_t id) {
  for (const char* field : {"global_name", "username"})
    if (auto name = display_name(text_of(person, field))) return *name;
  return "discord-" + std::to_string(id % 10'000);
}

std::string username_of(const json& person) { return display_name(text_of(person, "username")).value_or(""); }

DiscordFailure failure_of(const WebFailure& failure) {
  const bool late = failure.why == WebFailure::Why::TimedOut;
  const bool busy = failure.why == WebFailure::Why::Busy;
  return {.trouble = late ? DiscordTrouble::TimedOut : busy ? DiscordTrouble::Crowded : DiscordTrouble::Down,
          .detail = failure.detail};
}

/// What is the same whatever was asked: it is too much for Discord, or Discord has failed.
std::optional<DiscordFailure> failure_of(const OutgoingAnswer& answer) {
  const std::string status = "Discord answers " + std::to_string(answer.status);
  if (answer.status == 429) return DiscordFailure{.trouble = DiscordTrouble::RateLimited, .detail = status, .wait_s = seconds_of(answer)};
  if (answer.status >= 500) return DiscordFailure{.trouble = DiscordTrouble::Down, .detail = status};
  return std::nullopt;
}

/// What the token endpoint says is wrong (RFC 6749, 5.2). Only `invalid_grant` comes from the browser.
DiscordFailure refused_token(const OutgoingAnswer& answer, const json& body) {
  const std::string word = text_of(body, "error");
  const auto known = {"invalid_request", "invalid_client", "invalid_grant", "unauthorized_client", "unsupported_grant_type", "invalid_scope"};
  const bool is_known = std::find(known.begin(), known.end(), word) != known.end();
  return {.trouble = word == "invalid_grant" ? DiscordTrouble::CodeRefused : DiscordTrouble::Misconfigured,
          .detail = "Discord answers " + std::to_string(answer.status) + " to the code: " + (is_known ? word : "for no known reason")};
}

}  // namespace

/// One sign-in that has come back, until it is told.
struct Discord::Attempt {
  PendingSignIn pending;
  TimePoint ends;
  std::string token;  // Discord's, for this sign-in alone
  DiscordPerson person;
  Done done;

  void fail(DiscordFailure failure) {
    failure.back = pending.back;
    done(std::move(failure));
  }
  void fail(DiscordTrouble trouble, std::string detail) { fail({.trouble = trouble, .detail = std::move(detail)}); }
};

Discord::Discord(DiscordSettings settings, WebClient& web, const Clock& clock, RandomSource& random)
    : settings_(std::move(settings)), web_(web), clock_(clock), random_(random), states_(clock) {}

std::optional<Discord::Begun> Discord::begin(const Origin& origin, std::string back, const std::string* browser) {
  // One cookie for all tabs of a browser: a second sign-in must not spoil the first.
  Begun begun{.url = {}, .browser = browser && is_token(*browser) ? *browser : make_token(random_)};
  const std::string state = make_token(random_);
  std::string verifier = make_token(random_);
  const std::string here = origin.text();
  begun.url = settings_.api + "/oauth2/authorize?" +
              form({{"response_type", "code"},
                    {"client_id", settings_.client_id},
                    {"scope", settings_.guild == 0 ? "identify" : "identify guilds.members.read"},
                    {"redirect_uri", callback_address(here)},
                    {"state", state},
                    {"code_challenge", pkce_challenge(verifier)},
                    {"code_challenge_method", "S256"}});
  if (!states_.add(hash_token(state), {hash_token(begun.browser), std::move(verifier), here, std::move(back)})) return std::nullopt;
  return begun;
}

void Discord::finish(const Callback& callback, const Origin& origin, Done done) {
  auto pending = states_.take(hash_token(callback.state), hash_token(callback.browser), origin.text());
  if (!pending) {
    const auto wrong = pending.error();
    const DiscordTrouble trouble = wrong == SignInStates::Wrong::OtherBrowser ? DiscordTrouble::OtherBrowser
                                   : wrong == SignInStates::Wrong::Expired    ? DiscordTrouble::ExpiredState
                                                                              : DiscordTrouble::UnknownState;
    return done(DiscordFailure{.trouble = trouble});
  }
  const auto attempt = std::make_shared<Attempt>();
  attempt->pending = std::move(*pending);
  attempt->ends = clock_.now() + whole_time;
  attempt->done = std::move(done);
  if (callback.error == "access_denied") return attempt->fail(DiscordTrouble::Denied, "");
  if (callback.error == "server_error" || callback.error == "temporarily_unavailable")
    return attempt->fail(DiscordTrouble::Down, "Discord sent the browser back with an error of its own");
  if (!callback.error.empty()) return attempt->fail(DiscordTrouble::Misconfigured, "Discord refuses what this server asks for");
  if (callback.code.empty()) return attempt->fail(DiscordTrouble::CodeRefused, "there is no code in the address");
  ask_token(attempt, callback.code);
}

void Discord::send(const AttemptPtr& attempt, OutgoingRequest request,
                   void (Discord::*take)(const AttemptPtr&, const OutgoingAnswer&)) {
  const Duration left = attempt->ends - clock_.now();
  if (left <= Duration{}) return attempt->fail(DiscordTrouble::TimedOut, "Discord takes too long");
  request.patience = left;
  request.headers.emplace_back("Accept", "application/json");
  request.headers.emplace_back("User-Agent", "DiscordBot (" + attempt->pending.origin + ", " + settings_.version + ")");
  if (!attempt->token.empty()) request.headers.emplace_back("Authorization", "Bearer " + attempt->token);
  web_.send(std::move(request), [this, attempt, take](Result<OutgoingAnswer, WebFailure> answer) {
    if (!answer) return attempt->fail(failure_of(answer.error()));
    if (auto failure = failure_of(*answer)) return attempt->fail(std::move(*failure));
    (this->*take)(attempt, *answer);
  });
}

void Discord::ask_token(const AttemptPtr& attempt, const std::string& code) {
  OutgoingRequest request;
  request.method = "POST";
  request.url = settings_.api + "/oauth2/token";
  request.headers.emplace_back("Content-Type", "application/x-www-form-urlencoded");
  request.body = form({{"grant_type", "authorization_code"},
                       {"code", code},
                       {"redirect_uri", callback_address(attempt->pending.origin)},
                       {"client_id", settings_.client_id},
                       {"client_secret", settings_.client_secret},
                       {"code_verifier", attempt->pending.verifier}});
  send(attempt, std::move(request), &Discord::take_token);
}

void Discord::take_token(const AttemptPtr& attempt, const OutgoingAnswer& answer) {
  const json body = json::parse(answer.body, nullptr, false);
  if (answer.status != 200) return attempt->fail(refused_token(answer, body));
  attempt->token = text_of(body, "access_token");
  const bool fits = !attempt->token.empty() && std::all_of(attempt->token.begin(), attempt->token.end(), [](char c) { return c > 0x20 && c < 0x7f; });
  if (!fits) return attempt->fail(DiscordTrouble::Down, "Discord's answer holds no token");
  ask_person(attempt);
}

void Discord::ask_person(const AttemptPtr& attempt) {
  OutgoingRequest request;
  request.url = settings_.api + "/users/@me";
  send(attempt, std::move(request), &Discord::take_person);
}

void Discord::take_person(const AttemptPtr& attempt, const OutgoingAnswer& answer) {
  const json body = json::parse(answer.body, nullptr, false);
  const auto id = answer.status == 200 ? parse_number(text_of(body, "id")) : std::nullopt;
  if (!id || *id == 0) return attempt->fail(DiscordTrouble::Down, "Discord answers " + std::to_string(answer.status) + " and not who it is");
  attempt->person.id = *id;
  attempt->person.name = shown_name(body, *id);
  attempt->person.username = username_of(body);
  if (settings_.guild != 0) return ask_member(attempt);
  attempt->done(DiscordArrival{std::move(attempt->person), std::move(attempt->pending.back)});
}

void Discord::ask_member(const AttemptPtr& attempt) {
  OutgoingRequest request;
  request.url = settings_.api + "/users/@me/guilds/" + std::to_string(settings_.guild) + "/member";
  send(attempt, std::move(request), &Discord::take_member);
}

void Discord::take_member(const AttemptPtr& attempt, const OutgoingAnswer& answer) {
  if (answer.status == 404 || answer.status == 403) return attempt->fail(DiscordTrouble::NotMember, "");
  const json body = json::parse(answer.body, nullptr, false);
  if (answer.status != 200 || !body.is_object())
    return attempt->fail(DiscordTrouble::Down, "Discord answers " + std::to_string(answer.status) + " and not whether they are a member");
  const auto roles = body.find("roles");
  for (const json& each : roles != body.end() && roles->is_array() ? *roles : json::array()) {
    const auto id = each.is_string() ? parse_number(each.get_ref<const std::string&>()) : std::nullopt;
    const auto mapped = id ? settings_.roles.find(*id) : settings_.roles.end();
    if (mapped == settings_.roles.end()) continue;
    attempt->person.role = std::max(attempt->person.role.value_or(Role::Guest), mapped->second);
  }
  attempt->done(DiscordArrival{std::move(attempt->person), std::move(attempt->pending.back)});
}

std::optional<Origin> discord_origin(const HttpRequest& request, const Site& site) {
  const std::string* host = request.header("host");
  if (!host) return std::nullopt;
  const auto here = parse_host(*host, request.is_secure ? "https" : "http");
  if (here && (here->host == "localhost" || here->host == "127.0.0.1" || here->host == "::1")) return here;
  return site.is_public_https(*host) ? site.public_url() : std::nullopt;
}

std::optional<std::string> back_to(std::string_view fragment) {
  if (fragment.empty()) return "/";
  const bool fits = fragment.size() <= longest_fragment && fragment.front() == '#' &&
                    std::all_of(fragment.begin() + 1, fragment.end(), is_of_fragment);
  if (!fits) return std::nullopt;
  return "/" + std::string(fragment);
}

}  // namespace tessera
