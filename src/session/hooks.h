// Hooks: what work that takes long tells whoever started it, and asks of them.

#ifndef FURL_SESSION_HOOKS_H_
#define FURL_SESSION_HOOKS_H_

#include <string>

#include "media/media_info.h"

namespace furl::session {

// Both may be empty. They are called on the thread that does the work.
struct Hooks {
  media::NoticeFn notice;     // something worth knowing, as a sentence
  media::CancelFn cancelled;  // whether to stop with kCancelled as soon as possible

  void Notice(const std::string& text) const {
    if (notice) notice(text);
  }
  bool Cancelled() const { return cancelled && cancelled(); }
};

}  // namespace furl::session

#endif  // FURL_SESSION_HOOKS_H_
