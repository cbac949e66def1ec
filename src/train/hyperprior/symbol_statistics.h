// Measures the tables that coding needs beside the networks: how often each
// symbol occurs per scale index, and where its values really sit.

#ifndef FURL_TRAIN_HYPERPRIOR_SYMBOL_STATISTICS_H_
#define FURL_TRAIN_HYPERPRIOR_SYMBOL_STATISTICS_H_

#include <array>
#include <cstdint>
#include <functional>
#include <vector>

#include "train/hyperprior/codec_model.h"
#include "train/hyperprior/entropy_model.h"
#include "train/hyperprior/symbol_fit.h"

namespace furl::train::hyperprior {

class SymbolStatistics {
 public:
  SymbolStatistics();
  void Add(const Forwarded& out);

  // [64][32], each row >= 1 and summing to 4096. Sparse rows lean on the
  // Laplace law the networks were trained with.
  std::vector<uint16_t> Frequencies() const;
  // [64][2]: mean distance of |value| below |q| for |q| = 1 and above, in
  // steps; not below 0.
  std::vector<double> Shrink() const;
  // [3][32] probabilities that z is 0, by context.
  std::vector<double> HyperZero() const;

 private:
  void AddStep(const StepSymbols& step);
  std::array<SymbolRow, kScaleCount> counts_{};
  std::array<std::array<double, 2>, kScaleCount> shrink_sum_{};
  std::array<std::array<double, 2>, kScaleCount> shrink_count_{};
  std::vector<double> hyper_zero_;
  std::vector<double> hyper_count_;
};

// Runs `batches` batches through the model without gradients.
SymbolStatistics Measure(const CodecModel& model, const std::function<Batch()>& next, int batches,
                         const RunOptions& run);

}  // namespace furl::train::hyperprior

#endif  // FURL_TRAIN_HYPERPRIOR_SYMBOL_STATISTICS_H_
