// What the codec's encoder would measure of pictures, in torch: no gradient passes it.

#ifndef FURL_TRAIN_FAMILIES_SENSE_MEASURE_H_
#define FURL_TRAIN_FAMILIES_SENSE_MEASURE_H_

#include "train/base/torch_compat.h"

namespace furl::train::sense {

// In real units, [N, codec kMostRows, H/16, W/16].
struct Measured {
  Tensor measured;  // dequantized; 0 where a row is not measured
  Tensor mask;
};

// `original`: packed pictures as in Batch, [N, 96, H/8, W/8]; `qp`: [N]. `age`: frames since the
// key frame, of all of them.
Measured MeasurePictures(const Tensor& original, const Tensor& qp, int age);

// All rows of the pictures, measured or not, as exact as they are: [N, rows, H/16, W/16].
Tensor AllMeasurements(const Tensor& original);

// The matrix of all measurements, [rows, samples of a block in the order of space_to_depth]: of
// 8-bit samples, in the codec's units.
Tensor MeasurementMatrix();

// Mean square of the quantizer's step for these QPs, in squared 8-bit samples; [N].
Tensor StepSquares(const Tensor& qp);

}  // namespace furl::train::sense

#endif  // FURL_TRAIN_FAMILIES_SENSE_MEASURE_H_
