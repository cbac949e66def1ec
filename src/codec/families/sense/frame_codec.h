// One frame of the sense family: measurements to a picture, as both sides do it.

#ifndef FURL_CODEC_FAMILIES_SENSE_FRAME_CODEC_H_
#define FURL_CODEC_FAMILIES_SENSE_FRAME_CODEC_H_

#include <cstdint>
#include <memory>

#include "codec/common/family.h"
#include "codec/families/sense/measurement_plan.h"
#include "codec/families/sense/sense_nets.h"
#include "nn/tensor.h"

namespace furl::sense {

// What networks see of a measurement that was taken.
inline constexpr int kMeasuredShift = 2;  // brings its value into the 14 bits of conv16
inline constexpr uint8_t kMeasured = 64;  // in the mask

// Working memory of one frame in flight.
class FrameState : public FamilyState {
 public:
  static Result<std::unique_ptr<FrameState>> Create(const SenseNets& nets, int width, int height);

  // Most bytes that it holds, with what a frame's memory takes.
  static size_t BytesOf(const SenseNets& nets, int width, int height);

  const int rows;  // of blocks
  const int columns;

  nn::Tensor measured, mask;
  nn::Tensor mean;  // of the latents
  nn::Tensor gray;  // what the synthesis takes for a prediction
  nn::Tensor recon;
  std::unique_ptr<nn::PlanState> posterior, synthesis;

 private:
  FrameState(int width, int height);
};

// Frames since the last key frame, of a frame that comes after one with this memory (null: none).
int AgeAfter(const FamilyMemory* memory);

// What networks see of a block: kMostRows values and the mask of those that were measured.
void Dequantize(const MeasurementPlan& plan, const BlockSymbols& symbols, int16_t* measured,
                uint8_t* mask);

// Takes over the symbols of block (column, row). Every block has to be set once a frame.
void SetBlock(const MeasurementPlan& plan, const BlockSymbols& symbols, int row, int column,
              FrameState* state);

// The picture of the state's measurements, and what is remembered of it.
Status Reconstruct(const SenseNets& nets, const FrameTask& task, FrameState* state,
                   FrameOutput* output);

}  // namespace furl::sense

#endif  // FURL_CODEC_FAMILIES_SENSE_FRAME_CODEC_H_
