#include <algorithm>

#include "app/model/staff_editor.h"

/// What staff tell everyone, and the drawer in which they do.
namespace tessera {
namespace {

bool is_over(const Model& model, const AnnouncementInfo& announcement) {
  return announcement.expires_ms != 0 && static_cast<std::int64_t>(announcement.expires_ms) <= ms(server_now(model));
}

std::pair<std::string, AnnouncementId> key_of(const Model& model, AnnouncementId id) { return {model.connection.server, id}; }

bool is_dismissed(const Model& model, const AnnouncementInfo& announcement) {
  const auto& all = model.announcements.dismissed;
  return std::find(all.begin(), all.end(), key_of(model, announcement.id)) != all.end();
}

void put(std::vector<AnnouncementInfo>& items, const AnnouncementInfo& announcement) {
  const auto at = std::lower_bound(items.begin(), items.end(), announcement.id,
                                   [](const AnnouncementInfo& each, AnnouncementId id) { return each.id < id; });
  if (at == items.end() || at->id != announcement.id) {
    if (items.size() < limits::announcements) items.insert(at, announcement);
  } else if (at->version <= announcement.version) {
    *at = announcement;
  }
}

void remove(std::vector<AnnouncementInfo>& items, AnnouncementId id) {
  std::erase_if(items, [&](const AnnouncementInfo& each) { return each.id == id; });
}

Result<AnnouncementWish, Phrase> read_form(const Model& model, const AnnouncementEditor& editor) {
  AnnouncementWish wish{editor.form.words, editor.form.pinned, std::nullopt};
  if (wish.words.find_first_not_of(' ') == std::string::npos) return Phrase{Text::AnnouncementEmpty, {}};
  if (wish.words.size() > limits::text_bytes) return Phrase{Text::StaffTextLong, {}};
  const auto until = read_end(model, editor);
  if (!until) return until.error();
  wish.until = *until;
  return wish;
}

void send(Turn& turn, const AnnouncementWish& wanted) {
  AnnouncementEditor& editor = turn.model.announcements.editor;
  editor.mine = wanted;
  if (!editor.base) {
    editor.asked = ask_question(turn, ask::MakeAnnouncement{wanted});
  } else {
    auto fields = differences(wish_of(*editor.base), wanted);
    if (fields.empty()) {
      editor = {};
      return turn.tell(Level::Info, {Text::SetupSame, {}});
    }
    editor.asked = ask_question(turn, ask::ChangeAnnouncement{editor.base->id, wanted, std::move(fields), editor.base->version});
  }
  editor.busy = true;
  editor.error.reset();
}

void done(Turn& turn, const answer::Announcement* answer) {
  AnnouncementBoard& board = turn.model.announcements;
  if (board.editor.ending) {
    remove(board.items, board.editor.base->id);
    turn.tell(Level::Good, {Text::AnnouncementGone, {}});
  } else if (answer) {
    put(board.items, answer->announcement);
    turn.tell(Level::Good, {board.editor.base ? Text::SetupSaved : Text::AnnouncementMade, {}});
  }
  board.editor = {};
}

}  // namespace

AnnouncementForm form_of(const Model& model, const AnnouncementWish& wish) {
  const std::uint64_t expires = wish.until ? static_cast<std::uint64_t>(ms(*wish.until)) : 0;
  return {wish.words, wish.pinned, until_form(language(model), expires, model.device.utc_offset)};
}

std::vector<const AnnouncementInfo*> announced(const Model& model, WhichAnnouncements which) {
  std::vector<const AnnouncementInfo*> found;
  for (const AnnouncementInfo& each : model.announcements.items) {
    const bool hidden = which == WhichAnnouncements::InSight && !each.pinned && is_dismissed(model, each);
    if (!hidden && !is_over(model, each)) found.push_back(&each);
  }
  std::stable_sort(found.begin(), found.end(), [](const AnnouncementInfo* a, const AnnouncementInfo* b) {
    return a->pinned != b->pinned ? a->pinned : a->id > b->id;
  });
  return found;
}

void announcements_came(Turn& turn, const Announcements& message) {
  std::vector<AnnouncementInfo>& items = turn.model.announcements.items;
  items.clear();
  for (const AnnouncementInfo& each : message.announcements) put(items, each);
}

void announcement_changed(Turn& turn, const AnnouncementInfo& announcement) { put(turn.model.announcements.items, announcement); }

void announcement_removed(Turn& turn, AnnouncementId id) {
  AnnouncementBoard& board = turn.model.announcements;
  remove(board.items, id);
  if (board.editor.base && board.editor.base->id == id && !board.editor.busy) board.editor = {};
}

void tick_announcements(Turn& turn) {
  std::erase_if(turn.model.announcements.items, [&](const AnnouncementInfo& each) { return is_over(turn.model, each); });
}

void dismiss_announcement(Model& model, AnnouncementId id) {
  auto& all = model.announcements.dismissed;
  const auto key = key_of(model, id);
  if (std::find(all.begin(), all.end(), key) == all.end()) all.push_back(key);
}

// ---- the drawer ----

void write_announcement(Turn& turn) {
  if (!is_moderator(turn.model) || turn.model.announcements.editor.busy) return;
  turn.model.announcements.editor = {};
  turn.model.announcements.editor.open = true;
}

void edit_announcement(Turn& turn, AnnouncementId id) {
  Model& model = turn.model;
  AnnouncementBoard& board = model.announcements;
  if (!is_moderator(model) || board.editor.busy) return;
  for (const AnnouncementInfo& each : board.items)
    if (each.id == id) begin_editing(model, board.editor, each);
}

void edit_announcement_form(Model& model, const AnnouncementForm& form) {
  AnnouncementEditor& editor = model.announcements.editor;
  if (!editor.open || editor.busy) return;
  editor.form = form;
  editor.error.reset();
}

void submit_announcement(Turn& turn) {
  AnnouncementEditor& editor = turn.model.announcements.editor;
  if (!editor.open || editor.busy || editor.theirs) return;
  const auto wish = read_form(turn.model, editor);
  if (!wish) return fail(editor, wish.error());
  send(turn, *wish);
}

void withdraw_announcement(Turn& turn) {
  AnnouncementEditor& editor = turn.model.announcements.editor;
  if (!editor.base || editor.busy || editor.theirs) return;
  editor.busy = editor.ending = true;
  editor.error.reset();
  editor.asked = ask_question(turn, ask::WithdrawAnnouncement{editor.base->id, editor.base->version});
}

void leave_announcement(Model& model) {
  if (!model.announcements.editor.busy) model.announcements.editor = {};
}

void resolve_announcement(Turn& turn) {
  AnnouncementEditor& editor = turn.model.announcements.editor;
  if (editor.theirs && editor.mine && !editor.busy) send(turn, chosen(turn.model, editor));
}

void announcement_answered(Turn& turn, const Response& response, const QuestionAnswer& answer) {
  AnnouncementEditor& editor = turn.model.announcements.editor;
  editor.asked = unasked;
  editor.busy = false;
  const auto* announcement = std::get_if<answer::Announcement>(&answer);
  if (response.ok()) return done(turn, announcement);
  if (response.status == 412 && announcement) {
    put(turn.model.announcements.items, announcement->announcement);
    return collide(turn, editor, announcement->announcement);
  }
  if (response.status == 404 && editor.base) {
    remove(turn.model.announcements.items, editor.base->id);
    editor = {};
    return turn.tell(Level::Info, {Text::AnnouncementGone, {}});
  }
  editor.ending = false;
  fail(editor, failure(turn.model, response));
}

// ---- both drawers' conflicts ----

void choose_staff_side(Model& model, StaffField field, Side side) {
  choose_side(model.drawer == Drawer::Lock ? model.lock_editor.conflicts : model.announcements.editor.conflicts, field, side);
}

void resolve_staff_conflict(Turn& turn) {
  if (turn.model.drawer == Drawer::Lock) resolve_lock(turn);
  else resolve_announcement(turn);
}

void drop_staff_conflict(Model& model) {
  drop_conflict(model.lock_editor);
  drop_conflict(model.announcements.editor);
}

}  // namespace tessera
