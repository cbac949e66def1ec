// VMAF, measured by somebody else's program found at run time: the `vmaf` tool
// of libvmaf (https://github.com/Netflix/vmaf) or an ffmpeg that was built with
// it. furl neither contains nor needs it.

#ifndef FURL_CLI_VMAF_H_
#define FURL_CLI_VMAF_H_

#include <memory>
#include <string>
#include <string_view>

#include "base/status.h"
#include "cli/child_process.h"
#include "eval/sequence_meter.h"
#include "image/frame.h"
#include "media/frame_writer.h"
#include "media/media_info.h"

namespace furl::cli {

struct VmafTool {
  std::string program;  // absolute path
  bool is_ffmpeg = false;
};

// Looks for `vmaf`, then for an `ffmpeg` with the filter libvmaf, in PATH.
// kUnsupported, naming both, if there is neither.
Result<VmafTool> FindVmaf();

// The scores, 0 to 100, in libvmaf's JSON log: {"version": ..., "frames": [{"frameNum": 0,
// "metrics": {"vmaf": 97.4, ...}}, ...], ...}. kInvalidStream if it is
// anything else.
Result<eval::SequenceScores> ParseVmafLog(std::string_view json);

// One measurement, with the tool's default model. The frames are kept
// uncompressed in a temporary folder ($TMPDIR) until the end.
class VmafRun : public eval::SequenceMeter {
 public:
  // `video`: size, depth and rate of the frames. `threads` of the tool, 0: one
  // per CPU.
  static Result<std::unique_ptr<VmafRun>> Create(const VmafTool& tool,
                                                 const media::MediaInfo& video, int threads);

  Status Add(const Frame& original, const Frame& distorted) override;

  // Runs the tool; one score for each pair that was added.
  Result<eval::SequenceScores> Finish() override;

 private:
  VmafRun() = default;

  VmafTool tool_;
  int threads_ = 1;
  size_t frames_ = 0;
  TemporaryFolder folder_;
  std::unique_ptr<media::FrameWriter> original_;
  std::unique_ptr<media::FrameWriter> distorted_;
};

}  // namespace furl::cli

#endif  // FURL_CLI_VMAF_H_
