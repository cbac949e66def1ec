#include "train/data/batch_source.h"

#include <memory>
#include <sstream>
#include <utility>
#include <vector>

#include "train/data/crop_sampler.h"
#include "train/data/dump_cache.h"
#include "train/data/sequence_sampler.h"

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

Result<BatchSource> MakeBatchSource(const BatchOptions& options) {
  const SamplerOptions sampler_options{options.crop, options.batch,        options.held_out,
                                       options.seed, options.augmentation, options.qps};
  if (options.inter && !options.dumps.empty()) return OpenDumps(options.dumps, sampler_options);
  FURL_ASSIGN_OR_RETURN(auto cache, FrameCache::Open(options.cache));
  if (options.sequence > 0) {
    FURL_ASSIGN_OR_RETURN(auto sequences,
                          SequenceSampler::Open(cache, sampler_options, options.sequence));
    return BatchSource([sequences](int qp) { return sequences->Next(qp); });
  }
  FURL_ASSIGN_OR_RETURN(auto sampler, CropSampler::Open(cache, sampler_options));
  const bool inter = options.inter;
  return BatchSource([sampler, inter](int qp) {
    Batch batch = sampler->Next(qp);
    if (inter) batch.diff = torch::zeros_like(batch.original);
    return batch;
  });
}

}  // namespace furl::train
