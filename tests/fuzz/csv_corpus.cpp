#include "shared/base/bytes.h"
#include "tests/fuzz/corpus.h"

namespace tessera::fuzz {

void add_csv_seeds(Corpus& corpus) {
  for (const char* text : {
           "ts,user,x_coordinate,y_coordinate,color\n1490979533000,ann,326,455,5\n",
           "timestamp,user_id,pixel_color,coordinate\n2022-04-04 12:00:00.024 UTC,ann,#FF4500,\"65,633\"\n"
           "2022-04-04 12:00:01 UTC,mod,#000000,\"1,2,3,4\"\n",
           "timestamp,user,coordinate,pixel_color\n2023-07-20 13:00:26.088 UTC,ann,\"-199,-235\",#FFFFFF\n"
           "2023-07-20 13:00:27 UTC,mod,\"{X: 424, Y: -336, R: 3}\",#000000\r\n",
           "{\"seq\":1,\"time\":\"2022-04-04T12:00:00.024Z\",\"x\":3,\"y\":4,\"color\":5,\"account\":7,\"name\":\"ann\"}\n",
       })
    corpus.add(as_bytes(text));
}

}  // namespace tessera::fuzz
