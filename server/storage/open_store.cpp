#include "server/storage/open_store.h"

#include "server/storage/memory_store.h"
#include "server/storage/sqlite_store.h"
#include "server/storage/store_url.h"

namespace tessera {

Result<OpenedStore> open_store(std::string_view url, StoreAccess access, RandomSource& random) {
  const auto parsed = parse_store_url(url);
  if (!parsed) return parsed.error();
  OpenedStore opened;
  opened.announce = [](std::string_view) {};
  if (parsed->kind == StoreUrl::Kind::Memory) {
    if (access == StoreAccess::Read) return Error{"memory: keeps nothing between programs: there is nothing to read"};
    opened.kind = "memory";
    opened.store = std::make_unique<MemoryStore>();
    return opened;
  }
  const DataFiles files = DataFiles::at(parsed->path);
  opened.kind = "sqlite";
  opened.database = files.database;
  auto store = SqliteStore::open(files, access, random, opened.notices);
  if (!store) return store.error();
  opened.announce = [&sqlite = **store](std::string_view address) { sqlite.announce(address); };
  opened.store = std::move(*store);
  return opened;
}

}  // namespace tessera
