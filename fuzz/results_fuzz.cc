// Result files, which `furl eval` and `furl report` read: any JSON. What is accepted can be
// written, compared with itself and shown.
//
// Input: a text (long_text.h).

#include "eval/results/bd_table.h"
#include "eval/results/result_file.h"
#include "fuzz/fuzz_util.h"
#include "fuzz/long_text.h"
#include "model/foreign_json.h"
#include "report/report_data.h"
#include "report/result_set.h"

namespace furl {
namespace {

void Evaluate(const nlohmann::json& root) {
  (void)eval::PointFromJson(root);
  const auto file = eval::FromJson(root);
  if (!file.ok()) return;
  FUZZ_CHECK(!eval::ReadableJson(eval::ToJson(*file)).empty());
  for (const auto& [name, clip] : file->clips) {
    for (const std::string& metric : eval::MetricsOf(clip)) (void)eval::RdCurve(clip, metric);
  }
  const eval::BdTable table = eval::CompareResults(*file, {*file}, {});
  FUZZ_CHECK(!eval::ToMarkdown(table).empty());
  (void)eval::ToJson(table);
}

void Report(const nlohmann::json& root) {
  auto codec = report::ParseResults(root);
  if (!codec.ok()) return;
  report::ResultSet set;
  set.codecs.push_back(*codec);
  codec->name += "2";
  set.codecs.push_back(std::move(*codec));
  (void)report::AddSpeed(root, &set);
  (void)report::CodecsJson(set).dump();
  (void)report::BdJson(set, report::FindScores(set)).dump();
}

}  // namespace
}  // namespace furl

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  furl::FuzzInput input(data, size);
  const auto root = furl::model::ParseForeignJson(furl::LongText(&input));
  if (!root.ok()) return 0;
  furl::Evaluate(*root);
  furl::Report(*root);
  return 0;
}
