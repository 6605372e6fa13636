#include "server/storage/verify.h"

#include <algorithm>
#include <map>
#include <set>
#include <unordered_set>

#include "server/storage/audit_key.h"
#include "server/storage/audit_log.h"
#include "server/storage/data_directory.h"
#include "server/storage/journal_merge.h"
#include "server/storage/log_check.h"
#include "server/storage/meta_table.h"
#include "server/storage/record_tables.h"
#include "server/storage/sqlite_schema.h"
#include "server/storage/store_url.h"

namespace tessera {
namespace {

using Step = SqliteStatement::Step;

/// The first schemas that have joins and invitations, what staff do, events, reports, grants, where accounts were seen, settings.
constexpr std::int64_t people_schema = 2, staff_schema = 3, events_schema = 4, reports_schema = 5, grants_schema = 6, seen_schema = 7, settings_schema = 8;

std::string named(CanvasId canvas) { return "canvas " + std::to_string(static_cast<std::uint32_t>(canvas)); }

/// One run over one database, within one read transaction.
class Verification {
 public:
  Verification(SqliteConnection& connection, const DataFiles& files, const VerifyProgress& progress)
      : connection_(connection), files_(files), progress_(progress) {}

  Status run();
  VerifyReport take_report() { return std::move(report_); }

 private:
  /// The tile whose rows are being replayed.
  struct Replay {
    CanvasId canvas{};
    TileIndex tile;
    Seq last_seq = 0;
    Tile picture;
    std::vector<JournalReading::Checkpoint> checkpoints;  // oldest first
    std::size_t compared = 0;
  };

  void damage(std::string what);
  void note(const Status& status) {
    if (!status) damage(status.error().message);
  }
  template <typename Record>
  Status each(Status (*read)(SqliteConnection&, const VisitRecord<Record>&), const auto& check);
  bool go_on() const { return !report_.stopped && report_.damage.size() < VerifyReport::max_damage; }
  void advance(std::uint64_t placements);

  Status check_structure();
  Status check_meta();
  Status check_records();
  Status check_people();
  Status check_staff();
  void check_events(std::uint64_t last_number);
  void check_reports(std::uint64_t last_number);
  void check_grants(std::uint64_t last_number);
  void check_number(std::uint32_t number, std::uint64_t last, const std::string& of);
  void check_canvas(CanvasId canvas, const std::string& of);
  void check_account(AccountId account, const std::string& of);
  Status check_audit();
  Status check_journal();
  Status check_row(std::int64_t canvas, std::int64_t tile, std::int64_t first, ByteSpan value);
  Status begin_tile(CanvasId canvas, TileIndex tile);
  void end_tile();
  void compare_checkpoint(const JournalReading::Checkpoint& checkpoint);
  void replay_row(const RowView& row);
  Status check_tiles_without_rows();
  Status check_order(CanvasId canvas, const CanvasHead& head);
  void check_accounts();

  SqliteConnection& connection_;
  const DataFiles& files_;
  const VerifyProgress& progress_;
  VerifyReport report_;
  std::int64_t schema_ = 0;
  JournalReading journal_;
  CanvasHeads heads_;
  std::set<CanvasId> canvases_;
  std::unordered_set<std::uint32_t> accounts_;
  std::map<AccountId, std::string> used_accounts_;  // and where
  std::unordered_set<std::uint32_t> authors_;
  std::optional<Replay> replay_;
  std::uint64_t done_ = 0;
  std::uint64_t total_ = 0;
  std::uint64_t told_ = 0;
};

void Verification::damage(std::string what) {
  if (report_.damage.size() < VerifyReport::max_damage) report_.damage.push_back(std::move(what));
}

void Verification::advance(std::uint64_t placements) {
  constexpr std::uint64_t between_calls = 20'000;
  done_ += placements;
  if (!progress_ || done_ - told_ < between_calls) return;
  told_ = done_;
  if (!progress_(done_, total_)) report_.stopped = true;
}

Status Verification::run() {
  if (Status status = connection_.run("PRAGMA cell_size_check = ON; BEGIN"); !status) return status;
  const auto schema = connection_.number("PRAGMA user_version");
  if (!schema) return schema.error();
  schema_ = *schema;
  auto journal = JournalReading::open(connection_);
  if (!journal) return journal.error();
  journal_ = std::move(*journal);
  for (const auto step : {&Verification::check_structure, &Verification::check_meta, &Verification::check_records,
                          &Verification::check_audit, &Verification::check_journal}) {
    if (!go_on()) return {};
    note((this->*step)());
  }
  check_accounts();
  // Only a journal whose rows are whole can be put in order.
  if (report_.damage.empty())
    for (const auto& [canvas, head] : heads_) note(check_order(canvas, head));
  return {};
}

Status Verification::check_structure() {
  auto check = connection_.prepare("PRAGMA integrity_check(20)");
  if (!check) return check.error();
  for (;;) {
    const Step step = check->step();
    if (step == Step::Failed) return check->error();
    if (step == Step::Done) return {};
    if (const std::string line = check->text(0); line != "ok") damage("the file's structure: " + line);
  }
}

Status Verification::check_meta() {
  auto meta = MetaTable::open(connection_);
  if (!meta) return meta.error();
  std::vector<const char*> names{meta_store, meta_commits};
  if (schema_ >= staff_schema) names.push_back(meta_last_number);
  for (const char* name : names)
    if (const auto value = meta->read(name); !value) damage(value.error().message);
  const auto count = connection_.number("SELECT count(*) FROM meta");
  if (!count) return count.error();
  if (*count != static_cast<std::int64_t>(names.size()))
    damage("the table 'meta' has " + std::to_string(*count) + " rows, not " + std::to_string(names.size()));
  return {};
}

template <typename Record>
Status Verification::each(Status (*read)(SqliteConnection&, const VisitRecord<Record>&), const auto& check) {
  return read(connection_, [&](Result<Record> record) {
    if (record)
      check(*record);
    else
      damage(record.error().message);
    return go_on();
  });
}

Status Verification::check_records() {
  std::set<std::string> names;
  note(each<CanvasRecord>(read_canvases, [&](const CanvasRecord& record) {
    canvases_.insert(record.id);
    if (!record.archived && !names.insert(record.name).second) damage("two canvases are named '" + record.name + "'");
  }));
  report_.canvases = canvases_.size();
  note(each<StoredHead>(read_heads, [&](const StoredHead& head) {
    heads_.insert(head);
    total_ += 2 * head.second.last_seq;
    if (!canvases_.contains(head.first)) damage(named(head.first) + " has placements but no record");
  }));
  for (CanvasId canvas : canvases_)
    if (!heads_.contains(canvas)) damage(named(canvas) + " has no entry in table 'heads'");

  std::map<CanvasId, NumberedEvent> last;
  note(each<NumberedEvent>(read_events, [&](const NumberedEvent& event) {
    const auto before = last.find(event.canvas);
    const std::string where = "event " + std::to_string(event.number) + " of " + named(event.canvas);
    if (event.number != (before == last.end() ? 0 : before->second.number) + 1)
      damage(where + " does not follow the one before");
    if (before != last.end() && event.event.after_seq < before->second.event.after_seq)
      damage(where + " stands before the one before");
    const auto head = heads_.find(event.canvas);
    if (head == heads_.end() || event.event.after_seq > head->second.last_seq)
      damage(where + " stands after a placement that is not there");
    last[event.canvas] = event;
  }));
  note(each<AccountRecord>(read_accounts, [&](const AccountRecord& record) {
    accounts_.insert(static_cast<std::uint32_t>(record.id));
    const std::string who = "account " + std::to_string(static_cast<std::uint32_t>(record.id));
    for (const AccountId other : {record.alias_of, record.maker, record.charged})
      if (other != nobody) used_accounts_[other] = who;
  }));
  report_.accounts = accounts_.size();
  note(each<SessionRecord>(read_sessions, [&](const SessionRecord& session) {
    if (session.kind != SessionKind::OwnerLink) used_accounts_[session.account] = "a session";
  }));
  note(check_people());
  note(check_staff());
  if (schema_ >= seen_schema)
    note(each<SeenRecord>(read_seen, [&](const SeenRecord& seen) { check_account(seen.account, "where an account was seen"); }));
  if (schema_ >= settings_schema) note(each<std::string>(read_settings, [](const std::string&) {}));
  note(each<BatchOutcomes>(read_outcomes, [](const BatchOutcomes&) {}));
  note(each<SavedCharges>(read_charges, [](const SavedCharges&) {}));
  return {};
}

Status Verification::check_people() {
  if (schema_ < people_schema) return {};
  note(each<JoinRecord>(read_joins, [&](const JoinRecord& join) {
    used_accounts_[join.account] = "a join";
    check_canvas(join.canvas, "a join");
  }));
  note(each<InviteRecord>(read_invites, [&](const InviteRecord& invite) {
    used_accounts_[invite.maker] = "an invitation";
    if (invite.canvas) check_canvas(*invite.canvas, "an invitation");
  }));
  return {};
}

void Verification::check_canvas(CanvasId canvas, const std::string& of) {
  if (!canvases_.contains(canvas)) damage(named(canvas) + " of " + of + " is not stored");
}

void Verification::check_account(AccountId account, const std::string& of) {
  if (account != nobody) used_accounts_[account] = of;
}

void Verification::check_number(std::uint32_t number, std::uint64_t last, const std::string& of) {
  if (number == 0 || number > last) damage(of + " has a number above the last that was given, " + std::to_string(last));
}

Status Verification::check_staff() {
  if (schema_ < staff_schema) return {};
  auto meta = MetaTable::open(connection_);
  if (!meta) return meta.error();
  const auto last = meta->read(meta_last_number);
  if (!last) return {};  // told already
  const auto number_of = [](auto id) { return static_cast<std::uint32_t>(id); };
  note(each<LockRecord>(read_locks, [&](const LockRecord& lock) {
    const std::string what = "lock " + std::to_string(number_of(lock.id));
    check_number(number_of(lock.id), *last, what);
    check_canvas(lock.canvas, what);
    check_account(lock.maker, what);
    for (const AccountId account : lock.accounts) check_account(account, what);
  }));
  note(each<AnnouncementRecord>(read_announcements, [&](const AnnouncementRecord& record) {
    const std::string what = "announcement " + std::to_string(number_of(record.id));
    check_number(number_of(record.id), *last, what);
    check_account(record.maker, what);
  }));
  note(each<RollbackRecord>(read_rollbacks, [&](const RollbackRecord& rollback) {
    const std::string what = "rollback " + std::to_string(number_of(rollback.id));
    check_number(number_of(rollback.id), *last, what);
    check_canvas(rollback.canvas, what);
    check_account(rollback.maker, what);
    for (const AccountId account : rollback.selection.accounts) check_account(account, what);
    const auto head = heads_.find(rollback.canvas);
    if (head != heads_.end() && rollback.selection.until > head->second.last_seq) damage(what + " selects placements that are not there");
  }));
  if (schema_ >= events_schema) check_events(*last);
  if (schema_ >= reports_schema) check_reports(*last);
  if (schema_ >= grants_schema) check_grants(*last);
  return {};
}

void Verification::check_events(std::uint64_t last_number) {
  note(each<ScheduleRecord>(read_schedule, [&](const ScheduleRecord& entry) {
    const auto number = static_cast<std::uint32_t>(entry.id);
    const std::string what = "schedule entry " + std::to_string(number);
    check_number(number, last_number, what);
    check_canvas(entry.canvas, what);
    check_account(entry.maker, what);
  }));
  note(each<SnapshotRecord>(read_snapshots, [&](const SnapshotRecord& snapshot) {
    const auto number = static_cast<std::uint32_t>(snapshot.id);
    const std::string what = "snapshot " + std::to_string(number);
    check_number(number, last_number, what);
    check_canvas(snapshot.canvas, what);
    check_account(snapshot.maker, what);
    const auto head = heads_.find(snapshot.canvas);
    if (head != heads_.end() && snapshot.seq > head->second.last_seq) damage(what + " is of a placement that is not there");
  }));
}

void Verification::check_reports(std::uint64_t last_number) {
  note(each<ReportRecord>(read_reports, [&](const ReportRecord& report) {
    const std::string what = "report " + std::to_string(static_cast<std::uint32_t>(report.id));
    check_number(static_cast<std::uint32_t>(report.id), last_number, what);
    check_canvas(report.canvas, what);
    check_account(report.reporter, what);
    check_account(report.handler, what);
    const auto head = heads_.find(report.canvas);
    if (head != heads_.end() && report.seq > head->second.last_seq) damage(what + " is of a placement that is not there");
  }));
}

void Verification::check_grants(std::uint64_t last_number) {
  note(each<GrantRecord>(read_grants, [&](const GrantRecord& grant) {
    const std::string what = "the role of account " + std::to_string(static_cast<std::uint32_t>(grant.account)) + " on " + named(grant.canvas);
    check_number(grant.version, last_number, what);
    check_canvas(grant.canvas, what);
    check_account(grant.account, what);
    check_account(grant.maker, what);
  }));
}

Status Verification::check_audit() {
  if (schema_ < staff_schema) return {};
  const auto check = check_audit_log(connection_, read_audit_key(files_.audit_key));
  if (!check) return check.error();
  report_.audit_entries = check->entries;
  report_.audit_head = check->head;
  if (check->bad) damage("the audit log: " + check->what);
  return {};
}

Status Verification::check_journal() {
  auto rows = connection_.prepare("SELECT canvas, tile, first, value FROM journal ORDER BY canvas, tile, first");
  if (!rows) return rows.error();
  while (go_on()) {
    const Step step = rows->step();
    if (step == Step::Failed) return rows->error();
    if (step == Step::Done) break;
    const auto canvas = rows->integer(0), tile = rows->integer(1), first = rows->integer(2);
    const auto value = rows->blob(3);
    if (!canvas || !tile || !first || !value || *canvas < 0 || *canvas > UINT32_MAX || *tile < 0 ||
        *tile > UINT16_MAX) {
      damage("a row of table 'journal' has a damaged key");
      continue;
    }
    if (Status status = check_row(*canvas, *tile, *first, *value); !status) return status;
  }
  end_tile();
  return check_tiles_without_rows();
}

Status Verification::check_row(std::int64_t canvas, std::int64_t tile, std::int64_t first, ByteSpan value) {
  const RowKey key{CanvasId{static_cast<std::uint32_t>(canvas)}, TileIndex::from_key(static_cast<std::uint16_t>(tile)),
                   static_cast<Seq>(first)};
  if (!replay_ || replay_->canvas != key.canvas || replay_->tile != key.tile) {
    end_tile();
    if (Status status = begin_tile(key.canvas, key.tile); !status) return status;
  }
  ++report_.rows;
  const auto row = RowView::open(key, value);
  if (!row) {
    damage(row.error().message);
    replay_->checkpoints.clear();  // what follows cannot be compared any more
    return {};
  }
  replay_row(*row);
  return {};
}

Status Verification::begin_tile(CanvasId canvas, TileIndex tile) {
  Replay& replay = replay_.emplace(Replay{});
  replay.canvas = canvas;
  replay.tile = tile;
  if (!heads_.contains(canvas)) damage("the journal has rows of " + named(canvas) + ", which does not exist");
  for (Seq at = UINT64_MAX;;) {
    auto checkpoint = journal_.checkpoint(canvas, tile, at);
    if (!checkpoint) {
      damage(checkpoint.error().message);
      break;
    }
    if (!*checkpoint) break;
    ++report_.checkpoints;
    at = (*checkpoint)->seq;
    replay.checkpoints.insert(replay.checkpoints.begin(), std::move(**checkpoint));
    if (at == 0) break;
    --at;
  }
  if (!replay.checkpoints.empty() && replay.checkpoints.front().seq == 0)
    replay.picture = *replay.checkpoints.front().picture;
  return {};
}

void Verification::replay_row(const RowView& row) {
  Replay& replay = *replay_;
  if (row.first_seq() <= replay.last_seq)
    damage("journal rows of " + describe(replay.canvas, replay.tile) + " overlap at seq " +
           std::to_string(row.first_seq()));
  Seq painted = 0;
  for (; replay.compared < replay.checkpoints.size(); ++replay.compared) {
    const auto& checkpoint = replay.checkpoints[replay.compared];
    if (checkpoint.seq >= row.last_seq()) break;
    row.paint(replay.picture, painted, checkpoint.seq, replay.last_seq);
    painted = checkpoint.seq;
    compare_checkpoint(checkpoint);
  }
  row.paint(replay.picture, painted, UINT64_MAX, replay.last_seq);
  for (std::size_t i = 0; i < row.count(); ++i) authors_.insert(static_cast<std::uint32_t>(row.account(i)));
  report_.placements += row.count();
  advance(row.count());
}

void Verification::compare_checkpoint(const JournalReading::Checkpoint& checkpoint) {
  if (*checkpoint.picture == replay_->picture) return;
  damage("the checkpoint of " + describe(replay_->canvas, replay_->tile) + " at seq " + std::to_string(checkpoint.seq) +
         " is not what the journal gives");
}

void Verification::end_tile() {
  if (!replay_) return;
  const auto head = heads_.find(replay_->canvas);
  for (; replay_->compared < replay_->checkpoints.size(); ++replay_->compared) {
    const auto& checkpoint = replay_->checkpoints[replay_->compared];
    compare_checkpoint(checkpoint);
    if (head == heads_.end() || checkpoint.seq > head->second.last_seq)
      damage("the checkpoint of " + describe(replay_->canvas, replay_->tile) + " is of seq " +
             std::to_string(checkpoint.seq) + ", which its canvas has not reached");
  }
  replay_.reset();
}

Status Verification::check_tiles_without_rows() {
  auto tiles = connection_.prepare(
      "SELECT DISTINCT canvas, tile FROM checkpoints WHERE NOT EXISTS "
      "(SELECT 1 FROM journal WHERE journal.canvas = checkpoints.canvas AND journal.tile = checkpoints.tile)");
  if (!tiles) return tiles.error();
  while (go_on()) {
    const Step step = tiles->step();
    if (step == Step::Failed) return tiles->error();
    if (step == Step::Done) return {};
    const auto canvas = tiles->integer(0), tile = tiles->integer(1);
    if (!canvas || !tile || *canvas < 0 || *canvas > UINT32_MAX || *tile < 0 || *tile > UINT16_MAX) {
      damage("a row of table 'checkpoints' has a damaged key");
      continue;
    }
    if (Status status = begin_tile(CanvasId{static_cast<std::uint32_t>(*canvas)},
                                   TileIndex::from_key(static_cast<std::uint16_t>(*tile)));
        !status)
      return status;
    end_tile();
  }
  return {};
}

void Verification::check_accounts() {
  for (std::uint32_t author : authors_)
    if (author != 0 && !accounts_.contains(author))
      damage("account " + std::to_string(author) + " drew, but is not stored");
  for (const auto& [account, where] : used_accounts_)
    if (!accounts_.contains(static_cast<std::uint32_t>(account)))
      damage("account " + std::to_string(static_cast<std::uint32_t>(account)) + " of " + where + " is not stored");
}

Status Verification::check_order(CanvasId canvas, const CanvasHead& head) {
  constexpr std::size_t at_once = 65'536;
  JournalMerge merge(journal_, canvas);
  if (Status status = merge.start(0); !status) return status;
  CanvasHead last;
  for (std::vector<Placement> placements; go_on(); placements.clear()) {
    if (Status status = merge.next(at_once, placements); !status) return status;
    for (const Placement& placement : placements) {
      if (placement.seq != last.last_seq + 1)
        return Error{named(canvas) + ": after placement " + std::to_string(last.last_seq) + " comes " +
                     std::to_string(placement.seq)};
      if (placement.time < last.last_time)
        return Error{named(canvas) + ": placement " + std::to_string(placement.seq) + " is older than the one before"};
      last = {placement.seq, placement.time};
    }
    advance(placements.size());
    if (placements.size() < at_once) break;
  }
  if (go_on() && last != head)
    return Error{named(canvas) + ": its journal ends at placement " + std::to_string(last.last_seq) + ", not at " +
                 std::to_string(head.last_seq)};
  return {};
}

}  // namespace

Result<VerifyReport> verify_store(std::string_view url, const VerifyProgress& progress) {
  const auto parsed = parse_store_url(url);
  if (!parsed) return parsed.error();
  if (parsed->kind == StoreUrl::Kind::Memory)
    return Error{"memory: keeps nothing between programs: there is nothing to verify"};
  const DataFiles files = DataFiles::at(parsed->path);
  std::error_code ignored;
  if (!std::filesystem::exists(files.database, ignored))
    return Error{"there is no database at " + files.database.string()};
  auto connection = SqliteConnection::open(files.database.string(), SqliteConnection::Mode::Read);
  if (!connection) return connection.error();
  if (Status status = check_schema(*connection, sqlite_migrations()); !status)
    return Error{files.database.string() + ": " + status.error().message};

  Verification verification(*connection, files, progress);
  if (Status status = verification.run(); !status) return status.error();
  VerifyReport report = verification.take_report();
  if (Status log = check_log(files.database); !log) report.damage.insert(report.damage.begin(), log.error().message);
  return report;
}

}  // namespace tessera
