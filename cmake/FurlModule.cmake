# furl_module(NAME [DIR folder] [SUBDIRS folder...] [ONLY_SUBDIRS] [DEPS module...] [LIBS target...])
#
# One static library furl_NAME from every .cc in its folder (default: NAME) and
# in those SUBDIRS of it, which may hold wildcards; with ONLY_SUBDIRS from these alone.
# Files ending in _test.cc, _bench.cc, _fuzz.cc and _main.cc are left to
# furl_tests, bench/, fuzz/ and the tools. DEPS are furl modules, LIBS foreign
# targets; both are what the module may include (scripts/check_includes.sh
# compares).

find_program(FURL_CCACHE ccache)
if(FURL_CCACHE AND NOT CMAKE_CXX_COMPILER_LAUNCHER)
  set(CMAKE_CXX_COMPILER_LAUNCHER ${FURL_CCACHE})
endif()

add_library(furl_flags INTERFACE)
target_include_directories(furl_flags INTERFACE ${CMAKE_SOURCE_DIR}/src ${CMAKE_SOURCE_DIR}/include)
target_compile_options(furl_flags INTERFACE -Wall -Wextra -Wshadow -Wnon-virtual-dtor
                       -Wno-missing-field-initializers)
# GCC 12 warns of overlapping copies inside "literal" + std::string (its bug 105651).
target_compile_options(furl_flags INTERFACE
  $<$<AND:$<CXX_COMPILER_ID:GNU>,$<VERSION_LESS:$<CXX_COMPILER_VERSION>,13>>:-Wno-restrict>)
if(FURL_WERROR)
  target_compile_options(furl_flags INTERFACE -Werror)
endif()
if(FURL_SANITIZE)
  target_compile_options(furl_flags INTERFACE -fsanitize=${FURL_SANITIZE} -fno-omit-frame-pointer
                         -fno-sanitize-recover=all)
  target_link_options(furl_flags INTERFACE -fsanitize=${FURL_SANITIZE})
endif()

function(furl_module name)
  cmake_parse_arguments(arg "ONLY_SUBDIRS" "DIR" "SUBDIRS;DEPS;LIBS" ${ARGN})
  if(NOT arg_DIR)
    set(arg_DIR ${name})
  endif()
  set(dir ${CMAKE_SOURCE_DIR}/src/${arg_DIR})
  set(sources)
  if(NOT arg_ONLY_SUBDIRS)
    file(GLOB sources CONFIGURE_DEPENDS ${dir}/*.cc)
  endif()
  foreach(subdir IN LISTS arg_SUBDIRS)
    file(GLOB more CONFIGURE_DEPENDS ${dir}/${subdir}/*.cc)
    list(APPEND sources ${more})
  endforeach()
  set(tests ${sources})
  list(FILTER sources EXCLUDE REGEX "_(test|bench|fuzz|main)\\.cc$")
  list(FILTER tests INCLUDE REGEX "_test\\.cc$")

  if(sources)
    add_library(furl_${name} STATIC ${sources})
    set(scope PUBLIC)
  else()  # headers only
    add_library(furl_${name} INTERFACE)
    set(scope INTERFACE)
  endif()
  target_link_libraries(furl_${name} ${scope} furl_flags Threads::Threads ${arg_LIBS})
  foreach(dep IN LISTS arg_DEPS)
    target_link_libraries(furl_${name} ${scope} furl_${dep})
  endforeach()

  if(FURL_BUILD_TESTS AND tests)
    add_executable(${name}_tests ${tests})
    target_link_libraries(${name}_tests PRIVATE furl_${name} GTest::gtest GTest::gtest_main)
    target_compile_definitions(${name}_tests PRIVATE FURL_SOURCE_DIR="${CMAKE_SOURCE_DIR}")
    add_test(NAME ${name} COMMAND ${name}_tests)
    set_tests_properties(${name} PROPERTIES TIMEOUT 1200)
  endif()
endfunction()

# furl_embeds(SOURCE NAME FOLDER): the source embeds files of that folder, whose path it knows by
# NAME (base/embed.h).
function(furl_embeds source name folder)
  file(GLOB files CONFIGURE_DEPENDS ${folder}/*)
  set_property(SOURCE ${source} APPEND PROPERTY COMPILE_DEFINITIONS "${name}=\"${folder}\"")
  set_property(SOURCE ${source} APPEND PROPERTY OBJECT_DEPENDS ${files})
endfunction()
