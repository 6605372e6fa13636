#pragma once

#include <array>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <variant>

#include <nlohmann/json.hpp>

#include "server/core/authenticator.h"
#include "server/core/counters.h"
#include "server/core/problem.h"
#include "shared/base/clock.h"
#include "shared/base/geometry.h"
#include "shared/base/ids.h"
#include "shared/protocol/messages.h"

namespace tessera {

/// `at=` of a picture: just after a placement, or at a time.
using PointInTime = std::variant<Seq, WallTime>;

/// How often each status was answered, 200 to 599.
inline constexpr unsigned lowest_status = 200;
using StatusCounts = std::array<Counter, 400>;

struct Route;

/// One request on its way to its answer: who asks, its parameters as the route describes them, checked, and its JSON body. Goes
/// from thread to thread, touched by one at a time; whoever holds it last has answered it.
class Call {
 public:
  using Value = std::variant<std::uint64_t, std::string, Rect, PointInTime>;

  Call(HttpRequest asked, HttpHandler::Respond respond) : request(std::move(asked)), respond_(std::move(respond)) {}

  HttpRequest request;
  std::uint64_t id = 0;  ///< told in `X-Request-Id`, and in the log
  TimePoint since{};
  std::function<void(const Call&, unsigned status)> note{};  ///< told how it was answered
  Identity caller;
  const AccountInfo& account{caller.account};  ///< id nobody: not signed in
  Role role{};             ///< the caller's that counts: on the route's canvas, else its own
  nlohmann::json body;  ///< null where the route takes none
  std::map<std::string, Value, std::less<>> parameters;
  const Route* route = nullptr;    ///< set by `Router::match`, also where it refuses the parameters
  StatusCounts* counts = nullptr;  ///< of its route
  bool is_public_read = false;  ///< pages of any origin may read the answer

  /// A parameter that the route requires or gives a default.
  std::uint64_t number(std::string_view name) const { return std::get<std::uint64_t>(parameters.find(name)->second); }
  const std::string& text(std::string_view name) const { return std::get<std::string>(parameters.find(name)->second); }
  /// One that may be absent; null then.
  template <typename T>
  const T* find(std::string_view name) const {
    const auto found = parameters.find(name);
    return found == parameters.end() ? nullptr : &std::get<T>(found->second);
  }

  bool is_signed_in() const { return account.id != nobody; }

  /// Answers; to be called once.
  void answer(HttpResponse response);
  void answer(const nlohmann::ordered_json& value, unsigned status = 200);
  /// 204.
  void answer_nothing();
  void refuse(unsigned status, ProblemCode code, std::string_view detail);

 private:
  HttpHandler::Respond respond_;
};

using CallPtr = std::shared_ptr<Call>;

/// A value as the text of a body; what is not UTF-8 in it is replaced, never thrown at.
std::string json_text(const nlohmann::ordered_json& value);
/// `problem` with the members of `more` behind its own (RFC 9457, 3.2).
HttpResponse with_members(HttpResponse problem, const nlohmann::ordered_json& more);
/// A problem that tells more than problems do.
HttpResponse problem_with(unsigned status, ProblemCode code, std::string_view detail, const nlohmann::ordered_json& more);
/// An answer of JSON that nobody may keep.
HttpResponse json_response(unsigned status, const nlohmann::ordered_json& value);

}  // namespace tessera
