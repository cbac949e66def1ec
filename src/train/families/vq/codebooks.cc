#include "train/families/vq/codebooks.h"

#include <algorithm>
#include <cmath>
#include <utility>

#include "codec/families/vq/grid.h"

namespace furl::train::vq {
namespace {

constexpr double kKeep = 0.99;        // of the averages, from step to step
constexpr double kHardlyUsed = 0.03;  // times as often as the mean entry
constexpr double kNewLife = 0.2;      // the count that a revived entry begins with, likewise

}  // namespace

void AddUse(const GridUse& more, GridUse* use) {
  if (use->empty()) {
    *use = more;
    return;
  }
  for (size_t i = 0; i < more.size(); ++i) {
    BookUse& sum = (*use)[i];
    sum.asked = sum.asked + more[i].asked;
    sum.counts = sum.counts + more[i].counts;
    sum.sums = sum.sums + more[i].sums;
    sum.spare = torch::cat({sum.spare, more[i].spare});
  }
}

GridUse OnDevice(const GridUse& use, const torch::Device& device) {
  GridUse there;
  for (const BookUse& own : use) {
    there.push_back(
        {own.asked.to(device), own.counts.to(device), own.sums.to(device), own.spare.to(device)});
  }
  return there;
}

Codebooks::Codebooks(std::string name, int64_t width, ParamStore& params)
    : name_(std::move(name)),
      ends_(furl::vq::SliceEndsOf(static_cast<int>(width))),
      width_(width),
      params_(params) {}

void Codebooks::Init(int64_t stages, int64_t entries) {
  params_.Set(name_ + ".codebooks", torch::zeros({stages, entries, width_}));
  params_.Set(name_ + ".counts", torch::zeros({stages, slices(), entries}));
}

Tensor Codebooks::Book(int64_t index) const {
  const int64_t slice = index % slices();
  return All()[index / slices()].slice(1, begin(slice), end(slice)).detach();
}

void Codebooks::Draw(int64_t index, const Tensor& vectors) {
  torch::NoGradGuard no_grad;
  const int64_t entries = Book(index).size(0);
  const auto drawn = vectors.size(0) >= entries ? torch::randperm(vectors.size(0))
                                                : torch::randint(vectors.size(0), {entries});
  Book(index).copy_(vectors.index_select(0, drawn.slice(0, 0, entries).to(vectors.device())));
}

void Codebooks::MoveToMeans(int64_t index, const BookUse& use) {
  torch::NoGradGuard no_grad;
  const auto used = (use.counts > 0).unsqueeze(1);
  const auto means = use.sums / use.counts.clamp_min(1).unsqueeze(1);
  Book(index).copy_(torch::where(used, means, Book(index)));
  Counts(index).copy_(use.counts);
}

void Codebooks::Follow(const GridUse& use) {
  torch::NoGradGuard no_grad;
  for (int64_t i = 0; i < books(); ++i) {
    const auto before = Counts(i) * kKeep;
    const auto now = use[i].counts * (1 - kKeep);
    const auto sums = use[i].sums * (1 - kKeep);
    const auto total = (before + now).clamp_min(1e-6).unsqueeze(1);
    Counts(i).copy_(before + now);
    // What was not used stays where it is.
    const auto moved = (Book(i) * before.unsqueeze(1) + sums) / total;
    Book(i).copy_(torch::where((now > 0).unsqueeze(1), moved, Book(i)));
  }
}

int64_t Codebooks::Revive(const GridUse& use) {
  torch::NoGradGuard no_grad;
  int64_t revived = 0;
  for (int64_t i = 0; i < books(); ++i) {
    const auto mean = Counts(i).mean();
    const auto rare = torch::nonzero(Counts(i) < mean * kHardlyUsed).flatten();
    const int64_t count = std::min(rare.size(0), use[i].spare.size(0));
    if (count == 0) continue;
    const auto order = torch::randperm(rare.size(0)).slice(0, 0, count).to(rare.device());
    const auto which = rare.index_select(0, order);
    Book(i).index_copy_(0, which, use[i].spare.slice(0, 0, count));
    Counts(i).index_fill_(0, which, mean.item<double>() * kNewLife);
    revived += count;
  }
  return revived;
}

Tensor Codebooks::LogitsOf(const BookUse& use) {
  const auto counts = use.counts + 1;  // none is impossible
  return torch::log2(counts / counts.mean());
}

double Codebooks::OddsOf(const BookUse& use) {
  const double yes = use.counts.sum().item<double>() + 1;
  const double no = use.asked.item<double>() - yes + 2;
  return std::log2(yes / no);
}

double Codebooks::Perplexity(int64_t index) const {
  const auto counts = Counts(index).to(torch::kFloat64);
  const auto p = counts / counts.sum().clamp_min(1e-12);
  const auto bits = -(p * torch::log2(p.clamp_min(1e-30))).sum().item<double>();
  return std::exp2(bits);
}

void Codebooks::AddPerplexities(const std::string& name,
                                std::map<std::string, double>* notes) const {
  for (int64_t stage = 0; stage < stages(); ++stage) {
    double sum = 0;
    for (int64_t slice = 0; slice < slices(); ++slice) sum += Perplexity(IndexOf(stage, slice));
    (*notes)[name + "_" + std::to_string(stage)] = sum / static_cast<double>(slices());
  }
}

}  // namespace furl::train::vq
