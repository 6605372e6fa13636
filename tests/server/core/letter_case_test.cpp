#include "server/core/letter_case.h"

#include <doctest/doctest.h>

namespace tessera {

TEST_CASE("Letter case: words of many languages as their capitals") {
  struct Pair {
    const char* word;
    const char* in_capitals;
  };
  const Pair pairs[] = {{"kettle-7", "KETTLE-7"},
                        {"forêt, œuvre, où", "FORÊT, ŒUVRE, OÙ"},
                        {"l'haÿ", "L'HAŸ"},
                        {"årsmøde þorn", "ÅRSMØDE ÞORN"},
                        {"žluťoučký kůň", "ŽLUŤOUČKÝ KŮŇ"},
                        {"gęślą jaźń łódź", "GĘŚLĄ JAŹŃ ŁÓDŹ"},
                        {"ħobż ŋ ķ", "ĦOBŻ Ŋ Ķ"},
                        {"việt ữ ơ", "VIỆT Ữ Ơ"},
                        {"δάσος ΐ ώ", "ΔΆΣΟΣ ΐ Ώ"},
                        {"лес ёлка їжак", "ЛЕС ЁЛКА ЇЖАК"},
                        {"анҭаҧ ӏ ә", "АНҬАҦ Ӏ Ә"},
                        {"անտառ", "ԱՆՏԱՌ"},
                        {"ｋｅｔｔｌｅ", "ＫＥＴＴＬＥ"}};
  for (const Pair& pair : pairs) {
    CAPTURE(pair.word);
    CHECK(capitals(pair.word) == pair.in_capitals);
    CHECK(capitals(pair.in_capitals) == pair.in_capitals);
  }
}

TEST_CASE("Letter case: both ways of writing an i, an s and a sharp s in small come to one") {
  CHECK(capitals("ıi") == "II");
  CHECK(capitals("İI") == "II");
  CHECK(capitals("ſσς") == "SΣΣ");
  CHECK(capitals("ẞ") == capitals("ß"));
}

TEST_CASE("Letter case: what has no case stays as it is") {
  for (const char* text : {"", "0 9 - _", "×÷", "森林", "ya\xCC\x84", "😀", "\xF4\x8F\xBF\xBF"}) {
    CAPTURE(text);
    CHECK(capitals(capitals(text)) == capitals(text));
  }
  CHECK(capitals("×÷森林😀") == "×÷森林😀");
}

}  // namespace tessera
