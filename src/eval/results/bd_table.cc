#include "eval/results/bd_table.h"

#include <algorithm>
#include <cmath>
#include <cstdio>

namespace furl::eval {
namespace {

using nlohmann::ordered_json;

std::string Fixed(double value, int decimals) {
  char text[32];
  std::snprintf(text, sizeof(text), "%.*f", decimals, value);
  return text;
}

std::string Signed(double value, int decimals) {
  std::string sign = value >= 0 ? "+" : "";
  return sign.append(Fixed(value, decimals));
}

// The end of a table row: one more cell.
void AddCell(std::string_view text, std::string* row) {
  row->append(" ").append(text).append(" |");
}

double Rounded(double value) { return std::round(value * 1e4) / 1e4; }

BdCell Compare(const ClipResult& anchor, const ClipResult& test, const BdTableOptions& options) {
  BdCell cell;
  if (anchor.sha256 != test.sha256 || anchor.frames != test.frames) {
    cell.status = InvalidArgument("measured on different inputs");
    return cell;
  }
  const std::vector<RdPoint> a = RdCurve(anchor, options.metric);
  const std::vector<RdPoint> t = RdCurve(test, options.metric);
  BdOptions bd;
  bd.min_overlap = options.min_overlap;
  auto rate = BdRate(a, t, bd);
  if (!rate.ok()) {
    cell.status = rate.status();
    return cell;
  }
  cell.rate = *rate;
  auto psnr = BdPsnr(a, t, bd);
  if (psnr.ok()) cell.psnr = *psnr;
  cell.psnr_status = psnr.status();
  bd.interpolation = CubicKind::kAkima;
  // Fails exactly where PCHIP does: the checks don't depend on the interpolation.
  const auto akima = BdRate(a, t, bd);
  if (akima.ok()) cell.akima = *akima;
  return cell;
}

BdMean MeanOf(const std::vector<double>& values, const BootstrapOptions& bootstrap) {
  BdMean mean;
  mean.clips = static_cast<int>(values.size());
  for (const double value : values) mean.value += value / static_cast<double>(values.size());
  mean.interval = BootstrapMean(values, bootstrap);
  return mean;
}

BdColumn CompareAll(const ResultFile& anchor, const ResultFile& test,
                    const BdTableOptions& options) {
  BdColumn column;
  column.codec = test.name;
  std::vector<double> rates, akimas, psnrs;
  for (const auto& [name, clip] : anchor.clips) {
    const auto other = test.clips.find(name);
    if (other == test.clips.end()) continue;
    const BdCell& cell = column.clips[name] = Compare(clip, other->second, options);
    if (!cell.status.ok()) continue;
    rates.push_back(cell.rate.value);
    akimas.push_back(cell.akima.value);
    if (cell.psnr_status.ok()) psnrs.push_back(cell.psnr.value);
  }
  column.rate = MeanOf(rates, options.bootstrap);
  column.akima = MeanOf(akimas, options.bootstrap);
  column.psnr = MeanOf(psnrs, options.bootstrap);
  return column;
}

std::string TitleOf(const BdTable& table) {
  const Metric* metric = FindAnyMetric(table.metric);
  return metric != nullptr ? std::string(metric->title) : table.metric;
}

// Of the qualities of curves: similarities become decibels.
std::string UnitOf(const BdTable& table) {
  const Metric* metric = FindAnyMetric(table.metric);
  return metric != nullptr && !metric->unit.empty() ? std::string(metric->unit) : "dB";
}

// What the qualities of curves are called.
std::string QualityText(const BdTable& table) {
  const Metric* metric = FindAnyMetric(table.metric);
  if (metric != nullptr && metric->foreign()) return TitleOf(table);
  const bool decibels = metric != nullptr && !metric->unit.empty();
  return "(6Y+U+V)/8 " + TitleOf(table) + (decibels ? "" : " in dB");
}

std::string CellText(const BdColumn& column, const std::string& clip) {
  const auto cell = column.clips.find(clip);
  if (cell == column.clips.end()) return "not run";
  if (!cell->second.status.ok()) return "none";
  return Signed(cell->second.rate.value, 1);
}

// With a count where the mean leaves clips out.
std::string MeanText(const BdMean& mean, size_t clips, int decimals, const char* mark) {
  if (mean.clips == 0) return "none";
  std::string text = mark + Signed(mean.value, decimals) + mark;
  if (static_cast<size_t>(mean.clips) != clips) {
    text += " (" + std::to_string(mean.clips) + " of " + std::to_string(clips) + ")";
  }
  return text;
}

std::string IntervalText(const BdMean& mean) {
  if (std::isnan(mean.interval.low)) return "none";
  return Signed(mean.interval.low, 1) + " to " + Signed(mean.interval.high, 1);
}

// "29.7 to 43.2" over all clips, and "6 to 9" points.
std::string RangeText(const BdColumn& column) {
  double low = 0, high = 0;
  int fewest = 0, most = 0;
  for (const auto& [name, cell] : column.clips) {
    if (!cell.status.ok()) continue;
    const bool first = fewest == 0;
    low = first ? cell.rate.low : std::min(low, cell.rate.low);
    high = first ? cell.rate.high : std::max(high, cell.rate.high);
    const auto [fewer, more] = std::minmax(cell.rate.anchor_points, cell.rate.test_points);
    fewest = first ? fewer : std::min(fewest, fewer);
    most = std::max(most, more);
  }
  if (fewest == 0) return "none";
  return Fixed(low, 1) + " to " + Fixed(high, 1) + ", " + std::to_string(fewest) +
         (most > fewest ? " to " + std::to_string(most) : "");
}

std::string MeanRows(const BdTable& table) {
  std::string mean = "| **mean** |";
  std::string interval = "| " + Fixed(100 * table.bootstrap.confidence, 0) + " % interval |";
  std::string akima = "| mean, Akima |";
  std::string psnr = "| BD-" + TitleOf(table) + ", " + UnitOf(table) + " |";
  std::string range = "| range in " + UnitOf(table) + ", points |";
  const size_t clips = table.clips.size();
  for (const BdColumn& column : table.columns) {
    AddCell(MeanText(column.rate, clips, 1, "**"), &mean);
    AddCell(IntervalText(column.rate), &interval);
    AddCell(MeanText(column.akima, clips, 1, ""), &akima);
    AddCell(MeanText(column.psnr, clips, 2, ""), &psnr);
    AddCell(RangeText(column), &range);
  }
  return mean + "\n" + interval + "\n" + akima + "\n" + psnr + "\n" + range + "\n";
}

ordered_json MeanJson(const BdMean& mean) {
  ordered_json json = {{"clips", mean.clips}, {"mean", nullptr}, {"interval", nullptr}};
  if (mean.clips > 0) json["mean"] = Rounded(mean.value);
  if (!std::isnan(mean.interval.low)) {
    json["interval"] = {Rounded(mean.interval.low), Rounded(mean.interval.high)};
  }
  return json;
}

ordered_json CellJson(const BdCell& cell) {
  if (!cell.status.ok()) return {{"error", cell.status.message()}};
  ordered_json json = {{"bd_rate_percent", Rounded(cell.rate.value)},
                       {"bd_rate_percent_akima", Rounded(cell.akima.value)}};
  if (cell.psnr_status.ok()) json["bd_quality_db"] = Rounded(cell.psnr.value);
  json["quality_range_db"] = {Rounded(cell.rate.low), Rounded(cell.rate.high)};
  json["overlap"] = Rounded(cell.rate.overlap);
  json["points"] = {cell.rate.anchor_points, cell.rate.test_points};
  return json;
}

}  // namespace

BdTable CompareResults(const ResultFile& anchor, const std::vector<ResultFile>& tests,
                       const BdTableOptions& options) {
  BdTable table;
  table.anchor = anchor.name;
  table.metric = options.metric;
  table.min_overlap = options.min_overlap;
  table.bootstrap = options.bootstrap;
  for (const auto& [name, clip] : anchor.clips) table.clips.push_back(name);
  for (const ResultFile& test : tests) {
    if (test.name != anchor.name) table.columns.push_back(CompareAll(anchor, test, options));
  }
  return table;
}

std::string ToMarkdown(const BdTable& table) {
  std::string text = "BD-rate in percent against " + table.anchor + " (negative: fewer bits), " +
                     QualityText(table) + ", PCHIP.\n\n| clip |";
  std::string rule = "\n|---|";
  for (const BdColumn& column : table.columns) {
    AddCell(column.codec, &text);
    rule += "---:|";
  }
  text += rule + "\n";
  for (const std::string& clip : table.clips) {
    text += "| " + clip + " |";
    for (const BdColumn& column : table.columns) AddCell(CellText(column, clip), &text);
    text += "\n";
  }
  text += MeanRows(table);
  bool first = true;
  for (const BdColumn& column : table.columns) {
    for (const auto& [clip, cell] : column.clips) {
      if (cell.status.ok()) continue;
      text +=
          (first ? "\n" : "") + column.codec + " on " + clip + ": " + cell.status.message() + ".\n";
      first = false;
    }
  }
  return text;
}

ordered_json ToJson(const BdTable& table) {
  ordered_json result = {{"anchor", table.anchor},
                         {"metric", table.metric},
                         {"interpolation", "pchip"},
                         {"min_overlap", table.min_overlap},
                         {"bootstrap",
                          {{"over", "clips"},
                           {"confidence", table.bootstrap.confidence},
                           {"resamples", table.bootstrap.resamples},
                           {"seed", table.bootstrap.seed}}}};
  for (const BdColumn& column : table.columns) {
    ordered_json& codec = result["codecs"][column.codec];
    codec["bd_rate_percent"] = MeanJson(column.rate);
    codec["bd_rate_percent_akima"] = MeanJson(column.akima);
    codec["bd_quality_db"] = MeanJson(column.psnr);
    for (const auto& [name, cell] : column.clips) codec["clips"][name] = CellJson(cell);
  }
  return result;
}

}  // namespace furl::eval
