#pragma once

#include <chrono>
#include <functional>
#include <memory>
#include <optional>
#include <vector>

#include "app/model/actions.h"
#include "app/platform/keyring.h"
#include "app/platform/storage.h"

namespace tessera {

/// Keeps the tokens of the servers that one is signed in to: in the desktop's keyring where one answers, else in a file that
/// only its owner can read. What is in that file moves to the keyring as soon as one takes it. Main thread; a thread of its own
/// asks the keyring, so that nobody waits for one that is slow or locked. In a browser the server's cookie does all that.
class TokenKeeper {
 public:
  struct Setup {
    Storage storage;
    std::shared_ptr<Keyring> keyring;                  ///< nothing: the file alone
    std::chrono::milliseconds patience{2'000};  ///< for a keyring that has not answered when the app ends
  };

  TokenKeeper(Setup setup, std::function<void(Action)> post);
  /// What the keyring has not taken by then is in the file.
  ~TokenKeeper();
  TokenKeeper(const TokenKeeper&) = delete;
  TokenKeeper& operator=(const TokenKeeper&) = delete;

  /// Once, at first. Nothing: they follow by `TokensRead`.
  std::optional<std::vector<SavedToken>> read();
  void write(const std::vector<SavedToken>& tokens);

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace tessera
