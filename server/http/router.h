#pragma once

#include <cstddef>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "server/core/permissions.h"
#include "server/http/call.h"
#include "shared/base/result.h"

namespace tessera {

enum class Method : std::uint8_t { Get, Post, Put, Patch, Delete };
std::string_view name_of(Method method);

/// Who may call a route; the roles include those above them. On a route of a canvas, the role there counts.
enum class Who : std::uint8_t {
  Anyone,      ///< signed in or not; but a forged or expired token is refused all the same
  Regardless,  ///< tokens and cookies are not even looked at
  Account,     ///< whoever is signed in
  Moderator,
  Admin,
  Owner,
};

enum class ParameterKind : std::uint8_t {
  Number,  ///< decimal digits, `min` to `max`
  Text,    ///< `min` to `max` bytes
  Name,    ///< of a canvas: 1 to 64 of a-z 0-9 - _
  Epoch,   ///< 16 hexadecimal digits; kept as a number
  Region,  ///< `x,y,width,height`, no side 0
  Instant,  ///< a seq, or a time as RFC 3339
  Flag,     ///< `true` or `false`, 1 or 0; kept as a number
};

/// A part of the address between braces, or a name after the question mark.
struct Parameter {
  std::string name;
  ParameterKind kind = ParameterKind::Text;
  std::uint64_t min = 0;
  std::uint64_t max = UINT64_MAX;
  std::optional<std::uint64_t> otherwise{};  ///< of a number that may be absent
  std::string about{};                       ///< for the document
  std::string example{};                     ///< for the document; empty: one that fits the kind
};

enum class Body : std::uint8_t {
  None,
  JsonOnly,
  Form,        ///< of a page of ours; its fields are texts
  JsonOrForm,  ///< whichever its `Content-Type` says
};
/// Whether a change names in `If-Match` the version that it changes: without it 428, with an older one 412.
enum class NeedsVersion : std::uint8_t {
  Never,
  Sometimes,  ///< the summary tells when
  Always
};
/// Whether a parameter that no route names is a mistake of the caller.
enum class Unknown : std::uint8_t { Refused, Ignored };

/// An answer that a route may give. Those that follow from its checks (400, 401, 403, 404, 413, 415, 503) need not be named.
struct RouteAnswer {
  unsigned status = 200;
  std::string about;
  std::string schema{};                   ///< of JSON: one of schemas.h
  std::string media{"application/json"};  ///< empty: no body
};

/// An answer with a page for a person in a browser, whatever the status.
RouteAnswer page_answer(unsigned status, std::string about);

inline const RouteAnswer not_changed{304, "not changed", "", ""};
inline const RouteAnswer too_many_guesses{429, "too many tries from this address, or by this account: see Retry-After"};
inline const RouteAnswer too_many_reads{429, "too many reads from this address: see Retry-After"};

/// A route, described once: routing, checks and the API's document come from here.
struct Route {
  Method method = Method::Get;
  std::string pattern;  ///< `/api/v1/canvases/{canvas}/cells/{x}/{y}`
  Who who = Who::Anyone;
  /// Whether it is about one canvas: the one that its address names, else the default one. `Router::add` sees the former by itself.
  bool of_canvas = false;
  /// What a bot's token must be good for; absent: `Manage` for what is staff's, else any will do.
  std::optional<Scope> scope{};
  bool persons_only = false;  ///< no bot's token does, whatever it is good for
  bool asks_secret = false;   ///< a 403 may be a guess: it is in the audit log, as it is of what is staff's
  std::string summary{};
  std::vector<Parameter> path{};   ///< those in `pattern`, in its order
  std::vector<Parameter> query{};  ///< all optional
  Body body = Body::None;
  std::string body_schema{};  ///< of the body: one of schemas.h
  std::size_t body_limit = 16u << 10;
  NeedsVersion needs_version = NeedsVersion::Never;
  Unknown unknown = Unknown::Refused;
  bool is_public = true;  ///< of a GET that anyone may call: pages of any origin may read it
  std::vector<RouteAnswer> answers{};
  std::function<void(CallPtr)> handler{};  ///< called on a network thread; answers now or later
};

/// Nothing where any token will do.
std::optional<Scope> scope_of(const Route& route);

/// Finds the route of a request and takes its parameters. Immutable once filled: any thread. Knows nothing of accounts.
class Router {
 public:
  void add(Route route);
  const std::vector<Route>& routes() const { return routes_; }

  /// Whether any route, of whatever method, has this address.
  bool knows(std::string_view path) const;

  /// The route and, in `call`, its parameters. Otherwise what to answer: 404; 405 with `Allow`; 400 with the wrong parameter.
  Result<const Route*, HttpResponse> match(Call& call) const;
  /// The route alone, by method and address; null where there is none.
  const Route* find(std::string_view method, std::string_view path) const;

 private:
  struct Pattern {
    std::vector<std::string> segments;  // empty: a parameter
  };
  bool fits(std::size_t index, const std::vector<std::string_view>& segments) const;

  std::vector<Route> routes_;
  std::vector<Pattern> patterns_;
};

/// Those who have a permission by their role.
Who whoever_may(Permission permission);

/// `{canvas}` of an address; `example` is for the document.
Parameter canvas_parameter(std::string example = "main");
/// `{account}` of an address.
Parameter account_parameter();
/// A part of an address: a number to `max`.
Parameter number_in_path(std::string name, std::uint64_t max, std::string about);

/// The value of one parameter, or what is wrong with it.
Result<Call::Value> parse_parameter(const Parameter& parameter, std::string_view text);

}  // namespace tessera
