# Build for WebAssembly with Debian's emscripten: presets web and web-threads, docs/web.md.
find_program(FURL_EM_CONFIG em-config REQUIRED)
execute_process(COMMAND ${FURL_EM_CONFIG} EMSCRIPTEN_ROOT
                OUTPUT_VARIABLE FURL_EMSCRIPTEN_ROOT OUTPUT_STRIP_TRAILING_WHITESPACE)
include(${FURL_EMSCRIPTEN_ROOT}/cmake/Modules/Platform/Emscripten.cmake)
