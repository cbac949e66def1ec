// What the trainer knows of a codec family: one TrainFamily row, and behind it the parts of its
// models as differentiable functions of a batch. Nothing outside a family's folder names its
// layers, tables or options.

#ifndef FURL_TRAIN_FAMILY_FAMILY_H_
#define FURL_TRAIN_FAMILY_FAMILY_H_

#include <functional>
#include <map>
#include <memory>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "base/status.h"
#include "codec/common/family.h"
#include "model/model_file.h"
#include "train/base/torch_compat.h"
#include "train/data/batch_source.h"
#include "train/export/integer_graph.h"
#include "train/losses/objective.h"
#include "train/network/arch.h"
#include "train/network/graph_module.h"
#include "train/network/params.h"
#include "train/network/safetensors.h"

namespace CLI {
class App;
}

namespace furl::train {

// What a family wants to remember of a training step until PartModel::AfterStep.
struct Observation {
  virtual ~Observation() = default;
};
using Observations = std::vector<std::shared_ptr<const Observation>>;

// What one batch costs. All tensors [N], one value per item.
struct Loss {
  Tensor rate;        // bits
  Tensor distortion;  // what the error weighs beside the rate at the item's QP, in bits
  // Squared error of the luma samples in 8-bit units, without gradient. Needed in validation only.
  Tensor luma_sse;
  std::map<std::string, Tensor> named;  // further sums, which validation logs per pixel
  // Numbers of the batch as a whole, which validation logs as they are.
  std::map<std::string, double> notes;
  // Of the objective, if it joins several losses; logged per pixel in training and validation.
  std::map<std::string, Tensor> parts;
  Tensor critic;  // what the objective's critic minimizes; undefined without one
  std::shared_ptr<const Observation> observation;  // may be null
};

// Where a training run stands.
struct Phase {
  RunOptions run;
  int64_t step = 0;     // counts from 0
  double progress = 0;  // part of the schedule that has passed, 0..1
};

// Options that only one family has. Each family derives its own.
struct FamilyOptions {
  virtual ~FamilyOptions() = default;
};
using FamilyOptionsPtr = std::shared_ptr<const FamilyOptions>;
// Adds the options to a command line of their own. The returned values live as long as the
// pointer and are set when that line is parsed.
using AddFamilyOptions = std::shared_ptr<FamilyOptions> (*)(CLI::App& line);

// What a family measures on before export.
struct Measurement {
  std::function<Result<BatchSource>(uint64_t seed)> open;  // equal seeds give equal batches
  int batches = 0;                                         // to draw from each source
};

// What a part contributes to a model file.
struct PartExport {
  IntegerConvs convs;                       // of all convolutions of its graphs
  std::map<std::string, RawTensor> tables;  // by their names in the file
};

// One separately trained part of a model, on parameters that it doesn't own. Several may share
// an architecture; the graphs of a part are those whose names start with "PART.".
class PartModel {
 public:
  PartModel(const Architecture& arch, std::string part, ParamStore& params)
      : arch_(arch), part_(std::move(part)), params_(params) {}
  virtual ~PartModel() = default;
  PartModel(const PartModel&) = delete;
  PartModel& operator=(const PartModel&) = delete;

  const Architecture& arch() const { return arch_; }
  const std::string& part() const { return part_; }
  ParamStore& params() const { return params_; }

  // Squared error alone until something else is set. kInvalidArgument, and nothing set, if the part
  // cannot be trained with it, whatever the family's row says of others.
  virtual Status SetObjective(Objective objective) {
    objective_ = std::move(objective);
    return OkStatus();
  }
  const Objective& objective() const { return objective_; }

  // Sets the parameters that no graph has, at their start values.
  virtual void InitOwn() {}
  // Turns freshly initialized parameters into the start of a new run, measured on batches.
  virtual void Start(const std::function<Batch()>& next) = 0;
  // Takes over the tensors under `prefix` of a checkpoint of the part `other`, on top of freshly
  // initialized parameters. What has to be measured is measured on batches of `next`, if given.
  virtual Status StartFromPart(const TensorFile& checkpoint, const std::string& prefix,
                               const std::string& other, const std::function<Batch()>& next) = 0;

  // Starts of the names of parameters that no step of the run trains. What is trained in some
  // phases only isn't among them: Forward keeps gradients from it.
  virtual std::vector<std::string> Frozen() const { return {}; }
  // Several threads call this at once, with batches of their own.
  virtual Loss Forward(const Batch& batch, const Phase& phase) const = 0;
  // Follows each step of the optimizer whose Forward observed something (one observation per
  // thread). `average` holds the averaged weights, which no optimizer gives to frozen ones. Of
  // several processes only the first calls it, and the others get its frozen tensors: so whether
  // there is an observation may depend on the phase alone.
  virtual void AfterStep(const Observations& /*observations*/, ParamStore& /*average*/) {}
  // The loss with all choices that an encoder has made as it would make them.
  virtual Loss Validate(const Batch& batch, const RunOptions& run) const = 0;

  virtual Result<PartExport> Export(const Measurement& measurement) const = 0;

 protected:
  const Architecture& arch_;
  std::string part_;
  ParamStore& params_;

 private:
  Objective objective_;
};

// Random networks, and what else the part has at its start values.
inline void InitUntrained(PartModel& model, uint64_t seed) {
  model.params().InitGraphs(model.arch(), model.part() + ".", seed);
  model.InitOwn();
}

// Fits the tables of a model file to what the real encoder codes with it.
class Calibration {
 public:
  virtual ~Calibration() = default;
  // Forgets what was observed, and makes a family which encodes with `model` and has all it codes
  // observed by this object.
  virtual Result<FamilyEncoderPtr> Observe(const model::ModelPtr& model) = 0;
  // Sets the tables to what was observed; before any Observe, to what holds without.
  virtual void SetTables(TensorFile& file) const = 0;
};

struct TrainPart {
  const char* name;
  bool inter;              // codes with predictions: trained on dumps of an encoder
  bool sequences = false;  // takes runs of frames, [N, T, C, H, W]: a recurrent family
};

// A loss that a family can be trained with, and its weight where no recipe names any.
struct LossDefault {
  const char* name;
  double weight;
};

struct TrainFamily {
  const char* name;                  // "family" of recipes and model files
  std::span<const TrainPart> parts;  // the first is trained first
  AddFamilyOptions train_options;
  // The model refers to `arch` and `params`; the options are those of `train_options`.
  std::unique_ptr<PartModel> (*create)(const Architecture& arch, const std::string& part,
                                       const FamilyOptionsPtr& options, ParamStore& params);
  // Both null where there is nothing to calibrate. The options are those of `calibrate_options`;
  // kInvalidArgument if the file lacks the family's tables.
  AddFamilyOptions calibrate_options;
  Result<std::unique_ptr<Calibration>> (*calibrate)(const TensorFile& file,
                                                    const FamilyOptionsPtr& options);
  // Those of losses.h whose inputs the parts have. Without any, parts have a loss of their own, and
  // recipes name none.
  std::span<const LossDefault> losses = {};
};

}  // namespace furl::train

#endif  // FURL_TRAIN_FAMILY_FAMILY_H_
