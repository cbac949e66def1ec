// What a run left that was killed: parts of files. Everything complete in them becomes a file.

#ifndef FURL_SESSION_RECORD_RECOVERY_H_
#define FURL_SESSION_RECORD_RECOVERY_H_

#include <cstdint>
#include <string>

#include "base/status.h"
#include "media/media_info.h"
#include "session/record/archive.h"
#include "session/record/camera_place.h"

namespace furl::session {

// Gives parts of videos that no process writes a name that no process writes to, and removes those
// of thumbnails. Nothing is read of them: may be done before this process locks itself in. kIo.
Status SetPartsAside(const CameraPlace& place);

struct Recovered {
  int64_t files = 0;
  int64_t lost = 0;  // parts without a picture
  double seconds = 0;
};

// Copies what is whole in what was set aside, under the names that the files should have had, and
// removes it. A part that can't be copied now, as on a full disk, stays for the next time, with a
// notice. kCancelled.
Result<Recovered> RecoverParts(const std::string& camera, const CameraPlace& place,
                               Archive* archive, const media::NoticeFn& notice,
                               const media::CancelFn& cancelled);

}  // namespace furl::session

#endif  // FURL_SESSION_RECORD_RECOVERY_H_
