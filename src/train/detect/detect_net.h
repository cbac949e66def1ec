// DetectNet: a detector's network (recipes/detect_s.json) as torch sees it, behind the codec's own
// transform of key frames: what it is shown are latents as a stream of that QP has them or, to
// compare, the pictures that they decode to.

#ifndef FURL_TRAIN_DETECT_DETECT_NET_H_
#define FURL_TRAIN_DETECT_DETECT_NET_H_

#include <array>
#include <memory>
#include <string>
#include <vector>

#include "analysis/detect/box_grid.h"
#include "base/status.h"
#include "train/detect/scene_sampler.h"
#include "train/network/arch.h"
#include "train/network/params.h"

namespace furl::train {

enum class Sight : uint8_t { kLatents, kPictures };

// The codec's transform of key frames, which is not trained.
struct CodecTransform {
  Architecture arch;
  ParamStore params{torch::Device("cpu")};

  static Result<std::unique_ptr<CodecTransform>> Read(const std::string& recipe,
                                                      const std::string& checkpoint);
};

class DetectNet {
 public:
  // All are borrowed. `params` gets the network's own, at their start.
  DetectNet(const Architecture& arch, const CodecTransform& codec, Sight sight, uint64_t seed,
            ParamStore* params);

  // Of the three grids (analysis::kGridScales), [N, 16, h, w] in units of kGridUnit.
  std::array<Tensor, 3> Run(const CanvasBatch& batch, bool fake_quant) const;

  // What it finds in a scene, by the averaged or any other parameters.
  std::vector<analysis::Detection> Find(const Scene& scene, int qp, const ParamStore& params) const;

 private:
  Tensor Inputs(const CanvasBatch& batch) const;
  std::array<Tensor, 3> RunWith(const CanvasBatch& batch, bool fake_quant,
                                const ParamStore& params) const;

  const Architecture& arch_;
  const CodecTransform& codec_;
  const Sight sight_;
  ParamStore* params_;
};

}  // namespace furl::train

#endif  // FURL_TRAIN_DETECT_DETECT_NET_H_
