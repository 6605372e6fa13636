#include "shared/base/bytes.h"
#include "tests/fuzz/corpus.h"

namespace tessera::fuzz {

void add_http_target_seeds(Corpus& corpus) {
  for (const char* text : {"/", "/c/main/7?at=12&region=0,0,10,10&epoch=0123456789abcdef&q=a%20b", "/c/main/7?at=2022-04-04T12:00:00.024%2B02:00",
                           "/%2e%2e/etc/passwd", "/../etc/passwd", "/a%2fb", "http://127.0.0.1:7878/c/main/7", "/a?b=%zz",
                           "tessera_session=abc; other=\"x\"", "https://canvas.example.org:8443", "[::1]:7878", "127.0.0.1:7878",
                           "10.0.0.0/8", "fd00::/8"})
    corpus.add(as_bytes(text));
}

void add_json_seeds(Corpus& corpus) {
  for (const char* text : {R"({"x":5,"name":"ann","cells":[{"x":1,"y":2,"color":5}]})", R"([[[[[[[[[[[[[[[[]]]]]]]]]]]]]]]])",
                           R"({"a":1,"a":2})", R"([1e999,-0.0,18446744073709551615,"\ud83c\udfa8",null,true])", "{\"x\":1} x"})
    corpus.add(as_bytes(text));
}

}  // namespace tessera::fuzz
