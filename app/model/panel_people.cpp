#include "app/model/panel_work.h"

/// People: finding them, one's profile, and what staff may do about them.
namespace tessera {
namespace {

constexpr Duration typing_rests{250'000};

ask::FindAccounts question(const Turn& turn, const std::string& after = {}) {
  return {turn.model.canvas.name, turn.model.staff.people.search, after};
}

void read_profile(Turn& turn) {
  PeopleTab& people = turn.model.staff.people;
  people.profile_asked = ask_question(turn, PanelQuestion{ask::ReadProfile{people.chosen}});
}

void read_around(Turn& turn) {
  PeopleTab& people = turn.model.staff.people;
  const std::string& canvas = canvas_of(turn);
  people.activity_asked = ask_question(turn, PanelQuestion{ask::ReadActivity{canvas, people.chosen}});
  people.grants_asked = ask_question(turn, PanelQuestion{ask::ListGrants{canvas}});
  ask_image(turn, people.placements, ask::ReadPlacedImage{canvas, people.chosen});
}

void profile_came(Turn& turn, const action::Answered& a) {
  PeopleTab& people = turn.model.staff.people;
  people.profile_asked = unasked;
  const auto* profile = panel_answer<ProfileInfo>(a.answer);
  if (!profile || profile->row.account.id != people.chosen) {
    if (!profile) people.profile_error = staff_failure(turn.model, a.response);
    return;
  }
  // What is being written is not taken away.
  if (!people.profile || people.note == people.profile->row.note) people.note = profile->row.note;
  people.profile = *profile;
  people.profile_error.reset();
}

void changed(Turn& turn, Text said) {
  PeopleTab& people = turn.model.staff.people;
  const std::string name = people.profile ? people.profile->row.account.name : std::string();
  turn.tell(Level::Good, {said, {name}});
  if (people.chosen == nobody) return;
  read_profile(turn);
  people.grants_asked = ask_question(turn, PanelQuestion{ask::ListGrants{canvas_of(turn)}});
}

/// What was done about whom, by what was asked.
Text said_of(const PeopleTab& people) { return people.doing; }

void change_account(Turn& turn, AccountWish wish, Text said) {
  PeopleTab& people = turn.model.staff.people;
  if (!people.profile) return;
  const AccountRow& row = people.profile->row;
  if (begin_task(turn, people.task, ask::ChangeAccount{row.account.id, std::move(wish), row.version})) people.doing = said;
}

}  // namespace

void read_people(Turn& turn) {
  PeopleTab& people = turn.model.staff.people;
  if (people.chosen != nobody) {
    if (people.profile_asked == unasked && !people.task.busy()) read_profile(turn);
    return;
  }
  if (people.automation) {
    if (people.suspects.asked == unasked) read_list(turn, people.suspects, ask::FindAutomation{canvas_of(turn)});
    return;
  }
  // One who has scrolled down is not thrown back: it is read anew once something else is searched.
  if (people.list.asked == unasked && !people.search_due && people.list.rows.size() <= 500) read_list(turn, people.list, question(turn));
}

void read_more_people(Turn& turn) {
  PeopleTab& people = turn.model.staff.people;
  if (!people.automation && people.chosen == nobody)
    read_more(turn, people.list, [&](const std::string& after) { return question(turn, after); });
}

void tick_people(Turn& turn) {
  PeopleTab& people = turn.model.staff.people;
  if (!people.search_due || turn.now() < *people.search_due) return;
  people.search_due.reset();
  read_list(turn, people.list, question(turn));
}

bool people_answered(Turn& turn, const action::Answered& a) {
  PeopleTab& people = turn.model.staff.people;
  if (list_answered(turn, people.list, a) || list_answered(turn, people.suspects, a) || image_answered(turn, people.placements, a)) return true;
  if (a.id == people.profile_asked) {
    profile_came(turn, a);
    return true;
  }
  if (a.id == people.activity_asked) {
    people.activity_asked = unasked;
    if (const auto* activity = panel_answer<Activity>(a.answer)) people.activity = *activity;
    return true;
  }
  if (a.id == people.grants_asked) {
    people.grants_asked = unasked;
    if (const auto* grants = panel_answer<answer::Page<GrantRow>>(a.answer)) people.grants = grants->rows;
    return true;
  }
  return task_answered(turn, people.task, a, [&] {
    people.ban = {};
    people.warning.clear();
    if (people.profile && said_of(people) == Text::NoteSaved) people.profile->row.note = people.note;
    changed(turn, said_of(people));
  });
}

void act(Turn& turn, const action::EditSearch& a) {
  PeopleTab& people = turn.model.staff.people;
  if (people.search == a.search) return;
  const bool typed = people.search.text != a.search.text || people.search.address != a.search.address;
  people.search = a.search;
  people.automation = false;
  people.search_due = typed ? turn.now() + typing_rests : turn.now();
}

void act(Turn& turn, const action::ShowAutomation& a) {
  turn.model.staff.people.automation = a.shown;
  read_people(turn);
}

void act(Turn& turn, const action::OpenProfile& a) {
  StaffPanel& staff = turn.model.staff;
  PeopleTab& people = staff.people;
  people.chosen = a.id;
  people.profile.reset();
  people.profile_error.reset();
  people.activity.reset();
  people.placements = {};
  people.grants.reset();
  people.note.clear();
  people.warning.clear();
  people.ban = {};
  people.task = {};
  if (a.id == nobody) return read_people(turn);
  open_staff(turn, StaffTab::People);
  read_around(turn);
}

void act(Turn& turn, const action::EditProfile& a) {
  PeopleTab& people = turn.model.staff.people;
  people.note = a.note;
  people.warning = a.warning;
  people.ban = a.ban;
  people.task.error.reset();
}

void act(Turn& turn, const action::SaveNote&) {
  change_account(turn, {.role = {}, .note = turn.model.staff.people.note, .lift_ban = false}, Text::NoteSaved);
}

void act(Turn& turn, const action::SendWarning&) {
  PeopleTab& people = turn.model.staff.people;
  if (people.warning.empty() || people.chosen == nobody) return;
  if (begin_task(turn, people.task, ask::WarnAccount{people.chosen, people.warning})) people.doing = Text::WarningSent;
}

void act(Turn& turn, const action::SubmitBan&) {
  PeopleTab& people = turn.model.staff.people;
  if (people.chosen == nobody || !people.ban.open) return;
  const auto until = read_until(people.ban.until, server_now(turn.model), turn.model.device.utc_offset);
  if (!until) {
    people.task.error = Phrase{until.error(), {}};
    return;
  }
  BanWish wish{*until, people.ban.reason, people.ban.appeal, people.ban.roll_back, {}};
  if (begin_task(turn, people.task, ask::BanAccount{people.chosen, std::move(wish), canvas_of(turn)}))
    people.doing = people.ban.roll_back ? Text::BannedAndRolledBack : Text::BannedNow;
}

void act(Turn& turn, const action::LiftBan&) { change_account(turn, {.role = {}, .note = {}, .lift_ban = true}, Text::BanLifted); }

void act(Turn& turn, const action::GiveRole& a) { change_account(turn, {.role = a.role, .note = {}, .lift_ban = false}, Text::RoleGiven); }

void act(Turn& turn, const action::GiveGrant& a) {
  PeopleTab& people = turn.model.staff.people;
  if (people.chosen == nobody) return;
  ask::Grant grant{canvas_of(turn), people.chosen, a.role, 0};
  if (!people.grants) return;
  for (const GrantRow& each : *people.grants)
    if (each.account.id == people.chosen) grant.version = each.version;
  if (!a.role && grant.version == 0) return;
  if (begin_task(turn, people.task, std::move(grant))) people.doing = Text::RoleGiven;
}

}  // namespace tessera
