#include "server/storage/meta_table.h"

#include "server/storage/seal.h"

namespace tessera {
namespace {
std::uint32_t crc_of(const char* name) { return key_crc(SealedTable::Meta, as_bytes(name)); }
}  // namespace

Result<MetaTable> MetaTable::open(SqliteConnection& connection) {
  MetaTable table;
  if (Status status = connection.prepare({
          {&table.read_, "SELECT value FROM meta WHERE name = ?1"},
          {&table.write_, "INSERT OR REPLACE INTO meta (name, value) VALUES (?1, ?2)"},
      });
      !status)
    return status.error();
  return table;
}

Result<std::uint64_t> MetaTable::read(const char* name) {
  StatementUse use(read_);
  use->bind(1, name);
  switch (use->step()) {
    case SqliteStatement::Step::Failed:
      return use->error();
    case SqliteStatement::Step::Done:
      return Error{std::string("the database has no '") + name + "' entry: it is damaged"};
    case SqliteStatement::Step::Row:
      break;
  }
  const auto value = use->blob(0);
  const auto body = value ? unseal(crc_of(name), *value) : std::nullopt;
  if (!body || body->size() != 8) return Error{std::string("the database's '") + name + "' entry is damaged"};
  return ByteReader(*body).u64();
}

Status MetaTable::write(const char* name, std::uint64_t value) {
  Bytes body;
  ByteWriter(body).u64(value);
  const Bytes sealed = seal(crc_of(name), body);
  return write_.bind(1, name).bind(2, ByteSpan(sealed)).run();
}

}  // namespace tessera
