#include "app/platform/storage.h"

#include <doctest/doctest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>

using namespace tessera;

namespace {

struct ConfigFolder {
  std::filesystem::path path = std::filesystem::temp_directory_path() / ("tessera-storage-" + std::to_string(::getpid()));
  ConfigFolder() {
    std::filesystem::remove_all(path);
    ::setenv("XDG_CONFIG_HOME", path.c_str(), 1);
  }
  ~ConfigFolder() {
    ::unsetenv("XDG_CONFIG_HOME");
    std::filesystem::remove_all(path);
  }
};

}  // namespace

TEST_CASE("Storage: what was written is read again, in a file that only its owner can read") {
  const ConfigFolder folder;
  const Storage storage;
  CHECK_FALSE(storage.read("tokens.json").has_value());
  storage.write("tokens.json", "[1]");
  storage.write("tokens.json", "[22]");
  CHECK(Storage().read("tokens.json") == "[22]");
  struct stat status {};
  REQUIRE(::stat((folder.path / "tessera/tokens.json").c_str(), &status) == 0);
  CHECK((status.st_mode & 0777) == 0600);
}

TEST_CASE("Storage: a folder that cannot be written costs what should be remembered, and nothing else") {
  const ConfigFolder folder;
  std::filesystem::create_directories(folder.path.parent_path());
  // A file where the folder should be.
  std::fclose(std::fopen(folder.path.c_str(), "w"));
  const Storage storage;
  storage.write("settings.json", "{}");
  CHECK_FALSE(storage.read("settings.json").has_value());
}
