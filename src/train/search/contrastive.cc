#include "train/search/contrastive.h"

#include <algorithm>
#include <cmath>
#include <random>
#include <utility>

namespace furl::train {
namespace {

using analysis::kEvenSize;
using analysis::kLookSize;
namespace F = torch::nn::functional;

Tensor AsTensor(const std::vector<analysis::Look>& looks) {
  Tensor tensor = torch::empty({static_cast<int64_t>(looks.size()), kLookSize});
  for (size_t i = 0; i < looks.size(); ++i) {
    std::copy(looks[i].begin(), looks[i].end(), tensor[static_cast<int64_t>(i)].data_ptr<float>());
  }
  return tensor;
}

Tensor HalfOf(const Tensor& rows, bool odd) {
  return rows.narrow(1, odd ? kEvenSize : 0, kEvenSize);
}

// Rows of length 1.
Tensor Weigh(const Tensor& looks, const Tensor& weights) {
  return F::normalize(looks * weights, F::NormalizeFuncOptions().dim(1));
}

// Looks by scene, of scenes with two at least.
std::vector<std::vector<int64_t>> RowsOfScenes(const SceneLooks& data) {
  std::vector<std::vector<int64_t>> rows;
  for (size_t i = 0; i < data.scenes.size(); ++i) {
    const auto scene = static_cast<size_t>(data.scenes[i]);
    if (rows.size() <= scene) rows.resize(scene + 1);
    rows[scene].push_back(static_cast<int64_t>(i));
  }
  std::erase_if(rows, [](const std::vector<int64_t>& some) { return some.size() < 2; });
  return rows;
}

}  // namespace

Tensor MirrorSimilarity(const Tensor& a, const Tensor& b) {
  return HalfOf(a, false).matmul(HalfOf(b, false).t()) +
         HalfOf(a, true).matmul(HalfOf(b, true).t()).abs();
}

Tensor ContrastiveLoss(const Tensor& a, const Tensor& b, const Tensor& temperature) {
  const Tensor logits = MirrorSimilarity(a, b) / temperature;
  const Tensor own = torch::arange(logits.size(0));
  return 0.5 * (F::cross_entropy(logits, own) + F::cross_entropy(logits.t(), own));
}

double MeanPrecision(const SceneLooks& data, const LookWeights& weights,
                     const std::function<bool(int64_t scene)>& asked) {
  const Tensor vectors = Weigh(AsTensor(data.looks), AsTensor({weights}));
  const Tensor order =
      MirrorSimilarity(vectors, vectors).fill_diagonal_(2).argsort(1, /*descending=*/true);
  double sum = 0;
  int64_t queries = 0;
  for (const std::vector<int64_t>& rows : RowsOfScenes(data)) {
    const int64_t scene = data.scenes[static_cast<size_t>(rows[0])];
    for (const int64_t row : asked(scene) ? rows : std::vector<int64_t>()) {
      const Tensor line = order[row];
      const auto ranked = line.accessor<int64_t, 1>();
      double found = 0;
      double precision = 0;
      for (int64_t place = 1; place < ranked.size(0); ++place) {  // behind itself
        if (data.scenes[static_cast<size_t>(ranked[place])] == scene) {
          precision += ++found / static_cast<double>(place);
        }
      }
      sum += precision / found;
      ++queries;
    }
  }
  return queries > 0 ? sum / static_cast<double>(queries) : 0;
}

Result<LookWeights> TrainWeights(const SceneLooks& data, const ContrastiveOptions& options,
                                 const std::function<void(int step, double loss)>& progress) {
  std::vector<std::vector<int64_t>> scenes = RowsOfScenes(data);
  if (scenes.size() < 2) return InvalidArgument("fewer than two scenes have two looks");
  std::mt19937_64 random(options.seed);
  const Tensor looks = AsTensor(data.looks);
  Tensor logs = torch::zeros({kLookSize}).requires_grad_(true);
  Tensor log_temperature = torch::full({1}, std::log(0.1)).requires_grad_(true);
  torch::optim::Adam adam({logs, log_temperature}, torch::optim::AdamOptions(options.rate));
  const size_t batch = std::min<size_t>(static_cast<size_t>(options.batch), scenes.size());
  for (int step = 0; step < options.steps; ++step) {
    std::shuffle(scenes.begin(), scenes.end(), random);
    std::vector<int64_t> rows[2];
    for (size_t i = 0; i < batch; ++i) {
      std::shuffle(scenes[i].begin(), scenes[i].end(), random);
      for (int k = 0; k < 2; ++k) rows[k].push_back(scenes[i][k]);
    }
    const auto take = [&](int k) {
      return Weigh(looks.index_select(0, torch::tensor(rows[k])), logs.exp());
    };
    const Tensor loss = ContrastiveLoss(take(0), take(1), log_temperature.exp()) +
                        options.pull * logs.square().sum();
    adam.zero_grad();
    loss.backward();
    adam.step();
    if (progress) progress(step, loss.item<double>());
  }
  LookWeights weights;
  const Tensor done = logs.detach().exp();
  std::copy_n(done.data_ptr<float>(), weights.size(), weights.begin());
  return weights;
}

}  // namespace furl::train
