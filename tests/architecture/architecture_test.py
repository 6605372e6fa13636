#!/usr/bin/python3 -B
"""Holds the repository to the rules of the house, after showing on made-up trees that each rule can fail."""
import os
import sys
import tempfile

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import house_rules

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))

SOUND = {
    "shared/base/bytes.h": "#pragma once\n#include <span>\n",
    "shared/canvas/tile.h": '#pragma once\n#include "shared/base/bytes.h"\n',
    "shared/canvas/tile.cpp": '#include "shared/canvas/tile.h"\n#include <stb/stb_image.h>\n',
    "shared/canvas/CMakeLists.txt": "add_library(tessera_canvas tile.cpp)\n",
    "server/storage/sqlite.cpp": '#include <sqlite3.h>\n#include "server/core/ports.h"\n',
    "server/storage/CMakeLists.txt": "sqlite.cpp\n",
    "server/main.cpp": '#include "server/serve/serve.h"\n#include <CLI/CLI.hpp>\n',
    "server/serve/serve.h": '#pragma once\n#include "server/net/listener.h"\n',
    "server/CMakeLists.txt": "add_executable(tessera-server main.cpp)\n",
    "app/platform/window_web.cpp": "#ifdef __EMSCRIPTEN__\n#include <SDL.h>\n#endif\n",
    "app/platform/CMakeLists.txt": "window_${TESSERA_PLATFORM}.cpp\n",
    "README.md": "[house](CONTRIBUTING.md), `shared/base/bytes.h`, [elsewhere](https://example.org)\n",
    "CONTRIBUTING.md": "[back](README.md#top)\n",
}

# What is put into the sound tree, the rule that must object, and words of the objection.
BREAKS = [
    ("an arrow to the right", {"shared/base/x.h": '#pragma once\n#include "shared/canvas/tile.h"\n'}, "arrows", "may not know shared/canvas"),
    ("server and app meeting", {"app/net/x.h": '#pragma once\n#include "server/core/room.h"\n'}, "arrows", "may not know server/core"),
    ("one server box in another", {"server/http/x.h": '#pragma once\n#include "server/net/listener.h"\n'}, "arrows", "may not know server/net"),
    ("core knowing main's folder", {"server/core/x.h": '#pragma once\n#include "server/options.h"\n'}, "arrows", "may not know server"),
    ("a test helper in the product", {"shared/base/x.h": '#pragma once\n#include "tests/support/fake.h"\n'}, "arrows", "may not know tests"),
    ("a room nobody planned", {"server/misc/x.h": "#pragma once\n"}, "arrows", "not in the house"),
    ("an #ifdef for the web in a feature", {"app/ui/x.h": "#pragma once\n#ifdef __EMSCRIPTEN__\n#endif\n"}, "web_symbols", "app/ui/x.h"),
    ("an #ifdef for the web in shared", {"shared/base/x.h": "#pragma once\n#if defined(__EMSCRIPTEN__)\n#endif\n"}, "web_symbols", "shared/base/x.h"),
    ("SQLite in the core", {"server/core/x.h": "#pragma once\n#include <sqlite3.h>\n"}, "libraries", "sqlite3.h"),
    ("SDL in the model", {"app/model/x.h": "#pragma once\n#include <SDL.h>\n"}, "libraries", "SDL.h"),
    ("Dear ImGui in the model, quoted", {"app/model/x.h": '#pragma once\n#include "imgui.h"\n'}, "libraries", "imgui.h"),
    ("JSON in the core", {"server/core/x.h": "#pragma once\n#include <nlohmann/json.hpp>\n"}, "libraries", "nlohmann"),
    ("JSON in shared", {"shared/protocol/x.h": "#pragma once\n#include <nlohmann/json.hpp>\n"}, "libraries", "nlohmann"),
    ("an include beside the file", {"server/core/x.h": '#pragma once\n#include "room.h"\n'}, "libraries", "from the root"),
    ("a header without a guard", {"server/core/x.h": "struct X {};\n"}, "pragma_once", "server/core/x.h"),
    ("a source in no list", {"shared/canvas/lost.cpp": "int x;\n"}, "explicit_lists", "lost.cpp"),
    ("a file too long", {"server/core/x.h": "#pragma once\n" * 501}, "lengths", "501 lines"),
    ("a dead link", {"README.md": "[x](docs/gone.md)\n"}, "links", "docs/gone.md"),
    ("a dead name", {"CONTRIBUTING.md": "see `server/core/gone.h`\n"}, "links", "server/core/gone.h"),
    ("no README", {"README.md": None}, "links", "README.md is missing"),
]


def write_tree(root, files):
    for path, text in files.items():
        if text is None:
            continue
        full = os.path.join(root, path)
        os.makedirs(os.path.dirname(full), exist_ok=True)
        with open(full, "w", encoding="utf-8") as out:
            out.write(text)


def report(name, complaints):
    print(f"{'not ok' if complaints else 'ok'} - {name}")
    for complaint in complaints:
        print(f"    {complaint}")
    return not complaints


def objections(files, rule):
    with tempfile.TemporaryDirectory() as tree:
        write_tree(tree, files)
        return list(getattr(house_rules, rule)(tree))


def self_test():
    sound = [f"{rule.__name__}: {o}" for rule in house_rules.RULES.values() for o in objections(SOUND, rule.__name__)]
    good = report("self-test: a sound tree has nothing to object to", sound)
    for name, change, rule, words in BREAKS:
        found = objections(SOUND | change, rule)
        good &= report(f"self-test: {name} is noticed", [] if any(words in o for o in found) else [f"{rule} said: {found}"])
    return good


def main():
    good = self_test()
    for name, rule in house_rules.RULES.items():
        good &= report(name, list(rule(ROOT)))
    return 0 if good else 1


if __name__ == "__main__":
    sys.exit(main())
