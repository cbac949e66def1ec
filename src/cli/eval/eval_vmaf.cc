#include "cli/eval/eval_vmaf.h"

#include <memory>
#include <utility>

#include "cli/vmaf.h"

namespace furl::cli {

Result<eval::SequenceMeterFactory> MakeVmafFactory(int threads) {
  FURL_ASSIGN_OR_RETURN(const VmafTool tool, FindVmaf());
  return eval::SequenceMeterFactory(
      [tool, threads](const eval::Clip& clip) -> Result<std::unique_ptr<eval::SequenceMeter>> {
        media::MediaInfo info;
        info.video.width = clip.width;
        info.video.height = clip.height;
        info.video.bit_depth = clip.bit_depth;
        info.video.frame_rate = clip.frame_rate;
        info.video.time_base = clip.time_base;
        info.video.color = clip.color;
        FURL_ASSIGN_OR_RETURN(auto run, VmafRun::Create(tool, info, threads));
        return std::unique_ptr<eval::SequenceMeter>(std::move(run));
      });
}

}  // namespace furl::cli
