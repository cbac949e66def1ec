#include "rd/bd_table.h"

#include <cmath>
#include <cstdio>

namespace furl::rd {
namespace {

std::string Signed(double value, int decimals) {
  char text[32];
  std::snprintf(text, sizeof(text), "%+.*f", decimals, value);
  return text;
}

double Rounded(double value) { return std::round(value * 1e4) / 1e4; }

BdCell Compare(const ClipResult& anchor, const ClipResult& test, const BdOptions& options) {
  BdCell cell;
  if (anchor.sha256 != test.sha256) {
    cell.status = InvalidArgument("measured on different input files");
    return cell;
  }
  const std::vector<RdPoint> a = RdCurve(anchor);
  const std::vector<RdPoint> t = RdCurve(test);
  auto rate = BdRate(a, t, options);
  if (!rate.ok()) {
    cell.status = rate.status();
    return cell;
  }
  cell.rate = *rate;
  auto psnr = BdPsnr(a, t, options);
  if (psnr.ok()) cell.psnr = *psnr;
  cell.psnr_status = psnr.status();
  return cell;
}

BdColumn CompareAll(const ResultFile& anchor, const ResultFile& test, const BdOptions& options) {
  BdColumn column;
  column.codec = test.name;
  for (const auto& [name, clip] : anchor.clips) {
    const auto other = test.clips.find(name);
    if (other == test.clips.end()) continue;
    const BdCell cell = Compare(clip, other->second, options);
    if (cell.status.ok()) {
      ++column.rates;
      column.mean_rate += cell.rate.value;
    }
    if (cell.status.ok() && cell.psnr_status.ok()) {
      ++column.psnrs;
      column.mean_psnr += cell.psnr.value;
    }
    column.clips[name] = cell;
  }
  if (column.rates > 0) column.mean_rate /= column.rates;
  if (column.psnrs > 0) column.mean_psnr /= column.psnrs;
  return column;
}

std::string CellText(const BdColumn& column, const std::string& clip) {
  const auto cell = column.clips.find(clip);
  if (cell == column.clips.end()) return "not run";
  if (!cell->second.status.ok()) return "none";
  return Signed(cell->second.rate.value, 1);
}

// Says so when a mean leaves clips out.
std::string CountText(int measured, size_t clips) {
  if (static_cast<size_t>(measured) == clips) return "";
  return " (" + std::to_string(measured) + " of " + std::to_string(clips) + ")";
}

}  // namespace

BdTable CompareResults(const ResultFile& anchor, const std::vector<ResultFile>& tests,
                       const BdOptions& options) {
  BdTable table;
  table.anchor = anchor.name;
  table.options = options;
  for (const auto& [name, clip] : anchor.clips) table.clips.push_back(name);
  for (const ResultFile& test : tests) {
    if (test.name != anchor.name) table.columns.push_back(CompareAll(anchor, test, options));
  }
  return table;
}

std::string ToMarkdown(const BdTable& table) {
  std::string text = "BD-rate in percent against " + table.anchor +
                     " (negative: fewer bits), (6Y+U+V)/8 PSNR, " +
                     std::string(CubicKindName(table.options.interpolation)) + ".\n\n| clip |";
  std::string rule = "\n|---|";
  for (const BdColumn& column : table.columns) {
    text += " " + column.codec + " |";
    rule += "---:|";
  }
  text += rule + "\n";
  for (const std::string& clip : table.clips) {
    text += "| " + clip + " |";
    for (const BdColumn& column : table.columns) text += " " + CellText(column, clip) + " |";
    text += "\n";
  }
  text += "| **mean** |";
  for (const BdColumn& column : table.columns) {
    text += " **" + (column.rates ? Signed(column.mean_rate, 1) : std::string("none")) + "**" +
            CountText(column.rates, table.clips.size()) + " |";
  }
  text += "\n| BD-PSNR, dB |";
  for (const BdColumn& column : table.columns) {
    text += " " + (column.psnrs ? Signed(column.mean_psnr, 2) : std::string("none")) +
            CountText(column.psnrs, table.clips.size()) + " |";
  }
  text += "\n";
  for (const BdColumn& column : table.columns) {
    for (const auto& [clip, cell] : column.clips) {
      if (cell.status.ok()) continue;
      text += "\n" + column.codec + " on " + clip + ": " + cell.status.message() + ".";
    }
  }
  return text;
}

nlohmann::ordered_json ToJson(const BdTable& table) {
  nlohmann::ordered_json result;
  result["anchor"] = table.anchor;
  result["interpolation"] = CubicKindName(table.options.interpolation);
  result["min_overlap"] = table.options.min_overlap;
  for (const BdColumn& column : table.columns) {
    nlohmann::ordered_json& codec = result["codecs"][column.codec];
    codec["clips_measured"] = column.rates;
    codec["mean_bd_rate_percent"] = Rounded(column.mean_rate);
    codec["mean_bd_psnr_db"] = Rounded(column.mean_psnr);
    for (const auto& [name, cell] : column.clips) {
      nlohmann::ordered_json& clip = codec["clips"][name];
      if (!cell.status.ok()) {
        clip["error"] = cell.status.message();
        continue;
      }
      clip["bd_rate_percent"] = Rounded(cell.rate.value);
      if (cell.psnr_status.ok()) clip["bd_psnr_db"] = Rounded(cell.psnr.value);
      clip["psnr_range_db"] = {Rounded(cell.rate.low), Rounded(cell.rate.high)};
      clip["overlap"] = Rounded(cell.rate.overlap);
      clip["points"] = {cell.rate.anchor_points, cell.rate.test_points};
    }
  }
  return result;
}

}  // namespace furl::rd
