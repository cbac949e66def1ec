// Another way to predict than by motion, plugged into both drivers of frames.

#include <gtest/gtest.h>

#include <algorithm>

#include "codec/common/gop.h"
#include "codec/common/pack.h"
#include "codec/dec/frame_decoder.h"
#include "codec/enc/encoders.h"
#include "codec/enc/frame_encoder.h"
#include "codec/families/decoders.h"
#include "support/test_video.h"
#include "support/tiny_model.h"

namespace furl::test {
namespace {

constexpr int kWidth = 80;
constexpr int kHeight = 48;
constexpr uint32_t kMark = 0xa5;  // what the encoder's side writes

// Predicts the first reference as it is.
Result<Prediction> Copy(const Frame& from, motion::PredictionPlanes* planes) {
  const int up = kSampleBits - from.bit_depth();
  for (int p = 0; p < 3; ++p) {
    const ConstPlane plane = from.plane(p);
    const Plane to = planes->pred(p);
    const Plane difference = planes->difference(p);
    for (int y = 0; y < to.height; ++y) {
      const uint16_t* row = plane.row(std::min(y, plane.height - 1));
      for (int x = 0; x < to.width; ++x) {
        to.row(y)[x] = static_cast<uint16_t>(row[std::min(x, plane.width - 1)] << up);
        difference.row(y)[x] = 0;
      }
    }
  }
  return Prediction{planes, nullptr};
}

class CopyPredictor : public Predictor {
 public:
  explicit CopyPredictor(int* calls) : calls_(calls) {}
  Result<Prediction> Predict(const PredictionTask& task, RangeDecoder* side) override {
    ++*calls_;
    if (side->DecodeRaw(8) != kMark) return InvalidStream("mark");
    return Copy(*task.refs[0]->frame, &planes_);
  }

 private:
  int* calls_;
  motion::PredictionPlanes planes_ = motion::PredictionPlanes::Create(kWidth, kHeight).value();
};

class CopyEstimator : public EncoderPredictor {
 public:
  explicit CopyEstimator(uint32_t mark) : mark_(mark) {}
  Result<Prediction> Predict(const PlannedFrame&, const PredictionTask& task,
                             RangeEncoder* side) override {
    side->EncodeRaw(mark_, 8);
    return Copy(*task.refs[0]->frame, &planes_);
  }

 private:
  const uint32_t mark_;
  motion::PredictionPlanes planes_ = motion::PredictionPlanes::Create(kWidth, kHeight).value();
};

struct Coded {
  PlannedFrame planned;
  CodedFrame frame;
  size_t bytes() const { return frame.side.size() + frame.latents.size(); }
};

// A key frame and a P frame of the same picture.
std::vector<Coded> EncodeStill(uint32_t mark) {
  EncoderSettings settings;
  settings.width = kWidth;
  settings.height = kHeight;
  const FamilyEncoderPtr family = CreateFamilyEncoder(MakeTinyModel().value()).value();
  const auto encoder =
      FrameEncoder::Create(settings, *family, nullptr, std::make_unique<CopyEstimator>(mark))
          .value();
  GopPlanner planner(1);
  std::vector<Coded> coded;
  const ConstFramePtr picture = MakeVideo(kWidth, kHeight, 8, 1)[0];
  for (const FramePlan& plan : {planner.Intra(), planner.MiniGop(1)[0]}) {
    Coded& next = coded.emplace_back();
    next.planned.frame = picture;
    next.planned.plan = plan;
    next.planned.qp = 30;
    next.planned.qp_map = QpMap(kWidth, kHeight);
    const ReferencePtr refs[2] = {coded[0].frame.reconstruction, nullptr};
    next.frame = encoder->Encode(next.planned, *next.planned.frame, refs).value();
  }
  return coded;
}

Result<ReferencePtr> Decode(const Coded& coded, const ReferencePtr& ref, FrameDecoder* decoder) {
  PacketView packet;
  packet.header.type = coded.planned.plan.type;
  packet.header.qp = coded.planned.qp;
  packet.header.display_order = coded.planned.plan.display;
  packet.side = coded.frame.side;
  packet.latents = coded.frame.latents;
  return decoder->Decode(packet, {ref, nullptr}, {});
}

// With a CopyPredictor that counts its calls.
std::unique_ptr<FrameDecoder> MakeDecoder(const Family& family, int* calls) {
  SequenceHeader sequence;
  sequence.width = kWidth;
  sequence.height = kHeight;
  return FrameDecoder::Create(sequence, family, nullptr, nullptr,
                              std::make_unique<CopyPredictor>(calls))
      .value();
}

TEST(Predictor, AnyServesBothDrivers) {
  const std::vector<Coded> coded = EncodeStill(kMark);
  EXPECT_LT(coded[1].bytes() * 4, coded[0].bytes()) << "the prediction was of no use";
  EXPECT_EQ(coded[1].frame.reconstruction->motion, nullptr);
  const FamilyPtr family = CreateFamily(MakeTinyModel().value()).value();
  int calls = 0;
  const auto decoder = MakeDecoder(*family, &calls);
  ReferencePtr last;
  for (const Coded& frame : coded) {
    const auto decoded = Decode(frame, last, decoder.get());
    ASSERT_TRUE(decoded.ok()) << decoded.status().message();
    EXPECT_EQ(FrameHash(*(*decoded)->frame), FrameHash(*frame.frame.reconstruction->frame));
    last = *decoded;
  }
  EXPECT_EQ(calls, 1) << "key frames ask for no prediction";
  EXPECT_EQ(last->motion, nullptr);
}

TEST(Predictor, ItsErrorEndsTheFrame) {
  const std::vector<Coded> coded = EncodeStill(kMark + 1);
  const FamilyPtr family = CreateFamily(MakeTinyModel().value()).value();
  int calls = 0;
  const auto decoder = MakeDecoder(*family, &calls);
  const Status status = Decode(coded[1], coded[0].frame.reconstruction, decoder.get()).status();
  EXPECT_EQ(status.code(), StatusCode::kInvalidStream);
  EXPECT_EQ(status.message(), "mark");
}

}  // namespace
}  // namespace furl::test
