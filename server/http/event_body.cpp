#include "server/http/event_body.h"

#include "server/http/canvas_body.h"
#include "server/http/json_body.h"
#include "server/http/staff_body.h"
#include "shared/base/text.h"

namespace tessera {
namespace {

constexpr std::size_t most_word_bytes = 64;

std::optional<ScheduledAction> action_named(const std::string& word) {
  for (std::uint8_t action = 0; action < scheduled_action_count; ++action)
    if (code(static_cast<ScheduledAction>(action)) == word) return static_cast<ScheduledAction>(action);
  return std::nullopt;
}

std::uint32_t read_side(JsonFields& fields, const char* name) {
  return fields.has(name) ? static_cast<std::uint32_t>(fields.number(name, 1, max_canvas_side)) : 0;
}

void read_announcement(const nlohmann::json& params, ScheduledWork& work, std::string& error) {
  const auto announcement = read_new_announcement(params);
  if (!announcement) {
    error = "params." + announcement.error().message;
    return;
  }
  work.text = announcement->text;
  work.pinned = announcement->pinned;
  work.expires = announcement->expires;
}

/// The name confirms a reset at once; one that is scheduled may leave it out, but not give another.
void read_reset(JsonFields& fields, const std::string& canvas, ScheduledWork& work) {
  if (fields.has("name") && fields.text("name", limits::canvas_name_bytes) != canvas) fields.refuse("name", "must be the canvas's own, '" + canvas + "', to confirm it");
  if (fields.has("reason")) work.text = display_name(fields.text("reason", limits::text_bytes), limits::text_bytes).value_or("");
}

/// The params of an action, those of an announcement apart; any other field is a mistake.
void read_params(const nlohmann::json& params, const std::string& canvas, ScheduledWork& work, std::string& error) {
  JsonFields fields(params, "params", error);
  switch (work.action) {
    case ScheduledAction::Pause:
      if (fields.has("message")) work.text = display_name(fields.text("message", limits::text_bytes), limits::text_bytes).value_or("");
      break;
    case ScheduledAction::Resize:
      work.width = read_side(fields, "width");
      work.height = read_side(fields, "height");
      if (fields.ok() && work.width == 0 && work.height == 0) fields.refuse("width", "or height must be there");
      break;
    case ScheduledAction::Palette:
      work.palette = read_palette(fields.list("palette", Palette::max_colors), error);
      break;
    case ScheduledAction::Policy:
      work.policy = read_policy(fields.object("policy"), error);
      break;
    case ScheduledAction::Announce: return read_announcement(params, work, error);
    case ScheduledAction::Reset: read_reset(fields, canvas, work); break;
    case ScheduledAction::Resume: break;
  }
  fields.finish();
}

}  // namespace

Result<NewSchedule> read_new_schedule(const nlohmann::json& body, const std::string& canvas) {
  std::string error;
  JsonFields fields(body, "", error);
  NewSchedule wanted;
  const auto at = parse_time(fields.text("at", most_word_bytes));
  if (!at) fields.refuse("at", "must be a time such as 2030-01-01T00:00:00Z");
  wanted.at = at.value_or(WallTime{});
  const auto action = action_named(fields.text("action", most_word_bytes));
  if (!action) fields.refuse("action", "must be pause, resume, resize, palette, policy, announce or reset");
  wanted.work.action = action.value_or(ScheduledAction{});
  const nlohmann::json& params = fields.has("params") ? fields.object("params") : nlohmann::json::object();
  if (error.empty()) read_params(params, canvas, wanted.work, error);
  wanted.work.params = params.dump();
  fields.finish();
  if (!error.empty()) return Error{error};
  return wanted;
}

Result<std::string> read_new_snapshot(const nlohmann::json& body) {
  std::string error;
  JsonFields fields(body, "", error);
  const auto name = display_name(fields.text("name", limits::name_bytes), limits::name_bytes);
  if (!name || name->empty()) fields.refuse("name", "must have characters that can be seen");
  fields.finish();
  if (!error.empty()) return Error{error};
  return *name;
}

Result<ConfirmedBody> read_confirmed(const nlohmann::json& body) {
  std::string error;
  JsonFields fields(body, "", error);
  ConfirmedBody confirmed;
  confirmed.confirmation.name = fields.text("name", limits::canvas_name_bytes);
  if (fields.has("reason"))
    confirmed.confirmation.reason = display_name(fields.text("reason", limits::text_bytes), limits::text_bytes).value_or("");
  if (fields.has("wait")) confirmed.wait = fields.boolean("wait");
  fields.finish();
  if (!error.empty()) return Error{error};
  return confirmed;
}

}  // namespace tessera
