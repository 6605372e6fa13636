#include "app/net/api.h"

#include <algorithm>

#include "app/net/canvas_json.h"
#include "app/net/json_fields.h"
#include "app/net/panel_api.h"
#include "app/net/report_json.h"
#include "app/net/staff_json.h"
#include "shared/base/percent.h"
#include "shared/base/text.h"
#include "shared/canvas/png.h"

namespace tessera {
namespace {

using nlohmann::json;

constexpr const char* api = "/api/v1";
constexpr std::uint32_t picture_side = 96;
constexpr std::size_t most_devices = 256, longest_label = 200, longest_device_code = 512, longest_user_code = 32;
constexpr std::uint64_t longest_wait_s = 3'600;

// ---- questions ----

std::string quoted(std::uint32_t version) { return "\"" + std::to_string(version) + "\""; }

struct Writer {
  const std::string& server;

  WebRequest get(const std::string& path) const { return {"GET", server + path, {}, {}}; }
  WebRequest send(const char* method, const std::string& path, const json& body) const {
    return {method, server + path, {}, written(body)};
  }
  std::string canvas(const std::string& name) const { return std::string(api) + "/canvases/" + percent_encode(name); }

  WebRequest operator()(const ask::Server&) const { return get(std::string(api) + "/server"); }
  WebRequest operator()(const ask::Me&) const { return get("/auth/me"); }
  WebRequest operator()(const ask::Devices&) const { return get("/auth/sessions"); }
  WebRequest operator()(const ask::EndDevice& q) const {
    return {"DELETE", server + "/auth/sessions/" + percent_encode(q.id), {}, {}};
  }
  WebRequest operator()(const ask::EndOtherDevices&) const { return {"DELETE", server + "/auth/sessions", {}, {}}; }
  WebRequest operator()(const ask::Own& q) const { return send("POST", "/auth/owner", {{"secret", q.secret}}); }
  WebRequest operator()(const ask::AcceptInvite& q) const {
    return send("POST", std::string(api) + "/invites/" + percent_encode(q.token) + "/accept", json::object());
  }
  WebRequest operator()(const ask::JoinCanvas& q) const {
    return send("POST", canvas(q.canvas) + "/join", {{"code", q.code}});
  }
  WebRequest operator()(const ask::DeviceCode&) const { return send("POST", "/auth/device", json::object()); }
  WebRequest operator()(const ask::DeviceToken& q) const {
    return send("POST", "/auth/device/token",
                {{"grant_type", "urn:ietf:params:oauth:grant-type:device_code"}, {"device_code", q.device_code}});
  }
  WebRequest operator()(const ask::Canvases& q) const {
    return get(std::string(api) + "/canvases?limit=" + std::to_string(CanvasList::page) + (q.archived ? "&archived=true" : "") +
               (q.after.empty() ? "" : "&after=" + percent_encode(q.after)));
  }
  WebRequest operator()(const ask::Picture& q) const {
    return get(canvas(q.canvas) + "/image.png?fit=" + std::to_string(picture_side));
  }
  WebRequest operator()(const ask::ReadCanvas& q) const { return get(canvas(q.canvas)); }
  WebRequest operator()(const ask::CreateCanvas& q) const {
    return send("POST", std::string(api) + "/canvases", write_new_canvas(q.setup));
  }
  WebRequest operator()(const ask::ChangeCanvas& q) const {
    WebRequest request =
        send("PATCH", canvas(q.canvas) + (q.dry_run ? "?dry_run=true" : ""), write_change(q.change));
    if (q.version != 0) request.if_match = quoted(q.version);
    return request;
  }

  std::string lock(const std::string& name, LockId id) const {
    return canvas(name) + "/locks/" + std::to_string(static_cast<std::uint32_t>(id));
  }
  std::string announcement(AnnouncementId id) const {
    return std::string(api) + "/announcements/" + std::to_string(static_cast<std::uint32_t>(id));
  }
  WebRequest matching(WebRequest request, std::uint32_t version) const {
    request.if_match = quoted(version);
    return request;
  }
  WebRequest operator()(const ask::MakeLock& q) const {
    return send("POST", canvas(q.canvas) + "/locks", write_lock(q.wish));
  }
  WebRequest operator()(const ask::ChangeLock& q) const {
    return matching(send("PATCH", lock(q.canvas, q.id), write_lock(q.wish, q.fields)), q.version);
  }
  WebRequest operator()(const ask::LiftLock& q) const {
    return matching({"DELETE", server + lock(q.canvas, q.id), {}, {}}, q.version);
  }
  WebRequest operator()(const ask::MakeAnnouncement& q) const {
    return send("POST", std::string(api) + "/announcements", write_announcement(q.wish));
  }
  WebRequest operator()(const ask::ChangeAnnouncement& q) const {
    return matching(send("PATCH", announcement(q.id), write_announcement(q.wish, q.fields)), q.version);
  }
  WebRequest operator()(const ask::WithdrawAnnouncement& q) const {
    return matching({"DELETE", server + announcement(q.id), {}, {}}, q.version);
  }
  WebRequest operator()(const PanelQuestion& q) const { return panel_request(server, q); }
  WebRequest operator()(const ask::MakeReport& q) const { return send("POST", canvas(q.canvas) + "/reports", write_report(q)); }
  WebRequest operator()(const ask::OwnReports& q) const { return get(canvas(q.canvas) + "/reports/mine"); }
};

// ---- answers ----

bool is_token(const std::string& text) { return !text.empty() && text.size() <= limits::token_bytes; }
bool is_page(const std::string& address) {
  const bool web = address.starts_with("https://") || address.starts_with("http://");
  return web && address.size() <= 2'048 &&
         std::all_of(address.begin(), address.end(), [](unsigned char c) { return c > 32 && c < 127; });
}

/// Nothing: not what it should be.
struct Reader {
  const json& body;
  const WebAnswer& answer;
  using Read = std::optional<QuestionAnswer>;

  Read operator()(const ask::Server&) const {
    const json* methods = field_in(body, "sign_in");
    if (!methods || !methods->is_array()) return std::nullopt;
    const auto offers = [&](const char* word) { return std::find(methods->begin(), methods->end(), word) != methods->end(); };
    answer::Server server{offers("guest"), offers("discord")};
    const json* limits = field_in(body, "limits");
    if (const auto window = limits ? number_in(*limits, "undo_window_ms", 86'400'000) : std::nullopt) server.undo_window = std::chrono::milliseconds{*window};
    return server;
  }
  Read operator()(const ask::Me&) const { return me(); }
  Read operator()(const ask::Own&) const { return me(); }
  Read me() const {
    const AccountInfo account = read_account(body);
    if (account.id == nobody) return std::nullopt;
    answer::Me me{account, std::nullopt};
    if (field_in(body, "banned_until") || field_in(body, "reason"))
      me.ban = Ban{text_in(body, "reason").substr(0, limits::text_bytes), parse_time(text_in(body, "banned_until"))};
    return me;
  }
  Read operator()(const ask::Devices&) const {
    const json* items = field_in(body, "items");
    if (!items || !items->is_array()) return std::nullopt;
    answer::Devices devices;
    for (const json& item : *items) {
      SignedInDevice device{text_in(item, "id"), display_name(text_in(item, "label"), longest_label).value_or(""),
                            parse_time(text_in(item, "used")).value_or(WallTime{}), flag_in(item, "current")};
      const bool named = !device.id.empty() && device.id.size() <= limits::token_bytes;
      if (named && devices.items.size() < most_devices) devices.items.push_back(std::move(device));
    }
    return devices;
  }
  Read operator()(const ask::EndDevice&) const { return std::monostate{}; }
  Read operator()(const ask::EndOtherDevices&) const { return std::monostate{}; }
  Read operator()(const ask::AcceptInvite&) const {
    const std::string canvas = text_in(body, "canvas");
    return answer::Invited{canvas.size() <= limits::canvas_name_bytes ? canvas : std::string()};
  }
  Read operator()(const ask::JoinCanvas&) const { return std::monostate{}; }
  Read operator()(const ask::DeviceCode&) const {
    answer::DeviceCode out{text_in(body, "device_code"), display_name(text_in(body, "user_code")).value_or(""),
                           text_in(body, "verification_uri"), text_in(body, "verification_uri_complete"), {}, {}};
    if (out.full_address.empty()) out.full_address = out.address;
    const bool usable = !out.device_code.empty() && out.device_code.size() <= longest_device_code &&
                        !out.user_code.empty() && out.user_code.size() <= longest_user_code && is_page(out.address) &&
                        is_page(out.full_address);
    if (!usable) return std::nullopt;
    const auto seconds = [&](const char* key, std::uint64_t usual) {
      return std::chrono::seconds(std::clamp<std::uint64_t>(number_in(body, key).value_or(usual), 1, longest_wait_s));
    };
    out.expires_in = seconds("expires_in", 600);
    out.interval = seconds("interval", 5);  // RFC 8628, 3.2: where none is given
    return out;
  }
  Read operator()(const ask::DeviceToken&) const {
    std::string token = text_in(body, "token");
    if (token.empty()) token = text_in(body, "access_token");
    if (!is_token(token)) return std::nullopt;
    return answer::DeviceToken{std::move(token)};
  }
  Read operator()(const ask::Canvases&) const {
    const json* items = field_in(body, "items");
    if (!items || !items->is_array()) return std::nullopt;
    answer::Canvases canvases;
    for (const json& item : *items) {
      auto canvas = read_canvas(item);
      if (canvas && canvases.items.size() < limits::canvases_listed) canvases.items.push_back(std::move(*canvas));
    }
    canvases.next = text_in(body, "next");
    if (canvases.next.size() > limits::canvas_name_bytes) canvases.next.clear();
    return canvases;
  }
  Read operator()(const ask::Picture&) const {
    const ByteSpan file = as_bytes(answer.body);
    auto image = read_png(file, {.max_side = 512, .max_cells = 512 * 512});
    if (!image) return std::nullopt;
    return answer::Picture{image->size, std::move(image->rgba)};
  }
  Read operator()(const ask::ReadCanvas&) const { return canvas(body); }
  Read operator()(const ask::CreateCanvas&) const { return canvas(body); }
  Read operator()(const ask::ChangeCanvas&) const { return canvas(body); }

  Read operator()(const ask::MakeLock&) const { return lock(body); }
  Read operator()(const ask::ChangeLock&) const { return lock(body); }
  Read operator()(const ask::LiftLock&) const { return std::monostate{}; }
  Read operator()(const ask::MakeAnnouncement&) const { return announcement(body); }
  Read operator()(const ask::ChangeAnnouncement&) const { return announcement(body); }
  Read operator()(const ask::WithdrawAnnouncement&) const { return std::monostate{}; }
  Read operator()(const PanelQuestion& question) const {
    PanelRead read = read_panel_answer(question, answer);
    if (std::holds_alternative<std::monostate>(read)) return std::nullopt;
    if (auto* of_panel = std::get_if<PanelAnswer>(&read)) return QuestionAnswer{std::move(*of_panel)};
    return std::monostate{};
  }
  Read operator()(const ask::MakeReport& q) const {
    auto report = read_own_report(body, q.canvas);
    if (!report) return std::nullopt;
    return answer::MadeReport{std::move(*report)};
  }
  Read operator()(const ask::OwnReports& q) const {
    auto reports = read_own_reports(body, q.canvas);
    if (!reports) return std::nullopt;
    return answer::OwnReports{std::move(*reports)};
  }

  static Read lock(const json& object) {
    auto read = read_lock(object);
    if (!read) return std::nullopt;
    return answer::Lock{std::move(*read)};
  }
  static Read announcement(const json& object) {
    auto read = read_announcement(object);
    if (!read) return std::nullopt;
    return answer::Announcement{std::move(*read)};
  }
  static Read canvas(const json& object) {
    auto setup = read_canvas(object);
    if (!setup) return std::nullopt;
    return answer::Canvas{std::move(*setup), number_in(object, "hidden_cells")};
  }
};

/// What a change came too late for, as it now is.
Reader::Read read_current(const Question& question, const json& current) {
  if (std::holds_alternative<ask::ChangeCanvas>(question)) return Reader::canvas(current);
  if (std::holds_alternative<ask::ChangeLock>(question) || std::holds_alternative<ask::LiftLock>(question))
    return Reader::lock(current);
  if (std::holds_alternative<ask::ChangeAnnouncement>(question) || std::holds_alternative<ask::WithdrawAnnouncement>(question))
    return Reader::announcement(current);
  return std::nullopt;
}

std::optional<Duration> wait_of(const std::string& header) {
  const auto seconds = parse_number(header, 86'400);
  if (!seconds) return std::nullopt;
  return std::chrono::seconds(*seconds);
}

}  // namespace

WebRequest request_of(const std::string& server, const std::string& token, const Question& question) {
  WebRequest request = std::visit(Writer{server}, question);
  request.bearer = token;
  return request;
}

action::Answered read_answer(const Question& question, const WebAnswer& answer) {
  action::Answered out;
  out.response.status = answer.status;
  out.response.retry_after = wait_of(answer.retry_after);
  // What the panel asks for is read by itself; its problems are JSON like any other.
  const bool other = std::holds_alternative<ask::Picture>(question) || (out.response.ok() && std::holds_alternative<PanelQuestion>(question));
  const json body = other ? json() : json::parse(answer.body, nullptr, false);
  if (out.response.ok()) {
    auto read = std::visit(Reader{body, answer}, question);
    if (read) out.answer = std::move(*read);
    else out.response.status = 0;
    return out;
  }
  out.response.code = text_in(body, "code");
  if (out.response.code.empty()) out.response.code = text_in(body, "error");  // RFC 6749, 5.2
  out.response.detail = text_in(body, "detail").substr(0, limits::text_bytes);
  const json* current = field_in(body, "current");
  if (answer.status == 412 && current)
    if (auto now = read_current(question, *current)) out.answer = std::move(*now);
  return out;
}

void ask_server(HttpClient& http, Inbox& inbox, const effect::Ask& asked) {
  http.request(request_of(asked.server, asked.token, asked.question),
               [&inbox, id = asked.id, question = asked.question](const WebAnswer& answer) {
                 action::Answered answered = read_answer(question, answer);
                 answered.id = id;
                 inbox.post(std::move(answered), answer.body.size());
               });
}

}  // namespace tessera
