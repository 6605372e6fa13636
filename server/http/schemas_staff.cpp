#include "server/http/schema_parts.h"
#include "shared/protocol/limits.h"

namespace tessera {

using namespace schema;

namespace {

Fields area_fields() { return {{"x", integer()}, {"y", integer()}, {"width", integer(1)}, {"height", integer(1)}}; }
Json area() { return object(area_fields()); }
Json account_ids() { return list(integer(1)); }

Fields with(Fields fields, Fields more) {
  for (auto& field : more) fields.push_back(std::move(field));
  return fields;
}

void add_locks(Json& all) {
  const Fields rules{{"reason", text("for everyone")},
                     {"expires_at", or_null(time_text())},
                     {"allowed_role", word({"member", "moderator", "admin", "owner"})},
                     {"allowed_accounts", account_ids()}};
  const Fields made{{"id", integer(1)}, {"created_by", ref("Account")}, {"created", time_text()}, {"version", integer(1)}};
  all["Lock"] = object(with(made, with(area_fields(), rules)));
  all["LockPage"] = page("Lock", integer(1));
  const Json example{{"x", 1}, {"y", 1}, {"width", 3}, {"height", 3}, {"reason", "a memorial"}};
  all["NewLock"] = with_example(object(with(area_fields(), rules), {"reason", "expires_at", "allowed_role", "allowed_accounts"}), example);
  all["LockChange"] = with_example(object(with(area_fields(), rules), {"x", "y", "width", "height", "reason", "expires_at", "allowed_role", "allowed_accounts"}),
                                   {{"reason", "a memorial"}});
  all["PlainLock"] = with_example(object({{"x1", integer()}, {"y1", integer()}, {"x2", integer()}, {"y2", integer()}, {"reason", text()}}, {"reason"}),
                                  {{"x1", 1}, {"y1", 1}, {"x2", 3}, {"y2", 3}, {"reason", "a memorial"}});
}

void add_grants(Json& all) {
  const Json role = word({"member", "moderator", "admin"});
  all["Grant"] = object({{"account", ref("Account")}, {"role", role}, {"granted_by", ref("Account")}, {"created", time_text()}, {"version", integer(1)}});
  all["GrantPage"] = page("Grant", integer(1));
  all["NewGrant"] = with_example(object({{"role", role}}), {{"role", "moderator"}});
}

void add_announcements(Json& all) {
  const Fields said{{"text", text("one line")}, {"pinned", boolean()}, {"expires_at", or_null(time_text())}};
  all["Announcement"] = object(with({{"id", integer(1)}, {"created_by", ref("Account")}, {"created", time_text()}, {"version", integer(1)}}, said));
  Json nothing{{"type", "null"}};
  all["AnnouncementPage"] = object({{"items", list(ref("Announcement"))}, {"next", nothing}});
  all["NewAnnouncement"] = with_example(object(said, {"pinned", "expires_at"}), {{"text", "The canvas grows at noon"}});
  all["AnnouncementChange"] = with_example(object(said, {"text", "pinned", "expires_at"}), {{"pinned", true}});
}

void add_rollbacks(Json& all) {
  Json bound = text("a time as RFC 3339, or the seq of a placement");
  bound["type"] = Json::array({"string", "integer", "null"});
  all["NewRollback"] = with_example(object({{"account", or_null(integer(1))},
                                            {"address", or_null(text("of all accounts seen there: an address or network, or one as a profile names it"))},
                                            {"region", or_null(area())},
                                            {"since", bound},
                                            {"until", bound},
                                            {"reason", text()},
                                            {"dry_run", boolean()},
                                            {"wait", boolean()}},
                                           {"account", "address", "region", "since", "until", "reason", "dry_run", "wait"}),
                                    {{"account", 2}, {"dry_run", true}});
  all["RollbackPreview"] = object({{"id", Json{{"type", "null"}}},
                                   {"dry_run", boolean()},
                                   {"cells", integer()},
                                   {"placements", integer()},
                                   {"image", text("address of the picture of what it would look like")},
                                   {"area", or_null(area())},
                                   {"touched", list(object({{"account", integer()}, {"placements", integer(1)}}))},
                                   {"accounts_touched", integer()},
                                   {"first_seq", integer()},
                                   {"last_seq", integer()}});
  all["Rollback"] = object({{"id", integer(1)},
                            {"dry_run", boolean()},
                            {"state", word({"applying", "applied", "undoing", "undone"})},
                            {"cells", integer()},
                            {"placements", integer()},
                            {"image", text("address of a picture")},
                            {"accounts", account_ids()},
                            {"region", or_null(area())},
                            {"first_seq", integer()},
                            {"last_seq", integer()},
                            {"reason", text()},
                            {"created_by", ref("Account")},
                            {"created", time_text()},
                            {"drawn", integer()},
                            {"to_draw", integer()},
                            {"version", integer(1)}});
  all["RollbackPage"] = page("Rollback", integer(1));
}

void add_audit(Json& all) {
  Json actor{{"type", Json::array({"object", "null"})}};
  const Fields entry{{"id", integer(1)},
                     {"time", time_text()},
                     {"actor", std::move(actor)},
                     {"action", text("a word such as lock.create")},
                     {"canvas", or_null(text())},
                     {"target", or_null(text())},
                     {"detail", Json{{"type", "object"}}}};
  all["AuditEntry"] = object(with(entry, {{"hash", text("SHA-256 of the entry before's, then of this one without it")}}));
  all["PublicAuditEntry"] = object(with(entry, {{"public", boolean()}}));
  all["PublicAuditPage"] = page("PublicAuditEntry", integer(1));
  all["AuditPage"] = page("AuditEntry", integer(1));
  all["AuditCheck"] = object({{"ok", boolean()}, {"entries", integer()}, {"head", text("the last entry's hash")}, {"bad", or_null(integer(1))}, {"detail", text()}},
                             {"bad", "detail"});
}

}  // namespace

void add_staff_schemas(Json& all) {
  add_locks(all);
  add_grants(all);
  add_announcements(all);
  add_rollbacks(all);
  add_audit(all);
}

}  // namespace tessera
