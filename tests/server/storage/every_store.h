#pragma once

#include <memory>
#include <vector>

#include <doctest/doctest.h>

#include "server/storage/open_store.h"
#include "tests/server/storage/sample.h"
#include "tests/support/temporary_directory.h"

/// The stores that the contract's tests run over.
namespace tessera {

struct InMemory {
  SeededRandom random{1};
  OpenedStore opened = std::move(*open_store("memory:", StoreAccess::Write, random));
  Store& operator*() { return *opened.store; }
  Store* operator->() { return opened.store.get(); }
};

struct InSqlite {
  TemporaryDirectory directory;
  SeededRandom random{1};
  OpenedStore opened = std::move(*open_store(data_directory_url(directory.path()), StoreAccess::Write, random));
  Store& operator*() { return *opened.store; }
  Store* operator->() { return opened.store.get(); }
};

inline bool stored(Store& store, const WriteSet& set) {
  const CommitResult result = store.commit(set);
  if (result.outcome != CommitOutcome::Stored) MESSAGE(result.message);
  return result.outcome == CommitOutcome::Stored;
}

inline std::unique_ptr<StoreReader> reader_of(Store& store) {
  auto reader = store.reader();
  REQUIRE(reader.ok());
  return std::move(*reader);
}

inline WriteSet checkpoint_of(const std::vector<Placement>& placements, TileIndex tile, Seq until) {
  WriteSet set;
  set.checkpoints.push_back({sample::main_canvas, tile, sample::last_on(placements, tile, until),
                             std::make_shared<const Tile>(sample::replay(placements, tile, until)), false});
  return set;
}

}  // namespace tessera
