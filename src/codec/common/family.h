// The family interface: how the drivers talk to any way of turning a predicted
// frame into bits and back. A family knows networks, latents and their syntax;
// it knows nothing about packets, GOPs or motion search.

#ifndef FURL_CODEC_COMMON_FAMILY_H_
#define FURL_CODEC_COMMON_FAMILY_H_

#include <cstdint>
#include <memory>
#include <span>
#include <utility>
#include <vector>

#include "base/status.h"
#include "base/thread_pool.h"
#include "codec/common/qp_map.h"
#include "entropy/range_coder.h"
#include "image/frame.h"
#include "model/model_file.h"
#include "motion/compensate.h"

namespace furl {

// What both sides know about a frame before its family payload.
struct FrameTask {
  int qp = 0;  // 0..63
  // Offsets to the QP per block; null: none.
  const QpMap* qp_map = nullptr;
  // Motion-compensated planes of the 16-padded picture; null in intra frames.
  const motion::PredictionPlanes* prediction = nullptr;
  ThreadPool* pool = nullptr;  // may be null

  bool intra() const { return prediction == nullptr; }
};

// Encoder-side choices that the decoder needn't know.
struct FamilyEncodeOptions {
  bool rate_distortion_quantization = true;
  bool try_without_hyper = true;  // code frames a second time without hyper-latent
};

// Working memory of one frame in flight, made for one picture size.
class FamilyState {
 public:
  virtual ~FamilyState() = default;
};

// A model, checked and prepared for coding: graphs planned, weights packed for
// this CPU. That takes far longer than the rest of opening a decoder or encoder,
// so make it once per model and share it. Immutable after creation; any number of
// decoders, encoders and threads may use it, each with its own state.
class Family {
 public:
  virtual ~Family() = default;

  const model::Model& model() const { return *model_; }

  // Decoder multiply-accumulates per luma sample of the costlier frame type.
  virtual double MacsPerPixel() const = 0;

  virtual Result<std::unique_ptr<FamilyState>> CreateState(int width, int height,
                                                           int bit_depth) const = 0;

  // Codes `original` (of the state's size): appends to `side`, sets `latents` to
  // the bytes of a second section (may be empty), and writes to
  // `reconstruction` what every decoder will see.
  virtual Status EncodeFrame(const FrameTask& task, const FamilyEncodeOptions& options,
                             const Frame& original, FamilyState* state, RangeEncoder* side,
                             std::vector<uint8_t>* latents, Frame* reconstruction) const = 0;

  // The inverse. kInvalidStream when the bytes can't be what an encoder wrote;
  // the content of `reconstruction` is then unspecified.
  virtual Status DecodeFrame(const FrameTask& task, RangeDecoder* side,
                             std::span<const uint8_t> latents, FamilyState* state,
                             Frame* reconstruction) const = 0;

 protected:
  explicit Family(model::ModelPtr model) : model_(std::move(model)) {}

 private:
  model::ModelPtr model_;
};

using FamilyPtr = std::shared_ptr<const Family>;

// One row of the list in codec/families/families.h.
struct FamilyDescriptor {
  uint8_t id;        // in the sequence header
  const char* name;  // in the model file
  // Checks that the model has what the family needs and prepares it.
  Result<FamilyPtr> (*create)(model::ModelPtr model);
};

}  // namespace furl

#endif  // FURL_CODEC_COMMON_FAMILY_H_
