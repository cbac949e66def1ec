// The family interface: how the drivers talk to any way of turning a predicted
// frame into bits and back. A family knows networks, latents and their syntax;
// it knows nothing about packets, GOPs or motion search.
//
// It has two sides: Family is all that a decoder needs, FamilyEncoder what an
// encoder needs beside it.

#ifndef FURL_CODEC_COMMON_FAMILY_H_
#define FURL_CODEC_COMMON_FAMILY_H_

#include <cstdint>
#include <memory>
#include <span>
#include <utility>
#include <vector>

#include "base/status.h"
#include "base/thread_pool.h"
#include "codec/common/frame_analysis.h"
#include "codec/common/qp_map.h"
#include "codec/common/sample_blocks.h"
#include "codec/common/step_law.h"
#include "entropy/range_coder.h"
#include "image/frame.h"
#include "model/model_file.h"
#include "motion/compensate.h"
#include "nn/tensor.h"

namespace furl {

// What a family can do and needs, asked by the drivers of both sides: part of the syntax.
struct FamilyTraits {
  bool inter = true;      // codes frames given a prediction; false: every frame is a key frame
  bool reorders = true;   // takes references from the future; false: frames in display order
  bool qp_map = true;     // blocks may have QPs of their own; false: no map is in the stream
  bool motion = true;     // frames but key frames are predicted; false: no motion is in the stream
  bool samples = true;    // blocks may be coded in samples; false: none is
  bool in_order = false;  // recurrent: frames are decoded one by one, in coding order
};

// What a family keeps of a decoded frame for the frames that refer to it, beside the picture.
// Immutable once the frame is done; travels with the reference.
class FamilyMemory {
 public:
  virtual ~FamilyMemory() = default;
};
using FamilyMemoryPtr = std::shared_ptr<const FamilyMemory>;

// What both sides know about a frame before its family payload.
struct FrameTask {
  int qp = 0;  // kMinQp..kMaxQp
  // Offsets to the QP per block; null: none.
  const QpMap* qp_map = nullptr;
  // Blocks that are in samples; null: none. The driver puts them over the family's picture, so the
  // family need code nothing there.
  const SampleBlocks* samples = nullptr;
  // Predicted planes of the 16-padded picture; null in intra frames.
  const motion::PredictionPlanes* prediction = nullptr;
  // What the family kept of the references, null where there is no such or it kept nothing.
  const FamilyMemory* memory[2] = {};
  ThreadPool* pool = nullptr;  // may be null
  // Of encoders: errors count by what structural similarity sees of them, where the family can.
  bool similarity = false;
  // Of decoders: filled by the family where it is not null.
  FrameAnalysis* analysis = nullptr;

  bool intra() const { return prediction == nullptr; }
};

// What both sides get of a frame.
struct FrameOutput {
  Frame* picture = nullptr;  // to be written, without its border
  FamilyMemoryPtr memory;    // set by families that keep something
};

// Working memory of one frame in flight, made for one picture size.
class FamilyState {
 public:
  virtual ~FamilyState() = default;
};

// A model, checked and prepared for decoding: graphs planned, weights packed for
// this CPU. That takes far longer than the rest of opening a decoder or encoder,
// so make it once per model and share it. Immutable after creation; any number of
// decoders, encoders and threads may use it, each with its own state.
class Family {
 public:
  virtual ~Family() = default;

  const model::Model& model() const { return *model_; }

  virtual FamilyTraits traits() const { return {}; }

  // Decoder multiply-accumulates per luma sample of the costlier frame type.
  virtual double MacsPerPixel() const = 0;
  // All that the networks do for it, values that are only moved counted as well
  // (nn::WorkPerPixel): what a decoder's limit is held against.
  virtual double WorkPerPixel() const = 0;

  virtual Result<std::unique_ptr<FamilyState>> CreateState(int width, int height,
                                                           int bit_depth) const = 0;

  // Most bytes that such a state holds while it decodes, its own included.
  virtual size_t StateBytes(int width, int height, int bit_depth) const = 0;

  // Decodes what FamilyEncoder::EncodeFrame wrote. kInvalidStream when the bytes can't be what
  // an encoder wrote; the picture's content is then unspecified.
  virtual Status DecodeFrame(const FrameTask& task, RangeDecoder* side,
                             std::span<const uint8_t> latents, FamilyState* state,
                             FrameOutput* output) const = 0;

  // Decodes the latents alone, for search and analysis: no synthesis, no picture. `out` gets the
  // dequantized latents, whose channels and scale are the family's. The task of an inter frame
  // needs its prediction, since entropy models see it. kUnsupported by families without latents.
  virtual Status DecodeLatents(const FrameTask& task, RangeDecoder* side,
                               std::span<const uint8_t> latents, FamilyState* state,
                               nn::Tensor* out) const = 0;

  // What single latents make of mid grey, for people to see: for each of `latents`, numbered as in
  // FrameAnalysis::fired, the picture around a position where it alone is `amplitude`; in
  // `pictures`, whose first is that where no latent is anything. kUnsupported by families whose
  // latents make no picture alone.
  virtual Status ShowLatents(bool intra, std::span<const uint16_t> latents, int amplitude,
                             std::vector<FramePtr>* pictures) const {
    (void)intra, (void)latents, (void)amplitude, (void)pictures;
    return Unsupported("latents of this family make no picture alone");
  }

 protected:
  explicit Family(model::ModelPtr model) : model_(std::move(model)) {}

 private:
  model::ModelPtr model_;
};

using FamilyPtr = std::shared_ptr<const Family>;

// The encoder's side: shared and immutable as Family is, which it holds.
class FamilyEncoder {
 public:
  virtual ~FamilyEncoder() = default;

  const FamilyPtr& family() const { return family_; }

  // What look-ahead and motion search plan with.
  virtual StepLaw step_law() const = 0;

  // An encoder's working memory; not one for Family::DecodeFrame.
  virtual Result<std::unique_ptr<FamilyState>> CreateState(int width, int height,
                                                           int bit_depth) const = 0;

  // Codes `original` (of the state's size): appends to `side`, sets `latents` to
  // the bytes of a second section (may be empty), and writes to `output` what
  // every decoder will see.
  virtual Status EncodeFrame(const FrameTask& task, const Frame& original, FamilyState* state,
                             RangeEncoder* side, std::vector<uint8_t>* latents,
                             FrameOutput* output) const = 0;

 protected:
  explicit FamilyEncoder(FamilyPtr family) : family_(std::move(family)) {}

 private:
  FamilyPtr family_;
};

using FamilyEncoderPtr = std::shared_ptr<const FamilyEncoder>;

// When to choose a family, in plain words for people who don't know it: a sentence each, as
// `furl models` shows them.
struct FamilyAdvice {
  const char* take;   // "Take it where ..."
  const char* leave;  // "Not where ..."
};

// One row of the list of decoders (codec/families/decoders.cc).
struct FamilyDecoderRow {
  uint8_t id;           // in the sequence header
  const char* name;     // in the model file
  FamilyAdvice advice;  // the family's own
  // Checks that the model has what decoding needs and prepares it.
  Result<FamilyPtr> (*create)(model::ModelPtr model);
};

// One row of the list of encoders (codec/enc/encoders.cc).
struct FamilyEncoderRow {
  const char* name;
  // Prepares what encoding needs of the family's model. kUnsupported for a model that was
  // stripped to its decoder.
  Result<FamilyEncoderPtr> (*create)(FamilyPtr family);
};

}  // namespace furl

#endif  // FURL_CODEC_COMMON_FAMILY_H_
