// The sandbox: what a process may still do that reads a stranger's video.
//
// Two layers of the kernel, each used where kernel and build have it:
// - system calls (seccomp): no sockets, no other programs, no look into other processes, and no
//   file is opened but for reading, made, renamed or removed;
// - paths (Landlock): only what Rules list can be opened at all.
// They hold for this thread, those it starts and their children, and for good. What is refused
// fails with EPERM, EACCES or ENOSYS; nothing is killed.
//
// Outputs are made by a process that stands outside: sandbox/output_broker.h.

#ifndef FURL_SANDBOX_SANDBOX_H_
#define FURL_SANDBOX_SANDBOX_H_

#include <string>
#include <vector>

#include "base/status.h"

namespace furl::sandbox {

enum class Network {
  kNone,
  // Connections are taken from a socket that listens already, and used; no others are made.
  kIncoming,
  // Sockets, for a video that the user named by its address, and libraries that are loaded later:
  // looking up names and verifying certificates need them.
  kAll,
};

struct Rules {
  // Files, and folders with all they hold, that may be read beside what the system's libraries
  // need. Those that don't exist are passed over.
  std::vector<std::string> read;
  Network network = Network::kNone;
};

// What is in force, or why a layer isn't.
struct Layers {
  Status system_calls;
  Status paths;

  bool any() const { return system_calls.ok() || paths.ok(); }
};

// Enters for good. Must be called before there are threads: the paths are restricted for the
// calling one alone.
Layers Enter(const Rules& rules);

}  // namespace furl::sandbox

#endif  // FURL_SANDBOX_SANDBOX_H_
