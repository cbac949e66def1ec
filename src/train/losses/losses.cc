#include "train/losses/losses.h"

#include <cmath>
#include <sstream>

#include "train/losses/loss_functions.h"

namespace furl::train {
namespace {

// A new loss is a file with its function and a line here. The units of SSIM and MS-SSIM: coded
// pictures have 550 and 1800 times as much weighted squared error per pixel as they lack to 1
// (medians of results/rd/furl.json; 1720 to 1900 for MS-SSIM from crf 20 to 54). That of PSNR: at
// 33 dB a decibel changes about as much squared error.
constexpr LossRow kLosses[] = {
    {"mse", SquaredError, 1, false, false},
    {"psnr", PsnrLoss, 8, false, false},
    {"l1", AbsoluteError, 1, false, false},
    {"ssim", SsimLoss, 550, false, false},
    {"ms-ssim", MsSsimLoss, 1800, false, false},
    {"kl", KlLoss, 1, false, false},
    {"commitment", CommitmentLoss, 1, true, false},
    {"codebook", CodebookLoss, 1, true, false},
    {"contractive", ContractiveLoss, 1, true, false},
    {"hinge", HingeLoss, 1, true, true},
    {"least-squares", LeastSquaresLoss, 1, true, true},
    {"feature-matching", FeatureMatchingLoss, 1, true, true},
};

std::string Names() {
  std::string names;
  for (const LossRow& row : kLosses) names += (names.empty() ? "" : ", ") + std::string(row.name);
  return names;
}

}  // namespace

std::span<const LossRow> Losses() { return kLosses; }

const LossRow* FindLoss(const std::string& name) {
  for (const LossRow& row : kLosses) {
    if (row.name == name) return &row;
  }
  return nullptr;
}

Status CheckLossWeights(const LossWeights& weights) {
  for (const auto& [name, weight] : weights) {
    if (FindLoss(name) == nullptr) {
      return InvalidArgument("unknown loss '" + name + "'; there are " + Names());
    }
    if (!std::isfinite(weight) || weight < 0) {
      return InvalidArgument("the weight of the loss '" + name + "' is no number from 0 on");
    }
  }
  return OkStatus();
}

Result<LossWeights> ParseLossWeights(const std::string& text) {
  LossWeights weights;
  std::stringstream list(text);
  for (std::string item; std::getline(list, item, ',');) {
    const size_t equals = item.find('=');
    if (equals == std::string::npos) return InvalidArgument("'" + item + "' is not NAME=WEIGHT");
    const std::string number = item.substr(equals + 1);
    std::istringstream in(number);
    double weight = 0;
    if (!(in >> weight) || !in.eof()) {
      return InvalidArgument("'" + number + "' in '" + item + "' is no number");
    }
    weights[item.substr(0, equals)] = weight;
  }
  FURL_RETURN_IF_ERROR(CheckLossWeights(weights));
  return weights;
}

}  // namespace furl::train
