#include "server/storage/audit_search.h"

#include <algorithm>
#include <array>
#include <utility>

#include "server/storage/audit_columns.h"
#include "shared/base/text.h"

namespace tessera {
namespace {

using Step = SqliteStatement::Step;

/// So many of the newest tell how many there are in all.
constexpr int sample = 2'000;
/// So few are read one by one sooner than held against others.
constexpr double few = 4'000;
/// The parts of a text that are looked at, and the rarest of them that are searched by: fewer where a column leads
/// beside them, since each part's entries are gone through.
constexpr std::size_t most_parts = 32, parts_alone = 4, parts_beside_column = 2;
/// So many that do not fit are read before the ids of a second column are gone through as well.
constexpr std::size_t most_misses = 1'000;

/// What every entry has in its text (audit_text.h): a search by a part of it would lead to all of them.
constexpr std::array skeleton{
    R"({"action":")",      R"(","actor":null,"canvas":null,"detail":{"})",
    R"(","actor":{"id":)", R"(,"kind":")",
    R"(","name":")",       R"(","role":")",
    R"("},"canvas":")",    R"(","detail":{")",
    R"("},"id":)",         R"(,"target":null,"time":"20)",
    R"(,"target":")",      R"(","time":"20)",
};

std::string folded(std::string_view text) {
  std::string out(text);
  for (char& letter : out)
    if (letter >= 'A' && letter <= 'Z') letter = static_cast<char>(letter + ('a' - 'A'));
  return out;
}

/// Every three code points that follow one another; `text` is well-formed UTF-8.
std::vector<std::string> trigrams(std::string_view text) {
  std::vector<std::size_t> starts;
  for (std::size_t i = 0; i < text.size(); ++i)
    if ((static_cast<unsigned char>(text[i]) & 0xC0) != 0x80) starts.push_back(i);
  starts.push_back(text.size());
  std::vector<std::string> parts;
  for (std::size_t i = 0; i + 3 < starts.size(); ++i) {
    std::string part(text.substr(starts[i], starts[i + 3] - starts[i]));
    if (std::find(parts.begin(), parts.end(), part) == parts.end()) parts.push_back(std::move(part));
  }
  return parts;
}

bool in_every_entry(const std::string& part) {
  return std::any_of(skeleton.begin(), skeleton.end(),
                     [&](std::string_view piece) { return piece.find(part) != std::string_view::npos; });
}

/// As a string of FTS5's query language.
std::string quoted(const std::string& part) {
  std::string out = "\"";
  for (const char letter : part) out += letter == '"' ? std::string("\"\"") : std::string(1, letter);
  return out + '"';
}

}  // namespace

std::int64_t FallingIds::step(SqliteStatement& statement) {
  const Step step = statement.step();
  if (step == Step::Failed) status_ = statement.error();
  return step == Step::Row ? statement.integer(0).value_or(0) : 0;
}

void FallingIds::add(SqliteStatement statement) {
  if (const std::int64_t id = step(statement); id > 0) sources_.push_back({std::move(statement), id});
}

std::int64_t FallingIds::next() {
  if (sources_.empty() || !status_) return 0;
  auto first = sources_.begin();
  for (auto other = first + 1; other != sources_.end(); ++other)
    if (other->id > first->id) first = other;
  const std::int64_t id = first->id;
  first->id = step(first->statement);
  if (first->id == 0) sources_.erase(first);
  return id;
}

Result<std::vector<AuditEntry>> AuditSearch::run() {
  if (query_.limit == 0) return std::vector<AuditEntry>{};
  if (Status status = prepare(); !status) return status.error();
  if (first_ > last_ || (!query_.action.empty() && actions_.empty())) return std::vector<AuditEntry>{};
  auto lead = best_lead();
  if (!lead) return lead.error();
  TextLead text;
  if (!query_.text.empty() && (!*lead || (*lead)->entries > few)) {
    auto found = text_lead(lead->has_value());
    if (!found) return found.error();
    text = std::move(*found);
  }
  FallingIds ids;
  if (text.match.empty()) {
    auto by_column = *lead ? ids_of((*lead)->column) : all_ids();
    if (!by_column) return by_column.error();
    ids = std::move(*by_column);
  } else {
    auto statement = entries_with(text.match);
    if (!statement) return statement.error();
    ids.add(std::move(*statement));
  }
  const bool use_both = !text.match.empty() && *lead && text.entries > few;
  const Status done = use_both ? collect_both((*lead)->column, std::move(ids)) : collect(std::move(ids));
  if (!done) return done.error();
  return std::move(found_);
}

Status AuditSearch::prepare() {
  if (Status status = connection_.prepare(
          {{&entry_, "SELECT time, actor, action, canvas, target, text, hash FROM audit WHERE id = ?1"}});
      !status)
    return status;
  if (Status status = find_range(); !status) return status;
  return find_actions();
}

Result<std::int64_t> AuditSearch::id_at(const char* sql, WallTime time) {
  auto statement = connection_.prepare(sql);
  if (!statement) return statement.error();
  statement->bind(1, ms(time));
  const Step step = statement->step();
  if (step == Step::Failed) return statement->error();
  return step == Step::Row ? statement->integer(0).value_or(0) : std::int64_t{0};
}

/// Times never fall: those of a range of time are a range of ids.
Status AuditSearch::find_range() {
  const WallTime until = query_.until.value_or(WallTime{INT64_MAX});
  const auto last =
      id_at("SELECT id FROM audit INDEXED BY audit_time WHERE time <= ?1 ORDER BY time DESC, id DESC LIMIT 1", until);
  if (!last) return last.error();
  last_ = *last;
  if (query_.before <= static_cast<std::uint64_t>(INT64_MAX))
    last_ = std::min(last_, static_cast<std::int64_t>(query_.before) - 1);
  if (!query_.since) return {};
  const auto first =
      id_at("SELECT id FROM audit INDEXED BY audit_time WHERE time >= ?1 ORDER BY time, id LIMIT 1", *query_.since);
  if (!first) return first.error();
  first_ = *first == 0 ? INT64_MAX : *first;
  return {};
}

Status AuditSearch::find_actions() {
  if (query_.action.empty()) return {};
  // Each word by a look into the index, however many entries have it.
  SqliteStatement first, following;
  if (Status status =
          connection_.prepare({{&first, "SELECT action FROM audit WHERE action >= ?1 ORDER BY action LIMIT 1"},
                               {&following, "SELECT action FROM audit WHERE action > ?1 ORDER BY action LIMIT 1"}});
      !status)
    return status;
  std::string action = query_.action;
  for (SqliteStatement* next = &first;; next = &following) {
    StatementUse use(*next);
    const std::string before = std::exchange(action, {});
    const Step step = use->bind(1, std::string_view(before)).step();
    if (step == Step::Failed) return use->error();
    if (step == Step::Row) action = use->text(0);
    if (!action.starts_with(query_.action)) return {};
    if (action_wanted(query_.action, action)) actions_.push_back(action);
  }
}

bool AuditSearch::asks(Column column) const {
  switch (column) {
    case Column::Actor:
      return query_.actor.has_value();
    case Column::Action:
      return !query_.action.empty();
    case Column::Canvas:
      return !query_.canvas.empty();
    case Column::Target:
      return !query_.target.empty();
  }
  return false;
}

Result<double> AuditSearch::estimate(SqliteStatement statement) const {
  std::int64_t id = last_;
  for (int count = 0; count < sample; ++count) {
    const Step step = statement.step();
    if (step == Step::Failed) return statement.error();
    if (step == Step::Done) return static_cast<double>(count);
    id = statement.integer(0).value_or(id);
  }
  return sample * static_cast<double>(last_ - first_ + 1) / static_cast<double>(last_ - id + 1);
}

Result<std::optional<AuditSearch::Lead>> AuditSearch::best_lead() {
  std::optional<Lead> best;
  for (const Column column : {Column::Target, Column::Actor, Column::Action, Column::Canvas}) {
    if (!asks(column)) continue;
    Lead lead{column, 0};
    const std::vector<std::string> one{""};
    for (const std::string& action : column == Column::Action ? actions_ : one) {
      auto statement = entries_of(column, action, Others::Any);
      if (!statement) return statement.error();
      const auto entries = estimate(std::move(*statement));
      if (!entries) return entries.error();
      lead.entries += *entries;
    }
    if (!best || lead.entries < best->entries) best = lead;
  }
  return best;
}

Result<SqliteStatement> AuditSearch::entries_of(Column column, const std::string& action, Others others) {
  static constexpr std::array indexes{"audit_actor", "audit_action", "audit_canvas", "audit_target"};
  static constexpr std::array equal{"actor = ?3", "action = ?4", "canvas = ?6", "target = ?7"};
  std::string sql = std::string("SELECT id FROM audit INDEXED BY ") + indexes[static_cast<std::size_t>(column)] +
                    " WHERE id BETWEEN ?1 AND ?2 AND " + equal[static_cast<std::size_t>(column)];
  if (others == Others::Asked) {
    if (column != Column::Actor && query_.actor) sql += " AND actor = ?3";
    if (column != Column::Action && !query_.action.empty())
      sql += " AND (action = ?4 OR substr(action, 1, length(?5)) = ?5)";
    if (column != Column::Canvas && !query_.canvas.empty()) sql += " AND canvas = ?6";
    if (column != Column::Target && !query_.target.empty()) sql += " AND target = ?7";
  }
  auto statement = connection_.prepare((sql + " ORDER BY id DESC").c_str());
  if (!statement) return statement.error();
  const std::string family = query_.action + '.';
  statement->bind(1, first_).bind(2, last_).bind(3, static_cast<std::int64_t>(query_.actor.value_or(nobody)));
  statement->bind(4, (column == Column::Action ? action : query_.action).c_str()).bind(5, family.c_str());
  statement->bind(6, std::string_view(query_.canvas)).bind(7, std::string_view(query_.target));
  return statement;
}

Result<FallingIds> AuditSearch::ids_of(Column column) {
  FallingIds ids;
  const std::vector<std::string> one{""};
  for (const std::string& action : column == Column::Action ? actions_ : one) {
    auto statement = entries_of(column, action, Others::Asked);
    if (!statement) return statement.error();
    ids.add(std::move(*statement));
  }
  return ids;
}

Result<FallingIds> AuditSearch::all_ids() {
  auto statement = connection_.prepare("SELECT id FROM audit WHERE id BETWEEN ?1 AND ?2 ORDER BY id DESC");
  if (!statement) return statement.error();
  statement->bind(1, first_).bind(2, last_);
  FallingIds ids;
  ids.add(std::move(*statement));
  return ids;
}

Result<SqliteStatement> AuditSearch::entries_with(const std::string& match) {
  auto statement = connection_.prepare(
      "SELECT rowid FROM audit_words WHERE audit_words MATCH ?3 AND rowid BETWEEN ?1 AND ?2 ORDER BY rowid DESC");
  if (statement) statement->bind(1, first_).bind(2, last_).bind(3, match.c_str());
  return statement;
}

Result<AuditSearch::Parts> AuditSearch::parts_of(const std::string& text) {
  if (!is_utf8(text) || text.find('\0') != std::string::npos) return Parts{};
  std::vector<std::string> parts = trigrams(folded(text));
  std::erase_if(parts, in_every_entry);
  const std::size_t every = parts.size() / most_parts + 1;
  Parts estimated;
  for (std::size_t i = 0; i < parts.size(); i += every) {
    auto statement = entries_with(quoted(parts[i]));
    if (!statement) return statement.error();
    const auto entries = estimate(std::move(*statement));
    if (!entries) return entries.error();
    estimated.emplace_back(*entries, quoted(parts[i]));
  }
  std::sort(estimated.begin(), estimated.end());
  return estimated;
}

Result<AuditSearch::TextLead> AuditSearch::text_lead(bool with_column) {
  TextLead lead;
  auto parts = parts_of(query_.text);
  if (!parts) return parts.error();
  if (parts->empty()) return lead;
  lead.entries = parts->front().first;
  const bool beside_column = with_column && lead.entries > few;
  parts->resize(std::min(parts->size(), beside_column ? parts_beside_column : parts_alone));
  if (beside_column) {
    // Action and canvas stand in the text as they are: the table of trigrams leaves out what has none of theirs sooner than we do.
    for (const std::string& word : {query_.action, query_.canvas}) {
      auto others = parts_of(word);
      if (!others) return others.error();
      if (!others->empty()) parts->push_back(std::move(others->front()));
    }
  }
  for (const auto& [entries, part] : *parts) lead.match += (lead.match.empty() ? "" : " ") + part;
  return lead;
}

Status AuditSearch::collect(FallingIds ids) {
  for (std::int64_t id; !full() && (id = ids.next()) != 0;)
    if (Status status = take(id); !status) return status;
  return ids.status();
}

Status AuditSearch::collect_both(Column column, FallingIds by_text) {
  // Where the two often go together, what is asked for is soon found; where they hardly do, there is hardly any.
  for (std::size_t misses = 0; misses < most_misses;) {
    const std::int64_t id = full() ? 0 : by_text.next();
    if (id == 0) return by_text.status();
    const std::size_t before = found_.size();
    if (Status status = take(id); !status) return status;
    if (found_.size() == before) ++misses;
    last_ = id - 1;
  }
  auto by_column = ids_of(column);
  if (!by_column) return by_column.error();
  return collect_common(std::move(*by_column), std::move(by_text));
}

Status AuditSearch::collect_common(FallingIds ones, FallingIds others) {
  std::int64_t one = ones.next(), other = others.next();
  while (one > 0 && other > 0 && !full()) {
    const std::int64_t newer = std::max(one, other);
    if (one == other)
      if (Status status = take(one); !status) return status;
    if (one == newer) one = ones.next();
    if (other == newer) other = others.next();
  }
  return ones.status() ? others.status() : ones.status();
}

/// Adds the entry where it fits the query.
Status AuditSearch::take(std::int64_t id) {
  StatementUse use(entry_);
  use->bind(1, id);
  const Step step = use->step();
  if (step == Step::Failed) return use->error();
  const auto time = use->integer(0), actor = use->integer(1);
  const auto action = use->text_view(2), canvas = use->text_view(3), target = use->text_view(4),
             text = use->text_view(5);
  if (step == Step::Done || !time || !actor || !action || !canvas || !target || !text)
    return {};  // damage is for the check to tell
  const AuditColumns columns{static_cast<std::uint64_t>(id),
                             WallTime{*time},
                             AccountId{static_cast<std::uint32_t>(*actor)},
                             *action,
                             *canvas,
                             *target};
  if (!wanted(query_, columns, *text)) return {};
  AuditEntry& entry = found_.emplace_back();
  entry.id = columns.id;
  entry.text = *text;
  if (const auto hash = use->blob(6); hash && hash->size() == entry.hash.size())
    std::copy(hash->begin(), hash->end(), entry.hash.begin());
  return {};
}

}  // namespace tessera
