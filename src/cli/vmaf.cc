#include "cli/vmaf.h"

#include <fstream>
#include <nlohmann/json.hpp>
#include <thread>

#include "media/write/raw_writers.h"

namespace furl::cli {
namespace {

constexpr char kOriginal[] = "original.y4m";
constexpr char kDistorted[] = "distorted.y4m";
constexpr char kLog[] = "vmaf.json";

std::vector<std::string> Arguments(const VmafTool& tool, int threads) {
  const std::string count = std::to_string(threads);
  if (!tool.is_ffmpeg) {
    return {tool.program, "--reference", kOriginal, "--distorted", kDistorted,
            "--json",     "--output",    kLog,      "--threads",   count};
  }
  const std::string filter =
      std::string("[0:v][1:v]libvmaf=log_fmt=json:log_path=") + kLog + ":n_threads=" + count;
  return {tool.program, "-nostdin", "-v",   "error", "-i",   kDistorted, "-i",
          kOriginal,    "-lavfi",   filter, "-f",    "null", "-"};
}

}  // namespace

Result<VmafTool> FindVmaf() {
  VmafTool tool;
  tool.program = FindProgram("vmaf");
  if (!tool.program.empty()) return tool;
  tool.program = FindProgram("ffmpeg");
  tool.is_ffmpeg = true;
  if (!tool.program.empty()) {
    FURL_ASSIGN_OR_RETURN(const TemporaryFolder folder, TemporaryFolder::Create());
    const auto filters = RunChild({tool.program, "-hide_banner", "-filters"}, folder.path());
    if (filters.ok() && filters->find(" libvmaf ") != std::string::npos) return tool;
    if (!filters.ok() && filters.status().code() == StatusCode::kCancelled) {
      return filters.status();
    }
  }
  return Unsupported(
      "VMAF needs the program vmaf, or an ffmpeg with the filter libvmaf, in PATH; neither is "
      "there");
}

Result<eval::SequenceScores> ParseVmafLog(std::string_view json) {
  const auto log = nlohmann::json::parse(json, nullptr, /*allow_exceptions=*/false);
  if (!log.is_object() || !log.contains("frames") || !log["frames"].is_array()) {
    return InvalidStream("the VMAF log is not a JSON object with frames");
  }
  eval::SequenceScores scores;
  if (log.contains("version") && log["version"].is_string()) {
    scores.version = log["version"].get<std::string>();
  }
  for (const auto& frame : log["frames"]) {
    const auto pointer = nlohmann::json::json_pointer("/metrics/vmaf");
    if (!frame.is_object() || !frame.contains(pointer) || !frame[pointer].is_number()) {
      return InvalidStream("frame " + std::to_string(scores.frames.size()) +
                           " of the VMAF log has no score");
    }
    scores.frames.push_back(frame[pointer].get<double>());
  }
  return scores;
}

Result<std::unique_ptr<VmafRun>> VmafRun::Create(const VmafTool& tool,
                                                 const media::MediaInfo& video, int threads) {
  std::unique_ptr<VmafRun> run(new VmafRun);
  run->tool_ = tool;
  run->threads_ =
      threads > 0 ? threads : static_cast<int>(std::max(1u, std::thread::hardware_concurrency()));
  FURL_ASSIGN_OR_RETURN(run->folder_, TemporaryFolder::Create());
  const std::string base = run->folder_.path() + "/";
  FURL_ASSIGN_OR_RETURN(run->original_, media::OpenY4mWriter(base + kOriginal, video, {}));
  FURL_ASSIGN_OR_RETURN(run->distorted_, media::OpenY4mWriter(base + kDistorted, video, {}));
  return run;
}

Status VmafRun::Add(const Frame& original, const Frame& distorted) {
  ++frames_;
  FURL_RETURN_IF_ERROR(original_->WriteFrame(original, 1));
  return distorted_->WriteFrame(distorted, 1);
}

Result<eval::SequenceScores> VmafRun::Finish() {
  FURL_RETURN_IF_ERROR(original_->Finish());
  FURL_RETURN_IF_ERROR(distorted_->Finish());
  FURL_ASSIGN_OR_RETURN(const std::string output,
                        RunChild(Arguments(tool_, threads_), folder_.path()));
  std::ifstream file(folder_.path() + "/" + kLog, std::ios::binary);
  if (!file) return IoError(tool_.program + " wrote no log: " + output);
  const std::string log((std::istreambuf_iterator<char>(file)), std::istreambuf_iterator<char>());
  FURL_ASSIGN_OR_RETURN(eval::SequenceScores scores, ParseVmafLog(log));
  if (scores.frames.size() != frames_) {
    return InvalidStream(tool_.program + " measured " + std::to_string(scores.frames.size()) +
                         " of " + std::to_string(frames_) + " frames");
  }
  return scores;
}

}  // namespace furl::cli
