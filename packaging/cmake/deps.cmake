# The libraries, all from the system's packages or from its source packages, under the same names in the native and the web build:
#   tessera_stb, tessera_json, tessera_zlib, tessera_doctest       both builds
#   tessera_sdl, tessera_gl (GLES 3), tessera_imgui                both builds, with TESSERA_APP
#   tessera_boost, tessera_openssl                                 native
#   tessera_sqlite, tessera_deflate, tessera_brotli, tessera_curl, tessera_cli, tessera_log, tessera_metrics
#                                                                  native, with TESSERA_SERVER

if(DEFINED ENV{TESSERA_CACHE})
  set(default_cache "$ENV{TESSERA_CACHE}")
elseif(DEFINED ENV{XDG_CACHE_HOME})
  set(default_cache "$ENV{XDG_CACHE_HOME}/tessera")
else()
  set(default_cache "$ENV{HOME}/.cache/tessera")
endif()
set(TESSERA_CACHE "${default_cache}" CACHE PATH "Where packaging/setup unpacks source packages")

function(tessera_interface name)
  add_library(${name} INTERFACE)
  target_link_libraries(${name} INTERFACE ${ARGN})
endfunction()

# Header-only packages, through links: /usr/include itself must not reach the web compiler.
set(header_links ${CMAKE_BINARY_DIR}/headers)
function(tessera_headers name folder)
  if(NOT EXISTS /usr/include/${folder})
    message(FATAL_ERROR "/usr/include/${folder} is missing: run packaging/setup")
  endif()
  file(MAKE_DIRECTORY ${header_links}/${folder}.d)
  file(CREATE_LINK /usr/include/${folder} ${header_links}/${folder}.d/${folder} SYMBOLIC)
  tessera_interface(${name})
  target_include_directories(${name} SYSTEM INTERFACE ${header_links}/${folder}.d)
endfunction()

tessera_headers(tessera_stb stb)
tessera_headers(tessera_json nlohmann)
tessera_headers(tessera_doctest doctest)

function(tessera_package name)
  string(MAKE_C_IDENTIFIER "pc_${name}" prefix)
  pkg_check_modules(${prefix} REQUIRED IMPORTED_TARGET ${ARGN})
  tessera_interface(${name} PkgConfig::${prefix})
endfunction()

if(EMSCRIPTEN)
  include(${CMAKE_CURRENT_LIST_DIR}/web_libraries.cmake)
else()
  find_package(PkgConfig REQUIRED)
  find_package(ZLIB REQUIRED)
  tessera_interface(tessera_zlib ZLIB::ZLIB)
  if(TESSERA_APP)
    tessera_package(tessera_sdl sdl2)
    tessera_package(tessera_gl glesv2)
  endif()
  if(TESSERA_SERVER OR TESSERA_APP)
    find_package(Boost 1.74 REQUIRED)
    find_package(OpenSSL REQUIRED)
    tessera_interface(tessera_boost Boost::headers Threads::Threads)
    tessera_interface(tessera_openssl OpenSSL::SSL OpenSSL::Crypto)
  endif()
  if(TESSERA_SERVER)
    find_package(SQLite3 REQUIRED)
    find_package(CLI11 REQUIRED)
    find_package(spdlog REQUIRED)
    find_package(prometheus-cpp REQUIRED)
    tessera_interface(tessera_sqlite SQLite::SQLite3)
    tessera_interface(tessera_cli CLI11::CLI11)
    tessera_interface(tessera_log spdlog::spdlog)
    tessera_interface(tessera_metrics prometheus-cpp::core)
    tessera_package(tessera_deflate libdeflate)
    tessera_package(tessera_brotli libbrotlienc libbrotlidec)
    tessera_package(tessera_curl libcurl)
  endif()
endif()

if(TESSERA_APP)
  set(imgui ${TESSERA_CACHE}/imgui-1.90.1)
  if(NOT EXISTS ${imgui}/imgui.h)
    message(FATAL_ERROR "Dear ImGui's source is not in ${imgui}: run packaging/setup, or configure with -DTESSERA_APP=OFF")
  endif()
  add_library(tessera_imgui STATIC
    ${imgui}/imgui.cpp ${imgui}/imgui_draw.cpp ${imgui}/imgui_tables.cpp ${imgui}/imgui_widgets.cpp
    ${imgui}/misc/cpp/imgui_stdlib.cpp ${imgui}/backends/imgui_impl_sdl2.cpp)
  target_include_directories(tessera_imgui SYSTEM PUBLIC ${imgui} ${imgui}/backends ${imgui}/misc/cpp)
  target_compile_definitions(tessera_imgui PUBLIC
    IMGUI_DISABLE_OBSOLETE_FUNCTIONS IMGUI_DISABLE_DEMO_WINDOWS IMGUI_DISABLE_DEBUG_TOOLS)
  target_link_libraries(tessera_imgui PUBLIC tessera_sdl tessera_gl)
endif()
