#include "server/http/schema_parts.h"

namespace tessera {

using namespace schema;

namespace {

Json region() { return object({{"x", integer()}, {"y", integer()}, {"width", integer(1)}, {"height", integer(1)}}); }

Fields with(Fields fields, const Fields& more) {
  fields.insert(fields.end(), more.begin(), more.end());
  return fields;
}

/// One's account, or null: what `or_null` cannot say of a reference.
Json account_or_nobody() {
  Json json{{"type", Json::array({"object", "null"})}};
  json["description"] = "an Account, or null";
  return json;
}

void add_reports(Json& all) {
  const Json state = words_of<ReportState>(report_state_count);
  const Fields own{{"id", integer(1)}, {"state", state}, {"region", region()}, {"reason", text("as it was written: never markup")},
                   {"created", time_text()}, {"changed", time_text()}, {"outcome", text("what staff did, as they say it")}};
  const Fields staffs{{"canvas", text()},
                      {"reporter", ref("Account")},
                      {"handler", account_or_nobody()},
                      {"seq", integer()},
                      {"image_then", text("address of the picture as it was reported")},
                      {"image_now", text("address of the picture as it is")},
                      {"similar", list(integer(1))},
                      {"reporter_reports", integer()},
                      {"reporter_dismissed", integer()},
                      {"version", integer(1)}};
  const Json placer = object({{"account", integer(1)}, {"name", text()}, {"placements", integer(1)}});
  all["OwnReport"] = object(own);
  all["OwnReportPage"] = page("OwnReport", integer(1));
  all["Report"] = object(with(own, staffs));
  all["ReportInFull"] = object(with(with(own, staffs), {{"drawn_by", list(placer)}, {"drawn_by_complete", boolean()}}));
  all["ReportPage"] = page("Report", integer(1));
  all["NewReport"] = with_example(object({{"region", region()}, {"x", integer()}, {"y", integer()}, {"reason", text("1 to 500 bytes, one line")}}, {"region", "x", "y"}),
                                  {{"region", {{"x", 1}, {"y", 1}, {"width", 3}, {"height", 3}}}, {"reason", "somebody drew over the cat"}});
  all["ReportChange"] = with_example(object({{"state", state}, {"outcome", text("told to whoever made it")}, {"also", list(integer(1))}, {"take_over", boolean()}},
                                            {"state", "outcome", "also", "take_over"}),
                                     {{"state", "claimed"}});
}

void add_profiles(Json& all) {
  Fields account{{"id", integer(1)},
                 {"name", text()},
                 {"kind", words_of<AccountKind>(account_kind_count)},
                 {"role", words_of<Role>(role_count)},
                 {"created", time_text()},
                 {"banned_until", or_null(time_text())},
                 {"reason", text("of the ban")},
                 {"note", text()},
                 {"maker", or_null(integer(1))},
                 {"version", integer(1)}};
  const Json placed = object({{"canvas", text()}, {"placements", integer(1)}, {"last", time_text()}, {"complete", boolean()}});
  const Json device = object({{"label", text()}, {"created", time_text()}, {"used", time_text()}, {"expires_at", time_text()}});
  const Json about = object({{"id", integer(1)}, {"canvas", text()}, {"state", words_of<ReportState>(report_state_count)}, {"region", region()}, {"reason", text()}, {"placements", integer(1)}});
  const Json prefix = object({{"prefix", text("names the network, and tells nothing of its address")}, {"bits", integer(24)}, {"accounts", integer(1)}, {"first", time_text()}, {"last", time_text()}});
  all["AccountProfile"] = object(with(account, {{"aliases", list(integer(1))},
                                                {"placements", list(placed)},
                                                {"sessions", list(device)},
                                                {"last_active", or_null(time_text())},
                                                {"bots", list(ref("Account"))},
                                                {"prefixes", list(prefix)},
                                                {"reports_made", integer()},
                                                {"reports_dismissed", integer()},
                                                {"reports", list(ref("Report"))},
                                                {"history", list(ref("AuditEntry"))},
                                                {"reports_about", list(about)},
                                                {"reports_about_complete", boolean()}}));
  all["NewWarning"] = with_example(object({{"text", text("one line, shown to the person")}}), {{"text", "Please leave the cat alone"}});
  Json since = text("a time as RFC 3339, or the seq of a placement");
  since["type"] = Json::array({"string", "integer", "null"});
  all["NewBan"] = with_example(object({{"until", or_null(time_text())},
                                       {"reason", text("shown to the person")},
                                       {"appeal", text("where to appeal: shown to the person behind the reason")},
                                       {"roll_back", or_null(object({{"canvas", text()}, {"since", since}}, {"since"}))}},
                                      {"until", "appeal", "roll_back"}),
                               {{"until", "2034-01-01T00:00:00Z"}, {"reason", "drew over the cat"}, {"appeal", "write to staff@canvas.test"}, {"roll_back", {{"canvas", "main"}}}});
  Json rollback{{"type", Json::array({"object", "null"})}, {"description", "a Rollback, or null"}};
  Json refused{{"type", Json::array({"object", "null"})}, {"description", "code and detail of why nothing was rolled back"}};
  all["Banned"] = object({{"account", ref("StaffAccount")}, {"rollback", std::move(rollback)}, {"rollback_refused", std::move(refused)}});
}

}  // namespace

void add_report_schemas(Json& all) {
  add_reports(all);
  add_profiles(all);
}

}  // namespace tessera
