// BD-rate tables between result files.

#ifndef FURL_EVAL_RESULTS_BD_TABLE_H_
#define FURL_EVAL_RESULTS_BD_TABLE_H_

#include <map>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "eval/results/result_file.h"
#include "rd/bd_rate.h"
#include "rd/bootstrap.h"

namespace furl::eval {

// One codec against the anchor on one clip. `status` says why there is nothing,
// psnr_status why there is no quality difference: rates may share less than
// qualities.
struct BdCell {
  Status status;
  BdResult rate;   // percent, PCHIP
  BdResult akima;  // percent, Akima
  Status psnr_status;
  BdResult psnr;  // dB, PCHIP
};

// Of the clips that have a value.
struct BdMean {
  int clips = 0;
  double value = 0;
  Interval interval;  // NaN below kMinBootstrapValues clips
};

// One codec against the anchor, on the clips that both measured.
struct BdColumn {
  std::string codec;
  std::map<std::string, BdCell> clips;
  BdMean rate;
  BdMean akima;
  BdMean psnr;
};

struct BdTable {
  std::string anchor;
  std::string metric;
  std::vector<std::string> clips;
  std::vector<BdColumn> columns;
  double min_overlap = 0;
  BootstrapOptions bootstrap;
};

struct BdTableOptions {
  std::string metric = "psnr";
  double min_overlap = BdOptions().min_overlap;
  BootstrapOptions bootstrap;
};

// A clip whose input (file or number of frames) differs between anchor and test
// is an error in its cell, as is too small an overlap; clips that either lacks
// have no cell.
BdTable CompareResults(const ResultFile& anchor, const std::vector<ResultFile>& tests,
                       const BdTableOptions& options);

std::string ToMarkdown(const BdTable& table);
nlohmann::ordered_json ToJson(const BdTable& table);

}  // namespace furl::eval

#endif  // FURL_EVAL_RESULTS_BD_TABLE_H_
