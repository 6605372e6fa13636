#include <doctest/doctest.h>

#include "server/http/json_body.h"

using namespace tessera;

TEST_CASE("JSON: what is not one strict text is refused with its place") {
  const auto message = [](const std::string& text) {
    const auto parsed = parse_json(text);
    return parsed ? std::string("accepted") : parsed.error().message;
  };
  CHECK(message(R"({"a":[1,2,{"b":null}]})") == "accepted");
  CHECK(message("") == "not JSON at byte 1");
  CHECK(message("{} {}").starts_with("not JSON at byte"));
  CHECK(message("{\"a\":1,}").starts_with("not JSON"));
  CHECK(message("[NaN]").starts_with("not JSON"));
  CHECK(message("[1e999]") == "a number at byte 6 is too large");
  CHECK(message("{\"a\":1,\"a\":2}") == "the key \"a\" stands twice in one object");
  CHECK(message("{\"a\":{\"b\":1,\"b\":2}}") == "the key \"b\" stands twice in one object");
  CHECK(message("{\"a\":{\"b\":1},\"b\":2}") == "accepted");
  CHECK(message("\"\xff\"") == "the body is not UTF-8");
  CHECK(message("[\"\\ud800\"]").starts_with("not JSON"));
}

TEST_CASE("JSON: sixteen deep and no deeper, however long the text is") {
  CHECK(parse_json(std::string(16, '[') + std::string(16, ']')));
  const auto deep = parse_json(std::string(100'000, '['));
  REQUIRE_FALSE(deep);
  CHECK(deep.error().message == "nested more than 16 deep");
}

TEST_CASE("JSON: a field of the wrong kind is named with its place") {
  const auto message = [](const std::string& text) {
    const auto body = parse_json(text);
    REQUIRE(body);
    std::string error;
    JsonFields fields(*body, "cells[3]", error);
    const auto x = fields.number("x", -5, 300);
    const auto name = fields.text("name", 4);
    const auto& list = fields.list("list", 2);
    fields.finish();
    if (error.empty()) CHECK(x + static_cast<int>(name.size()) + static_cast<int>(list.size()) > -100);
    return error;
  };
  CHECK(message(R"({"x":300,"name":"four","list":[]})").empty());
  CHECK(message(R"({"x":-5,"name":"","list":[1,2]})").empty());
  CHECK(message(R"([])") == "cells[3] must be an object");
  CHECK(message(R"({"name":"","list":[]})") == "cells[3].x is missing");
  for (const char* x : {"301", "-6", "1.0", "1e2", "\"1\"", "null", "true", "[]", "18446744073709551615", "99999999999999999999"})
    CHECK_MESSAGE(message(std::string("{\"x\":") + x + R"(,"name":"","list":[]})") ==
                      "cells[3].x must be a whole number from -5 to 300", x);
  CHECK(message(R"({"x":1,"name":"fiver","list":[]})") == "cells[3].name is longer than 4 bytes");
  CHECK(message(R"({"x":1,"name":7,"list":[]})") == "cells[3].name must be a text");
  CHECK(message(R"({"x":1,"name":"","list":{}})") == "cells[3].list must be a list");
  CHECK(message(R"({"x":1,"name":"","list":[1,2,3]})") == "cells[3].list holds 3 elements; at most 2 are allowed");
  CHECK(message(R"({"x":1,"name":"","list":[],"x, name":1})") ==
        "cells[3] has a field \"x, name\" that means nothing here; known: x, name, list");
}

TEST_CASE("JSON: the bounds of a number are told without exponents, however small or large") {
  const auto body = parse_json(R"({"rate":-1})");
  REQUIRE(body);
  const auto message = [&](double min, double max) {
    std::string error;
    JsonFields(*body, "policy", error).real("rate", min, max);
    return error;
  };
  CHECK(message(0.000'001, 100'000) == "policy.rate must be a number from 0.000001 to 100000");
  CHECK(message(0.5, 1e12) == "policy.rate must be a number from 0.5 to 1000000000000");
}

TEST_CASE("JSON: a field that means nothing is told with all that would, those that may be left out too") {
  const auto message = [](const std::string& text) {
    const auto body = parse_json(text);
    REQUIRE(body);
    std::string error;
    JsonFields fields(*body, "", error);
    if (fields.has("paused")) fields.boolean("paused");
    if (!fields.is_null("message") && fields.has("message")) fields.text("message", 9);
    fields.finish();
    return error;
  };
  for (const char* text : {R"({"pause":true})", R"({"paused":true,"pause":true})", R"({"message":null,"pause":true})"})
    CHECK_MESSAGE(message(text) == R"(the body has a field "pause" that means nothing here; known: paused, message)", text);
  CHECK(message("{}").empty());
}
