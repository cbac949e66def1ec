// BD-rate tables between result files.

#ifndef FURL_BENCH_RD_BD_TABLE_H_
#define FURL_BENCH_RD_BD_TABLE_H_

#include <map>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "metrics/bd_rate.h"
#include "rd/result_file.h"

namespace furl::rd {

struct BdCell {
  Status status;       // why there is no rate
  BdResult rate;       // percent
  Status psnr_status;  // why there is no psnr: rates may share less than qualities
  BdResult psnr;       // dB
};

// One codec against the anchor, on the clips that both measured.
struct BdColumn {
  std::string codec;
  std::map<std::string, BdCell> clips;
  // Clips with values, and the means over these.
  int rates = 0;
  double mean_rate = 0;
  int psnrs = 0;
  double mean_psnr = 0;
};

struct BdTable {
  std::string anchor;
  std::vector<std::string> clips;
  std::vector<BdColumn> columns;
  BdOptions options;
};

// A clip whose input file differs between anchor and test is an error in its
// cell, as is too small an overlap; clips the test lacks have no cell.
BdTable CompareResults(const ResultFile& anchor, const std::vector<ResultFile>& tests,
                       const BdOptions& options);

std::string ToMarkdown(const BdTable& table);
nlohmann::ordered_json ToJson(const BdTable& table);

}  // namespace furl::rd

#endif  // FURL_BENCH_RD_BD_TABLE_H_
