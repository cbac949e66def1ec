// EncoderPredictor: the encoder's side of codec/common/predictor.h.

#ifndef FURL_CODEC_ENC_ENCODER_PREDICTOR_H_
#define FURL_CODEC_ENC_ENCODER_PREDICTOR_H_

#include "codec/common/predictor.h"
#include "codec/enc/lookahead.h"

namespace furl {

// Chooses a prediction for a frame. One object serves one frame in flight at a time.
class EncoderPredictor {
 public:
  virtual ~EncoderPredictor() = default;

  // Writes to the side information what the decoder's Predictor reads there, and returns the
  // very prediction that it will make. Planes are valid until the next call.
  virtual Result<Prediction> Predict(const PlannedFrame& planned, const PredictionTask& task,
                                     RangeEncoder* side) = 0;
};

}  // namespace furl

#endif  // FURL_CODEC_ENC_ENCODER_PREDICTOR_H_
