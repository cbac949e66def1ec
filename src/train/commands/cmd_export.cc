// `furl-train export`: checkpoints -> model file, tables measured on the way.

#include <fstream>
#include <sstream>

#include "train/commands/commands.h"
#include "train/export/export.h"
#include "train/families/transform/symbol_statistics.h"
#include "train/loop/model_setup.h"
#include "train/network/graph_module.h"

namespace furl::train {
namespace {

// Training batches of a half for measurements.
Result<BatchSource> Batches(const ExportOptions& options, const std::string& half, uint64_t seed) {
  TrainOptions data;
  data.cache = options.cache;
  data.dumps = options.dumps;
  data.half = half;
  data.batch = 8;
  return MakeBatchSource(data, false, seed);
}

Result<HalfTables> MeasureTables(const ExportOptions& options, const Architecture& arch,
                                 const std::string& half, ParamStore& params) {
  FURL_ASSIGN_OR_RETURN(const BatchSource source, Batches(options, half, 99));
  const CodecModel model(arch, half, params);
  RunOptions run;
  run.fake_quant = true;
  const SymbolStatistics measured = Measure(
      model, [&] { return source(-1); }, options.batches, run);
  const auto relative = RelativeSteps(params, half).contiguous();
  return HalfTables{measured.Frequencies(), measured.Shrink(), measured.HyperZero(),
                    std::vector<float>(relative.data_ptr<float>(),
                                       relative.data_ptr<float>() + relative.numel())};
}

// Second moments of what the two transforms see.
Result<InputMoments> MeasureMoments(const ExportOptions& options, const Architecture& arch,
                                    const std::string& half, ParamStore& params) {
  FURL_ASSIGN_OR_RETURN(const BatchSource source, Batches(options, half, 123));
  const CodecModel model(arch, half, params);
  Tensor sum;
  for (int i = 0; i < options.batches; ++i) {
    const auto blocks = model.TransformInput(source(-1)).permute({0, 2, 3, 1});
    const auto rows = blocks.reshape({-1, blocks.size(3)}).to(torch::kFloat64);
    const auto moment = torch::matmul(rows.t(), rows);
    sum = i == 0 ? moment : sum + moment;
  }
  const auto weight =
      params.Get(half + ".analysis.klt.weight").detach().flatten(1).to(torch::kFloat64);
  return InputMoments{
      {half + ".analysis.klt", sum},
      {half + ".synthesis.klt", torch::matmul(torch::matmul(weight, sum), weight.t())}};
}

}  // namespace

Status RunExport(const ExportOptions& options) {
  torch::set_num_threads(options.threads);
  FURL_ASSIGN_OR_RETURN(const Architecture arch, ReadArchitecture(options.arch));
  ExportContent content{arch, {}, {}, "{}"};
  if (!options.card.empty()) {
    std::ifstream in(options.card);
    if (!in) return IoError("cannot read " + options.card);
    std::stringstream text;
    text << in.rdbuf();
    content.card = text.str();
  }
  for (const std::string half : {"intra", "inter"}) {
    const std::string& checkpoint =
        half == "inter" && !options.inter.empty() ? options.inter : options.intra;
    ParamStore params{torch::Device("cpu")};
    FURL_RETURN_IF_ERROR(
        InitFromCheckpoint(arch, half, checkpoint, options.weights + ".", 1, params));
    FURL_ASSIGN_OR_RETURN(content.tables[half], MeasureTables(options, arch, half, params));
    FURL_ASSIGN_OR_RETURN(const InputMoments moments, MeasureMoments(options, arch, half, params));
    content.convs.merge(QuantizeGraphs(arch, half + ".", params, moments));
  }
  return ExportModel(options.output, content);
}

}  // namespace furl::train
