// The audit log: searched, exported, checked.
#include <algorithm>

#include "server/core/json_text.h"
#include "server/http/pictures.h"
#include "server/http/public_audit.h"
#include "server/http/router.h"
#include "server/http/routes.h"
#include "server/http/services.h"
#include "server/http/staff_shapes.h"
#include "shared/base/text.h"

namespace tessera {
namespace {

constexpr std::size_t most_word_bytes = 200;
constexpr std::size_t entries_at_once = 200;     // of a public page, whatever is left of them
constexpr std::size_t most_entries_read = 4'000;

std::string csv_field(const std::string& text) {
  // A field that a spreadsheet would take for a formula is made a text.
  const bool is_formula = !text.empty() && std::string_view("=+-@\t\r").find(text.front()) != std::string_view::npos;
  std::string out = is_formula ? "\"'" : "\"";
  for (const char letter : text) {
    if (letter == '"') out += '"';
    out += letter;
  }
  return out + '"';
}

std::string csv_line(const Json& entry) {
  const auto word = [&](const char* name) {
    const auto found = entry.find(name);
    if (found == entry.end() || found->is_null()) return std::string();
    return found->is_string() ? found->get<std::string>() : json_text(*found);
  };
  const auto actor = entry.find("actor");
  const bool has_actor = actor != entry.end() && actor->is_object();
  std::string line = word("id") + "," + word("time") + "," + (has_actor ? json_text((*actor)["id"]) : "") + "," +
                     csv_field(has_actor ? (*actor)["name"].get<std::string>() : "");
  for (const char* name : {"action", "canvas", "target", "detail"}) line += "," + csv_field(word(name));
  return line + "," + word("hash") + "\r\n";
}

HttpResponse text_response(const char* type, std::string text, const Json& next) {
  HttpResponse response;
  response.add("Content-Type", type);
  response.add("Cache-Control", "no-store");
  if (!next.is_null()) response.add("X-Tessera-Next", json_text(next));
  response.body = shared_bytes(text);
  return response;
}

void answer_entries(const CallPtr& call, std::vector<AuditEntry> entries, std::size_t limit) {
  const bool more = entries.size() > limit;
  if (more) entries.resize(limit);
  const Json next = more ? Json(entries.back().id) : Json(nullptr);
  const auto* format = call->find<std::string>("format");
  if (!format || *format == "json") {
    Json items = Json::array();
    for (const AuditEntry& entry : entries) items.push_back(audit_json(entry));
    return call->answer(page_json(std::move(items), next));
  }
  std::string text = *format == "csv" ? "id,time,actor,name,action,canvas,target,detail,hash\r\n" : "";
  for (const AuditEntry& entry : entries) text += *format == "csv" ? csv_line(audit_json(entry)) : json_text(audit_json(entry)) + "\n";
  call->answer(text_response(*format == "csv" ? "text/csv; charset=utf-8" : "application/x-ndjson", std::move(text), next));
}

/// The query of a call; nothing where it cannot be, which then was answered.
std::optional<AuditQuery> query_of(const CallPtr& call) {
  AuditQuery query;
  const auto word = [&](const char* name, std::string& into) {
    if (const auto* text = call->find<std::string>(name)) into = *text;
  };
  if (const auto* actor = call->find<std::uint64_t>("actor")) query.actor = AccountId{static_cast<std::uint32_t>(*actor)};
  word("action", query.action);
  word("canvas", query.canvas);
  word("target", query.target);
  word("q", query.text);
  // Held against the entry's JSON, where quotes and backslashes are escaped.
  const std::string escaped = json_string(query.text);
  query.text = escaped.substr(1, escaped.size() - 2);
  for (const auto& [name, into] : {std::pair("since", &query.since), std::pair("until", &query.until)}) {
    const auto* text = call->find<std::string>(name);
    if (!text) continue;
    *into = parse_time(*text);
    if (*into) continue;
    call->refuse(400, "invalid", std::string(name) + " must be a time such as 2030-01-01T00:00:00Z");
    return std::nullopt;
  }
  query.before = call->number("after");
  return query;
}

void search(const HttpServices& services, const CallPtr& call) {
  auto query = query_of(call);
  if (!query) return;
  if (const auto* format = call->find<std::string>("format"); format && *format != "json" && *format != "csv" && *format != "ndjson")
    return call->refuse(400, "invalid", "format must be json, csv or ndjson");
  const auto limit = static_cast<std::size_t>(call->number("limit"));
  query->limit = limit + 1;
  on_reader(services, call, [call, query = *query, limit](StoreReader& reader) {
    auto entries = reader.audit(query);
    if (!entries) return refuse_store(call, entries.error());
    answer_entries(call, *std::move(entries), limit);
  });
}

/// Goes on past entries that are for staff alone, but not for ever: a page may have fewer items than asked for, and a `next` all the same.
void answer_public(const CallPtr& call, AuditQuery query, std::size_t limit, StoreReader& reader) {
  Json items = Json::array();
  query.limit = entries_at_once;
  for (std::size_t read = 0; read < most_entries_read; read += entries_at_once) {
    const auto entries = reader.audit(query);
    if (!entries) return refuse_store(call, entries.error());
    for (const AuditEntry& entry : *entries) {
      if (items.size() == limit) return call->answer(page_json(std::move(items), Json(query.before)));
      query.before = entry.id;
      if (auto shown = public_entry(entry)) items.push_back(std::move(*shown));
    }
    if (entries->size() < entries_at_once) return call->answer(page_json(std::move(items), Json(nullptr)));
  }
  call->answer(page_json(std::move(items), Json(query.before)));
}

void search_public(const HttpServices& services, const CallPtr& call) {
  if (!services.public_audit()) return call->refuse(404, "not_found", "this server does not show its audit log to everybody");
  if (refuse_often(services.audit_reads, services.clock, call)) return;
  const auto query = query_of(call);
  if (!query) return;
  const auto limit = static_cast<std::size_t>(call->number("limit"));
  on_reader(services, call, [call, query = *query, limit](StoreReader& reader) { answer_public(call, query, limit, reader); });
}

void check(const HttpServices& services, const CallPtr& call) {
  if (refuse_often(services.wide_reads, services.clock, call)) return;
  on_reader(services, call, [call](StoreReader& reader) {
    const auto found = reader.check_audit();
    if (!found) return refuse_store(call, found.error());
    const bool ok = !found->bad && found->what.empty();
    Json json{{"ok", ok}, {"entries", found->entries}, {"head", to_hex(ByteSpan(found->head))}};
    if (!ok) {
      json["bad"] = found->bad ? Json(*found->bad) : Json(nullptr);
      json["detail"] = found->what;
    }
    call->answer(json);
  });
}

std::vector<Parameter> searched() {
  return {{.name = "actor", .kind = ParameterKind::Number, .max = UINT32_MAX, .about = "the id of whoever did it"},
          {.name = "action", .max = most_word_bytes, .about = "a word such as lock.create, or its beginning: lock"},
          {.name = "canvas", .kind = ParameterKind::Name, .about = "its name"},
          {.name = "target", .max = most_word_bytes, .about = "such as account:7"},
          {.name = "since", .max = most_word_bytes, .about = "a time as RFC 3339", .example = "2024-01-01T00:00:00Z"},
          {.name = "until", .max = most_word_bytes, .about = "a time as RFC 3339", .example = "2034-01-01T00:00:00Z"},
          {.name = "q", .min = 3, .max = most_word_bytes, .about = "a text anywhere in the entry"},
          {.name = "format", .max = 8, .about = "json, csv or ndjson", .example = "json"},
          {.name = "limit", .kind = ParameterKind::Number, .min = 1, .max = 1'000, .otherwise = 50, .about = "most items of a page"},
          {.name = "after", .kind = ParameterKind::Number, .max = INT64_MAX, .otherwise = INT64_MAX,
           .about = "`next` of the page before; `X-Tessera-Next` of one that is not JSON"}};
}

}  // namespace

void add_audit_routes(Router& router, const HttpServices& services) {
  struct Search {
    const char* pattern;
    Unknown unknown;
    AddressLimit& limit;
  };
  for (const Search& each : {Search{"/api/v1/audit", Unknown::Refused, services.wide_reads}, Search{"/audit", Unknown::Ignored, services.audit_reads}}) {
    router.add({.pattern = each.pattern,
                .who = Who::Moderator,
                .summary = "The audit log, the newest first; each entry's hash is of all before it",
                .query = searched(),
                .unknown = each.unknown,
                .answers = {{200, "a page", "AuditPage"}, too_many_reads},
                .handler = [&services, &limit = each.limit](const CallPtr& call) {
                  if (!refuse_often(limit, services.clock, call)) search(services, call);
                }});
  }
  std::vector<Parameter> parameters = searched();
  std::erase_if(parameters, [](const Parameter& parameter) { return parameter.name == "q" || parameter.name == "format"; });
  router.add({.pattern = "/api/v1/audit/public",
              .summary = "What staff did, for everybody, where the server shows it (`--public-audit on`); the newest first",
              .query = std::move(parameters),
              .answers = {{200, "a page, which may have fewer items than asked for", "PublicAuditPage"}, {404, "it is not shown here"}, too_many_reads},
              .handler = [&services](const CallPtr& call) { search_public(services, call); }});
  router.add({.pattern = "/api/v1/audit/verify",
              .who = Who::Moderator,
              .summary = "Holds the whole log against its chain of hashes and its seal",
              .answers = {{200, "whether it is as it was written, or the first bad entry", "AuditCheck"}, too_many_reads},
              .handler = [&services](const CallPtr& call) { check(services, call); }});
}

}  // namespace tessera
