// `furl-train calibrate`: a model's tables from what the real encoder writes with them.

#include <cstdio>
#include <random>

#include "train/base/stop.h"
#include "train/commands/commands.h"
#include "train/data/clip_encoder.h"
#include "train/families/families.h"

namespace furl::train {
namespace {

Result<std::unique_ptr<Calibration>> MakeCalibration(const TensorFile& file,
                                                     const std::vector<std::string>& words) {
  const auto name = file.metadata.find("family");
  if (name == file.metadata.end()) return InvalidArgument("not a model");
  FURL_ASSIGN_OR_RETURN(const TrainFamily* family, FindTrainFamily(name->second));
  if (family->calibrate == nullptr) {
    return Unsupported("the family " + name->second + " has nothing to calibrate");
  }
  FURL_ASSIGN_OR_RETURN(const FamilyOptionsPtr options,
                        ParseFamilyOptions(family->calibrate_options, words));
  return family->calibrate(file, options);
}

// Encodes the same clips at the same qualities in every round.
Status Observe(const FrameCache& cache, const CalibrateOptions& options, Calibration& calibration) {
  FURL_ASSIGN_OR_RETURN(const model::ModelPtr model, model::LoadModel(options.output));
  FURL_ASSIGN_OR_RETURN(const FamilyEncoderPtr family, calibration.Observe(model));
  std::mt19937_64 rng(options.seed);
  for (const CachedClip* clip : DrawClips(cache, options.clips, false, rng)) {
    if (g_stop_requested) return {StatusCode::kTryAgain, "interrupted"};
    FURL_RETURN_IF_ERROR(
        EncodeClip(cache, *clip, options.frames, options.threads, family, rng, nullptr));
  }
  return OkStatus();
}

}  // namespace

Status RunCalibrate(const CalibrateOptions& options) {
  FURL_ASSIGN_OR_RETURN(const auto cache, FrameCache::Open(options.cache));
  FURL_ASSIGN_OR_RETURN(TensorFile file, ReadTensorFile(options.model));
  const auto calibration = MakeCalibration(file, options.family_words);
  if (!calibration.ok()) return calibration.status().WithContext(options.model);
  // Start from nothing observed: the tables that are there may be of another kind than wanted.
  (*calibration)->SetTables(file);
  FURL_RETURN_IF_ERROR(WriteTensorFile(options.output, file));
  for (int round = 1; round <= options.rounds; ++round) {
    FURL_RETURN_IF_ERROR(Observe(*cache, options, **calibration));
    (*calibration)->SetTables(file);
    FURL_RETURN_IF_ERROR(WriteTensorFile(options.output, file));
    std::printf("round %d of %d\n", round, options.rounds);
  }
  return OkStatus();
}

}  // namespace furl::train
