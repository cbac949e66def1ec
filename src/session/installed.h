// Where files lie that came with the program: models, the player of pages.

#ifndef FURL_SESSION_INSTALLED_H_
#define FURL_SESSION_INSTALLED_H_

#include <string>

namespace furl::session {

// Whether this program runs where it was built. Elsewhere the folder of the sources is nobody's:
// whoever can make it could put files there.
bool RunsInBuildTree();

// The folder `relative` to that of this program, for an installation whose prefix was moved; empty
// if there is nothing, it is `installed`, or it isn't of the program's owner: whoever can make that
// folder could put files there.
std::string FolderBeside(const std::string& relative, const std::string& installed);

// The folder with the player of pages (docs/web.md): the installed one, or that which
// scripts/package_web.sh made in the sources of a program that runs where it was built. Empty where
// there is none.
std::string FindPagePlayer();

}  // namespace furl::session

#endif  // FURL_SESSION_INSTALLED_H_
