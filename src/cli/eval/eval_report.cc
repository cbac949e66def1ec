#include "cli/eval/eval_report.h"

#include <algorithm>
#include <filesystem>

#include "cli/interrupt.h"
#include "eval/clip.h"
#include "model/foreign_json.h"
#include "report/report.h"

namespace furl::cli {
namespace {

namespace fs = std::filesystem;

constexpr size_t kMaxSpeedBytes = size_t{64} << 20;

// Pictures for the report, coded when they are asked for.
class CodedPictures : public report::PictureSource {
 public:
  CodedPictures(const EvalOptions& options, std::span<const eval::CodecPtr> codecs,
                Console& console)
      : options_(options), codecs_(codecs), console_(console) {}

  Result<report::OriginalClip> Original(const std::string& name) override {
    const auto path =
        std::find_if(options_.pictures.begin(), options_.pictures.end(),
                     [&](const std::string& p) { return fs::path(p).stem() == name; });
    if (path == options_.pictures.end()) return Unsupported("the clip was not given");
    eval::ClipOptions clip_options;
    clip_options.frames = options_.frames;
    clip_options.notice = console_.notice();
    clip_options.cancelled = Interrupted;
    FURL_ASSIGN_OR_RETURN(clip_, eval::LoadClip(*path, clip_options));
    report::OriginalClip original;
    original.frames = clip_.frames;
    original.color = clip_.color;
    original.fps = clip_.fps();
    return original;
  }

  Result<report::CodedAt> Coded(const std::string& name, const std::string& clip, double level,
                                const report::FrameSink& sink) override {
    const auto codec = std::find_if(codecs_.begin(), codecs_.end(),
                                    [&](const eval::CodecPtr& c) { return c->name() == name; });
    if (codec == codecs_.end()) return Unsupported("this furl has no such codec");
    if (clip != clip_.name) return InternalError("pictures of a clip that is not open");
    console_.Say("pictures: " + name + " on " + clip);
    report::CodedAt at;
    at.level = (*codec)->levels().Nearest(level);
    eval::RunOptions run;
    run.threads = options_.threads;
    run.cancelled = Interrupted;
    FURL_ASSIGN_OR_RETURN(const eval::CodedVideo coded, (*codec)->Encode(clip_, at.level, run));
    at.kbps = static_cast<double>(coded.bytes) * 8 / 1000 / clip_.seconds();
    FURL_RETURN_IF_ERROR((*codec)->Decode(coded, run, sink));
    return at;
  }

 private:
  const EvalOptions& options_;
  std::span<const eval::CodecPtr> codecs_;
  Console& console_;
  eval::Clip clip_;
};

Status ReadSpeed(const std::string& path, report::ResultSet* results) {
  FURL_ASSIGN_OR_RETURN(const auto json, model::ReadForeignJson(path, kMaxSpeedBytes));
  const Status status = report::AddSpeed(json, results);
  return status.ok() ? status : status.WithContext(path);
}

// Pictures are coded now; what they are of may not be what was measured.
std::vector<std::string> OtherEncoders(const report::ResultSet& results,
                                       std::span<const eval::CodecPtr> codecs) {
  std::vector<std::string> notices;
  for (const eval::CodecPtr& codec : codecs) {
    const report::CodecResults* measured = results.find(codec->name());
    if (measured == nullptr) continue;
    const std::string other = report::SettingsDifference(*measured, codec->settings({}));
    if (other.empty()) continue;
    notices.push_back(codec->name() + ": pictures are of " + other + ", which the curves are of");
  }
  return notices;
}

}  // namespace

bool IsSpeedFile(const std::string& path) { return fs::path(path).filename() == "speed.json"; }

Status CheckFiles(const EvalOptions& options) {
  for (const std::vector<std::string>& paths : {options.inputs, options.pictures}) {
    for (const std::string& path : paths) {
      std::error_code error;
      if (!fs::exists(path, error)) return IoError(path + ": there is no such file");
      for (const std::string& output : {options.report, options.table}) {
        if (!output.empty()) FURL_RETURN_IF_ERROR(CheckOutput(path, output, /*overwrite=*/true));
      }
    }
  }
  if (options.report == "-") return InvalidArgument("--report needs the name of a file");
  for (const std::string& path : {options.report, options.table}) {
    if (!path.empty()) FURL_RETURN_IF_ERROR(CheckFolder(path));
  }
  return OkStatus();
}

Status WriteEvalReport(const EvalOptions& options, const std::vector<eval::ResultFile>& files,
                       const std::string& speed, const std::string& command,
                       std::span<const eval::CodecPtr> codecs, Console& console, Details* details) {
  report::ResultSet results;
  for (const eval::ResultFile& file : files) {
    FURL_ASSIGN_OR_RETURN(report::CodecResults codec, report::ParseResults(eval::ToJson(file)));
    results.codecs.push_back(std::move(codec));
  }
  if (!speed.empty()) FURL_RETURN_IF_ERROR(ReadSpeed(speed, &results));
  for (const std::string& notice : results.speed_notices) console.Notice(notice);
  CodedPictures pictures(options, codecs, console);
  report::ReportOptions page;
  page.anchor = options.anchor;
  page.min_overlap = options.min_overlap;
  page.command = command;
  if (!options.pictures.empty()) {
    page.pictures = &pictures;
    page.picture_notices = OtherEncoders(results, codecs);
    for (const std::string& notice : page.picture_notices) console.Notice(notice);
  }
  FURL_RETURN_IF_ERROR(report::WriteReport(options.report, results, page));
  (*details)["report"] = options.report;
  console.Say("report: " + options.report);
  return OkStatus();
}

}  // namespace furl::cli
