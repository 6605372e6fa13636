#include "server/http/schema_parts.h"

namespace tessera {

using namespace schema;

void add_event_schemas(Json& all) {
  const Json params{{"type", "object"}, {"description", "as in the body that does the same at once"}};
  const Fields wanted{{"at", time_text()}, {"action", words_of<ScheduledAction>(scheduled_action_count)}, {"params", params}};
  Fields made{{"id", integer(1)}, {"created_by", ref("Account")}, {"created", time_text()}};
  made.insert(made.end(), wanted.begin(), wanted.end());
  all["Schedule"] = object(made);
  all["SchedulePage"] = page("Schedule", integer(1));
  all["NewSchedule"] = with_example(object(wanted, {"params"}), {{"at", "2099-01-01T12:00:00Z"}, {"action", "resize"}, {"params", {{"width", 2'000}}}});
  all["Snapshot"] = object({{"id", integer(1)},
                            {"name", text()},
                            {"seq", integer()},
                            {"image", text("address of the picture of it")},
                            {"created_by", ref("Account")},
                            {"created", time_text()}});
  all["SnapshotPage"] = page("Snapshot", integer(1));
  all["NewSnapshot"] = with_example(object({{"name", text()}}), {{"name", "before the party"}});
  all["Confirmation"] = with_example(object({{"name", text("the canvas's")}, {"reason", text()}, {"wait", boolean()}}, {"reason", "wait"}),
                                     {{"name", "main"}, {"reason", "a new round"}});
}

}  // namespace tessera
