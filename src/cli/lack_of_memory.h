// What the tool does where memory runs out so badly that no error can be handed on.

#ifndef FURL_CLI_LACK_OF_MEMORY_H_
#define FURL_CLI_LACK_OF_MEMORY_H_

namespace furl::cli {

// From now on std::bad_alloc that nobody catches, or that comes out of a destructor, ends the
// process with a message and kExitLimit instead of aborting it; temporary files are removed.
// Commands return lack of memory as any other error. This is for the rest: the set-up of the
// command line, and destructors of libraries that allocate (nlohmann's JSON).
void InstallLackOfMemoryHandler();

}  // namespace furl::cli

#endif  // FURL_CLI_LACK_OF_MEMORY_H_
