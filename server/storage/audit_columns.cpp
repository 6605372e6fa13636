#include "server/storage/audit_columns.h"

#include <algorithm>
#include <string>

#include "server/core/json_text.h"
#include "shared/base/text.h"

namespace tessera {
namespace {

char lower(char letter) { return letter >= 'A' && letter <= 'Z' ? static_cast<char>(letter + ('a' - 'A')) : letter; }

bool eat(std::string_view& text, std::string_view start) {
  if (!text.starts_with(start)) return false;
  text.remove_prefix(start.size());
  return true;
}

/// Moves behind the object that `text` stands in, which holds no other.
bool eat_rest_of_object(std::string_view& text) {
  bool in_string = false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (in_string && text[i] == '\\')
      ++i;
    else if (text[i] == '"')
      in_string = !in_string;
    else if (!in_string && text[i] == '}') {
      text.remove_prefix(i + 1);
      return true;
    }
  }
  return false;
}

bool eat_actor(std::string_view& text, AccountId actor) {
  if (eat(text, "null")) return actor == nobody;
  const std::string start = "{\"id\":" + std::to_string(static_cast<std::uint32_t>(actor)) + ",";
  return eat(text, start) && eat_rest_of_object(text);
}

std::string text_or_null(std::string_view text) { return text.empty() ? "null" : json_string(text); }

}  // namespace

AuditColumns columns_of(std::uint64_t id, const AuditRecord& record) {
  return {id,           record.time,   record.actor ? record.actor->id : nobody,
          record.action, record.canvas, record.target};
}

bool columns_fit(const AuditColumns& columns, std::string_view text) {
  // A quote within a string stands behind a backslash, so neither end can be that of another entry.
  const std::string end = ",\"id\":" + std::to_string(columns.id) + ",\"target\":" + text_or_null(columns.target) +
                          ",\"time\":\"" + format_time(columns.time) + "\"}";
  return text.ends_with(end) && eat(text, "{\"action\":") && eat(text, json_string(columns.action)) &&
         eat(text, ",\"actor\":") && eat_actor(text, columns.actor) && eat(text, ",\"canvas\":") &&
         eat(text, text_or_null(columns.canvas)) && eat(text, ",\"detail\":");
}

bool action_wanted(std::string_view wanted, std::string_view action) {
  return action.starts_with(wanted) && (action.size() == wanted.size() || action[wanted.size()] == '.');
}

bool has_text(std::string_view text, std::string_view part) {
  const auto found = std::search(text.begin(), text.end(), part.begin(), part.end(),
                                 [](char one, char other) { return lower(one) == lower(other); });
  return found != text.end() || part.empty();
}

bool wanted(const AuditQuery& query, const AuditColumns& columns, std::string_view text) {
  return columns.id < query.before && (!query.actor || columns.actor == *query.actor) &&
         (!query.since || columns.time >= *query.since) && (!query.until || columns.time <= *query.until) &&
         (query.canvas.empty() || columns.canvas == query.canvas) &&
         (query.target.empty() || columns.target == query.target) &&
         (query.action.empty() || action_wanted(query.action, columns.action)) && has_text(text, query.text);
}

}  // namespace tessera
