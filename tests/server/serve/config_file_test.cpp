#include "server/serve/config_file.h"

#include <doctest/doctest.h>

using namespace tessera;

namespace {

/// As `name: value | value`, a line each; an error as it is.
std::string read(const std::string& text) {
  const auto items = read_config(text);
  if (!items) return items.error().message;
  std::string all;
  for (const ConfigItem& item : *items) {
    all += std::to_string(item.line) + " " + item.name + ":";
    for (const std::string& value : item.values) all += " <" + value + ">";
    all += "\n";
  }
  return all;
}

}  // namespace

TEST_CASE("Config file: words, texts in quotes, lists, comments and the section of serve") {
  CHECK(read("") == "");
  CHECK(read("\xEF\xBB\xBF# a comment\r\n; another\r\n\r\n[serve] # of it\r\nread_limit=5\r\n") == "5 read-limit: <5>\n");
  CHECK(read("name = \"A server # c\" # its name") == "1 name: <A server # c>\n");
  CHECK(read("name = 'C:\\data'\nweb = \"C:\\\\data\\t\\\"x\\\" \\u00e9\\U0001F600\"\n") == "1 name: <C:\\data>\n2 web: <C:\\data\t\"x\" é😀>\n");
  CHECK(read("public-url = https://x/#y # z\nstore = \"\"\n") == "1 public-url: <https://x/#y>\n2 store: <>\n");
  CHECK(read("canvas = [\"a:1x1\", # the first\n  b:2x2,\n]\nhost-name = []\ndiscord-role = 1=member 2=admin\n") ==
        "1 canvas: <a:1x1> <b:2x2>\n4 host-name:\n5 discord-role: <1=member> <2=admin>\n");
  CHECK(read("read-limit = 5 6\n") == "1 read-limit: <5> <6>\n");  // whoever asked for one value refuses it
}

TEST_CASE("Config file: what cannot be read is told with its line") {
  CHECK(read("limit = 1\nname = \"unterminated\nlimit = 2\n") == "line 2: name: the text that begins with \" has no closing quote");
  CHECK(read("name = 'x") == "line 1: name: the text that begins with ' has no closing quote");
  CHECK(read("limit = 1\n\nlimit = 2\n") == "line 3: 'limit' was said in line 1 already");
  CHECK(read("read-limit = 1\n[serve]\nread_limit = 1\n") == "line 3: 'read-limit' was said in line 1 already");
  CHECK(read("[other]\nlimit = 1\n") == "line 1: there is no section [other]; the only one is [serve]");
  CHECK(read("limit\n") == "line 1: 'limit' is not NAME = VALUE");
  CHECK(read("limit =\nname = x") == "line 1: limit: a value is missing behind =");
  CHECK(read("limit = # none\n") == "line 1: limit: a value is missing behind =");
  CHECK(read("canvas = [\"a:1x1\"\nname = x\n") == "line 1: canvas: the list that begins with [ has no ]");
  CHECK(read("canvas = [a:1x1] b\n") == "line 1: canvas: nothing may stand behind the ] of a list");
  CHECK(read("name = \"a\"b\n") == "line 1: name: a blank or a comma is missing behind the closing quote");
  for (const char* wrong : {"\"\\x\"", "\"\\u12\"", "\"\\ud800\"", "\"\\"}) CHECK(read(std::string("name = ") + wrong).starts_with("line 1: name: \\ begins no escape"));
  CHECK(read("name = \xFF") == "it is not UTF-8");
}

TEST_CASE("Config file: a text in quotes is read as what it was") {
  for (const std::string text : {"", "plain", "a \"b\" \\c", "tab\tend\nline\x7F", "é😀", "# ] [ , '"})
    CHECK(read("name = " + quoted(text)) == "1 name: <" + text + ">\n");
}
