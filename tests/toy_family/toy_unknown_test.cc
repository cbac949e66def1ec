// A build without the rows of a family says so, whatever it is given of it.

#include <gtest/gtest.h>

#include <string>

#include "bitstream/sequence_header.h"
#include "codec/dec/decoder.h"
#include "codec/enc/encoder.h"
#include "codec/enc/encoders.h"
#include "codec/families/decoders.h"
#include "support/dct_model.h"
#include "toy_family/toy_model.h"

namespace furl::test {
namespace {

void ExpectUnsupported(const Status& status, const std::string& what) {
  EXPECT_EQ(status.code(), StatusCode::kUnsupported) << status.message();
  EXPECT_NE(status.message().find(what), std::string::npos) << status.message();
}

TEST(UnknownFamily, ItsModelIsRefused) {
  const model::ModelPtr model = MakeToyModel().value();
  ExpectUnsupported(CreateFamily(model).status(), "'toy'");
  ExpectUnsupported(CreateFamilyEncoder(model).status(), "'toy'");
  EncoderSettings settings;
  settings.width = settings.height = 64;
  ExpectUnsupported(Encoder::Create(settings, model).status(), "'toy'");
}

TEST(UnknownFamily, ItsStreamIsRefusedWithAnyModel) {
  SequenceHeader header;
  header.width = header.height = 64;
  header.family = kToyId;
  const model::ModelPtr toy = MakeToyModel().value();
  for (const model::ModelPtr& model : {toy, MakeDctModel()}) {
    header.model_id = model->id();
    const auto bytes = WriteSequenceHeader(header).value();
    ExpectUnsupported(Decoder::Create(bytes, model, {}).status(), std::to_string(kToyId));
  }
}

// The header claims a family that this build has; the model is of one that it lacks.
TEST(UnknownFamily, AHeaderThatHidesItIsDamage) {
  SequenceHeader header;
  header.width = header.height = 64;
  header.family = FindFamily(MakeDctModel()->family())->id;
  const model::ModelPtr toy = MakeToyModel().value();
  header.model_id = toy->id();
  const auto bytes = WriteSequenceHeader(header).value();
  EXPECT_EQ(Decoder::Create(bytes, toy, {}).status().code(), StatusCode::kInvalidStream);
}

}  // namespace
}  // namespace furl::test
