# The flags that Debian hardens its packages with, as far as compiler and linker have them. They
# make errors in memory end the program instead of running a stranger's code: the last line, behind
# checked input and the sandbox (SECURITY.md). tests/hardening reads what was built.
#
# Adds them to furl_flags (cmake/FurlModule.cmake). FURL_HARDENED names what was found:
# stack-protector, stack-clash, control-flow, fortify, relro, now, noexecstack.

include(CheckCXXCompilerFlag)
include(CheckCXXSourceCompiles)
include(CheckLinkerFlag)
include(CheckPIESupported)

option(FURL_HARDENING "Build with the compiler's and the linker's protections" ON)
set(FURL_HARDENED)

# furl_harden_compile(NAME FLAG): FLAG for everything, if the compiler has it.
macro(furl_harden_compile name flag)
  string(MAKE_C_IDENTIFIER "FURL_HAS${flag}" has)
  check_cxx_compiler_flag(${flag} ${has})
  if(${has})
    target_compile_options(furl_flags INTERFACE ${flag})
    list(APPEND FURL_HARDENED ${name})
  endif()
endmacro()

# The same for the linker.
macro(furl_harden_link name flag)
  string(MAKE_C_IDENTIFIER "FURL_LINKS${flag}" has)
  check_linker_flag(CXX ${flag} ${has})
  if(${has})
    target_link_options(furl_flags INTERFACE ${flag})
    list(APPEND FURL_HARDENED ${name})
  endif()
endmacro()

# The highest level of checked memcpy, snprintf and the like. The C library says which one is in
# force: none without optimization.
macro(furl_harden_fortify)
  foreach(level IN ITEMS 3 2)
    set(flags -U_FORTIFY_SOURCE -D_FORTIFY_SOURCE=${level})
    string(REPLACE ";" " " CMAKE_REQUIRED_FLAGS "${flags}")
    set(CMAKE_TRY_COMPILE_CONFIGURATION ${CMAKE_BUILD_TYPE})
    check_cxx_source_compiles("
      #include <cstring>
      #if !defined(__USE_FORTIFY_LEVEL) || __USE_FORTIFY_LEVEL < ${level}
      #error not in force
      #endif
      int main() {}" FURL_HAS_FORTIFY_${level}_${CMAKE_BUILD_TYPE})
    unset(CMAKE_REQUIRED_FLAGS)
    unset(CMAKE_TRY_COMPILE_CONFIGURATION)
    if(FURL_HAS_FORTIFY_${level}_${CMAKE_BUILD_TYPE})
      target_compile_options(furl_flags INTERFACE ${flags})
      list(APPEND FURL_HARDENED fortify)
      break()
    endif()
  endforeach()
endmacro()

# Also without hardening: objects go into programs and shared libraries alike, and programs are
# loaded at random addresses.
check_pie_supported(LANGUAGES CXX)

# Sanitizers watch the same things more closely, and don't see into checked memcpy.
if(FURL_HARDENING AND NOT FURL_SANITIZE)
  furl_harden_compile(stack-protector -fstack-protector-strong)
  furl_harden_compile(stack-clash -fstack-clash-protection)
  furl_harden_compile(control-flow -fcf-protection)                # x86: IBT and shadow stacks
  furl_harden_compile(control-flow -mbranch-protection=standard)   # AArch64: BTI and signed returns
  target_compile_options(furl_flags INTERFACE -Wformat -Werror=format-security)
  furl_harden_fortify()
  furl_harden_link(relro -Wl,-z,relro)
  furl_harden_link(now -Wl,-z,now)
  furl_harden_link(noexecstack -Wl,-z,noexecstack)
endif()
