#include "app/platform/remembered.h"

#include <algorithm>
#include <array>
#include <nlohmann/json.hpp>

#include "shared/base/text.h"

namespace tessera {
namespace {

using nlohmann::json;

constexpr std::array themes{"system", "dark", "light"};
static_assert(themes.size() == theme_count);
constexpr std::array languages{"en", "fr"};
static_assert(languages.size() == language_count);
constexpr std::size_t most_tokens = 64;

std::string dump(const json& value) { return value.dump(1, ' ', false, json::error_handler_t::replace); }

json parse(std::string_view text) { return json::parse(text.begin(), text.end(), nullptr, false); }

std::string text_in(const json& object, const char* key) {
  const auto found = object.find(key);
  return found != object.end() && found->is_string() ? found->get<std::string>() : std::string();
}
bool flag_in(const json& object, const char* key, bool otherwise) {
  const auto found = object.find(key);
  return found != object.end() && found->is_boolean() ? found->get<bool>() : otherwise;
}
double number_in(const json& object, const char* key, double otherwise) {
  const auto found = object.find(key);
  return found != object.end() && found->is_number() ? found->get<double>() : otherwise;
}
template <typename Names>
std::optional<std::size_t> choice_in(const json& object, const char* key, const Names& names) {
  const auto found = std::find(names.begin(), names.end(), text_in(object, key));
  if (found == names.end()) return std::nullopt;
  return static_cast<std::size_t>(found - names.begin());
}

}  // namespace

std::string write_settings(const Settings& settings) {
  json out = {{"theme", themes[static_cast<std::size_t>(settings.theme)]},
              {"scale", settings.scale},
              {"reduced_motion", settings.reduced_motion},
              {"grid", settings.grid},
              {"notify", settings.notify},
              {"nickname", settings.nickname}};
  if (settings.language) out["language"] = languages[static_cast<std::size_t>(*settings.language)];
  return dump(out);
}

Settings read_settings(std::string_view text) {
  Settings settings;
  const json in = parse(text);
  if (!in.is_object()) return settings;
  if (const auto theme = choice_in(in, "theme", themes)) settings.theme = static_cast<Theme>(*theme);
  if (const auto language = choice_in(in, "language", languages)) settings.language = static_cast<Language>(*language);
  settings.scale = std::clamp(number_in(in, "scale", settings.scale), 0.75, 2.0);
  settings.reduced_motion = flag_in(in, "reduced_motion", settings.reduced_motion);
  settings.grid = flag_in(in, "grid", settings.grid);
  settings.notify = flag_in(in, "notify", settings.notify);
  settings.nickname = display_name(text_in(in, "nickname")).value_or("");
  return settings;
}

std::string write_recent(const std::vector<RecentServer>& recent) {
  json out = json::array();
  for (const RecentServer& entry : recent)
    out.push_back({{"server", entry.server}, {"canvas", entry.canvas}, {"seen_ms", ms(entry.seen)}, {"picture", to_hex(entry.picture)}});
  return dump(out);
}

std::vector<RecentServer> read_recent(std::string_view text) {
  std::vector<RecentServer> recent;
  const json in = parse(text);
  if (!in.is_array()) return recent;
  for (const json& item : in) {
    if (!item.is_object() || recent.size() == recent_servers) continue;
    RecentServer entry{text_in(item, "server"), text_in(item, "canvas"), WallTime{}, 0, {}};
    if (entry.server.empty()) continue;
    entry.seen = WallTime{static_cast<std::int64_t>(std::clamp(number_in(item, "seen_ms", 0), 0.0, 253'402'300'799'000.0))};
    auto picture = from_hex(text_in(item, "picture"));
    if (picture && picture->size() == std::size_t{4} * recent_picture_side * recent_picture_side) {
      entry.picture_side = recent_picture_side;
      entry.picture = std::move(*picture);
    }
    recent.push_back(std::move(entry));
  }
  return recent;
}

std::string write_tokens(const std::vector<SavedToken>& tokens) {
  json out = json::array();
  for (const SavedToken& entry : tokens) out.push_back({{"server", entry.server}, {"token", entry.token}});
  return dump(out);
}

std::vector<SavedToken> read_tokens(std::string_view text) {
  std::vector<SavedToken> tokens;
  const json in = parse(text);
  if (!in.is_array()) return tokens;
  for (const json& item : in) {
    if (!item.is_object() || tokens.size() == most_tokens) continue;
    SavedToken entry{text_in(item, "server"), text_in(item, "token")};
    if (!entry.server.empty() && !entry.token.empty() && entry.token.size() <= limits::token_bytes) tokens.push_back(std::move(entry));
  }
  return tokens;
}

}  // namespace tessera
