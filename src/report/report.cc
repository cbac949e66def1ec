#include "report/report.h"

#include <ctime>

#include "base/file.h"
#include "report/average.h"
#include "report/page.h"
#include "report/report_data.h"

namespace furl::report {
namespace {

using nlohmann::ordered_json;

constexpr char kDefaultAnchor[] = "x265-medium";

// Results of other models of furl may have any name.
bool IsFurl(const CodecResults& codec) {
  if (codec.name.starts_with("furl")) return true;
  const auto settings = codec.conditions.find("settings");
  return settings != codec.conditions.end() && settings->is_object() &&
         settings->contains("encoder") && (*settings)["encoder"] == "furl";
}

std::string DefaultSubject(const ResultSet& results) {
  for (const CodecResults& codec : results.codecs) {
    if (IsFurl(codec)) return codec.name;
  }
  return results.codecs.front().name;
}

std::string DefaultAnchor(const ResultSet& results) {
  return results.find(kDefaultAnchor) != nullptr ? kDefaultAnchor : results.codecs.back().name;
}

// "2026-11-21"
std::string Today() {
  const std::time_t now = std::time(nullptr);
  std::tm utc = {};
  char text[16];
  if (gmtime_r(&now, &utc) == nullptr) return "";
  std::strftime(text, sizeof(text), "%Y-%m-%d", &utc);
  return text;
}

ordered_json ScoresJson(const std::vector<ScoreColumn>& scores) {
  ordered_json json = ordered_json::array();
  for (const ScoreColumn& score : scores) {
    json.push_back({{"column", score.column},
                    {"title", score.title},
                    {"unit", score.unit},
                    {"similarity", score.similarity},
                    {"mean", score.mean}});
  }
  return json;
}

}  // namespace

Status WriteReport(const std::string& path, const ResultSet& results,
                   const ReportOptions& options) {
  if (results.codecs.empty()) return InvalidArgument("a report needs result files");
  const std::vector<ScoreColumn> scores = FindScores(results);
  if (scores.empty()) return InvalidArgument("the result files hold no score that is known");
  const std::string anchor = options.anchor.empty() ? DefaultAnchor(results) : options.anchor;
  const std::string subject = options.subject.empty() ? DefaultSubject(results) : options.subject;
  for (const std::string& name : {anchor, subject}) {
    if (results.find(name) == nullptr) return InvalidArgument("no result file of codec " + name);
  }
  ordered_json data;
  data["title"] = options.title;
  data["date"] = Today();
  data["command"] = options.command;
  data["anchor"] = anchor;
  data["subject"] = subject;
  data["scores"] = ScoresJson(scores);
  data["clips"] = results.clips();
  data["codecs"] = CodecsJson(results);
  data["average"] = AverageJson(results, scores);
  data["bd"] = BdJson(results, scores, options.min_overlap);
  data["speed_conditions"] = results.speed_conditions;
  data["speed_notices"] = results.speed_notices;
  data["picture_notices"] = options.picture_notices;
  data["strips"] = nullptr;
  if (options.pictures != nullptr) {
    StripOptions strips;
    strips.subject = subject;
    FURL_ASSIGN_OR_RETURN(data["strips"], MakeStrips(results, strips, *options.pictures));
  }
  const std::string page = BuildPage(PageKind::kReport, options.title, data);
  return WriteFile(path, {reinterpret_cast<const uint8_t*>(page.data()), page.size()});
}

}  // namespace furl::report
