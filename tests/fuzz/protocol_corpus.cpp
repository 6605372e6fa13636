#include "shared/protocol/codec.h"
#include "tests/fuzz/corpus.h"
#include "tests/support/random_message.h"

namespace tessera::fuzz {

void add_protocol_seeds(Corpus& corpus) {
  SeededRandom random(1);
  for (int i = 0; i < 100; ++i) {
    corpus.add(encode(test::random_message<ClientMessage>(random, 10)));
    corpus.add(encode(test::random_message<ServerMessage>(random, 10)));
  }
}

}  // namespace tessera::fuzz
