// PackageRun: one video to a folder with an HLS package (docs/streaming.md): variants of furl and
// of H.264, sound and subtitles, decoded once.

#ifndef FURL_SESSION_PACKAGE_PACKAGE_RUN_H_
#define FURL_SESSION_PACKAGE_PACKAGE_RUN_H_

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "hls/segment_list.h"
#include "media/video_reader.h"
#include "session/hooks.h"
#include "session/package/stream_tracks.h"

namespace furl::session {

inline constexpr char kMasterName[] = "master.m3u8";

struct PackageRequest {
  std::string folder;      // that exists
  bool overwrite = false;  // what is there of another package
  StreamSettings stream;
};

// Of what was written.
struct VariantOutcome {
  std::string list;   // name of its playlist
  std::string codec;  // "furl.1"
  Rung rung;
  int64_t bytes = 0;
  int64_t mean = 0;  // bits per second
  int64_t peak = 0;  // of the heaviest segment
};

struct PackageOutcome {
  int64_t frames = 0;
  double video_seconds = 0;
  size_t segments = 0;  // of each variant
  int64_t bytes = 0;    // of all segments
  std::vector<VariantOutcome> variants;
  int sounds = 0;
  int texts = 0;
};

struct PackageHooks : Hooks {
  // After every frame: frames so far; may be empty.
  std::function<void(int64_t frames)> progress;
};

class PackageRun {
 public:
  // `request` is borrowed. `reader` is open and not read from yet; `family` is needed for furl's
  // variants.
  PackageRun(const PackageRequest& request, std::unique_ptr<media::VideoReader> reader,
             FamilyEncoderPtr family, PackageHooks hooks);
  // Removes what was written, unless Run was successful.
  ~PackageRun();
  PackageRun(const PackageRun&) = delete;
  PackageRun& operator=(const PackageRun&) = delete;

  // The master playlist is written last: without it there is no package. kCancelled where a hook
  // says so.
  Result<PackageOutcome> Run();

 private:
  hls::SegmentStore* AddList(const std::string& name, const std::string& ending);
  Status TakeItem(media::MediaItem item);
  Status Finish();
  PackageOutcome Outcome() const;

  const PackageRequest& request_;
  const std::unique_ptr<media::VideoReader> reader_;
  const PackageHooks hooks_;
  std::vector<std::unique_ptr<hls::SegmentList>> lists_;
  StreamTracks tracks_;
  bool done_ = false;
};

}  // namespace furl::session

#endif  // FURL_SESSION_PACKAGE_PACKAGE_RUN_H_
