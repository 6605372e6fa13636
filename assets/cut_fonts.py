"""Cuts the fonts down to what the app shows, and writes them as C++ for the target tessera_assets.

    cut_fonts.py INTER_VARIABLE.ttf FONT_AWESOME.ttf icons.txt OUT_DIRECTORY

Inter: the characters of French and English (Latin-1 and Latin Extended-A, since nicknames are anyone's), regular and semibold, without
layout tables, which Dear ImGui does not read; tabular figures therefore take the place of the proportional ones.
Font Awesome: the icons that icons.txt names.
"""
import io
import os
import sys

from fontTools import subset
from fontTools.ttLib import TTFont
from fontTools.varLib import instancer

LATIN = [*range(0x20, 0x7F), *range(0xA0, 0x180)]
PUNCTUATION = [ord(c) for c in "\u2007\u2009\u202f‐‑–—‘’‚“”„†•…‹›€™←↑→↓−×≈≤≥⌘⇧↵\ufffd"]


def tabular(font):
    """Lets each digit's code point show the glyph that the feature 'tnum' would put there."""
    gsub = font["GSUB"].table
    lookups = {i for r in gsub.FeatureList.FeatureRecord if r.FeatureTag == "tnum" for i in r.Feature.LookupListIndex}
    swap = {}
    for index in lookups:
        for table in gsub.LookupList.Lookup[index].SubTable:
            swap.update(getattr(table, "ExtSubTable", table).mapping)
    digits = [ord(c) for c in "0123456789"]
    for table in font["cmap"].tables:
        if table.isUnicode():
            table.cmap.update({d: swap.get(table.cmap[d], table.cmap[d]) for d in digits})


def even_out_digits(font):
    """In the semibold the interpolated widths differ by a thousandth of the em; rounding to pixels would show it."""
    metrics = font["hmtx"].metrics
    digits = [font.getBestCmap()[ord(c)] for c in "0123456789"]
    widest = max(metrics[digit][0] for digit in digits)
    if widest - min(metrics[digit][0] for digit in digits) > font["head"].unitsPerEm // 500:
        sys.exit("the digits are not of one width: is the feature 'tnum' gone from this version of Inter?")
    for digit in digits:
        metrics[digit] = (widest, metrics[digit][1])


def cut(font, unicodes):
    options = subset.Options()
    options.layout_features = []
    options.hinting = False
    options.name_IDs = []
    options.notdef_outline = True
    options.drop_tables += ["GSUB", "GPOS", "GDEF", "STAT", "meta", "DSIG", "FFTM"]
    cutter = subset.Subsetter(options)
    cutter.populate(unicodes=unicodes)
    cutter.subset(font)
    return font


def weight(path, value):
    font = TTFont(path)
    tabular(font)
    cut(font, LATIN + PUNCTUATION)
    font = instancer.instantiateVariableFont(font, {axis.axisTag: axis.defaultValue for axis in font["fvar"].axes} | {"wght": value})
    even_out_digits(font)
    return font


def read_icons(path):
    icons = {}
    with open(path, encoding="utf-8") as lines:
        for line in lines:
            words = line.split("#")[0].split()
            if words:
                icons[words[0]] = int(words[1], 16)
    return icons


def icon_font(path, icons):
    font = TTFont(path)
    absent = [name for name, code in icons.items() if code not in font.getBestCmap()]
    if absent:
        sys.exit(f"{path} has no icon for: {', '.join(absent)}")
    return cut(font, icons.values())


def as_bytes(font):
    # The time of the build stays out, so that equal inputs give equal bytes.
    font.recalcTimestamp = False
    out = io.BytesIO()
    font.save(out)
    return out.getvalue()


def write_if_changed(path, text):
    if os.path.exists(path) and open(path, encoding="utf-8").read() == text:
        os.utime(path)
        return
    with open(path, "w", encoding="utf-8") as out:
        out.write(text)


FONTS_HEADER = """// Written by assets/cut_fonts.py.
#pragma once
#include <span>

namespace tessera {{
// TrueType files, for as long as the program runs.
{declarations}
}}  // namespace tessera
"""

ICONS_HEADER = """// Written by assets/cut_fonts.py from assets/icons.txt.
#pragma once

// The glyphs of icons_font() as UTF-8.
namespace tessera::icons {{
inline constexpr unsigned short first_code_point = {first:#x};
inline constexpr unsigned short last_code_point = {last:#x};
{constants}
}}  // namespace tessera::icons
"""


def main(inter, awesome, icon_list, out):
    icons = read_icons(icon_list)
    fonts = {
        "inter_regular": as_bytes(weight(inter, 400)),
        "inter_semibold": as_bytes(weight(inter, 600)),
        "icons_font": as_bytes(icon_font(awesome, icons)),
    }
    os.makedirs(f"{out}/assets", exist_ok=True)
    declarations = "\n".join(f"std::span<const unsigned char> {name}();" for name in fonts)
    write_if_changed(f"{out}/assets/fonts.h", FONTS_HEADER.format(declarations=declarations))
    constants = "\n".join(
        f"inline constexpr char {name}[] = \"" + "".join(f"\\x{b:02x}" for b in chr(code).encode()) + "\";" for name, code in icons.items()
    )
    write_if_changed(
        f"{out}/assets/icons.h", ICONS_HEADER.format(first=min(icons.values()), last=max(icons.values()), constants=constants)
    )
    body = '#include "assets/fonts.h"\n\nnamespace tessera {\n'
    for name, data in fonts.items():
        body += f"static const unsigned char {name}_data[] = {{{','.join(map(str, data))}}};\n"
        body += f"std::span<const unsigned char> {name}() {{ return {name}_data; }}\n"
    write_if_changed(f"{out}/assets/fonts.cpp", body + "}  // namespace tessera\n")
    return sum(map(len, fonts.values()))


if __name__ == "__main__":
    main(*sys.argv[1:])
