// VMAF, measured by somebody else's program found at run time: the `vmaf` tool
// of libvmaf (https://github.com/Netflix/vmaf) or an ffmpeg that was built with
// it. furl neither contains nor needs it.

#ifndef FURL_SESSION_VMAF_H_
#define FURL_SESSION_VMAF_H_

#include <string_view>

#include "base/status.h"
#include "metrics/sequence_meter.h"
#include "session/sequence_metrics.h"

namespace furl::session {

// The row of sequence_metrics.h. Looks for `vmaf`, then for an `ffmpeg` with the filter
// libvmaf, in PATH; kUnsupported, naming both, if there is neither. Meters use the
// tool's default model and keep the frames uncompressed in a temporary folder
// ($TMPDIR) until the end.
Result<SequenceMetric> OpenVmaf(int threads, const media::CancelFn& cancelled);

// The scores, 0 to 100, in libvmaf's JSON log: {"version": ..., "frames": [{"frameNum": 0,
// "metrics": {"vmaf": 97.4, ...}}, ...], ...}. kInvalidStream if it is
// anything else.
Result<SequenceScores> ParseVmafLog(std::string_view json);

}  // namespace furl::session

#endif  // FURL_SESSION_VMAF_H_
