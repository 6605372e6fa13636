#include "server/commands/admin_calls.h"

namespace tessera::admin {
namespace {

const Field canvas{"--canvas", Kind::Text, Where::Path, "canvas", "its name; main by default"};
const Field id{"id", Kind::Number, Where::Path, "id", "its id"};
const Field account_id{"account", Kind::Number, Where::Path, "id", "the account's id"};
const Field name{"name", Kind::Text, Where::Path, "canvas", "the canvas's name"};
const Field reason{"--reason", Kind::Text, Where::Body, "reason", "for everyone who is concerned"};
const Field until{"--until", Kind::Text, Where::Body, "expires_at", "a time such as 2030-01-01T00:00:00Z"};
const Field limit{"--limit", Kind::Number, Where::Query, "limit", "most items"};
const Field after{"--after", Kind::Number, Where::Query, "after", "`next` of the page before"};

const Field since{"--since", Kind::Text, Where::Query, "since", "a time such as 2030-01-01T00:00:00Z"};

const Field confirmed{"confirm", Kind::Text, Where::Body, "name", "the canvas's name once more, to confirm it"};

const std::vector<Field> listed{
    {"--role", Kind::Text, Where::Query, "role", "guest, member, moderator, admin or owner"},
    {"--kind", Kind::Text, Where::Query, "kind", "guest, discord, service or imported"},
    {"--state", Kind::Text, Where::Query, "state", "banned"},
    {"--sort", Kind::Text, Where::Query, "sort", "id, name, placements or seen; --sort=-seen for the other way round"},
    {"--address", Kind::Text, Where::Query, "address", "where it was seen: an address, a network, or one as a profile names it"},
    {"--canvas", Kind::Text, Where::Query, "canvas", "where placements are counted"},
    limit,
    {"--after", Kind::Text, Where::Query, "after", "`next` of the page before"},
};

const std::vector<Field> selection{
    canvas,
    {"--account", Kind::Number, Where::Body, "account", "whose placements"},
    {"--address", Kind::Text, Where::Body, "address", "of all seen there: an address, a network, or one as a profile names it"},
    {"--region", Kind::Area, Where::Body, "region", "x,y,width,height"},
    {"--since", Kind::Text, Where::Body, "since", "a time such as 2030-01-01T00:00:00Z"},
    {"--until", Kind::Text, Where::Body, "until", "the same"},
};

std::vector<Field> with(std::vector<Field> fields, const Field& more) {
  fields.push_back(more);
  return fields;
}

const std::vector<AdminCall> all{
    {"account", "find", "GET", "/accounts", "Finds accounts", with(listed, {"text", Kind::Text, Where::Query, "q", "part of the name, or the id"})},
    {"account", "list", "GET", "/accounts", "Lists accounts, filtered and sorted, with what each placed", listed},
    {"account", "activity", "GET", "/canvases/{canvas}/accounts/{id}/activity", "How much an account placed in each hour",
     {account_id, canvas, {"--days", Kind::Number, Where::Query, "days", "how many, 7 by default"}}},
    {"account", "show", "GET", "/accounts/{id}", "What staff see of an account", {account_id}},
    {"account", "role", "PATCH", "/accounts/{id}", "Gives an account a role", {account_id, {"role", Kind::Text, Where::Body, "role", "guest, member, moderator, admin or owner"}}},
    {"account", "ban", "PATCH", "/accounts/{id}", "Bans an account", {account_id, {"until", Kind::Text, Where::Body, "banned_until", "a time such as 2030-01-01T00:00:00Z"}, reason}},
    {"account", "unban", "PATCH", "/accounts/{id}", "Lifts a ban", {account_id, {"", Kind::Null, Where::Body, "banned_until"}}},
    {"account", "expel", "POST", "/accounts/{id}/ban", "Bans an account, says where to appeal, and rolls back what it placed",
     {account_id, {"reason", Kind::Text, Where::Body, "reason", "for whoever is banned"}, {"--until", Kind::Text, Where::Body, "until", "a time; for good where it is left out"},
      {"--appeal", Kind::Text, Where::Body, "appeal", "where to ask for another look"}, {"--roll-back", Kind::Text, Where::Body, "roll_back.canvas", "a canvas's name"},
      {"--since", Kind::Text, Where::Body, "roll_back.since", "rolls back what was placed from this time on"}}},
    {"account", "warn", "POST", "/accounts/{id}/warn", "Tells an account something that it must say to have read", {account_id, {"text", Kind::Text, Where::Body, "text", "the warning"}}},
    {"account", "note", "PATCH", "/accounts/{id}", "Writes a note for staff", {account_id, {"text", Kind::Text, Where::Body, "note", "of staff, for staff"}}},
    {"canvas", "list", "GET", "/canvases", "The canvases", {limit}},
    {"canvas", "create", "POST", "/canvases", "Makes a canvas", {{"name", Kind::Text, Where::Body, "name", "1 to 64 of a-z 0-9 - _"}, {"size", Kind::Size, Where::Body, "", "WxH in cells"}}},
    {"canvas", "resize", "PATCH", "/canvases/{canvas}", "Changes a canvas's size", {name, {"size", Kind::Size, Where::Body, "", "WxH in cells"}}},
    {"canvas", "pause", "PATCH", "/canvases/{canvas}", "Lets only staff place", {name, {"", Kind::True, Where::Body, "paused"}, {"--message", Kind::Text, Where::Body, "message", "why"}}},
    {"canvas", "resume", "PATCH", "/canvases/{canvas}", "Lets people place again", {name, {"", Kind::False, Where::Body, "paused"}}},
    {"canvas", "archive", "DELETE", "/canvases/{canvas}", "Puts a canvas away; nothing is lost", {name}},
    {"canvas", "restore", "PATCH", "/canvases/{canvas}", "Brings an archived canvas back", {name, {"", Kind::False, Where::Body, "archived"}}},
    {"canvas", "automation", "GET", "/canvases/{canvas}/automation", "Signs that programs place for accounts, the likeliest first", {name, since, limit}},
    {"canvas", "reset", "POST", "/canvases/{canvas}/reset", "Rolls back all that was ever placed; its history stays", {name, confirmed, reason}},
    {"schedule", "list", "GET", "/canvases/{canvas}/schedule", "What will happen on a canvas by itself", {canvas, limit, after}},
    {"schedule", "add", "POST", "/canvases/{canvas}/schedule", "Makes something happen at a time",
     {{"at", Kind::Text, Where::Body, "at", "a time such as 2030-01-01T00:00:00Z"}, {"action", Kind::Text, Where::Body, "action", "pause, resume, resize, palette, policy, announce or reset"},
      {"--params", Kind::Json, Where::Body, "params", "as in the body that does the same at once, such as '{\"width\":2000}'"}, canvas}},
    {"schedule", "remove", "DELETE", "/canvases/{canvas}/schedule/{id}", "Takes an entry out: it will not happen", {id, canvas}},
    {"snapshot", "list", "GET", "/canvases/{canvas}/snapshots", "A canvas's moments that have a name", {canvas, limit, after}},
    {"snapshot", "take", "POST", "/canvases/{canvas}/snapshots", "Gives a canvas as it is now a name", {{"name", Kind::Text, Where::Body, "name", "of the snapshot"}, canvas}},
    {"snapshot", "restore", "POST", "/canvases/{canvas}/snapshots/{id}/restore", "Rolls back all that was placed after it", {id, confirmed, canvas, reason}},
    {"report", "list", "GET", "/canvases/{canvas}/reports", "What players ask staff to look at",
     {canvas, {"--state", Kind::Text, Where::Query, "state", "open, claimed, resolved or dismissed"}, limit, after}},
    {"report", "show", "GET", "/canvases/{canvas}/reports/{id}", "A report, and who placed in its region", {id, canvas}},
    {"report", "change", "PATCH", "/canvases/{canvas}/reports/{id}", "Claims, resolves, dismisses or reopens a report",
     {id, {"state", Kind::Text, Where::Body, "state", "claimed, resolved, dismissed or open"}, canvas, {"--outcome", Kind::Text, Where::Body, "outcome", "for whoever made it"},
      {"--take-over", Kind::Switch, Where::Body, "take_over", "also where somebody else has claimed it"}}},
    {"lock", "list", "GET", "/canvases/{canvas}/locks", "A canvas's locks", {canvas, limit, after}},
    {"lock", "add", "POST", "/canvases/{canvas}/locks", "Locks a rectangle", {{"area", Kind::Area, Where::Body, "", "x,y,width,height"}, canvas, reason, until, {"--role", Kind::Text, Where::Body, "allowed_role", "the least role that may still place"}}},
    {"lock", "change", "PATCH", "/canvases/{canvas}/locks/{id}", "Changes a lock", {id, canvas, {"--area", Kind::Area, Where::Body, "", "x,y,width,height"}, reason, until, {"--role", Kind::Text, Where::Body, "allowed_role", "the least role that may still place"}}},
    {"lock", "lift", "DELETE", "/canvases/{canvas}/locks/{id}", "Lifts a lock", {id, canvas}},
    {"grant", "list", "GET", "/canvases/{canvas}/grants", "Who has a role on a canvas alone", {canvas, limit, after}},
    {"grant", "add", "PUT", "/canvases/{canvas}/grants/{id}", "Gives an account a role on a canvas alone", {account_id, {"role", Kind::Text, Where::Body, "role", "member, moderator or admin"}, canvas}},
    {"grant", "change", "PUT", "/canvases/{canvas}/grants/{id}", "Changes the role that it has there", {account_id, {"role", Kind::Text, Where::Body, "role", "member, moderator or admin"}, canvas}},
    {"grant", "remove", "DELETE", "/canvases/{canvas}/grants/{id}", "Takes it away", {account_id, canvas}},
    {"announcement", "list", "GET", "/announcements", "What staff tell everyone", {}},
    {"announcement", "add", "POST", "/announcements", "Tells everyone something", {{"text", Kind::Text, Where::Body, "text", "one line"}, {"--pinned", Kind::Switch, Where::Body, "pinned", "stays in sight"}, until}},
    {"announcement", "change", "PATCH", "/announcements/{id}", "Changes an announcement", {id, {"--text", Kind::Text, Where::Body, "text", "one line"}, {"--pinned", Kind::Switch, Where::Body, "pinned", "stays in sight"}, until}},
    {"announcement", "withdraw", "DELETE", "/announcements/{id}", "Withdraws an announcement", {id}},
    {"rollback", "preview", "POST", "/canvases/{canvas}/rollbacks", "Tells what a rollback would change", with(selection, {"", Kind::True, Where::Body, "dry_run"})},
    {"rollback", "apply", "POST", "/canvases/{canvas}/rollbacks", "Takes placements away", with(selection, reason)},
    {"rollback", "list", "GET", "/canvases/{canvas}/rollbacks", "A canvas's rollbacks", {canvas, limit, after}},
    {"rollback", "show", "GET", "/canvases/{canvas}/rollbacks/{id}", "A rollback, and how far it is drawn", {id, canvas}},
    {"rollback", "undo", "POST", "/canvases/{canvas}/rollbacks/{id}/undo", "Takes a rollback back as a whole", {id, canvas}},
    {"rollback", "redo", "POST", "/canvases/{canvas}/rollbacks/{id}/redo", "Applies it again", {id, canvas}},
    {"audit", "search", "GET", "/audit", "The audit log, the newest first",
     {{"--actor", Kind::Number, Where::Query, "actor", "the id of whoever did it"}, {"--action", Kind::Text, Where::Query, "action", "a word such as lock.create, or lock"},
      {"--on", Kind::Text, Where::Query, "canvas", "a canvas's name"}, {"--target", Kind::Text, Where::Query, "target", "such as account:7"},
      {"--since", Kind::Text, Where::Query, "since", "a time"}, {"--until", Kind::Text, Where::Query, "until", "a time"},
      {"--text", Kind::Text, Where::Query, "q", "anywhere in the entry"}, {"--format", Kind::Text, Where::Query, "format", "json, csv or ndjson"}, limit, after}},
    {"audit", "verify", "GET", "/audit/verify", "Holds the whole log against its chain and its seal", {}},
    {"server", "history", "GET", "/server/history", "How the server fared, minute by minute over a day", {since}},
    {"server", "state", "GET", "/server/state", "How the server fares now", {}},
    {"invite", "list", "GET", "/invites", "Invitations", {limit, after}},
    {"invite", "add", "POST", "/invites", "Makes an invitation", {{"--to", Kind::Text, Where::Body, "canvas", "a canvas"}, {"--role", Kind::Text, Where::Body, "role", "that it gives"}, {"--uses", Kind::Number, Where::Body, "uses", "how often it may be used"}, until}},
    {"invite", "end", "DELETE", "/invites/{id}", "Ends an invitation", {id}},
};

}  // namespace

std::span<const AdminCall> calls() { return all; }

}  // namespace tessera::admin
