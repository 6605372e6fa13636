#pragma once

#include <memory>

#include "server/core/ports.h"

namespace tessera {

/// Keeps everything in this process and nothing after it: for tests and `--store memory:`. The contract is the same as
/// every store's. `commit` belongs to one thread, readers to theirs; they meet at a mutex.
class MemoryStore final : public Store {
 public:
  MemoryStore();
  ~MemoryStore() override;

  Result<StoreContents> contents(WallTime now) override;
  CommitResult commit(const WriteSet& set) override;
  Status reopen() override { return {}; }
  Result<Seq> last_seq(CanvasId canvas) override;
  std::uint64_t commits() override { return commits_; }  // which never fail half way
  Result<std::unique_ptr<StoreReader>> reader() override;

  struct State;

 private:
  std::shared_ptr<State> state_;
  std::uint64_t commits_ = 0;
};

}  // namespace tessera
