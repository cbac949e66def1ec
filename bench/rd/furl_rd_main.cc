// furl-rd: measures codecs on clips and compares the results.

#include <unistd.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

#include "rd/av_handles.h"
#include "rd/bd_table.h"
#include "rd/measure.h"

namespace furl::rd {
namespace {

struct RunOptions {
  std::vector<std::string> codecs;
  std::vector<std::string> clips;
  std::vector<double> levels;
  std::string out_dir = "results/rd";
  FurlSpec furl;
  bool again = false;
};

struct BdCommand {
  std::string anchor;
  std::vector<std::string> files;
  std::string markdown;
  std::string json;
  bool akima = false;
  double min_overlap = 0.5;
};

int Fail(const Status& status) {
  std::fprintf(stderr, "furl-rd: %s\n", status.message().c_str());
  return 1;
}

// The command without the machine's folders: clips by name.
std::string CommandText(const RunOptions& options, const std::string& codec) {
  std::string text = "furl-rd run --codec " + codec;
  for (size_t i = 0; i < options.levels.size(); ++i) {
    char level[32];
    std::snprintf(level, sizeof(level), "%g", options.levels[i]);
    text += (i == 0 ? " --levels " : ",") + std::string(level);
  }
  for (const std::string& option : options.furl.encode_options) {
    if (codec == options.furl.name) text += " --furl-option=" + option;
  }
  return text + " CLIPS";
}

// True when `file` already holds this clip at these levels.
bool IsMeasured(const ResultFile& file, const Clip& clip, const std::vector<double>& levels) {
  const auto known = file.clips.find(clip.name);
  if (known == file.clips.end() || known->second.sha256 != clip.sha256) return false;
  const auto& points = known->second.points;
  return std::equal(points.begin(), points.end(), levels.begin(), levels.end(),
                    [](const Measurement& m, double level) { return m.level == level; });
}

Result<ClipResult> MeasureClip(Codec& codec, const Clip& clip, const std::vector<double>& levels) {
  ClipResult result;
  result.sha256 = clip.sha256;
  result.width = clip.width;
  result.height = clip.height;
  result.bit_depth = clip.bit_depth;
  result.frames = static_cast<int>(clip.frames.size());
  result.fps = std::to_string(clip.fps_num) + "/" + std::to_string(clip.fps_den);
  for (const double level : levels) {
    auto point = Measure(codec, clip, level);
    if (!point.ok()) return point.status().WithContext(codec.name() + " on " + clip.name);
    std::printf("%-14s %-28s %s %4g  %9.1f kbit/s  %.4f dB\n", codec.name().c_str(),
                clip.name.c_str(), codec.level_name().c_str(), level, point->kbps, point->mean.yuv);
    std::fflush(stdout);
    result.points.push_back(*point);
  }
  return result;
}

Status RunCodec(const RunOptions& options, const std::string& name) {
  const std::unique_ptr<Codec> codec = MakeCodec(name, options.furl);
  if (!codec) return InvalidArgument("unknown codec " + name + "; see furl-rd list");
  const std::vector<double> levels = options.levels.empty() ? codec->levels() : options.levels;
  const std::string path = options.out_dir + "/" + name + ".json";

  ResultFile file;
  auto old = ReadResultFile(path);
  const bool keep = old.ok() && !options.again && old->settings == codec->settings();
  if (keep) file = *old;
  file.name = codec->name();
  file.description = codec->description();
  file.level_name = codec->level_name();
  file.settings = codec->settings();
  file.command = CommandText(options, name);
  for (const std::string& clip_path : options.clips) {
    FURL_ASSIGN_OR_RETURN(const Clip clip, LoadClip(clip_path));
    if (IsMeasured(file, clip, levels)) {
      std::printf("%-14s %-28s kept\n", name.c_str(), clip.name.c_str());
      continue;
    }
    FURL_ASSIGN_OR_RETURN(file.clips[clip.name], MeasureClip(*codec, clip, levels));
    file.versions = codec->versions();
    FURL_RETURN_IF_ERROR(WriteResultFile(path, file));
  }
  return OkStatus();
}

int Run(const RunOptions& options) {
  std::error_code error;
  std::filesystem::create_directories(options.out_dir, error);
  if (error) return Fail(IoError(options.out_dir + ": " + error.message()));
  for (const std::string& codec : options.codecs) {
    const Status status = RunCodec(options, codec);
    if (!status.ok()) return Fail(status);
  }
  return 0;
}

int List() {
  for (const LibavSpec& spec : AllLibavSpecs()) {
    std::printf("%-14s %s\n", spec.name, spec.description);
  }
  std::printf("%-14s %s\n", "furl", "the furl tool (--furl-binary)");
  return 0;
}

Status WriteText(const std::string& path, const std::string& text) {
  std::ofstream out(path);
  out << text;
  return out.flush() ? OkStatus() : IoError("cannot write " + path);
}

int Bd(const BdCommand& command) {
  auto anchor = ReadResultFile(command.anchor);
  if (!anchor.ok()) return Fail(anchor.status());
  std::vector<ResultFile> tests;
  for (const std::string& path : command.files) {
    auto file = ReadResultFile(path);
    if (!file.ok()) return Fail(file.status());
    tests.push_back(std::move(*file));
  }
  BdOptions options;
  options.interpolation = command.akima ? CubicKind::kAkima : CubicKind::kPchip;
  options.min_overlap = command.min_overlap;
  const BdTable table = CompareResults(*anchor, tests, options);
  const std::string markdown = ToMarkdown(table);
  std::fputs(markdown.c_str(), stdout);
  Status status;
  if (!command.markdown.empty()) status = WriteText(command.markdown, markdown);
  if (status.ok() && !command.json.empty()) {
    status = WriteText(command.json, ToJson(table).dump(2) + "\n");
  }
  return status.ok() ? 0 : Fail(status);
}

void AddRun(CLI::App& app, RunOptions& options) {
  CLI::App* run = app.add_subcommand("run", "encode, decode and measure clips with codecs");
  run->add_option("--codec", options.codecs, "codecs, see `furl-rd list`")
      ->required()
      ->delimiter(',');
  run->add_option("clips", options.clips, "video files")->required()->check(CLI::ExistingFile);
  run->add_option("--levels", options.levels, "quality levels (default: the codec's ladder)")
      ->delimiter(',');
  run->add_option("--out", options.out_dir, "folder of the result files")->capture_default_str();
  run->add_option("--furl-binary", options.furl.binary, "the furl tool")->capture_default_str();
  run->add_option("--furl-name", options.furl.name, "name of furl's result file")
      ->capture_default_str();
  run->add_option("--furl-option", options.furl.encode_options,
                  "more options of `furl encode`, as --furl-option=--preset=slow")
      ->allow_extra_args(false);
  run->add_flag("--again", options.again, "measure also what the result file already holds");
}

void AddBd(CLI::App& app, BdCommand& command) {
  CLI::App* bd = app.add_subcommand("bd", "BD-rate tables between result files");
  bd->add_option("--anchor", command.anchor, "result file of the anchor")
      ->required()
      ->check(CLI::ExistingFile);
  bd->add_option("files", command.files, "result files to compare")
      ->required()
      ->check(CLI::ExistingFile);
  bd->add_option("--markdown", command.markdown, "also write the table here");
  bd->add_option("--json", command.json, "write all values, ranges and points here");
  bd->add_flag("--akima", command.akima, "Akima instead of PCHIP interpolation");
  bd->add_option("--min-overlap", command.min_overlap,
                 "smallest shared part of the shorter curve's range")
      ->check(CLI::Range(0.01, 1.0))
      ->capture_default_str();
}

int Main(int argc, char** argv) {
  CLI::App app("Rate-distortion measurement of furl and other encoders");
  app.require_subcommand(1);
  RunOptions run;
  BdCommand bd;
  CLI::App* list = app.add_subcommand("list", "the codecs that can be measured");
  AddRun(app, run);
  AddBd(app, bd);
  CLI11_PARSE(app, argc, argv);
  av_log_set_level(AV_LOG_ERROR);
  setenv("SVT_LOG", "1", /*overwrite=*/0);  // errors only
  if (list->parsed()) return List();
  return app.got_subcommand("run") ? Run(run) : Bd(bd);
}

}  // namespace
}  // namespace furl::rd

int main(int argc, char** argv) { return furl::rd::Main(argc, argv); }
