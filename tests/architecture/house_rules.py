"""The rules of the house, as functions over a tree of files. Used by architecture_test.py, which holds the repository to them."""
import os
import re
import subprocess

# What each folder may include from, besides itself: the arrows of 'The house' in CONTRIBUTING.md.
SHARED = ["shared/base", "shared/canvas", "shared/protocol"]
CORE = [*SHARED, "server/core"]
MODEL = [*SHARED, "app/model"]
ARROWS = {
    "shared/base": [],
    "shared/canvas": ["shared/base"],
    "shared/protocol": ["shared/base", "shared/canvas"],
    "server/core": SHARED,
    **{f"server/{box}": CORE for box in ("storage", "bus", "auth", "net")},
    "server/http": [*CORE, "server/auth"],  # the sign-in routes
    "app/model": SHARED,
    **{f"app/{box}": MODEL for box in ("ui", "net", "platform")},
}
# The rooms at the right end compose all of their side.
COMPOSITION = ("server/commands", "server/serve")
for box in COMPOSITION:
    ARROWS[box] = [*CORE, "server/storage", "server/bus", "server/auth", "server/http", "server/net"]
ARROWS["server"] = [*CORE, *COMPOSITION]
ARROWS["app"] = [*MODEL, "app/ui", "app/net", "app/platform", "assets"]
for box in ("app/ui", "app/platform"):
    ARROWS[box] = [*ARROWS[box], "assets"]

# Which folders may include a library's headers; a prefix names the header or its folder. The core and shared/ know almost none.
SERVER = ["server/storage", "server/bus", "server/auth", "server/http", "server/net", *COMPOSITION, "server"]
LIBRARIES = {
    "SDL": ["app/platform", "app"],
    "GLES3/": ["app/platform"],
    "GLES2/": ["app/platform"],
    "imgui": ["app/ui", "app/platform", "app"],
    "emscripten": ["app/platform", "app/net", "app"],
    "stb/": ["shared/canvas"],
    "zlib.h": ["shared/canvas", *SERVER],
    "libdeflate.h": SERVER,
    "brotli/": SERVER,
    "boost/": ["server/net", "server/http", *COMPOSITION, "app/net"],
    "openssl/": [*SERVER, "app/net"],
    "sqlite3.h": ["server/storage"],
    "pqxx/": ["server/storage"],
    "hiredis/": ["server/bus"],
    "curl/": ["server/auth"],
    "nlohmann/": [*SERVER, "app/model", "app/net", "app/platform"],
    "CLI/": [*COMPOSITION, "server"],
    "spdlog/": SERVER,
    "prometheus/": SERVER,
    "qrencode.h": ["app/ui"],
    "doctest/": [],
}

SOURCE = re.compile(r"\.(h|cpp)$")
INCLUDE = re.compile(r'^\s*#\s*include\s*([<"])([^>"]+)[>"]', re.MULTILINE)
LINK = re.compile(r"\]\(([^)\s]+)\)")
MAX_LINES = 500


def sources(tree, *folders):
    for folder in folders:
        for path, _, names in os.walk(os.path.join(tree, folder)):
            for name in sorted(names):
                if SOURCE.search(name):
                    yield os.path.relpath(os.path.join(path, name), tree)


def read(tree, path):
    with open(os.path.join(tree, path), encoding="utf-8") as file:
        return file.read()


def folder_of(path):
    """The box that a file, or an include, belongs to: its first two folders, or one for the files beside main.cpp."""
    return "/".join(path.split("/")[:-1][:2])


def arrows(tree):
    """Each folder includes only from those to its left."""
    for path in sources(tree, "shared", "server", "app"):
        box = folder_of(path)
        if box not in ARROWS:
            yield f"{path}: the folder {box} is not in the house (ARROWS in tests/architecture/house_rules.py)"
            continue
        for _, included in INCLUDE.findall(read(tree, path)):
            target = folder_of(included)
            top = included.split("/")[0]
            if top in ("shared", "server", "app", "assets", "tests") and target != box and target not in ARROWS[box]:
                yield f"{path} includes {included}: {box} may not know {target}"


def web_symbols(tree):
    """The web is a file beside the native one; only app/platform and app/net may ask for it."""
    for path in sources(tree, "shared", "server", "app", "tests"):
        if "__EMSCRIPTEN__" in read(tree, path) and folder_of(path) not in ("app/platform", "app/net"):
            yield f"{path} asks for __EMSCRIPTEN__: make it a file pair x_native.cpp and x_web.cpp in app/platform or app/net"


def libraries(tree):
    """No library's header outside its layer."""
    for path in sources(tree, "shared", "server", "app"):
        box = folder_of(path)
        for bracket, included in INCLUDE.findall(read(tree, path)):
            if bracket == '"' and included.split("/")[0] in ("shared", "server", "app", "assets"):
                continue
            for prefix, allowed in LIBRARIES.items():
                if included.startswith(prefix) and box not in allowed:
                    yield f"{path} includes <{included}>: not a library of {box}"
            if bracket == '"' and "/" not in included:
                yield f'{path} includes "{included}": includes are from the root of the repository'


def pragma_once(tree):
    for path in sources(tree, "shared", "server", "app", "tests"):
        if path.endswith(".h") and "#pragma once" not in read(tree, path):
            yield f"{path} has no #pragma once"


def explicit_lists(tree):
    """Every .cpp is in its folder's CMakeLists.txt, so that none is left out of the build unseen."""
    for path in sources(tree, "shared", "server", "app"):
        folder, name = os.path.split(path)
        stem = re.sub(r"_(native|web)\.cpp$", "", name)
        while folder and not os.path.exists(os.path.join(tree, folder, "CMakeLists.txt")):
            folder = os.path.dirname(folder)
        if name.endswith(".cpp") and not re.search(rf"\b{re.escape(stem)}", read(tree, os.path.join(folder, "CMakeLists.txt"))):
            yield f"{path} is in no list of {folder}/CMakeLists.txt"


def written_files(tree):
    """What git holds; without git, what lies there and was not built or installed."""
    try:
        return subprocess.run(["git", "ls-files"], cwd=tree, capture_output=True, text=True, check=True).stdout.splitlines()
    except (OSError, subprocess.CalledProcessError):
        found = []
        for path, folders, names in os.walk(tree):
            folders[:] = [f for f in folders if f not in ("build", "node_modules", ".git")]
            found += [os.path.relpath(os.path.join(path, name), tree) for name in names]
        return found


def lengths(tree):
    """Files people write stay under 500 lines."""
    for path in sorted(written_files(tree)):
        written = re.search(r"(\.(h|cpp|py|mjs|js|css|html|sh|cmake|awk|md)|CMakeLists\.txt)$", path) or path.startswith("packaging/")
        generated = path.endswith(("PROTOCOL.md", "package-lock.json"))
        if written and not generated and os.path.isfile(os.path.join(tree, path)):
            lines = read(tree, path).count("\n")
            if lines > MAX_LINES:
                yield f"{path} has {lines} lines; {MAX_LINES} at most"


def links(tree):
    """The documents name files that exist."""
    for document in ("README.md", "CONTRIBUTING.md"):
        if not os.path.exists(os.path.join(tree, document)):
            yield f"{document} is missing"
            continue
        text = read(tree, document)
        for target in LINK.findall(text):
            if not re.match(r"[a-z]+:|#", target) and not os.path.exists(os.path.join(tree, target.split("#")[0])):
                yield f"{document} links to {target}, which does not exist"
        for named in re.findall(r"`((?:shared|server|app|web|assets|tests|packaging)/[\w./-]+)`", text):
            if not os.path.exists(os.path.join(tree, named)):
                yield f"{document} names {named}, which does not exist"


RULES = {
    "every folder includes only from those to its left": arrows,
    "only app/platform and app/net know of the web": web_symbols,
    "libraries stay in their layer, and includes start at the root": libraries,
    "every header is guarded": pragma_once,
    "every source is in its folder's CMake list": explicit_lists,
    "no file is longer than 500 lines": lengths,
    "the documents name files that exist": links,
}
