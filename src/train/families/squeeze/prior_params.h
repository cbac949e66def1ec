// The tables of the factorized prior among the parameters of a part: whole numbers that no
// optimizer moves, but statistics of what is coded (docs/squeeze.md, "Training").
//
//   PART.scales [kQpKnots, channels]   PART.shifts [kQpBands, kShiftsPerBand]
//   PART.depths [kQpBands, kDepthsPerBand]   PART.low [kLow, kNeighbours, kLow]

#ifndef FURL_TRAIN_FAMILIES_SQUEEZE_PRIOR_PARAMS_H_
#define FURL_TRAIN_FAMILIES_SQUEEZE_PRIOR_PARAMS_H_

#include <map>
#include <string>

#include "codec/families/squeeze/prior.h"
#include "train/network/arch.h"
#include "train/network/params.h"
#include "train/network/safetensors.h"

namespace furl::train::squeeze {

namespace codec = furl::squeeze;

// The widths of a part's latents.
codec::Layout LayoutOf(const Architecture& arch, const std::string& part);

// Tables that know nothing, as parameters.
void InitPrior(const codec::Layout& layout, const std::string& part, ParamStore& params);

codec::PriorTables PriorTablesOf(const std::string& part, const ParamStore& params);
void SetPrior(const codec::PriorTables& tables, const std::string& part, ParamStore& params);

// As tensors of a model file, and back.
std::map<std::string, RawTensor> PriorTensors(const codec::PriorTables& tables,
                                              const std::string& part);
codec::PriorTables PriorTablesOf(const TensorFile& file, const std::string& part);

}  // namespace furl::train::squeeze

#endif  // FURL_TRAIN_FAMILIES_SQUEEZE_PRIOR_PARAMS_H_
