// An encoder that has failed says so from then on and touches nothing any more.

#include <gtest/gtest.h>

#include <new>
#include <vector>

#include "codec/enc/encoder.h"
#include "support/dct_model.h"
#include "support/test_video.h"

namespace furl::test {
namespace {

// Sends `frames` pictures to an encoder that runs out of memory after it coded frame `fails`.
std::vector<StatusCode> SendAll(Encoder* encoder, int frames, int fails) {
  int coded = 0;
  encoder->SetObserver([&coded, fails](const FrameReport&) {
    if (coded++ == fails) throw std::bad_alloc();
  });
  std::vector<StatusCode> codes;
  for (const ConstFramePtr& frame : MakeVideo(64, 48, 8, frames)) {
    codes.push_back(encoder->SendFrame(frame).code());
  }
  codes.push_back(encoder->SendFrame(nullptr).code());
  codes.push_back(encoder->ReceivePacket().status().code());
  return codes;
}

TEST(EncoderLatch, SaysItsFirstErrorAgain) {
  const model::ModelPtr model = MakeDctModel();
  for (const bool low_delay : {false, true}) {
    for (const int fails : {0, 1, 5}) {
      EncoderSettings settings;
      settings.width = 64;
      settings.height = 48;
      settings.low_delay = low_delay;
      const auto encoder = Encoder::Create(settings, model);
      ASSERT_TRUE(encoder.ok()) << encoder.status().message();
      const std::vector<StatusCode> codes = SendAll(encoder->get(), 30, fails);
      bool failed = false;
      for (const StatusCode code : codes) {
        if (code != StatusCode::kOk) failed = true;
        EXPECT_EQ(code, failed ? StatusCode::kOutOfMemory : StatusCode::kOk);
      }
      EXPECT_TRUE(failed);
    }
  }
}

TEST(EncoderLatch, RefusedArgumentsChangeNothing) {
  EncoderSettings settings;
  settings.width = 64;
  settings.height = 48;
  const auto encoder = Encoder::Create(settings, MakeDctModel());
  ASSERT_TRUE(encoder.ok()) << encoder.status().message();
  EXPECT_EQ((*encoder)->SendFrame(MakeVideo(48, 48, 8, 1)[0]).code(), StatusCode::kInvalidArgument);
  EXPECT_TRUE((*encoder)->SendFrame(MakeVideo(64, 48, 8, 1)[0]).ok());
  EXPECT_TRUE((*encoder)->SendFrame(nullptr).ok());
  EXPECT_EQ((*encoder)->SendFrame(nullptr).code(), StatusCode::kInvalidArgument);
  EXPECT_TRUE((*encoder)->ReceivePacket().ok());
  EXPECT_EQ((*encoder)->ReceivePacket().status().code(), StatusCode::kEndOfStream);
}

}  // namespace
}  // namespace furl::test
