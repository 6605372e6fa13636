# How every target of the project is compiled: tessera_options(target).

option(TESSERA_SERVER "Build tessera-server" ON)
option(TESSERA_APP "Build the app" ON)
option(TESSERA_TESTS "Build the tests" ON)
option(TESSERA_BENCH "Build the benchmarks" OFF)
option(TESSERA_FUZZ "Build the fuzz targets (needs clang)" OFF)
option(TESSERA_WERROR "Warnings are errors" OFF)
set(TESSERA_SANITIZE "" CACHE STRING "Sanitizers for everything, as in -fsanitize=")
set(TESSERA_SITE "${CMAKE_BINARY_DIR}/site" CACHE PATH "Where the web build puts what the server serves")

if(NOT CMAKE_BUILD_TYPE)
  set(CMAKE_BUILD_TYPE Release)
endif()
# No NDEBUG: a broken assumption must stop the server before it reaches the journal.
set(CMAKE_CXX_FLAGS_RELEASE "-O2")
set(CMAKE_C_FLAGS_RELEASE "-O2")
set(CMAKE_CXX_FLAGS_RELWITHDEBINFO "-O1 -g")
set(CMAKE_C_FLAGS_RELWITHDEBINFO "-O1 -g")

find_program(TESSERA_CCACHE ccache)
if(TESSERA_CCACHE)
  set(CMAKE_C_COMPILER_LAUNCHER ${TESSERA_CCACHE})
  set(CMAKE_CXX_COMPILER_LAUNCHER ${TESSERA_CCACHE})
endif()

set(CMAKE_CXX_STANDARD 20)
set(CMAKE_CXX_STANDARD_REQUIRED ON)
set(CMAKE_CXX_EXTENSIONS OFF)
set(CMAKE_EXPORT_COMPILE_COMMANDS ON)

if(TESSERA_SANITIZE)
  add_compile_options(-fsanitize=${TESSERA_SANITIZE} -fno-sanitize-recover=all -fno-omit-frame-pointer)
  add_link_options(-fsanitize=${TESSERA_SANITIZE})
endif()
if(TESSERA_FUZZ)
  add_compile_options(-fsanitize=fuzzer-no-link)
endif()

# x_native.cpp or x_web.cpp: the web is a file beside the native one, not an #ifdef.
if(EMSCRIPTEN)
  set(TESSERA_PLATFORM web)
else()
  set(TESSERA_PLATFORM native)
  find_package(Threads REQUIRED)
endif()

function(tessera_options target)
  target_include_directories(${target} PUBLIC ${CMAKE_SOURCE_DIR})
  target_compile_options(${target} PRIVATE -Wall -Wextra -Wshadow -Wconversion)
  if(TESSERA_WERROR)
    target_compile_options(${target} PRIVATE -Werror)
  endif()
endfunction()

# Adds those of the folders that exist.
function(tessera_add_existing)
  foreach(folder IN LISTS ARGN)
    if(EXISTS ${CMAKE_CURRENT_SOURCE_DIR}/${folder}/CMakeLists.txt)
      add_subdirectory(${folder})
    endif()
  endforeach()
endfunction()
