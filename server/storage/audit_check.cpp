#include <algorithm>
#include <string>

#include "server/storage/audit_columns.h"
#include "server/storage/audit_log.h"

namespace tessera {
namespace {

using Step = SqliteStatement::Step;

std::string entry(std::uint64_t id) { return "entry " + std::to_string(id); }

/// Holds row after row against the chain.
class ChainCheck {
 public:
  /// What is wrong with the row, or nothing.
  std::string take(const SqliteStatement& row) {
    const std::uint64_t expected = check_.entries + 1;
    const auto id = row.integer(0);
    if (!id) return "its number is damaged";
    if (*id < 1) return "before the first stands one numbered " + std::to_string(*id);
    if (static_cast<std::uint64_t>(*id) != expected) return "it is missing: the next one is " + std::to_string(*id);
    const auto time = row.integer(1), actor = row.integer(2);
    const auto action = row.text_view(3), canvas = row.text_view(4), target = row.text_view(5), text = row.text_view(6);
    const auto hash = row.blob(7);
    if (!time || !actor || !action || !canvas || !target || !text || !hash || *actor < 0 || *actor > UINT32_MAX)
      return "a value of it is of another type";
    const AuditHash found = hasher_.next(check_.head, *text);
    if (hash->size() != found.size() || !std::equal(found.begin(), found.end(), hash->begin()))
      return "its hash is not that of its text and the entries before";
    if (!columns_fit(
            {expected, WallTime{*time}, AccountId{static_cast<std::uint32_t>(*actor)}, *action, *canvas, *target},
            *text, scratch_))
      return "what it is searched by is not what it says";
    check_.entries = expected;
    check_.head = found;
    if (expected == sealed_.entries) at_seal_ = found;
    return {};
  }

  void expect(const AuditHead& sealed) { sealed_ = sealed; }
  const AuditHash& at_seal() const { return at_seal_; }
  AuditCheck& result() { return check_; }

 private:
  AuditHasher hasher_;
  std::string scratch_;
  AuditCheck check_;
  AuditHead sealed_;
  AuditHash at_seal_{};  // the hash of the entry that is sealed as the last
};

void tell(AuditCheck& check, std::uint64_t bad, std::string what) {
  check.bad = bad;
  check.what = std::move(what);
}

/// The chain is whole: whether it ends where it was sealed.
void check_seal(ChainCheck& chain, const std::optional<StoredSeal>& sealed, const std::optional<AuditKey>& key) {
  AuditCheck& check = chain.result();
  const std::uint64_t next = check.entries + 1;
  const bool nothing_to_prove = check.entries == 0 && (!sealed || sealed->head.entries == 0);
  if (!key) {
    if (!nothing_to_prove)
      tell(check, next,
           "the key of the log's seal is missing: whether entries from " + std::to_string(next) +
               " on were cut away cannot be told");
    return;
  }
  if (!sealed)
    return tell(check, next, "the log's seal is missing: " + entry(next) + " and others may have been cut away");
  if (!same_seal(sealed->seal, seal_audit(*key, sealed->head)))
    return tell(check, next, "the log's seal does not fit: " + entry(next) + " and others may have been cut away");
  const AuditHead& head = sealed->head;
  if (head.entries > check.entries)
    return tell(check, next, entry(next) + " is missing: the log was sealed with " + std::to_string(head.entries));
  if (head.hash != chain.at_seal())
    return tell(check, std::max<std::uint64_t>(head.entries, 1),
                entry(head.entries) + " is not the one that was sealed: it or one before was written anew");
  if (head.entries < check.entries)
    tell(check, head.entries + 1, entry(head.entries + 1) + " was added to the log after it was sealed");
}

}  // namespace

Result<AuditCheck> check_audit_log(SqliteConnection& connection, const std::optional<AuditKey>& key) {
  auto log = AuditLog::open(connection);
  if (!log) return log.error();
  const auto sealed = log->seal();
  if (!sealed) return sealed.error();
  auto rows = connection.prepare("SELECT id, time, actor, action, canvas, target, text, hash FROM audit ORDER BY id");
  if (!rows) return rows.error();
  ChainCheck chain;
  if (*sealed) chain.expect((*sealed)->head);
  for (;;) {
    const Step step = rows->step();
    if (step == Step::Failed) return rows->error();
    if (step == Step::Done) break;
    if (const std::string what = chain.take(*rows); !what.empty()) {
      const std::uint64_t bad = chain.result().entries + 1;
      tell(chain.result(), bad, entry(bad) + ": " + what);
      return chain.result();
    }
  }
  check_seal(chain, *sealed, key);
  return chain.result();
}

}  // namespace tessera
