// Hooks: what work that takes long tells whoever started it, and asks of them.

#ifndef FURL_SESSION_HOOKS_H_
#define FURL_SESSION_HOOKS_H_

#include <string>

#include "base/status.h"
#include "media/media_info.h"

namespace furl::session {

// Both may be empty. They are called on the thread that does the work.
struct Hooks {
  media::NoticeFn notice;     // something worth knowing, as a sentence
  media::CancelFn cancelled;  // whether to stop with kCancelled as soon as possible

  void Notice(const std::string& text) const {
    if (notice) notice(text);
  }
  // kCancelled with the message once somebody wants that.
  Status CheckCancelled(const char* message) const {
    return cancelled && cancelled() ? Status(StatusCode::kCancelled, message) : OkStatus();
  }
};

}  // namespace furl::session

#endif  // FURL_SESSION_HOOKS_H_
