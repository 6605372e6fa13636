#include "shared/protocol/codec.h"

#include <set>

#include <doctest/doctest.h>

#include "tests/support/random_message.h"

namespace tessera {
namespace {

constexpr int random_messages = 500'000;  // of each side

std::string refusal_of(const Bytes& bytes) {
  const Result<ClientMessage> message = decode_client(bytes);
  return message ? "accepted" : message.error().message;
}

template <typename... Messages>
std::vector<Tag> tags_of(const std::variant<Messages...>*) {
  return {Messages::tag...};
}

}  // namespace

TEST_CASE("Codec: a message is its tag and its fields, byte by byte as PROTOCOL.md says") {
  CHECK(encode(Place{RequestId{0x1122334455667788}, {{1, 2, 5}, {0x0304, 0x0506, 7}}}) ==
        Bytes{5, 0x88, 0x77, 0x66, 0x55, 0x44, 0x33, 0x22, 0x11, 2, 1, 0, 2, 0, 5, 4, 3, 6, 5, 7});
  CHECK(encode(Hello{1, ClientId{2}, "ab"}) == Bytes{1, 1, 0, 2, 0, 0, 0, 0, 0, 0, 0, 2, 'a', 'b'});
  CHECK(encode(Deltas{300, 301, {{{1, 2}, 5, 301, {{0x0102, 3}}}}}) ==
        Bytes{70, 0xAC, 2, 0xAD, 2, 1, 1, 2, 5, 0xAD, 2, 1, 2, 1, 3});
  CHECK(encode(PauseChanged{true, ""}) == Bytes{76, 1, 0});
}

TEST_CASE("Codec: tags are unique, and every message has a name of its own") {
  std::vector<Tag> tags = tags_of(static_cast<const ClientMessage*>(nullptr));
  const std::vector<Tag> servers = tags_of(static_cast<const ServerMessage*>(nullptr));
  for (Tag tag : tags) CHECK(static_cast<int>(tag) < 64);
  for (Tag tag : servers) CHECK(static_cast<int>(tag) > 64);
  tags.insert(tags.end(), servers.begin(), servers.end());
  std::set<Tag> unique(tags.begin(), tags.end());
  std::set<std::string_view> names;
  for (Tag tag : tags) names.insert(name(tag));
  CHECK(unique.size() == tags.size());
  CHECK(names.size() == tags.size());
  CHECK(names.count("") == 0);
  CHECK(name(Tag{0}).empty());
}

TEST_CASE("Codec: random client messages come back equal") {
  SeededRandom random(2022);
  Bytes bytes;
  for (int i = 0; i < random_messages; ++i) {
    const auto message = test::random_message<ClientMessage>(random);
    bytes.clear();
    encode(message, bytes);
    const Result<ClientMessage> decoded = decode_client(bytes);
    if (!decoded || !(*decoded == message)) FAIL(dump(message));
  }
}

TEST_CASE("Codec: random server messages come back equal") {
  SeededRandom random(2023);
  Bytes bytes;
  for (int i = 0; i < random_messages; ++i) {
    const auto message = test::random_message<ServerMessage>(random);
    bytes.clear();
    encode(message, bytes);
    const Result<ServerMessage> decoded = decode_server(bytes);
    if (!decoded || !(*decoded == message)) FAIL(dump(message));
  }
}

TEST_CASE("Codec: lists and texts at their longest come back equal") {
  SeededRandom random(5);
  for (int i = 0; i < 500; ++i) {
    const auto client = test::random_message<ClientMessage>(random, SIZE_MAX);
    CHECK(*decode_client(encode(client)) == client);
  }
  Place place;
  place.cells.resize(limits::cells_per_request, {65'535, 65'535, 255});
  CHECK(encode(place).size() <= limits::client_message_bytes);
  CHECK(*decode_client(encode(place)) == ClientMessage(place));
  TileSnapshot snapshot;
  snapshot.zlib.resize(limits::snapshot_bytes);
  CHECK(*decode_server(encode(snapshot)) == ServerMessage(snapshot));
}

TEST_CASE("Codec: encoding appends, and does not touch what stands before") {
  Bytes bytes{1, 2, 3};
  encode(Ping{7}, bytes);
  CHECK(bytes == Bytes{1, 2, 3, 7, 7, 0, 0, 0, 0, 0, 0, 0});
}

TEST_CASE("Codec: another version's Hello is read, so that the server can say which it speaks") {
  const Result<ClientMessage> hello = decode_client(encode(Hello{9, ClientId{1}, ""}));
  REQUIRE(hello);
  CHECK(std::get<Hello>(*hello).version == 9);
  const Result<ServerMessage> refused =
      decode_server(encode(Refused{Refusal::BadVersion, "speak version 1", protocol_version}));
  REQUIRE(refused);
  CHECK(std::get<Refused>(*refused).server_version == protocol_version);
}

TEST_CASE("Codec: what follows a message is refused") {
  Bytes bytes = encode(Inspect{1, 2});
  CHECK(refusal_of(bytes) == "accepted");
  bytes.push_back(0);
  CHECK(refusal_of(bytes) == "Inspect: 1 bytes follow its last field");
}

TEST_CASE("Codec: an error names the field and says what is wrong") {
  CHECK(refusal_of({}) == "message: empty");
  CHECK(refusal_of({200}) == "message: 200 is not the tag of a client's message");
  CHECK(refusal_of({static_cast<std::uint8_t>(Tag::Welcome)}) == "message: 65 is not the tag of a client's message");
  CHECK(refusal_of({6, 1}) == "Inspect.x: cut short");
  CHECK(refusal_of({2, 3, 'a', 0xFF, 'b'}) == "SignIn.token: not UTF-8");
  CHECK(refusal_of({2, 0x81, 0x00}) == "SignIn.token: cut short, or not the shortest form of a number");
  CHECK(refusal_of({2, 129, 1}) == "SignIn.token: 129 of them; at most 128 are allowed");
  CHECK(refusal_of({2, 5, 'a'}) == "SignIn.token: cut short: 5 of them do not fit the 1 bytes left");
  CHECK(refusal_of({5, 0, 0, 0, 0, 0, 0, 0, 0, 0x81, 0x20}) == "Place.cells: 4097 of them; at most 4096 are allowed");
  CHECK(refusal_of({4, 1, 0, 0, 0x80, 0x80, 0, 0, 0, 0, 0}) ==
        "Watch.add[0].seq: cut short, or not the shortest form of a number");

  Bytes flag = encode(PauseChanged{});
  flag[1] = 2;
  CHECK(decode_server(flag).error().message == "PauseChanged.paused: 2 is neither 0 nor 1");
  Bytes choice = encode(Refused{});
  choice[1] = refusal_count;
  CHECK(decode_server(choice).error().message == "Refused.reason: 18 is none of its 18 values");
  CHECK(decode_server(Bytes{67, 1, 0, 0, 0, 0, 0x80, 0x80, 4, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0}).error().message ==
        "Entered.canvas.width: 65536 is over the most, 65535");
}

}  // namespace tessera
