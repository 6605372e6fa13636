# The toolchain of the web preset: Emscripten's own, of whichever emcc stands first on PATH.
find_program(TESSERA_EMCC emcc REQUIRED)
file(REAL_PATH ${TESSERA_EMCC} emcc)
get_filename_component(emscripten_root ${emcc} DIRECTORY)

# A node that is not Debian's does not look where Debian keeps acorn, which emcc needs to link.
set(ENV{NODE_PATH} "/usr/share/nodejs:$ENV{NODE_PATH}")
set(node_path ${CMAKE_COMMAND} -E env NODE_PATH=$ENV{NODE_PATH})
set(CMAKE_C_LINKER_LAUNCHER ${node_path})
set(CMAKE_CXX_LINKER_LAUNCHER ${node_path})

# From node 18 on its own fetch() misleads the loader that Emscripten 3.1.6 writes.
find_program(TESSERA_NODE NAMES node nodejs REQUIRED)
set(CMAKE_CROSSCOMPILING_EMULATOR ${TESSERA_NODE} --no-experimental-fetch)

include(${emscripten_root}/cmake/Modules/Platform/Emscripten.cmake)
