#include "cli/lack_of_memory.h"

#include <unistd.h>

#include <cstdlib>
#include <exception>
#include <new>

#include "cli/exit_codes.h"
#include "media/output_place.h"

namespace furl::cli {
namespace {

bool MemoryIsLacking() {
  const std::exception_ptr current = std::current_exception();
  if (current == nullptr) return false;
  try {
    std::rethrow_exception(current);
  } catch (const std::bad_alloc&) {
    return true;
  } catch (...) {
    return false;
  }
}

[[noreturn]] void Terminate() {
  media::RemoveTemporaries();
  if (!MemoryIsLacking()) std::abort();
  constexpr char kMessage[] = "furl: error: out of memory\n";
  (void)!write(STDERR_FILENO, kMessage, sizeof(kMessage) - 1);
  _exit(kExitLimit);
}

}  // namespace

void InstallLackOfMemoryHandler() { std::set_terminate(Terminate); }

}  // namespace furl::cli
