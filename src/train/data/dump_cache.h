// The dump cache: what the real encoder saw of inter frames. `furl-train dump`
// writes it, inter training reads it. A folder with frames.bin and index.json;
// each record holds, over the picture padded to multiples of 16: the original
// (8 bit), the prediction (12 bit in 16) and |P0 - P1| >> 3 (8 bit), each as Y,
// U, V planes.

#ifndef FURL_TRAIN_DATA_DUMP_CACHE_H_
#define FURL_TRAIN_DATA_DUMP_CACHE_H_

#include <cstdint>
#include <memory>
#include <random>
#include <string>
#include <vector>

#include "base/status.h"
#include "train/data/batch.h"
#include "train/data/crop_sampler.h"

namespace furl::train {

struct DumpRecord {
  int width = 0;  // padded
  int height = 0;
  int qp = 0;
  int level = 0;
  uint64_t offset = 0;
  bool held_out = false;

  uint64_t Samples() const { return static_cast<uint64_t>(width) * height * 3 / 2; }
};

class DumpSampler {
 public:
  static Result<std::shared_ptr<DumpSampler>> Open(const std::string& folder,
                                                   const SamplerOptions& options);
  ~DumpSampler();
  DumpSampler(const DumpSampler&) = delete;
  DumpSampler& operator=(const DumpSampler&) = delete;

  // qp -1: records as they come. Otherwise records coded within 3 of that QP;
  // the batch keeps each record's own QP.
  Batch Next(int qp);

 private:
  explicit DumpSampler(const SamplerOptions& options) : options_(options), rng_(options.seed) {}
  const DumpRecord& Choose(int qp);
  void Fill(const DumpRecord& record, int item, Batch& batch);

  SamplerOptions options_;
  int side_ = 0;  // of the crops of the batch that is made
  std::vector<DumpRecord> records_;
  std::mt19937_64 rng_;
  const uint8_t* data_ = nullptr;
  size_t size_ = 0;
};

}  // namespace furl::train

#endif  // FURL_TRAIN_DATA_DUMP_CACHE_H_
