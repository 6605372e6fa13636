#include "app/platform/token_keeper.h"

#include <algorithm>
#include <condition_variable>
#include <mutex>
#include <thread>
#include <utility>

#include "app/platform/remembered.h"

namespace tessera {
namespace {

constexpr const char* tokens_file = "tokens.json";
/// For a thread that has been told to give up.
constexpr std::chrono::milliseconds last_moment{500};

/// Of a server that is in both, the first one's.
std::vector<SavedToken> merged(std::vector<SavedToken> first, const std::vector<SavedToken>& second) {
  for (const SavedToken& entry : second) {
    const bool known = std::any_of(first.begin(), first.end(), [&](const SavedToken& e) { return e.server == entry.server; });
    if (!known) first.push_back(entry);
  }
  return first;
}

/// What both threads hold; the keyring's outlives the other's where the keyring never answers.
struct Shared {
  Storage storage;
  std::shared_ptr<Keyring> keyring;
  std::function<void(Action)> post;

  std::mutex mutex;
  std::condition_variable changed;
  std::optional<std::vector<SavedToken>> unsaved;  ///< the newest, until it is kept somewhere
  bool ending = false;
  bool alone = false;  ///< the app has ended: touch nothing any more
  bool ended = false;

  std::vector<SavedToken> in_file() const { return read_tokens(storage.read(tokens_file).value_or("")); }
};

bool in_keyring(const Shared& shared, const std::vector<SavedToken>& tokens) {
  return shared.keyring->write(tokens.empty() ? std::string() : write_tokens(tokens));
}

/// Answers whether the keyring goes on being asked: not one that has refused, or whose person has.
bool read_both(Shared& shared) {
  const auto kept = shared.keyring->read();
  std::vector<SavedToken> file = shared.in_file(), all = merged(file, read_tokens(kept.value_or("")));
  const bool works = kept && (file.empty() || in_keyring(shared, all));
  const std::lock_guard lock(shared.mutex);
  if (shared.alone) return false;
  if (works) shared.storage.remove(tokens_file);
  shared.post(action::TokensRead{std::move(all)});
  return works;
}

/// Answers the same.
bool store(Shared& shared, const std::vector<SavedToken>& tokens, bool worked) {
  const bool works = worked && in_keyring(shared, tokens);
  const std::lock_guard lock(shared.mutex);
  if (shared.alone) return false;
  if (works) shared.storage.remove(tokens_file);
  else shared.storage.write(tokens_file, write_tokens(tokens));
  return works;
}

void serve_keyring(const std::shared_ptr<Shared>& shared) {
  bool works = read_both(*shared);
  std::unique_lock lock(shared->mutex);
  for (;;) {
    shared->changed.wait(lock, [&] { return shared->ending || shared->unsaved; });
    if (!shared->unsaved) break;
    const std::vector<SavedToken> tokens = *shared->unsaved;
    lock.unlock();
    works = store(*shared, tokens, works);
    lock.lock();
    if (shared->unsaved == tokens) shared->unsaved.reset();
  }
  shared->ended = true;
  shared->changed.notify_all();
}

}  // namespace

struct TokenKeeper::Impl {
  std::shared_ptr<Shared> shared = std::make_shared<Shared>();
  std::chrono::milliseconds patience;
  std::thread thread;

  bool ends_within(std::unique_lock<std::mutex>& lock, std::chrono::milliseconds time) const {
    return shared->changed.wait_for(lock, time, [&] { return shared->ended; });
  }
};

TokenKeeper::TokenKeeper(Setup setup, std::function<void(Action)> post) : impl_(std::make_unique<Impl>()) {
  impl_->shared->storage = std::move(setup.storage);
  impl_->shared->keyring = std::move(setup.keyring);
  impl_->shared->post = std::move(post);
  impl_->patience = setup.patience;
}

TokenKeeper::~TokenKeeper() {
  if (!impl_->thread.joinable()) return;
  Shared& shared = *impl_->shared;
  std::unique_lock lock(shared.mutex);
  shared.ending = true;
  shared.changed.notify_all();
  bool ended = impl_->ends_within(lock, impl_->patience);
  if (!ended) {
    lock.unlock();
    shared.keyring->give_up();
    lock.lock();
    ended = impl_->ends_within(lock, last_moment);
  }
  shared.alone = !ended;
  if (shared.unsaved) shared.storage.write(tokens_file, write_tokens(*shared.unsaved));
  lock.unlock();
  if (ended) impl_->thread.join();
  else impl_->thread.detach();
}

std::optional<std::vector<SavedToken>> TokenKeeper::read() {
  if (!impl_->shared->keyring) return impl_->shared->in_file();
  impl_->thread = std::thread(serve_keyring, impl_->shared);
  return std::nullopt;
}

void TokenKeeper::write(const std::vector<SavedToken>& tokens) {
  Shared& shared = *impl_->shared;
  if (!shared.keyring) return shared.storage.write(tokens_file, write_tokens(tokens));
  const std::lock_guard lock(shared.mutex);
  shared.unsaved = tokens;
  shared.changed.notify_all();
}

}  // namespace tessera
