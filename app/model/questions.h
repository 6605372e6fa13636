#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "app/model/canvas_setup.h"
#include "app/model/panel_questions.h"
#include "app/model/report_questions.h"
#include "app/model/staff_questions.h"
#include "shared/base/bytes.h"
#include "shared/base/clock.h"

/// What the app asks a server's HTTP API, and what is read from the answers. How they look on the wire is the business
/// of `app/net/api`.
namespace tessera {

/// Numbers the questions, so that an answer nobody waits for any more is known as such. 0: none.
enum class AskId : std::uint64_t {};
inline constexpr AskId unasked{};

/// Why an account may not place, and until when; no time: for good.
struct Ban {
  std::string reason;
  std::optional<WallTime> until;
  bool operator==(const Ban&) const = default;
};

/// A session of one's own account: a device that is signed in.
struct SignedInDevice {
  std::string id, label;
  WallTime used{};
  bool current = false;
  bool operator==(const SignedInDevice&) const = default;
};

namespace ask {

/// `GET /api/v1/server`
struct Server {};
/// `GET /auth/me`
struct Me {};
/// `GET /auth/sessions`
struct Devices {};
/// `DELETE /auth/sessions/{id}`
struct EndDevice {
  std::string id;
};
/// `DELETE /auth/sessions`: all but this one.
struct EndOtherDevices {};
/// `POST /auth/owner`
struct Own {
  std::string secret;
};
/// `POST /api/v1/invites/{token}/accept`
struct AcceptInvite {
  std::string token;
};
/// `POST /api/v1/canvases/{c}/join`
struct JoinCanvas {
  std::string canvas, code;
};
/// `POST /auth/device` (RFC 8628, 3.1)
struct DeviceCode {};
/// `POST /auth/device/token` (RFC 8628, 3.4)
struct DeviceToken {
  std::string device_code;
};
/// `GET /api/v1/canvases?limit=100`: those after this name.
struct Canvases {
  bool archived = false;
  std::string after;
};
/// `GET /api/v1/canvases/{c}/image.png?fit=96`
struct Picture {
  std::string canvas;
};
/// `GET /api/v1/canvases/{c}`
struct ReadCanvas {
  std::string canvas;
};
/// `POST /api/v1/canvases`
struct CreateCanvas {
  CanvasSetup setup;
};
/// `PATCH /api/v1/canvases/{c}`. Version 0: without `If-Match`, as pausing may be.
struct ChangeCanvas {
  std::string canvas;
  SetupChange change;
  std::uint32_t version = 0;
  bool dry_run = false;
};

}  // namespace ask

using Question = std::variant<ask::Server, ask::Me, ask::Devices, ask::EndDevice, ask::EndOtherDevices, ask::Own,
                              ask::AcceptInvite, ask::JoinCanvas, ask::DeviceCode, ask::DeviceToken, ask::Canvases,
                              ask::Picture, ask::ReadCanvas, ask::CreateCanvas, ask::ChangeCanvas,
                              ask::MakeLock, ask::ChangeLock, ask::LiftLock, ask::MakeAnnouncement,
                              ask::ChangeAnnouncement, ask::WithdrawAnnouncement,
                              ask::MakeReport, ask::OwnReports, PanelQuestion>;

/// How a question went. What should have a body and has none that can be read counts as no answer.
struct Response {
  int status = 0;            ///< 0: no answer
  std::string code, detail;  ///< of a problem
  std::optional<Duration> retry_after;
  bool ok() const { return status >= 200 && status < 300; }
};

namespace answer {

struct Server {
  bool guest = false, discord = false;
  std::optional<Duration> undo_window{};  ///< nothing: the server does not say
};
struct Me {
  AccountInfo account;
  std::optional<Ban> ban;
};
struct Devices {
  std::vector<SignedInDevice> items;
};
struct Invited {
  std::string canvas;
};
struct DeviceCode {
  std::string device_code, user_code, address, full_address;
  Duration expires_in{}, interval{};
};
struct DeviceToken {
  std::string token;
};
struct Canvases {
  std::vector<CanvasSetup> items;
  std::string next;  ///< what the next page comes after; empty: this is the last
};
struct Picture {
  Size size;
  Bytes rgba;
};
/// Of `ReadCanvas`, `CreateCanvas` and `ChangeCanvas`; with status 412 the canvas as it now is.
struct Canvas {
  CanvasSetup setup;
  std::optional<std::uint64_t> hidden_cells;
};

}  // namespace answer

using QuestionAnswer = std::variant<std::monostate, answer::Server, answer::Me, answer::Devices, answer::Invited,
                            answer::DeviceCode, answer::DeviceToken, answer::Canvases, answer::Picture, answer::Canvas,
                                    answer::Lock, answer::Announcement, answer::MadeReport, answer::OwnReports, PanelAnswer>;

}  // namespace tessera
