#include "server/serve/plan.h"

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>

#include <doctest/doctest.h>

using namespace tessera;

namespace {

using std::filesystem::perms;

/// A file with a secret in it, and nobody's but the test's while it lives.
struct KeptSecret {
  std::string path;

  KeptSecret(const std::string& name, perms rights) : path(std::filesystem::temp_directory_path() / name) {
    std::ofstream(path) << "a-secret-that-is-long-enough-1234\n";
    std::filesystem::permissions(path, rights);
  }
  ~KeptSecret() { std::filesystem::remove(path); }
};

/// What is warned of about files, with these settings.
std::vector<std::string> told(const ServeSettings& settings) {
  const auto plan = make_plan(settings);
  REQUIRE(plan);
  std::vector<std::string> all = warnings(*plan);
  std::erase_if(all, [](const std::string& warning) { return warning.find("chmod") == std::string::npos; });
  return all;
}

}  // namespace

TEST_CASE("Plan: a key of TLS that everybody on the machine may read is warned of, with what to do") {
  const perms own = perms::owner_read | perms::owner_write;
  const KeptSecret key("tessera-plan-test.pem", own | perms::group_read | perms::others_read);
  ServeSettings settings;
  settings.tls_cert = settings.tls_key = key.path;
  CHECK(told(settings) == std::vector<std::string>{"--tls-key names a file that is open to everybody on this machine: chmod 600 " + key.path});
  std::filesystem::permissions(key.path, own | perms::group_read);  // of a group that was made for it
  CHECK(told(settings).empty());
  std::filesystem::permissions(key.path, own);
  CHECK(told(settings).empty());
  settings.tls_cert = settings.tls_key = "/nowhere/key.pem";  // told of when it is read
  CHECK(told(settings).empty());
}

TEST_CASE("Plan: so is the file of a secret, by its variable and without the secret; not where the variable itself counts") {
  const KeptSecret token("tessera-plan-test.token", perms::owner_read | perms::others_read);
  setenv("TESSERA_OWNER_TOKEN_FILE", token.path.c_str(), 1);
  const auto of_file = told({});
  setenv("TESSERA_OWNER_TOKEN", "another-secret-that-is-long-enough", 1);
  const auto of_variable = told({});
  unsetenv("TESSERA_OWNER_TOKEN");
  unsetenv("TESSERA_OWNER_TOKEN_FILE");
  CHECK(of_file == std::vector<std::string>{"TESSERA_OWNER_TOKEN_FILE names a file that is open to everybody on this machine: chmod 600 " + token.path});
  CHECK(of_variable.empty());
  CHECK(told({}).empty());
}
