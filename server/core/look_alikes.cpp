#include "server/core/look_alikes.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <iterator>

namespace tessera {
namespace {

/// Code points in a row, and the letter of each; a point where it looks like none.
struct Row {
  char32_t first;
  std::string_view letters;

  constexpr char32_t last() const { return first + static_cast<char32_t>(letters.size()) - 1; }
};

// By code point.
constexpr Row rows[] = {
    // Latin-1 Supplement
    {0xAA, "a.......23.u...1o.....aaaaaa.ceeeeiiiidnooooo.ouuuuy..aaaaaa.ceeeeiiii.nooooo.ouuuuypy"},
    // Latin Extended-A
    {0x100, "aaaaaaccccccccddddeeeeeeeeeegggggggghhhhiiiiiiiiii..jjkkkllllllllllnnnnnnn..oooooo..rrrrrrssssss"},
    {0x160, "ssttttttuuuuuuuuuuuuwwyyyzzzzzzf"},
    // Latin Extended-B
    {0x180, "bbbb...ccdddd.eeeffg..iikkl..nnooo..pp.....ttttuuuvyyzz........pl..!.d..l..n.aaiioouuuuuuuuuueaa"},
    {0x1E0, "aa..ggggkkoooo..j.d.gg..nnaa..ooaaaaeeeeiiiioooorrrruuuusstt..hhnd..zzaaeeooooooooyylntj..acclts"},
    {0x240, "z..bu.eejjqqrryy"},
    // IPA Extensions
    {0x251, "a.b.cddeeee...jggg...h.iiilll...mnnno......rrr.r.s.j...tuuv...yzz.......b.ghj.lq"},
    // Spacing Modifier Letters
    {0x2B0, "hhjr...wy"},
    {0x2E1, "lsx"},
    // Greek
    {0x37F, "j......a.ehi.o.y.iab..ezh.ik.mn.o.p..ty.x..iyaeniuaby.e.n.ik.uv.o.p.otu.x.wiuouw.b.yyy.......f"},
    {0x3F0, "kpcj.e...cmm"},
    // Cyrillic
    {0x400, "ee.r.siij...k.y.a.br.e....k.mho.pcty.x..........a.br.e....k.mhonpcty.x..........ee.r.siij...k.y"},
    {0x460, "ww"},
    {0x474, "vvvv"},
    {0x48E, "pprrrrrr....kkkkkkkkhhhh....ccttyyyyxx......hh....l..kk..hhhh..mmlaaaa..eeeeee..........oooooo"},
    {0x4EE, "yyyyyy......rrxxxx"},
    // Cyrillic Supplement
    {0x501, "d"},
    {0x51A, "qqww........hh"},
    // Armenian
    {0x53C, "l"},
    {0x54D, "u.s.....o...........w.q..q....hl...h....j..n...nu...g...o"},
    // Cherokee
    {0x13A0, "drt..i...yaje......w...m...h.y..g.hz..i.......4b..r.ws...vs...lc..p...kd......6.....b"},
    // Phonetic Extensions
    {0x1D00, "a..bcd.e..jklm.o........p..tu...vwz.........a.b.deeghijklmn.o.prtuwa.a.bdeee.g.km.o...ptu..v.by"},
    {0x1D61, "xiruvbyp.x.bdfmnprrstz.hg.iipuubdfgklmnprs.vxza.de...i..u..cc..fjg.iiiijlllm.nnno.s.tuuuv.zzz"},
    // Latin Extended Additional
    {0x1E00, "aabbbbbbccddddddddddeeeeeeeeeeffgghhhhhhhhhhiiiikkkkkkllllllllmmmmmmnnnnnnnnoooooooopppprrrrrrrr"},
    {0x1E60, "ssssssssssttttttttuuuuuuuuuuvvvvwwwwwwwwwwxxxxyyzzzzzzhtwyasss..aaaaaaaaaaaaaaaaaaaaaaaaeeeeeeee"},
    {0x1EC0, "eeeeeeeeiiiioooooooooooooooooooooooouuuuuuuuuuuuuuyyyyyyyy....yy"},
    // Greek Extended
    {0x1F00, "aaaaaaaaaaaaaaaaeeeeee..eeeeee..nnnnnnnnhhhhhhhhiiiiiiiiiiiiiiiioooooo..oooooo..uuuuuuuu.y.y.y.y"},
    {0x1F60, "wwwwwwww........aaeenniioouuww..aaaaaaaaaaaaaaaannnnnnnnhhhhhhhhwwwwwwww........aaaaa.aaaaaaa.i"},
    {0x1FC2, "nnn.nneehhh...iiii..iiiiii....uuuuppuuyyyyp.....www.wwoo"},
    // Superscripts and Subscripts
    {0x2070, "0i..456789.....n0123456789......aeoxehklmnpst"},
    // Letterlike Symbols
    {0x2102, "c....e..ghhhhhiill.n..ppqrrr......z...z.kabceeef.mo....i...y.......ddeij"},
    // Number Forms
    {0x2160, "i...v....x..lcdmi...v....x..lcdm"},
    // Latin Extended-C
    {0x2C60, "lllprathhkkzzam..vwwv...e.oejvsz"},
    // Coptic
    {0x2C80, "aabbrr..ee....hh..iikk..mmnn..oo..ppccttyy..xx..ww"},
    // Lisu
    {0xA4D0, "bpddt.gk.jc.zf.mnlsr..vh..wxy.a.e.iou"},
    // Latin Extended-D
    {0xA730, "fs..............kkkkkklllloooo..ppppppqqqq....vv..zz"},
    {0xA779, "ddffg..llrrsstt......l.nnccchbbff......ggkknnrrssh.gliq..jxbbwwuu......oowwcszddss.....gg"},
    {0xA7F2, "cfq...h.....i"},
    // Latin Extended-E
    {0xAB33, "eefglllmn.........rr..r.rr.u...ux..xxxxy..llu"},
    // Cherokee Supplement
    {0xAB70, "drt..i...yaje......w...m...h.y..g.hz..i.......4b..r.ws...vs...lc..p...kd......6"},
};

/// One code point that is read as several letters.
struct Group {
  char32_t code;
  std::string_view letters;
};

// By code point.
constexpr Group groups[] = {
    {0xC6, "ae"}, {0xE6, "ae"}, {0x132, "ij"}, {0x133, "ij"}, {0x152, "oe"}, {0x153, "oe"}, {0x1C4, "dz"},
    {0x1C6, "dz"}, {0x1C7, "lj"}, {0x1C9, "lj"}, {0x1CA, "nj"}, {0x1CC, "nj"}, {0x1E2, "ae"}, {0x1E3, "ae"},
    {0x1F1, "dz"}, {0x1F3, "dz"}, {0x1FC, "ae"}, {0x1FD, "ae"}, {0x238, "db"}, {0x239, "qp"}, {0x276, "oe"},
    {0x2A3, "dz"}, {0x2A6, "ts"}, {0x2A8, "tc"}, {0x2AA, "ls"}, {0x2AB, "lz"}, {0x4D4, "ae"}, {0x4D5, "ae"},
    {0x1D01, "ae"}, {0x1EFA, "ll"}, {0x1EFB, "ll"}, {0x2116, "no"}, {0x2120, "sm"}, {0x2121, "tel"}, {0x2122, "tm"},
    {0x213B, "fax"}, {0x2161, "ii"}, {0x2162, "iii"}, {0x2163, "iv"}, {0x2165, "vi"}, {0x2166, "vii"},
    {0x2167, "viii"}, {0x2168, "ix"}, {0x216A, "xi"}, {0x216B, "xii"}, {0x2171, "ii"}, {0x2172, "iii"},
    {0x2173, "iv"}, {0x2175, "vi"}, {0x2176, "vii"}, {0x2177, "viii"}, {0x2178, "ix"}, {0x217A, "xi"},
    {0x217B, "xii"}, {0xA728, "tz"}, {0xA729, "tz"}, {0xA732, "aa"}, {0xA733, "aa"}, {0xA734, "ao"}, {0xA735, "ao"},
    {0xA736, "au"}, {0xA737, "au"}, {0xA738, "av"}, {0xA739, "av"}, {0xA73C, "ay"}, {0xA73D, "ay"}, {0xA74E, "oo"},
    {0xA74F, "oo"}, {0xA760, "vy"}, {0xA761, "vy"}, {0xFB00, "ff"}, {0xFB01, "fi"}, {0xFB02, "fl"}, {0xFB03, "ffi"},
    {0xFB04, "ffl"}, {0xFB05, "st"}, {0xFB06, "st"},
};

/// Code points in a row that begin the same letters again and again.
struct Alphabet {
  char32_t first;
  char32_t last;
  std::string_view letters;
};

constexpr std::string_view small = "abcdefghijklmnopqrstuvwxyz";
constexpr std::string_view digits = "0123456789";
constexpr std::string_view printable =
    " !\"#$%&'()*+,-./0123456789:;<=>?@abcdefghijklmnopqrstuvwxyz[\\]^_`abcdefghijklmnopqrstuvwxyz{|}~";
static_assert(printable.size() == 0x5F);

constexpr Alphabet alphabets[] = {
    {0x20, 0x7E, printable},
    {0xA0, 0xA0, " "},
    {0x2460, 0x2468, digits.substr(1)},  // in circles
    {0x249C, 0x24B5, small},             // in parentheses
    {0x24B6, 0x24E9, small},             // in circles
    {0x3000, 0x3000, " "},
    {0xFF01, 0xFF5E, printable.substr(1)},  // full-width
    {0x1D400, 0x1D6A3, small},              // mathematical
    {0x1D7CE, 0x1D7FF, digits},
    {0x1F110, 0x1F129, small},  // in parentheses, squares, circles
    {0x1F130, 0x1F149, small},
    {0x1F150, 0x1F169, small},
    {0x1F170, 0x1F189, small},
    {0x1F1E6, 0x1F1FF, small},  // as flags are written
};

constexpr bool by_code() {
  for (std::size_t i = 1; i < std::size(rows); ++i)
    if (rows[i - 1].last() >= rows[i].first) return false;
  for (std::size_t i = 1; i < std::size(groups); ++i)
    if (groups[i - 1].code >= groups[i].code) return false;
  return true;
}

}  // namespace

std::string_view read_as(char32_t code) {
  static_assert(by_code(), "searched by halves");
  for (const Alphabet& each : alphabets)
    if (code >= each.first && code <= each.last) return each.letters.substr((code - each.first) % each.letters.size(), 1);
  const auto row = std::lower_bound(std::begin(rows), std::end(rows), code, [](const Row& each, char32_t wanted) { return each.last() < wanted; });
  if (row != std::end(rows) && code >= row->first) {
    const std::string_view letter = row->letters.substr(code - row->first, 1);
    if (letter != ".") return letter;
  }
  const auto group = std::lower_bound(std::begin(groups), std::end(groups), code, [](const Group& each, char32_t wanted) { return each.code < wanted; });
  return group != std::end(groups) && group->code == code ? group->letters : std::string_view();
}

bool is_accent(char32_t code) {
  return (code >= 0x300 && code <= 0x36F) || (code >= 0x483 && code <= 0x489) || (code >= 0x1AB0 && code <= 0x1AFF) ||
         (code >= 0x1DC0 && code <= 0x1DFF) || (code >= 0x20D0 && code <= 0x20FF) || (code >= 0xFE20 && code <= 0xFE2F);
}

}  // namespace tessera
