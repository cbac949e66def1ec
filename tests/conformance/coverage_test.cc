// What the conformance streams hold: if no frame had a hyper-latent or was filtered, those parts of
// the decoder would be untested.

#include <gtest/gtest.h>

#include <algorithm>
#include <memory>
#include <string_view>
#include <utility>

#include "base/checked_math.h"
#include "base/thread_pool.h"
#include "codec/hyperprior/hyper_latent.h"
#include "codec/hyperprior/hyperprior_family.h"
#include "codec/latents/filter_step.h"
#include "codec/wrapped_family.h"
#include "conformance/streams.h"

namespace furl::test {
namespace {

// What frames of one kind held.
struct Coverage {
  int frames = 0;
  int hyper = 0;         // with a hyper-latent that is not zero
  int luma = 0;          // with a loop filter of luma
  int chroma = 0;        // and of chroma
  int own_strength = 0;  // with another strength than as trained
  int samples = 0;       // with blocks in samples
};

// Counts what streams say ahead of the latents.
class CountedFamily : public WrappedFamily {
 public:
  CountedFamily(const model::ModelPtr& model, Coverage* intra, Coverage* inter)
      : WrappedFamily(model), intra_(intra), inter_(inter) {}

  Status DecodeFrame(const FrameTask& task, RangeDecoder* side, std::span<const uint8_t> latents,
                     FamilyState* state, FrameOutput* output) const override {
    FURL_RETURN_IF_ERROR(Count(task, *side, *output->picture));
    return WrappedFamily::DecodeFrame(task, side, latents, state, output);
  }

 private:
  // Reads on from where the family will, in a copy of the coder.
  Status Count(const FrameTask& task, RangeDecoder side, const Frame& picture) const {
    (task.intra() ? intra_ : inter_)->samples += task.samples != nullptr;
    const auto& family = static_cast<const hyperprior::HyperpriorFamily&>(*inner());
    Coverage* coverage = task.intra() ? intra_ : inter_;
    nn::Tensor z;
    FURL_RETURN_IF_ERROR(z.Reshape(nn::Format::kS16, CeilDiv(picture.height(), 64),
                                   CeilDiv(picture.width(), 64), hyperprior::kHyperChannels));
    hyperprior::CodeHyperLatent(side, family.NetsOf(task.intra()), &z);
    filter::FilterStrengths strengths = {};
    latents::CodeFilterStrengths(side, &strengths);
    ++coverage->frames;
    bool hyper = false;
    for (int i = 0; i < z.height() * z.width(); ++i) {
      const int16_t* values = z.S16(i / z.width(), i % z.width());
      hyper = hyper || std::any_of(values, values + hyperprior::kHyperChannels,
                                   [](int16_t v) { return v != 0; });
    }
    if (hyper) ++coverage->hyper;
    if (strengths[0] > 0) ++coverage->luma;
    if (strengths[1] > 0) ++coverage->chroma;
    if (strengths[0] != filter::kTrainedStrength) ++coverage->own_strength;
    return OkStatus();
  }

  Coverage* intra_;
  Coverage* inter_;
};

// Decodes the streams of the tiny model and counts.
void CountStreams(const Result<model::ModelPtr>& model, Coverage* intra, Coverage* inter) {
  ASSERT_TRUE(model.ok()) << model.status().message();
  const auto counted = std::make_shared<CountedFamily>(*model, intra, inter);
  DecoderSettings settings;
  settings.threads = kNoThreads;  // the counts have no lock
  const auto take = [](const Result<ConstFramePtr>& picture) { return picture.status(); };
  for (const ConformanceCase& c : kConformanceCases) {
    const std::string_view name = c.name;
    if (name.starts_with(kDefaultPrefix) || FamilyModelOf(name) != 0) continue;
    const Status status = DecodeStream(c, counted, settings, take);
    ASSERT_TRUE(status.ok()) << c.name << ": " << status.message();
  }
}

TEST(Coverage, StreamsOfTheTinyModelAreFiltered) {
  Coverage intra, inter;
  CountStreams(MakeTinyModel(), &intra, &inter);
  for (const Coverage& kind : {intra, inter}) {
    EXPECT_GT(kind.luma, kind.frames / 2);
    EXPECT_GT(kind.chroma, kind.frames / 2);
    EXPECT_GT(kind.own_strength, kind.frames / 20);
    EXPECT_LT(kind.own_strength, kind.frames) << "some are filtered as trained";
  }
}

TEST(Coverage, StreamsOfTheTinyModelHaveHyperLatents) {
  Coverage intra, inter;
  CountStreams(MakeTinyModel(), &intra, &inter);
  for (const Coverage& kind : {intra, inter}) {
    EXPECT_GE(kind.hyper, 10);
    EXPECT_LT(kind.hyper, kind.frames) << "some do without";
  }
}

TEST(Coverage, SomeStreamsHaveBlocksInSamples) {
  Coverage intra, inter;
  CountStreams(MakeTinyModel(), &intra, &inter);
  for (const Coverage& kind : {intra, inter}) {
    EXPECT_GE(kind.samples, 3);
    EXPECT_LT(kind.samples, kind.frames / 2);
  }
}

}  // namespace
}  // namespace furl::test
