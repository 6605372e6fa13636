#include "app/net/address.h"

#include <doctest/doctest.h>

using namespace tessera;

TEST_CASE("Address: scheme, host, port and path are taken apart, and what is not given is the scheme's own") {
  CHECK(parse_address("http://place.example.org") == Address{false, "place.example.org", "80", "place.example.org", ""});
  CHECK(parse_address("https://place.example.org") == Address{true, "place.example.org", "443", "place.example.org", ""});
  CHECK(parse_address("http://192.168.1.5:7878") == Address{false, "192.168.1.5", "7878", "192.168.1.5:7878", ""});
  CHECK(parse_address("https://a.org:8443/draw/here/") == Address{true, "a.org", "8443", "a.org:8443", "/draw/here"});
}

TEST_CASE("Address: an IPv6 address keeps its brackets in the Host header only") {
  CHECK(parse_address("http://[::1]:7878/x") == Address{false, "::1", "7878", "[::1]:7878", "/x"});
  CHECK(parse_address("http://[fe80::2]") == Address{false, "fe80::2", "80", "[fe80::2]", ""});
}

TEST_CASE("Address: what is none is none") {
  for (const char* text : {"", "place.example.org", "ftp://a", "http://", "http://:80", "http://a:", "http://a:0", "http://a:65536",
                           "http://a:8x", "http://[::1", "http://[]:80", "http://[::1]x"})
    CHECK_MESSAGE(!parse_address(text), text);
}

TEST_CASE("Address: the WebSocket is at /ws below the path, and TLS stays TLS") {
  CHECK(websocket_url("http://127.0.0.1:7878") == "ws://127.0.0.1:7878/ws");
  CHECK(websocket_url("https://a.org/draw/") == "wss://a.org/draw/ws");
}
