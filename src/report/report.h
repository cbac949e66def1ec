// WriteReport: result files of several codecs as one page that a browser shows
// without any network.
//
//   FURL_ASSIGN_OR_RETURN(const ResultSet results, ReadResults(paths));
//   ReportOptions options;
//   options.pictures = &source;  // optional: strips of pictures
//   FURL_RETURN_IF_ERROR(WriteReport("report.html", results, options));

#ifndef FURL_REPORT_REPORT_H_
#define FURL_REPORT_REPORT_H_

#include <string>
#include <vector>

#include "base/status.h"
#include "report/result_set.h"
#include "report/strips.h"

namespace furl::report {

struct ReportOptions {
  std::string title = "Rate, distortion and speed";
  // Codec that BD-rates refer to at first; another can be chosen on the page.
  // Empty: x265-medium where it is, else the last codec.
  std::string anchor;
  // The codec the report is about. Empty: the first whose name begins with
  // "furl", else the first.
  std::string subject;
  // Smallest shared part of the shorter curve's range; below there is no BD-rate.
  double min_overlap = BdOptions().min_overlap;
  std::string command;                       // how the page was made, to be shown
  PictureSource* pictures = nullptr;         // not owned; null: no strips
  std::vector<std::string> picture_notices;  // shown above the strips
};

// Writes the page under a temporary name and renames it. kInvalidArgument
// without codecs or with an unknown anchor or subject, else errors of the
// picture source and of writing.
Status WriteReport(const std::string& path, const ResultSet& results,
                   const ReportOptions& options = {});

}  // namespace furl::report

#endif  // FURL_REPORT_REPORT_H_
