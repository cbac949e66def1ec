# What every part of a WebAssembly build is compiled with, and the headers of the host that it may
# see: Highway and nlohmann/json are used by their headers alone.

option(FURL_WEB_THREADS "Build for pages that may share memory between threads" OFF)

set(CMAKE_POSITION_INDEPENDENT_CODE OFF)  # it would look addresses up in tables
# Exceptions of WebAssembly itself: those that emscripten imitates in JavaScript make every call
# from a `try` leave the module.
add_compile_options(-msimd128 -fwasm-exceptions)
add_link_options(-msimd128 -fwasm-exceptions)
add_link_options(-sALLOW_MEMORY_GROWTH=1)
set(gtest_disable_pthreads ON)
if(FURL_WEB_THREADS)
  add_compile_options(-pthread)
  add_link_options(-pthread)
endif()

# The linker's scripts use packages that Debian's node finds and other builds of node don't.
set(CMAKE_CXX_LINKER_LAUNCHER env NODE_PATH=/usr/share/nodejs)

set(FURL_HOST_INCLUDE ${CMAKE_BINARY_DIR}/host_include)
file(MAKE_DIRECTORY ${FURL_HOST_INCLUDE})
foreach(folder IN ITEMS hwy nlohmann)
  find_path(FURL_HOST_${folder} ${folder} PATHS /usr/include /usr/local/include REQUIRED
            NO_DEFAULT_PATH NO_CMAKE_FIND_ROOT_PATH)
  file(CREATE_LINK ${FURL_HOST_${folder}}/${folder} ${FURL_HOST_INCLUDE}/${folder} SYMBOLIC)
endforeach()
set(HWY_INCLUDE_DIR ${FURL_HOST_INCLUDE})
add_library(nlohmann_json::nlohmann_json INTERFACE IMPORTED)
target_include_directories(nlohmann_json::nlohmann_json INTERFACE ${FURL_HOST_INCLUDE})
