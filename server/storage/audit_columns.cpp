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
  return eat(text, "{\"id\":") && eat(text, std::to_string(static_cast<std::uint32_t>(actor))) && eat(text, ",") &&
         eat_rest_of_object(text);
}

/// `json_string`, without asking for memory where nothing is to be escaped: a check of the log asks a million times.
void append_string(std::string& out, std::string_view text) {
  const bool plain = std::none_of(text.begin(), text.end(), [](char letter) {
    return letter == '"' || letter == '\\' || static_cast<unsigned char>(letter) < 0x20;
  });
  if (!plain)
    out += json_string(text);
  else
    (out += '"').append(text) += '"';
}

void append_or_null(std::string& out, std::string_view text) {
  if (text.empty())
    out += "null";
  else
    append_string(out, text);
}

}  // namespace

AuditColumns columns_of(std::uint64_t id, const AuditRecord& record) {
  return {id, record.time, record.actor ? record.actor->id : nobody, record.action, record.canvas, record.target};
}

bool columns_fit(const AuditColumns& columns, std::string_view text, std::string& scratch) {
  // A quote within a string stands behind a backslash, so no part of a string can be taken for what is looked for here.
  ((scratch = ",\"id\":") += std::to_string(columns.id)) += ",\"target\":";
  append_or_null(scratch, columns.target);
  ((scratch += ",\"time\":\"") += format_time(columns.time)) += "\"}";
  if (!text.ends_with(scratch)) return false;
  append_string(scratch = "{\"action\":", columns.action);
  if (!eat(text, scratch) || !eat(text, ",\"actor\":") || !eat_actor(text, columns.actor)) return false;
  append_or_null(scratch = ",\"canvas\":", columns.canvas);
  return eat(text, scratch) && eat(text, ",\"detail\":");
}

bool action_wanted(std::string_view wanted, std::string_view action) {
  return action.starts_with(wanted) && (action.size() == wanted.size() || action[wanted.size()] == '.');
}

bool has_text(std::string_view text, std::string_view part) {
  if (part.empty()) return true;
  const char first = lower(part.front());
  const auto same = [](char one, char other) { return lower(one) == lower(other); };
  for (std::size_t at = 0; at + part.size() <= text.size(); ++at) {
    if (lower(text[at]) != first) continue;
    if (std::equal(part.begin() + 1, part.end(), text.begin() + static_cast<std::ptrdiff_t>(at) + 1, same)) return true;
  }
  return false;
}

bool wanted(const AuditQuery& query, const AuditColumns& columns, std::string_view text) {
  return columns.id < query.before && (!query.actor || columns.actor == *query.actor) &&
         (!query.since || columns.time >= *query.since) && (!query.until || columns.time <= *query.until) &&
         (query.canvas.empty() || columns.canvas == query.canvas) &&
         (query.target.empty() || columns.target == query.target) &&
         (query.action.empty() || action_wanted(query.action, columns.action)) && has_text(text, query.text);
}

}  // namespace tessera
