// The prepared form of a sense model: a recurrent network that makes latents of measurements, and
// one that makes pictures of both.

#ifndef FURL_CODEC_FAMILIES_SENSE_SENSE_NETS_H_
#define FURL_CODEC_FAMILIES_SENSE_SENSE_NETS_H_

#include <memory>

#include "base/status.h"
#include "codec/common/family.h"
#include "model/model_file.h"
#include "nn/plan.h"

namespace furl::sense {

// All inputs and outputs but pictures are at scale 16, one position per block. The posterior takes
//   measured   s16, kMostRows: a quarter of the dequantized measurements, 0 where there are none
//   mask       u7, kMostRows: 64 where there is one, else 0
//   hidden     u7, cell s16, of the model's memory: what it remembers
//   rows       s16, kMostRows: its estimate of all measurements of the frame before
// and gives the mean of the latents (s16), hidden_out, cell_out and rows_out. The synthesis takes
//   latent     s16, that mean
//   rows       s16, rows_out: the measurements, and what those are that were not taken
//   pred       s16 at scale 8: the middle of the range, as other families have in key frames
// and gives recon, s16 at scale 8: packed 12-bit samples.
struct SenseNets {
  std::shared_ptr<const nn::Plan> posterior;
  std::shared_ptr<const nn::Plan> synthesis;
  int memory = 0;  // channels of hidden and cell
};

// kInvalidStream names what is missing or malformed.
Result<SenseNets> LoadNets(const model::Model& model);

// What the network remembers of a frame for the next.
struct SenseMemory : FamilyMemory {
  nn::Tensor hidden;
  nn::Tensor cell;
  nn::Tensor rows;
  int age = 0;  // frames since the key frame
};

}  // namespace furl::sense

#endif  // FURL_CODEC_FAMILIES_SENSE_SENSE_NETS_H_
