#include "server/storage/audit_log.h"

#include <algorithm>

#include "server/core/audit_text.h"
#include "server/storage/audit_columns.h"

namespace tessera {
namespace {

using Step = SqliteStatement::Step;

/// Numbers above are nobody's doing but a forger's: they must not leave the log without a next one.
constexpr std::int64_t last_sane_id = std::int64_t{1} << 53;

template <typename Array>
bool copy_blob(const std::optional<ByteSpan>& blob, Array& out) {
  if (!blob || blob->size() != out.size()) return false;
  std::copy(blob->begin(), blob->end(), out.begin());
  return true;
}

}  // namespace

Result<AuditLog> AuditLog::open(SqliteConnection& connection) {
  AuditLog log;
  const Status status = connection.prepare({
      {&log.last_, "SELECT id, time, hash FROM audit WHERE id < ?1 ORDER BY id DESC LIMIT 1"},
      {&log.seal_, "SELECT entries, hash, seal FROM audit_head WHERE id = 1"},
      {&log.write_seal_, "INSERT OR REPLACE INTO audit_head (id, entries, hash, seal) VALUES (1, ?1, ?2, ?3)"},
      {&log.insert_,
       "INSERT INTO audit (id, time, actor, action, canvas, target, text, hash) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, "
       "?8)"},
      {&log.insert_words_, "INSERT INTO audit_words (rowid, text) VALUES (?1, ?2)"},
  });
  if (!status) return status.error();
  log.hasher_ = std::make_unique<AuditHasher>();
  return log;
}

Result<AuditEnd> AuditLog::end() {
  StatementUse use(last_);
  use->bind(1, last_sane_id);
  const Step step = use->step();
  if (step == Step::Failed) return use->error();
  AuditEnd end;
  if (step == Step::Done) return end;
  // What is damaged is for the check to tell: the log goes on from what can be read of it.
  end.head.entries = static_cast<std::uint64_t>(std::max<std::int64_t>(use->integer(0).value_or(0), 0));
  end.time = WallTime{use->integer(1).value_or(0)};
  (void)copy_blob(use->blob(2), end.head.hash);
  return end;
}

Result<std::optional<StoredSeal>> AuditLog::seal() {
  StatementUse use(seal_);
  const Step step = use->step();
  if (step == Step::Failed) return use->error();
  StoredSeal stored;
  const auto entries = step == Step::Row ? use->integer(0) : std::nullopt;
  if (!entries || *entries < 0 || !copy_blob(use->blob(1), stored.head.hash) || !copy_blob(use->blob(2), stored.seal))
    return std::optional<StoredSeal>();
  stored.head.entries = static_cast<std::uint64_t>(*entries);
  return std::optional(stored);
}

Status AuditLog::write_seal(const AuditKey& key, const AuditHead& head) {
  const AuditSeal seal = seal_audit(key, head);
  write_seal_.bind(1, static_cast<std::int64_t>(head.entries)).bind(2, ByteSpan(head.hash)).bind(3, ByteSpan(seal));
  return write_seal_.run();
}

Status AuditLog::append(std::span<const AuditRecord> records, const std::optional<AuditKey>& key) {
  if (records.empty()) return {};
  auto end = this->end();
  if (!end) return end.error();
  const auto sealed = seal();
  if (!sealed) return sealed.error();
  const bool trusted = key && *sealed && same_seal((*sealed)->seal, seal_audit(*key, (*sealed)->head));
  const bool as_sealed = trusted && (*sealed)->head == end->head;
  if (trusted) end->head.entries = std::max(end->head.entries, (*sealed)->head.entries);
  for (AuditRecord record : records) {
    record.time = end->time = std::max(record.time, end->time);
    const std::string text = audit_text(++end->head.entries, record);
    end->head.hash = hasher_->next(end->head.hash, text);
    if (Status status = insert(end->head, record, text); !status) return status;
  }
  return as_sealed ? write_seal(*key, end->head) : Status();
}

Status AuditLog::insert(const AuditHead& head, const AuditRecord& record, std::string_view text) {
  const AuditColumns columns = columns_of(head.entries, record);
  const auto id = static_cast<std::int64_t>(columns.id);
  insert_.bind(1, id)
      .bind(2, ms(columns.time))
      .bind(3, static_cast<std::int64_t>(columns.actor))
      .bind(4, columns.action)
      .bind(5, columns.canvas)
      .bind(6, columns.target)
      .bind(7, text)
      .bind(8, ByteSpan(head.hash));
  if (Status status = insert_.run(); !status) return status;
  return insert_words_.bind(1, id).bind(2, text).run();
}

}  // namespace tessera
