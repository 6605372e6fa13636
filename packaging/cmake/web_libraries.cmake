# SDL2 and zlib for the web, built by packaging/setup into the cache (see packaging/web_libraries), and how the app is linked there.
set(web_libraries ${TESSERA_CACHE}/web)
if(NOT EXISTS ${web_libraries}/lib/libz.a)
  message(FATAL_ERROR "The web's SDL2 and zlib are not in ${web_libraries}: run packaging/setup")
endif()

tessera_interface(tessera_zlib ${web_libraries}/lib/libz.a)
target_include_directories(tessera_zlib SYSTEM INTERFACE ${web_libraries}/include)
tessera_interface(tessera_sdl ${web_libraries}/lib/libSDL2.a)
target_include_directories(tessera_sdl SYSTEM INTERFACE ${web_libraries}/include/SDL2)
tessera_interface(tessera_gl)

# The page is web/; this writes tessera.js and tessera.wasm beside it.
function(tessera_web_program target)
  set_target_properties(${target} PROPERTIES SUFFIX .js RUNTIME_OUTPUT_DIRECTORY ${TESSERA_SITE})
  target_link_options(${target} PRIVATE
    -sENVIRONMENT=web -sMIN_WEBGL_VERSION=2 -sMAX_WEBGL_VERSION=2 -sALLOW_MEMORY_GROWTH=1 -sINITIAL_MEMORY=32MB -sFILESYSTEM=0
    -sDYNAMIC_EXECUTION=0 -sMALLOC=emmalloc -sEXPORTED_FUNCTIONS=_main,_malloc,_free -lwebsocket.js
    $<IF:$<CONFIG:Debug>,-O0,-Os>)
endfunction()
