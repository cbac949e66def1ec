// Model files are untrusted: whatever is wrong must be named, never crash.

#include <gtest/gtest.h>

#include <cmath>
#include <cstring>
#include <ctime>
#include <nlohmann/json.hpp>
#include <random>
#include <utility>

#include "model/decoder_part.h"
#include "model/graph_description.h"
#include "model/model_file.h"
#include "model/safetensors.h"
#include "model/shallow_json.h"

namespace furl::model {
namespace {

TensorEntry Entry(DType dtype, std::vector<int64_t> shape, std::span<const uint8_t> data) {
  TensorEntry entry;
  entry.dtype = dtype;
  entry.shape = std::move(shape);
  entry.data = data;
  return entry;
}

// One 1x1 convolution of 16 channels, with a bias of one row or so many.
std::vector<uint8_t> SmallModel(const std::string& version = "2", int8_t weight = 3,
                                int64_t bias_rows = 1) {
  const bool qp = bias_rows > 1;
  const std::string graphs = R"({"graphs": {"g": {
      "inputs": [{"name": "a", "format": "u7", "channels": 16, "scale": 16}],
      "nodes": [{"op": "conv", "name": "c", "in": ["a"], "out": "b", "channels": 16,
                 "kernel": 1, "form": "s16", "shift": 2, "qp": )" +
                             std::string(qp ? "true" : "false") + R"(}],
      "outputs": ["b"]}}})";
  const std::vector<uint8_t> weights(256, static_cast<uint8_t>(weight));
  // Row r is 256 r.
  std::vector<uint8_t> bias;
  for (int64_t i = 0; i < 16 * bias_rows; ++i) {
    bias.insert(bias.end(), {0, static_cast<uint8_t>(i / 16), 0, 0});
  }
  std::vector<uint8_t> mult;
  for (int i = 0; i < 16; ++i) mult.insert(mult.end(), {0x00, 0x40});
  return WriteSafeTensors(
      {{"furl_model", version}, {"family", "transform"}, {"graphs", graphs}},
      {{"c.weight", Entry(DType::kI8, {16, 1, 1, 16}, weights)},
       {"c.bias", Entry(DType::kI32,
                        qp ? std::vector<int64_t>{bias_rows, 16} : std::vector<int64_t>{16}, bias)},
       {"c.mult", Entry(DType::kI16, {16}, mult)}});
}

TEST(Model, ReadsWhatWasWritten) {
  const auto model = Model::Parse(SmallModel());
  ASSERT_TRUE(model.ok()) << model.status().message();
  EXPECT_EQ((*model)->family(), "transform");
  const auto graph = (*model)->graph("g");
  ASSERT_NE(graph, nullptr);
  ASSERT_EQ(graph->nodes.size(), 1u);
  EXPECT_EQ(graph->nodes[0].shift, 2);
  EXPECT_EQ(graph->nodes[0].weights.weight[255], 3);
  EXPECT_EQ(graph->nodes[0].weights.mult[7], 0x4000);
  EXPECT_EQ((*model)->graph("h"), nullptr);
  EXPECT_DOUBLE_EQ(nn::MacsPerPixel(*graph), 1.0);
}

TEST(Model, BiasesHaveOneRowAllRowsOrKnots) {
  for (const auto& [file_rows, rows] : {std::pair{1, 1}, {8, 64}, {64, 64}}) {
    const auto model = Model::Parse(SmallModel("3", 3, file_rows));
    ASSERT_TRUE(model.ok()) << model.status().message();
    const nn::Weights& weights = (*model)->graph("g")->nodes[0].weights;
    EXPECT_EQ(weights.bias_rows, rows);
    ASSERT_EQ(weights.bias.size(), 16u * rows);
    // Knots stand 79 / 7 rows apart.
    const double slope = file_rows == 8 ? 256 * 7 / 79.0 : 256;
    for (int row = 0; row < rows; ++row) {
      EXPECT_EQ(weights.bias[16 * row + 5], std::lround(slope * row)) << file_rows << " " << row;
    }
  }
  EXPECT_EQ(Model::Parse(SmallModel("3", 3, 9)).status().code(), StatusCode::kInvalidStream);
}

TEST(Model, GraphTextSurvivesARoundTrip) {
  const auto model = Model::Parse(SmallModel()).value();
  const auto again = ParseArchitecture(WriteGraphs(model->graphs()));
  ASSERT_TRUE(again.ok()) << again.status().message();
  EXPECT_EQ(WriteGraphs(again->graphs), WriteGraphs(model->graphs()));
}

TEST(Model, IdChangesWithAnyByte) {
  std::vector<uint8_t> bytes = SmallModel();
  const auto id = Model::Parse(bytes).value()->id();
  EXPECT_NE(Model::Parse(SmallModel("2", 4)).value()->id(), id);
}

TEST(Model, WithoutEncodersGraphsIsItsOwnDecoder) {
  const auto whole = Model::Parse(SmallModel()).value();
  // Everything here is the decoder's, so nothing goes.
  const auto same = Model::Parse(StripToDecoder(*whole)).value();
  EXPECT_EQ(same->id(), whole->id());
  EXPECT_EQ(same->graphs().size(), whole->graphs().size());
}

TEST(Model, TheDecodersPartNamesIt) {
  const auto file = [](const std::string& graphs, const std::string& tensor) {
    static const std::vector<uint8_t> data(4, 1);
    return WriteSafeTensors(
        {{"furl_model", "2"}, {"family", "transform"}, {"graphs", graphs}},
        {{tensor, Entry(DType::kU8, {4}, data)}, {"kept.weight", Entry(DType::kU8, {4}, data)}});
  };
  const std::string decoders =
      R"("d": {"inputs": [{"name": "a", "format": "u7", "channels": 16, "scale": 16}],
               "nodes": [], "outputs": ["a"]})";
  // Operators are nobody's business here: a later build's model is found, and then refused.
  const std::string encoders =
      R"("e": {"nodes": [{"op": "later", "name": "c"}], "side": "encoder"})";
  const auto whole =
      IdentifyFile(file("{\"graphs\": {" + decoders + "," + encoders + "}}", "c.mult"));
  const auto stripped = IdentifyFile(file("{\"graphs\": {" + decoders + "}}", "c.mult"));
  ASSERT_TRUE(whole.ok() && stripped.ok());
  EXPECT_NE(*whole, *stripped) << "the tensors of c are left";
  const auto model = Model::Parse(file("{\"graphs\": {" + decoders + "}}", "c.mult"));
  ASSERT_TRUE(model.ok()) << model.status().message();
  EXPECT_EQ((*model)->id(), *stripped);
  EXPECT_EQ(IdentifyFile(StripToDecoder(**model)).value(), *stripped);
  EXPECT_EQ(IdentifyFile(file("{\"graphs\": []}", "c.mult")).status().code(),
            StatusCode::kInvalidStream);
}

TEST(Model, NamesTheVersionItCannotRead) {
  EXPECT_TRUE(Model::Parse(SmallModel("3")).ok());
  for (const char* version : {"1", "4"}) {
    EXPECT_EQ(Model::Parse(SmallModel(version)).status().code(), StatusCode::kUnsupported);
  }
}

TEST(Model, RefusesWeightsThatCouldOverflow) {
  EXPECT_FALSE(Model::Parse(SmallModel("2", -128)).ok());
}

TEST(Model, EveryTruncationIsRefused) {
  const std::vector<uint8_t> bytes = SmallModel();
  for (size_t n = 0; n < bytes.size(); ++n) {
    EXPECT_FALSE(Model::Parse({bytes.begin(), bytes.begin() + n}).ok()) << n;
  }
}

TEST(Model, FlippedBytesAreRefusedOrHarmless) {
  const std::vector<uint8_t> bytes = SmallModel();
  std::mt19937 random(5);
  for (size_t i = 0; i < bytes.size(); ++i) {
    std::vector<uint8_t> damaged = bytes;
    damaged[i] ^= 1 << (random() % 8);
    const auto model = Model::Parse(damaged);
    EXPECT_TRUE(model.ok() || !model.status().message().empty());
  }
}

TEST(SafeTensors, RefusesLyingDirectories) {
  const auto parse = [](std::string header, size_t data) {
    std::vector<uint8_t> bytes(8, 0);
    const uint64_t n = header.size();
    std::memcpy(bytes.data(), &n, 8);
    bytes.insert(bytes.end(), header.begin(), header.end());
    bytes.resize(bytes.size() + data);
    return SafeTensors::Parse(bytes).status();
  };
  const std::string ok = R"({"t":{"dtype":"U8","shape":[4],"data_offsets":[0,4]}})";
  EXPECT_TRUE(parse(ok, 4).ok());
  EXPECT_FALSE(parse(ok, 5).ok()) << "bytes behind the tensors";
  EXPECT_FALSE(parse(ok, 3).ok()) << "outside the file";
  EXPECT_FALSE(parse(R"({"t":{"dtype":"U8","shape":[5],"data_offsets":[0,4]}})", 4).ok());
  EXPECT_FALSE(parse(R"({"t":{"dtype":"U9","shape":[4],"data_offsets":[0,4]}})", 4).ok());
  EXPECT_FALSE(parse(R"({"t":{"dtype":"U8","shape":[0],"data_offsets":[0,0]}})", 0).ok());
  EXPECT_FALSE(parse(R"({"t":{"dtype":"U8","shape":[-4],"data_offsets":[0,4]}})", 4).ok());
  EXPECT_FALSE(
      parse(R"({"t":{"dtype":"I32","shape":[65536,65536,65536],"data_offsets":[0,4]}})", 4).ok());
  EXPECT_FALSE(parse(R"({"a":{"dtype":"U8","shape":[4],"data_offsets":[0,4]},
                         "b":{"dtype":"U8","shape":[4],"data_offsets":[2,6]}})",
                     6)
                   .ok());
  EXPECT_FALSE(parse(std::string(5000, '['), 0).ok()) << "deep nesting";
}

// The time to read a header grows with its length and no faster: 20,000 entries took seconds when
// it grew with its square.
TEST(SafeTensors, ManyEntriesTakeNoLongerThanTheirText) {
  const std::vector<uint8_t> value(1, 0);
  std::map<std::string, TensorEntry> tensors;
  for (int i = 0; i < 15000; ++i) {
    tensors["t" + std::to_string(i)] = Entry(DType::kI8, {1}, value);
  }
  const std::vector<uint8_t> bytes = WriteSafeTensors({}, tensors);
  ASSERT_GT(bytes.size(), size_t{750'000});
  const std::clock_t start = std::clock();
  const auto file = SafeTensors::Parse(bytes);
  const double seconds = double(std::clock() - start) / CLOCKS_PER_SEC;
  ASSERT_TRUE(file.ok()) << file.status().message();
  EXPECT_EQ(file->tensors().size(), tensors.size());
  EXPECT_LT(seconds, 3);
}

TEST(ShallowJson, ReadsNothingDeeperThanAsked) {
  const JsonValue value = ParseShallowJson(R"({"a": [1, "]]\\\"[[{{"]})", 2);
  ASSERT_NE(value.Find("a"), nullptr);
  ASSERT_NE(value.Find("a")->array(), nullptr);
  EXPECT_EQ(value.Find("a")->array()->front().integer(), 1);
  EXPECT_TRUE(ParseShallowJson(R"({"a": [[1]]})", 2).is_null());
  EXPECT_TRUE(ParseShallowJson(std::string(1 << 20, '['), 8).is_null());
  EXPECT_TRUE(ParseShallowJson(R"({"a": )", 2).is_null());
}

// Model ids are hashes of this text (FindDecoderPart): it must stay what nlohmann's trees gave.
TEST(ShallowJson, WritesTheTextThatNamesModels) {
  for (const char* text :
       {R"({"b": [1, -2, 0.5, 1e300, 18446744073709551615, 99999999999999999999], "a": {}})",
        R"(["\u00e4\u0001\"\\/\n", "ä€😀", [], [[]], {"": null}, true, false])",
        R"({"twice": 1, "once": {"x": 2, "x": [3]}, "twice": {"y": 4}})", "7", "\"text\""}) {
    std::string written;
    ParseShallowJson(text, 4).AppendTo(&written);
    EXPECT_EQ(written, nlohmann::json::parse(text).dump(-1, ' ', /*ensure_ascii=*/true));
  }
}

TEST(ShallowJson, NumbersAreWhatTheyAreWrittenAs) {
  EXPECT_EQ(ParseShallowJson("-3", 1).integer(), -3);
  EXPECT_EQ(ParseShallowJson("-3", 1).natural(), std::nullopt);
  EXPECT_EQ(ParseShallowJson("18446744073709551615", 1).natural(), UINT64_MAX);
  EXPECT_EQ(ParseShallowJson("18446744073709551615", 1).integer(), std::nullopt);
  EXPECT_EQ(ParseShallowJson("2.0", 1).integer(), std::nullopt);
  EXPECT_EQ(ParseShallowJson("2", 1).number(), 2.0);
  EXPECT_EQ(ParseShallowJson("true", 1).number(), std::nullopt);
}

TEST(Architecture, RefusesBrokenGraphs) {
  const auto parse = [](const std::string& graph) {
    return ParseArchitecture(R"({"graphs": {"g": )" + graph + "}}").status();
  };
  const std::string input = R"([{"name":"a","format":"u7","channels":16,"scale":16}])";
  EXPECT_TRUE(parse(R"({"inputs":)" + input + R"(,"nodes":[],"outputs":["a"]})").ok());
  EXPECT_FALSE(parse(R"({"inputs":)" + input + R"(,"nodes":[],"outputs":["zz"]})").ok());
  EXPECT_FALSE(parse(R"({"nodes":[],"outputs":[]})").ok());
  EXPECT_FALSE(parse(R"({"inputs":[{"name":"a","format":"u7","channels":17,"scale":16}],
                         "nodes":[],"outputs":[]})")
                   .ok());
  EXPECT_FALSE(parse(R"({"inputs":)" + input + R"(,"nodes":[
      {"op":"teleport","name":"n","in":"a","out":"b"}],"outputs":["b"]})")
                   .ok());
  EXPECT_FALSE(parse(R"({"inputs":)" + input + R"(,"nodes":[
      {"op":"space_to_depth","name":"n","in":"a","out":"a"}],"outputs":["a"]})")
                   .ok());
}

TEST(Architecture, LapsPackedPicturesOnly) {
  const auto parse = [](const std::string& channels, const std::string& strength) {
    return ParseArchitecture(R"({"graphs": {"g": {"outputs": ["b"], "inputs": [
        {"name":"a","format":"s16","scale":8,"channels":)" +
                             channels +
                             R"(}], "nodes": [{"op":"lap","name":"n","in":"a","out":"b")" +
                             strength + "}]}}}");
  };
  const auto ok = parse("96", R"(,"strength":-0.5)");
  ASSERT_TRUE(ok.ok()) << ok.status().message();
  EXPECT_EQ(ok->lap_strength.at("n"), -0.5);
  EXPECT_TRUE(parse("96", "")->lap_strength.empty());
  EXPECT_FALSE(parse("96", R"(,"strength":"much")").ok());
  EXPECT_FALSE(parse("64", "").ok());
}

// The shapes follow from nn::InferOutput: what can't be run isn't read.
TEST(Architecture, RefusesShapesThatDontFit) {
  const auto parse = [](const std::string& scale, const std::string& nodes) {
    return ParseArchitecture(R"({"graphs": {"g": {"outputs": ["b"], "inputs": [
        {"name":"a","format":"s16","channels":64,"scale":)" +
                             scale + R"(}, {"name":"x","format":"s16","channels":64,"scale":8}],
        "nodes": [)" + nodes +
                             "]}}}");
  };
  const auto ok = parse("64", R"({"op":"depth_to_space","name":"n","in":"a","out":"b"})");
  ASSERT_TRUE(ok.ok()) << ok.status().message();
  const nn::TensorInfo& up = ok->graphs.at("g")->tensors[2];
  EXPECT_EQ(up.name, "b");
  EXPECT_EQ(up.channels, 16);
  EXPECT_EQ(up.scale, 32);
  EXPECT_EQ(up.rounded_scale, 64);
  EXPECT_FALSE(parse("24", R"({"op":"quant","name":"n","in":"a","out":"b"})").ok());
  EXPECT_FALSE(parse("4", R"({"op":"depth_to_space","name":"n","in":"a","out":"b"})").ok());
  EXPECT_FALSE(parse("64", R"({"op":"space_to_depth","name":"n","in":"a","out":"b"})").ok());
  EXPECT_FALSE(parse("16", R"({"op":"add","name":"n","in":["a","x"],"out":"b"})").ok());
  EXPECT_FALSE(parse("8", R"({"op":"add","name":"n","in":"a","out":"b"})").ok());
  EXPECT_FALSE(parse("8", R"({"op":"crop","name":"n","in":"a","out":"b","scale":16})").ok());
  const auto conv = parse("8", R"({"op":"conv","name":"n","in":"a","out":"b","channels":64,
                                   "kernel":1,"form":"s16"})");  // of s16: conv16 it must be
  EXPECT_EQ(conv.status().code(), StatusCode::kInvalidStream);
  EXPECT_NE(conv.status().message().find("n"), std::string::npos);
}

}  // namespace
}  // namespace furl::model
