#include "server/storage/open_store.h"

#include <doctest/doctest.h>

#include "server/storage/store_url.h"
#include "tests/support/temporary_directory.h"

namespace tessera {
namespace {

TEST_CASE("Store URL: a directory or a file by its absolute path, or memory") {
  const auto directory = parse_store_url("sqlite:///srv/tessera");
  REQUIRE(directory.ok());
  CHECK(directory->kind == StoreUrl::Kind::Sqlite);
  CHECK(directory->path == "/srv/tessera");
  CHECK(parse_store_url("sqlite:///a%20b/%C3%A9.db")->path == "/a b/é.db");
  CHECK(parse_store_url("memory:")->kind == StoreUrl::Kind::Memory);
}

TEST_CASE("Store URL: whatever else is refused, and told what there is") {
  for (const char* url : {"", "sqlite:", "sqlite://", "sqlite:///", "sqlite://host/path", "sqlite:///%0",
                          "sqlite:///a%00b", "sqlite:///a%zz", "postgresql://db/tessera", "memory", "/srv/tessera"}) {
    CAPTURE(url);
    const auto parsed = parse_store_url(url);
    REQUIRE_FALSE(parsed.ok());
    CHECK(parsed.error().message.find("sqlite:///") != std::string::npos);
  }
}

TEST_CASE("Store URL: any data directory has one, and comes back") {
  for (const char* path : {"/srv/tessera", "/a b/%41/ü#?&", "/x"})
    CHECK(parse_store_url(data_directory_url(path))->path == path);
  CHECK(parse_store_url(data_directory_url("data"))->path == std::filesystem::current_path() / "data");
  CHECK(parse_store_url(data_directory_url("./data/"))->path == std::filesystem::current_path() / "data");
}

TEST_CASE("Store: a URL may name a directory or a file") {
  TemporaryDirectory directory;
  SeededRandom random(1);
  const auto file = directory.path() / "art.db";
  {
    const auto opened = open_store("sqlite://" + file.string(), StoreAccess::Write, random);
    REQUIRE(opened.ok());
    opened->announce("127.0.0.1:1");
    CHECK(opened->kind == "sqlite");
    CHECK(opened->database == file);
    CHECK(std::filesystem::exists(file));
    CHECK(std::filesystem::exists(directory.path() / "art.lock"));
    CHECK_FALSE(open_store("sqlite://" + file.string(), StoreAccess::Write, random).ok());
  }
  CHECK(open_store("sqlite://" + file.string(), StoreAccess::Read, random).ok());
  CHECK_FALSE(open_store("memory:", StoreAccess::Read, random).ok());
  const auto memory = open_store("memory:", StoreAccess::Write, random);
  REQUIRE(memory.ok());
  CHECK(memory->kind == "memory");
  CHECK(memory->database.empty());
}

}  // namespace
}  // namespace tessera
