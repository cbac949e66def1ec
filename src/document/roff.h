// Text as roff, the language of manual pages.

#ifndef FURL_DOCUMENT_ROFF_H_
#define FURL_DOCUMENT_ROFF_H_

#include <string>

namespace furl::document {

// Text for one input line, or several where it has line ends: nothing in it is a command. Every
// hyphen is one that can be copied to a command line.
std::string Roff(const std::string& text);

std::string Bold(const std::string& text);
std::string Italic(const std::string& text);

// Paragraphs, which empty lines part. Lines that begin with spaces stay as they are, as examples
// do; the lines before them that end in a colon become headings of level two.
std::string RoffText(const std::string& text);

}  // namespace furl::document

#endif  // FURL_DOCUMENT_ROFF_H_
