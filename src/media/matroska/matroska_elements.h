// The descriptive parts of a Matroska file as elements in memory.

#ifndef FURL_MEDIA_MATROSKA_MATROSKA_ELEMENTS_H_
#define FURL_MEDIA_MATROSKA_MATROSKA_ELEMENTS_H_

#include <cstdint>
#include <string>

#include "media/matroska/ebml_buffer.h"
#include "media/matroska/matroska_codecs.h"
#include "media/media_info.h"

namespace furl::media {

struct MatroskaVideoTrack {
  std::string codec_id;  // "V_FURL"
  std::vector<uint8_t> codec_private;
  // Of coded pictures that are shown as large as the video; 0: they are.
  int width = 0;
  int height = 0;
  // Columns and rows at the right and bottom of coded pictures that are not to
  // be shown.
  int crop_right = 0;
  int crop_bottom = 0;
  // Most exact timestamps wanted even where the video's time base is coarse.
  bool fine_timestamps = false;
  // Players that choose a video track by themselves should take another one.
  bool not_default = false;
};

// Contents of one TrackEntry. Track number and UID are the same.
EbmlBuffer VideoTrackElements(const VideoInfo& video, const MatroskaVideoTrack& track, int number);
EbmlBuffer StreamTrackElements(const StreamInfo& stream, const MatroskaTrackCodec& codec,
                               int64_t delay_ns, int number);

// Contents of Chapters and Attachments.
EbmlBuffer ChapterElements(const std::vector<Chapter>& chapters);
EbmlBuffer AttachmentElements(const std::vector<Attachment>& attachments);

// One SimpleTag element.
EbmlBuffer SimpleTag(const std::string& name, const std::string& value);

// True for tags worth a Tag element: not those that have elements of their own
// or that describe the source file rather than the work.
bool IsKeptTag(const std::string& name);

// Nanoseconds since 2001-01-01 UTC, Matroska's epoch, of an ISO 8601 time;
// false if `text` isn't one or 64 bits don't reach as far.
bool ParseDate(const std::string& text, int64_t* nanoseconds);

}  // namespace furl::media

#endif  // FURL_MEDIA_MATROSKA_MATROSKA_ELEMENTS_H_
