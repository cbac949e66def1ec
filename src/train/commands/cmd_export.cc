// `furl-train export`: checkpoints -> model file, tables measured on the way.

#include <fstream>
#include <map>
#include <memory>
#include <sstream>

#include "train/commands/commands.h"
#include "train/export/export.h"
#include "train/families/families.h"
#include "train/loop/model_setup.h"
#include "train/loop/recipe_run.h"

namespace furl::train {
namespace {

// The checkpoints by part; under "" the first, which stands in for parts without one.
Result<std::map<std::string, TensorFile>> ReadCheckpoints(const std::vector<std::string>& paths) {
  std::map<std::string, TensorFile> files;
  for (const std::string& path : paths) {
    FURL_ASSIGN_OR_RETURN(const TensorFile file, ReadTensorFile(path));
    const auto part = PartOf(file);
    if (!part.ok()) return part.status().WithContext(path);
    if (files.empty()) files[""] = file;
    files[*part] = file;
  }
  if (files.empty()) return InvalidArgument("no checkpoint to export");
  return files;
}

Measurement MeasurementOf(const ExportOptions& options, const TrainPart& part,
                          const RunSettings& settings) {
  BatchOptions crops;
  crops.augmentation = settings;
  crops.qps = settings;
  if (part.sequences) crops.sequence = settings.sequence;
  crops.cache = options.cache;
  crops.dumps = options.dumps;
  crops.inter = part.inter;
  crops.batch = 8;
  return {[crops](uint64_t seed) {
            BatchOptions seeded = crops;
            seeded.seed = seed;
            return MakeBatchSource(seeded);
          },
          options.batches};
}

Result<std::string> ReadCard(const std::string& path) {
  if (path.empty()) return std::string("{}");
  std::ifstream in(path);
  if (!in) return IoError("cannot read " + path);
  std::stringstream text;
  text << in.rdbuf();
  return text.str();
}

}  // namespace

Status RunExport(const ExportOptions& options) {
  torch::set_num_threads(options.threads);
  FURL_ASSIGN_OR_RETURN(const Architecture arch, ReadArchitecture(options.arch));
  FURL_ASSIGN_OR_RETURN(const TrainFamily* family, FindTrainFamily(arch.family));
  FURL_ASSIGN_OR_RETURN(const auto checkpoints, ReadCheckpoints(options.from));
  ExportContent content{arch, {}, {}, {}};
  FURL_ASSIGN_OR_RETURN(content.card, ReadCard(options.card));
  for (const TrainPart& part : family->parts) {
    const auto own = checkpoints.find(part.name);
    const TensorFile& checkpoint = own == checkpoints.end() ? checkpoints.at("") : own->second;
    TrainOptions run;  // as the recipe has it
    run.arch = options.arch;
    run.part = part.name;
    FURL_RETURN_IF_ERROR(ApplyRecipe(&run));
    FURL_ASSIGN_OR_RETURN(const FamilyOptionsPtr family_options,
                          ParseFamilyOptions(family->train_options, run.family_words));
    ParamStore params{torch::Device("cpu")};
    const auto model = family->create(arch, part.name, family_options, params);
    FURL_RETURN_IF_ERROR(InitFromCheckpoint(*model, checkpoint, options.weights + ".", 1));
    FURL_ASSIGN_OR_RETURN(PartExport exported, model->Export(MeasurementOf(options, part, run)));
    content.convs.merge(exported.convs);
    content.tables.merge(exported.tables);
  }
  return ExportModel(options.output, content);
}

}  // namespace furl::train
