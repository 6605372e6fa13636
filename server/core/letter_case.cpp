#include "server/core/letter_case.h"

#include <cstdint>

namespace tessera {
namespace {

/// Every `step`th code point is a small letter; its capital lies `up` before it.
struct Row {
  char32_t first;
  char32_t last;
  char32_t step;
  char32_t up;
};

constexpr Row rows[] = {
    {'a', 'z', 1, 0x20},
    {0xE0, 0xF6, 1, 0x20},  // Latin-1 Supplement, around ÷
    {0xF8, 0xFE, 1, 0x20},
    {0x101, 0x12F, 2, 1},   // Latin Extended-A, around i without its dot, ĸ, ŉ and ſ
    {0x133, 0x137, 2, 1},
    {0x13A, 0x148, 2, 1},
    {0x14B, 0x177, 2, 1},
    {0x17A, 0x17E, 2, 1},
    {0x1A1, 0x1A5, 2, 1},   // Latin Extended-B: ơ and what follows in pairs
    {0x1B0, 0x1B0, 1, 1},   // ư
    {0x1CE, 0x1DC, 2, 1},
    {0x1DF, 0x1EF, 2, 1},
    {0x1F9, 0x21F, 2, 1},
    {0x223, 0x233, 2, 1},
    {0x3AC, 0x3AC, 1, 0x26},  // Greek
    {0x3AD, 0x3AF, 1, 0x25},
    {0x3B1, 0x3C1, 1, 0x20},
    {0x3C3, 0x3CB, 1, 0x20},
    {0x3CC, 0x3CC, 1, 0x40},
    {0x3CD, 0x3CE, 1, 0x3F},
    {0x430, 0x44F, 1, 0x20},  // Cyrillic
    {0x450, 0x45F, 1, 0x50},
    {0x461, 0x481, 2, 1},
    {0x48B, 0x4BF, 2, 1},
    {0x4C2, 0x4CE, 2, 1},
    {0x4CF, 0x4CF, 1, 0x0F},
    {0x4D1, 0x52F, 2, 1},
    {0x561, 0x586, 1, 0x30},  // Armenian
    {0x1E01, 0x1E95, 2, 1},   // Latin Extended Additional
    {0x1EA1, 0x1EFF, 2, 1},
    {0xFF41, 0xFF5A, 1, 0x20},
};

char32_t capital(char32_t code) {
  switch (code) {
    case 0x130:  // İ
    case 0x131:  // ı
      return 'I';
    case 0x17F: return 'S';      // ſ
    case 0xFF: return 0x178;     // ÿ
    case 0xB5: return 0x39C;     // µ, the sign
    case 0x259: return 0x18F;    // ə
    case 0x3C2: return 0x3A3;    // ς, at the end of a word
    case 0x1E9B: return 0x1E60;  // ſ with a dot
    case 0x1E9E: return 0xDF;    // ẞ
    default: break;
  }
  for (const Row& row : rows)
    if (code >= row.first && code <= row.last && (code - row.first) % row.step == 0) return code - row.up;
  return code;
}

}  // namespace

char32_t next_code_point(std::string_view text, std::size_t& at) {
  const auto lead = static_cast<std::uint8_t>(text[at++]);
  if (lead < 0x80) return lead;
  const int more = lead >= 0xF0 ? 3 : lead >= 0xE0 ? 2 : 1;
  char32_t code = lead & (0x3Fu >> more);
  for (int i = 0; i < more && at < text.size(); ++i) code = code << 6 | (static_cast<std::uint8_t>(text[at++]) & 0x3Fu);
  return code;
}

void append_code_point(std::string& out, char32_t code) {
  if (code < 0x80) {
    out += static_cast<char>(code);
    return;
  }
  const int more = code < 0x800 ? 1 : code < 0x10000 ? 2 : 3;
  out += static_cast<char>((more == 1 ? 0xC0u : more == 2 ? 0xE0u : 0xF0u) | code >> 6 * more);
  for (int i = more - 1; i >= 0; --i) out += static_cast<char>(0x80u | (code >> 6 * i & 0x3Fu));
}

std::string capitals(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  for (std::size_t at = 0; at < text.size();) append_code_point(out, capital(next_code_point(text, at)));
  return out;
}

}  // namespace tessera
