#include "gstreamer/type_find.h"

#include <furl/furl.h>

#include <algorithm>
#include <cstring>

#include "gstreamer/caps.h"
#include "gstreamer/mkv_tracks.h"

namespace furl::gstreamer {
namespace {

// The longest sequence header (docs/bitstream.md) and what is around its body.
constexpr guint kMostHeader = 4096 + 16;
constexpr guint64 kFirstLook = 4096;

// The most bytes from the front of the file that can be had, `wanted` or fewer; null where not even
// `least` can.
const guint8* Peek(GstTypeFind* find, guint64 wanted, guint64 least, guint64* size) {
  const guint64 length = gst_type_find_get_length(find);  // 0: unknown
  *size = length == 0 ? wanted : std::min(length, wanted);
  for (; *size >= least; *size /= 2) {
    const guint8* data = gst_type_find_peek(find, 0, static_cast<guint>(*size));
    if (data != nullptr) return data;
  }
  return nullptr;
}

void FindBare(GstTypeFind* find, gpointer) {
  guint64 size = 0;
  const guint8* magic = gst_type_find_peek(find, 0, 4);
  if (magic == nullptr || std::memcmp(magic, "furl", 4) != 0) return;
  const guint8* data = Peek(find, kMostHeader, 8, &size);
  if (data == nullptr) return;
  furl_stream_info info{};
  info.struct_size = sizeof(info);
  const furl_status status = furl_read_stream_info(data, size, &info);
  if (status == FURL_ERROR_INVALID_STREAM) return;
  GstCaps* caps = gst_caps_from_string(FURL_BARE_CAPS);
  // What is too new or too large is furl's, too: the parser says what is wrong with it.
  gst_type_find_suggest(find, status == FURL_OK ? GST_TYPE_FIND_MAXIMUM : GST_TYPE_FIND_LIKELY,
                        caps);
  gst_caps_unref(caps);
}

void FindMatroska(GstTypeFind* find, gpointer) {
  for (guint64 wanted = kFirstLook; wanted <= kMostMkvHead; wanted *= 4) {
    guint64 size = 0;
    const guint8* data = Peek(find, wanted, 16, &size);
    if (data == nullptr) return;
    const MkvTracks tracks = FindMkvTracks({data, static_cast<size_t>(size)});
    if (!tracks.furl.empty()) {
      GstCaps* caps = gst_caps_from_string(FURL_MATROSKA_CAPS);
      gst_type_find_suggest(find, GST_TYPE_FIND_MAXIMUM, caps);
      gst_caps_unref(caps);
    }
    if (tracks.answer != MkvTracks::Answer::kMore || size < wanted) return;
  }
}

}  // namespace

bool RegisterTypeFinders(GstPlugin* plugin) {
  GstCaps* bare = gst_caps_from_string(FURL_BARE_CAPS);
  GstCaps* matroska = gst_caps_from_string(FURL_MATROSKA_CAPS);
  // The second is asked before GStreamer's own of Matroska, which is as sure of all such files.
  const bool registered = gst_type_find_register(plugin, "video/x-furl", GST_RANK_PRIMARY, FindBare,
                                                 "furl", bare, nullptr, nullptr) &&
                          gst_type_find_register(plugin, FURL_MATROSKA_CAPS, GST_RANK_PRIMARY + 1,
                                                 FindMatroska, "mkv", matroska, nullptr, nullptr);
  gst_caps_unref(bare);
  gst_caps_unref(matroska);
  return registered;
}

}  // namespace furl::gstreamer
