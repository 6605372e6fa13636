#include "app/platform/token_keeper.h"

#include <doctest/doctest.h>
#include <unistd.h>

#include <condition_variable>
#include <cstdlib>
#include <filesystem>
#include <mutex>

#include "app/platform/remembered.h"

using namespace tessera;

namespace {

using Tokens = std::vector<SavedToken>;

const SavedToken here{"http://here", "one"}, here_later{"http://here", "two"}, there{"https://there", "three"};

/// Answers as it is told to; one that is silent does so only when it is given up.
class FakeKeyring : public Keyring {
 public:
  enum class Mood { Willing, Refusing, Silent };

  std::optional<std::string> read() override {
    std::unique_lock lock(mutex_);
    if (!answers(lock)) return std::nullopt;
    return kept_;
  }
  bool write(const std::string& text) override {
    std::unique_lock lock(mutex_);
    if (!answers(lock)) return false;
    kept_ = text;
    return true;
  }
  void give_up() override {
    const std::lock_guard lock(mutex_);
    if (!stubborn) given_up_ = true;
    changed_.notify_all();
  }

  void set(Mood mood) {
    const std::lock_guard lock(mutex_);
    mood_ = mood;
    changed_.notify_all();
  }
  void keep(const Tokens& tokens) { kept_ = write_tokens(tokens); }
  Tokens kept() {
    const std::lock_guard lock(mutex_);
    return read_tokens(kept_);
  }
  std::string text() {
    const std::lock_guard lock(mutex_);
    return kept_;
  }

  bool stubborn = false;  ///< goes on being silent even then

 private:
  bool answers(std::unique_lock<std::mutex>& lock) {
    changed_.wait(lock, [&] { return given_up_ || mood_ != Mood::Silent; });
    return !given_up_ && mood_ == Mood::Willing;
  }

  std::mutex mutex_;
  std::condition_variable changed_;
  Mood mood_ = Mood::Willing;
  bool given_up_ = false;
  std::string kept_;
};

struct KeeperFixture {
  std::filesystem::path folder = std::filesystem::temp_directory_path() / ("tessera-tokens-" + std::to_string(::getpid()));
  std::shared_ptr<FakeKeyring> keyring = std::make_shared<FakeKeyring>();
  std::mutex mutex;
  std::condition_variable changed;
  std::optional<Tokens> posted;

  KeeperFixture() {
    std::filesystem::remove_all(folder);
    ::setenv("XDG_CONFIG_HOME", folder.c_str(), 1);
  }
  ~KeeperFixture() {
    keyring->set(FakeKeyring::Mood::Refusing);  // lets a thread go that was left behind
    ::unsetenv("XDG_CONFIG_HOME");
    std::filesystem::remove_all(folder);
  }

  std::unique_ptr<TokenKeeper> open(std::shared_ptr<Keyring> with, std::chrono::milliseconds patience = std::chrono::minutes{1}) {
    return std::make_unique<TokenKeeper>(TokenKeeper::Setup{Storage(), std::move(with), patience}, [this](Action action) {
      const std::lock_guard lock(mutex);
      posted = std::get<action::TokensRead>(action).tokens;
      changed.notify_all();
    });
  }
  Tokens when_read() {
    std::unique_lock lock(mutex);
    changed.wait(lock, [&] { return posted.has_value(); });
    return *posted;
  }
  /// What a new start of the app would read, with this keyring.
  Tokens read_again() {
    posted.reset();
    auto keeper = open(keyring);
    REQUIRE_FALSE(keeper->read().has_value());
    return when_read();
  }

  void write_file(const Tokens& tokens) const { Storage().write("tokens.json", write_tokens(tokens)); }
  Tokens in_file() const { return read_tokens(Storage().read("tokens.json").value_or("")); }
  bool has_file() const { return std::filesystem::exists(folder / "tessera/tokens.json"); }
};

}  // namespace

TEST_CASE("TokenKeeper: without a keyring tokens are in the file, at once") {
  KeeperFixture fixture;
  fixture.write_file({here});
  const auto keeper = fixture.open(nullptr);
  CHECK(keeper->read() == Tokens{here});
  keeper->write({here_later, there});
  CHECK(fixture.in_file() == Tokens{here_later, there});
}

TEST_CASE("TokenKeeper: with a keyring no file holds a token") {
  KeeperFixture fixture;
  {
    const auto keeper = fixture.open(fixture.keyring);
    CHECK_FALSE(keeper->read().has_value());
    CHECK(fixture.when_read().empty());
    keeper->write({here});
    keeper->write({here_later, there});
  }
  CHECK(fixture.keyring->kept() == Tokens{here_later, there});
  CHECK_FALSE(fixture.has_file());
  CHECK(fixture.read_again() == Tokens{here_later, there});
}

TEST_CASE("TokenKeeper: signed out everywhere, nothing is left in the keyring") {
  KeeperFixture fixture;
  fixture.keyring->keep({here});
  {
    const auto keeper = fixture.open(fixture.keyring);
    CHECK_FALSE(keeper->read().has_value());
    keeper->write({});
  }
  CHECK(fixture.keyring->text().empty());
}

TEST_CASE("TokenKeeper: what is in the file moves to the keyring, and is the newer where both know a server") {
  KeeperFixture fixture;
  fixture.write_file({here_later});
  fixture.keyring->keep({here, there});
  CHECK(fixture.read_again() == Tokens{here_later, there});
  CHECK(fixture.keyring->kept() == Tokens{here_later, there});
  CHECK_FALSE(fixture.has_file());
}

TEST_CASE("TokenKeeper: a keyring that refuses leaves all in the file") {
  KeeperFixture fixture;
  fixture.write_file({here});
  fixture.keyring->set(FakeKeyring::Mood::Refusing);
  {
    const auto keeper = fixture.open(fixture.keyring);
    CHECK_FALSE(keeper->read().has_value());
    CHECK(fixture.when_read() == Tokens{here});
    keeper->write({here, there});
  }
  CHECK(fixture.in_file() == Tokens{here, there});
}

TEST_CASE("TokenKeeper: one that refuses to store what it gave leaves it in the file") {
  KeeperFixture fixture;
  fixture.keyring->keep({here});
  {
    const auto keeper = fixture.open(fixture.keyring);
    CHECK_FALSE(keeper->read().has_value());
    CHECK(fixture.when_read() == Tokens{here});
    fixture.keyring->set(FakeKeyring::Mood::Refusing);
    keeper->write({here, there});
  }
  CHECK(fixture.in_file() == Tokens{here, there});
  fixture.keyring->set(FakeKeyring::Mood::Willing);
  CHECK(fixture.read_again() == Tokens{here, there});
  CHECK_FALSE(fixture.has_file());
}

TEST_CASE("TokenKeeper: a keyring that never answers holds nobody up, and loses nothing") {
  for (const bool stubborn : {false, true}) {
    CAPTURE(stubborn);
    KeeperFixture fixture;
    fixture.keyring->set(FakeKeyring::Mood::Silent);
    fixture.keyring->stubborn = stubborn;
    {
      const auto keeper = fixture.open(fixture.keyring, std::chrono::milliseconds{0});
      CHECK_FALSE(keeper->read().has_value());
      keeper->write({here});
    }
    CHECK(fixture.in_file() == Tokens{here});
  }
}
