#include "train/loop/model_setup.h"

#include <memory>
#include <sstream>
#include <vector>

#include "train/data/crop_sampler.h"
#include "train/data/dump_cache.h"
#include "train/families/transform/klt.h"
#include "train/network/checkpoint.h"

namespace furl::train {
namespace {

// Three batches in four come from the last folder, which the best model wrote.
Result<BatchSource> OpenDumps(const std::string& folders, const SamplerOptions& options) {
  std::vector<std::shared_ptr<DumpSampler>> samplers;
  std::stringstream list(folders);
  for (std::string folder; std::getline(list, folder, ',');) {
    FURL_ASSIGN_OR_RETURN(auto sampler, DumpSampler::Open(folder, options));
    samplers.push_back(std::move(sampler));
  }
  auto turn = std::make_shared<uint64_t>(0);
  return BatchSource([samplers, turn](int qp) {
    const uint64_t t = (*turn)++;
    const bool old = samplers.size() > 1 && t % 4 == 3;
    return samplers[old ? t / 4 % (samplers.size() - 1) : samplers.size() - 1]->Next(qp);
  });
}

}  // namespace

Result<BatchSource> MakeBatchSource(const TrainOptions& options, bool held_out, uint64_t seed) {
  SamplerOptions sampler_options{options.crop, options.batch, held_out, seed};
  if (options.half == "inter" && !options.dumps.empty()) {
    return OpenDumps(options.dumps, sampler_options);
  }
  FURL_ASSIGN_OR_RETURN(auto cache, FrameCache::Open(options.cache));
  auto sampler = std::make_shared<CropSampler>(cache, sampler_options);
  const bool inter = options.half == "inter";
  return BatchSource([sampler, inter](int qp) {
    Batch batch = sampler->Next(qp);
    if (inter) batch.diff = torch::zeros_like(batch.original);
    return batch;
  });
}

void InitUntrained(const Architecture& arch, const std::string& half, uint64_t seed,
                   ParamStore& params) {
  params.InitGraphs(arch, half + ".", seed);
  CodecModel(arch, half, params).InitEntropy();
}

void InitLinearCodec(const Architecture& arch, const std::string& half,
                     const std::function<Batch()>& next, uint64_t seed, ParamStore& params) {
  InitUntrained(arch, half, seed, params);
  InitKlt(arch, half, next, 48, params);
  InitScales(half, InitOffsets(arch, half, next, 48, params), params);
}

Status InitFromCheckpoint(const Architecture& arch, const std::string& half,
                          const std::string& path, const std::string& prefix, uint64_t seed,
                          ParamStore& params, const std::function<Batch()>& next) {
  FURL_ASSIGN_OR_RETURN(const TensorFile file, ReadTensorFile(path));
  const auto found = file.metadata.find("half");
  if (found == file.metadata.end()) return InvalidArgument(path + " is not a checkpoint");
  InitUntrained(arch, half, seed, params);
  if (found->second == half) return LoadParams(file, prefix, {}, params);
  const std::string gate = half + ".prior_init.c3.weight";
  if (params.Has(gate)) params.Set(gate, torch::zeros_like(params.Get(gate)));
  FURL_RETURN_IF_ERROR(LoadParams(file, prefix, {found->second + ".", half + "."}, params));
  // Whole inter frames may cost less than the other half's hyper-latent alone:
  // start from z = 0, so that it grows only where it pays.
  for (const char* part : {".hyper_analysis.c3.weight", ".hyper_analysis.c3.bias"}) {
    params.Set(half + part, torch::zeros_like(params.Get(half + part)));
  }
  if (next != nullptr) {
    InitKlt(arch, half, next, 48, params);
    InitOffsets(arch, half, next, 48, params);
  }
  return OkStatus();
}

}  // namespace furl::train
