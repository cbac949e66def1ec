// Tables of a model file from what the real encoder wrote, of all families that code latents with
// static tables and have a loop filter.

#ifndef FURL_TRAIN_HYPERPRIOR_TABLE_FIT_H_
#define FURL_TRAIN_HYPERPRIOR_TABLE_FIT_H_

#include <string>

#include "codec/latents/encode/symbol_counts.h"
#include "filter/loop_filter.h"
#include "train/network/safetensors.h"

namespace furl::train::hyperprior {

// Sets "PART.frequencies" and "PART.shrink" for one quantizer or two.
void SetSymbolTables(const std::string& part, const latents::SymbolCounts& counts, int quantizers,
                     TensorFile& file);

// Sets "PART.filter_*".
void SetFilter(const std::string& part, const filter::LoopFilterTables& tables, TensorFile& file);

}  // namespace furl::train::hyperprior

#endif  // FURL_TRAIN_HYPERPRIOR_TABLE_FIT_H_
