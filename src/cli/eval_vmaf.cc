#include "cli/eval_vmaf.h"

#include <memory>
#include <utility>

#include "cli/vmaf.h"

namespace furl::cli {
namespace {

class VmafSequence : public eval::SequenceMeter {
 public:
  explicit VmafSequence(std::unique_ptr<VmafRun> run) : run_(std::move(run)) {}

  Status Add(const Frame& original, const Frame& decoded) override {
    return run_->Add(original, decoded);
  }
  Result<eval::SequenceScores> Finish() override {
    FURL_ASSIGN_OR_RETURN(VmafScores scores, run_->Finish());
    return eval::SequenceScores{std::move(scores.frames), std::move(scores.version)};
  }

 private:
  std::unique_ptr<VmafRun> run_;
};

}  // namespace

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
        return std::unique_ptr<eval::SequenceMeter>(std::make_unique<VmafSequence>(std::move(run)));
      });
}

}  // namespace furl::cli
