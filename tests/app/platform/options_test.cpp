#include "app/platform/options.h"

#include <doctest/doctest.h>

#include <vector>

using namespace tessera;

namespace {

Result<Options> parse(std::vector<const char*> arguments) { return parse_options(arguments); }

}  // namespace

TEST_CASE("Options: a link and a name") {
  const auto options = parse({"http://192.168.1.5:7878/#canvas=main", "--name", "ann", "--canvas=art", "--lang", "fr"});
  REQUIRE(options.ok());
  CHECK(options->link == "http://192.168.1.5:7878/#canvas=main");
  CHECK(options->nickname == "ann");
  CHECK(options->canvas == "art");
  CHECK(options->language == Language::French);
  CHECK_FALSE(options->host);
}

TEST_CASE("Options: hosting, on a port, for the network") {
  const auto options = parse({"--host", "--port", "0", "--lan", "--data", "/srv/draw"});
  REQUIRE(options.ok());
  CHECK(options->host);
  CHECK(options->port == 0);
  CHECK(options->lan);
  CHECK(options->data == "/srv/draw");
}

TEST_CASE("Options: what is wrong is named") {
  const std::pair<std::vector<const char*>, const char*> wrong[] = {
      {{"--host", "--port", "65536"}, "65536"}, {{"--host", "--port", "x"}, "'x'"}, {{"--port", "80"}, "--host"}, {{"--lan"}, "--host"},
      {{"--lang", "de"}, "'de'"},               {{"--name"}, "--name"},             {{"--name="}, "--name"},      {{"--fast"}, "--fast"},
      {{"a", "b"}, "'b'"},                      {{"--host=yes"}, "--host"},         {{"http://a", "--host"}, "not both"},
  };
  for (const auto& [arguments, word] : wrong) {
    const auto options = parse(arguments);
    REQUIRE_FALSE(options.ok());
    CHECK_MESSAGE(options.error().message.find(word) != std::string::npos, options.error().message);
  }
}

TEST_CASE("Options: help and version") {
  CHECK(parse({"-h"})->help);
  CHECK(parse({"--help"})->help);
  CHECK(parse({"--version"})->version);
}
