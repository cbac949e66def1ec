// "Did you mean": the known word that a mistyped one is nearest to.

#ifndef FURL_CLI_OPTIONS_SUGGEST_H_
#define FURL_CLI_OPTIONS_SUGGEST_H_

#include <string>
#include <vector>

namespace furl::cli {

// The one of `known` that takes the fewest single letters put in, left out, exchanged or swapped
// with their neighbour, if those are at most a third of the word and no more than two (one is
// always allowed). The first of equals; empty if none is near.
std::string Nearest(const std::string& word, const std::vector<std::string>& known);

}  // namespace furl::cli

#endif  // FURL_CLI_OPTIONS_SUGGEST_H_
