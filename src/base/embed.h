// Files that are part of the program: the assembler copies them in, where a generated array would
// take the compiler minutes.
//
//   FURL_EMBED(furl_page_css, FOLDER "/page.css");              // outside of all namespaces
//   const std::string_view text = FURL_EMBEDDED(furl_page_css);
//
// Whoever embeds a file names it as OBJECT_DEPENDS of the source.

#ifndef FURL_BASE_EMBED_H_
#define FURL_BASE_EMBED_H_

#include <cstddef>
#include <string_view>

#define FURL_EMBED(symbol, file)          \
  asm(".section .rodata\n" #symbol        \
      "_begin:\n"                         \
      ".incbin \"" file "\"\n" #symbol    \
      "_end:\n"                           \
      ".byte 0\n"                         \
      ".previous\n");                     \
  extern "C" const char symbol##_begin[]; \
  extern "C" const char symbol##_end[]

#define FURL_EMBEDDED(symbol) \
  std::string_view(symbol##_begin, static_cast<size_t>(symbol##_end - symbol##_begin))

#endif  // FURL_BASE_EMBED_H_
