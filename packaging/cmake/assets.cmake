# tessera_assets: the fonts, cut down by assets/cut_fonts.py, as #include "assets/fonts.h" and "assets/icons.h".

set(inter /usr/share/fonts/truetype/inter-vf/Inter-roman.var.ttf)
set(awesome /usr/share/fonts/truetype/font-awesome/fontawesome-webfont.ttf)
# Debian's python3 first: fonttools is installed there, and another python on PATH would not know it.
find_program(TESSERA_PYTHON python3 PATHS /usr/bin NO_DEFAULT_PATH REQUIRED)

set(generated ${CMAKE_BINARY_DIR}/generated)
add_custom_command(
  OUTPUT ${generated}/assets/fonts.cpp ${generated}/assets/fonts.h ${generated}/assets/icons.h
  COMMAND ${TESSERA_PYTHON} -B ${CMAKE_SOURCE_DIR}/assets/cut_fonts.py ${inter} ${awesome} ${CMAKE_SOURCE_DIR}/assets/icons.txt ${generated}
  DEPENDS ${CMAKE_SOURCE_DIR}/assets/cut_fonts.py ${CMAKE_SOURCE_DIR}/assets/icons.txt ${inter} ${awesome}
  COMMENT "Cutting the fonts"
  VERBATIM)
add_library(tessera_assets STATIC ${generated}/assets/fonts.cpp ${generated}/assets/fonts.h ${generated}/assets/icons.h)
target_include_directories(tessera_assets PUBLIC ${generated})
target_compile_features(tessera_assets PUBLIC cxx_std_20)
