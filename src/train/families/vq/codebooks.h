// The codebooks of a grid while they are learned: exponential moving averages of what was coded by
// each entry (van den Oord, Vinyals and Kavukcuoglu, "Neural discrete representation learning",
// 2017, appendix A.1), and new lives for entries that nothing is coded by.

#ifndef FURL_TRAIN_FAMILIES_VQ_CODEBOOKS_H_
#define FURL_TRAIN_FAMILIES_VQ_CODEBOOKS_H_

#include <map>
#include <string>
#include <vector>

#include "train/base/torch_compat.h"
#include "train/network/params.h"

namespace furl::train::vq {

// What a codebook coded in a batch, in quantizer steps, without gradients.
struct BookUse {
  Tensor asked;   // [1]: how often there might have been an entry
  Tensor counts;  // [entries]: how often each was chosen
  Tensor sums;    // [entries, width]: of the vectors that it was chosen for
  Tensor spare;   // [few, width]: some of all vectors that would be worth an entry
};
using GridUse = std::vector<BookUse>;  // of all codebooks of a grid, in order

// The sum of both.
void AddUse(const GridUse& more, GridUse* use);
// Where the codebooks are.
GridUse OnDevice(const GridUse& use, const torch::Device& device);

// Those of a grid named NAME ("intra.top"), one for each slice of each stage: the parameters
// NAME.codebooks [stages, entries, width] in quantizer steps, NAME.counts [stages, slices,
// entries].
class Codebooks {
 public:
  // `width` of the grid's vectors.
  Codebooks(std::string name, int64_t width, ParamStore& params);

  // Sets the parameters: no entry stands for anything yet.
  void Init(int64_t stages, int64_t entries);

  int64_t stages() const { return All().size(0); }
  int64_t slices() const { return static_cast<int64_t>(ends_.size()); }
  int64_t books() const { return stages() * slices(); }
  int64_t begin(int64_t slice) const { return slice == 0 ? 0 : ends_[slice - 1]; }
  int64_t end(int64_t slice) const { return ends_[slice]; }
  int64_t IndexOf(int64_t stage, int64_t slice) const { return stage * slices() + slice; }
  // The entries of a codebook, [entries, numbers of the slice].
  Tensor Book(int64_t index) const;

  // Makes some of the vectors, [any number, numbers of the slice], the entries of a codebook.
  void Draw(int64_t index, const Tensor& vectors);
  // One step of Lloyd's algorithm: every entry that was used becomes the mean of what it stood for.
  void MoveToMeans(int64_t index, const BookUse& use);
  // One step of the moving averages of all codebooks.
  void Follow(const GridUse& use);
  // Gives entries that are hardly used the place of a vector that was coded. How many.
  int64_t Revive(const GridUse& use);

  // Logarithms to base 2 of how often each entry was used, [entries], 0 for the mean entry.
  static Tensor LogitsOf(const BookUse& use);
  // Of the odds that there is an entry.
  static double OddsOf(const BookUse& use);

  // How many entries of a codebook would be used if all that are were used alike: 2 to the entropy.
  double Perplexity(int64_t index) const;
  // What a log shows: the mean over the slices as "NAME_S" of every stage S.
  void AddPerplexities(const std::string& name, std::map<std::string, double>* notes) const;

 private:
  Tensor All() const { return params_.Get(name_ + ".codebooks"); }
  Tensor Counts(int64_t index) const {
    return params_.Get(name_ + ".counts")[index / slices()][index % slices()];
  }

  std::string name_;
  std::vector<int> ends_;
  int64_t width_;
  ParamStore& params_;
};

}  // namespace furl::train::vq

#endif  // FURL_TRAIN_FAMILIES_VQ_CODEBOOKS_H_
