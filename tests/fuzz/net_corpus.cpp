#include "tests/fuzz/corpus.h"
#include "tests/server/net/ws_bytes.h"

namespace tessera::fuzz {
namespace {

/// Behind the byte that says how an input is cut.
void add_cut(Corpus& corpus, const Bytes& input) {
  for (const int cut : {0, 6, 255}) {
    Bytes bytes{static_cast<std::uint8_t>(cut)};
    test::append(bytes, input);
    corpus.add(bytes);
  }
}

}  // namespace

void add_ws_frame_seeds(Corpus& corpus) {
  using test::masked_frame;
  Bytes fragments = masked_frame(0x01, as_bytes("Hel"));
  test::append(fragments, masked_frame(0x89, as_bytes("ping")));
  test::append(fragments, masked_frame(0x80, as_bytes("lo")));
  add_cut(corpus, fragments);
  add_cut(corpus, masked_frame(0x82, Bytes(300, 7)));
  add_cut(corpus, masked_frame(0x82, Bytes(70'000, 7)));
  add_cut(corpus, masked_frame(0x88, Bytes{0x03, 0xe8, 'b', 'y', 'e'}));
  add_cut(corpus, ws_frame(WsOpcode::Text, as_bytes("unmasked")));
}

void add_http_request_seeds(Corpus& corpus) {
  for (const std::string_view request :
       {"GET /api/v1/canvases?limit=3 HTTP/1.1\r\nHost: localhost\r\nCookie: tessera_session=abc\r\n\r\n",
        "POST /draw HTTP/1.1\r\nHost: localhost\r\nContent-Length: 5\r\n\r\nhello",
        "POST /draw HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n5;a=b\r\nhello\r\n0\r\nX: y\r\n\r\n",
        "GET http://example.org/%2e%2e/x HTTP/1.0\r\n\r\n"}) {
    const ByteSpan bytes = as_bytes(request);
    add_cut(corpus, Bytes(bytes.begin(), bytes.end()));
  }
}

void add_pixel_update_seeds(Corpus& corpus) {
  corpus.add(as_bytes(R"({"type":"pixel:update","data":{"x":100,"y":200,"color":"#FF0000","tool":"brush","userId":"u"}})"));
  corpus.add(as_bytes(R"({"type":"pixel:update","data":{"x":-1,"y":1e3,"color":null}})"));
  corpus.add(as_bytes("[[[[[[[[[[[[[[[[[[[["));
}

}  // namespace tessera::fuzz
