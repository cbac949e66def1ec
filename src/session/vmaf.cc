#include "session/vmaf.h"

#include <fstream>
#include <memory>
#include <nlohmann/json.hpp>
#include <string>
#include <utility>
#include <vector>

#include "base/thread_pool.h"
#include "media/frame_writer.h"
#include "media/write/raw_writers.h"
#include "session/child_process.h"

namespace furl::session {
namespace {

constexpr char kOriginal[] = "original.y4m";
constexpr char kDistorted[] = "distorted.y4m";
constexpr char kLog[] = "vmaf.json";

struct VmafTool {
  std::string program;  // absolute path
  bool is_ffmpeg = false;
};

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

Result<VmafTool> FindVmaf(const media::CancelFn& cancelled) {
  VmafTool tool;
  tool.program = FindProgram("vmaf");
  if (!tool.program.empty()) return tool;
  tool.program = FindProgram("ffmpeg");
  tool.is_ffmpeg = true;
  if (!tool.program.empty()) {
    FURL_ASSIGN_OR_RETURN(const TemporaryFolder folder, TemporaryFolder::Create());
    const auto filters =
        RunChild({tool.program, "-hide_banner", "-filters"}, folder.path(), cancelled);
    if (filters.ok() && filters->find(" libvmaf ") != std::string::npos) return tool;
    if (!filters.ok() && filters.status().code() == StatusCode::kCancelled) {
      return filters.status();
    }
  }
  return Unsupported(
      "VMAF needs the program vmaf, or an ffmpeg with the filter libvmaf, in PATH; neither is "
      "there");
}

// One measurement: both videos as files, then the tool over them.
class VmafMeter : public SequenceMeter {
 public:
  static Result<std::unique_ptr<SequenceMeter>> Create(const VmafTool& tool,
                                                       const media::VideoInfo& video, int threads,
                                                       const media::CancelFn& cancelled);

  Status Add(const Frame& original, const Frame& decoded) override;
  Result<SequenceScores> Finish() override;

 private:
  VmafTool tool_;
  int threads_ = 1;
  media::CancelFn cancelled_;
  size_t frames_ = 0;
  TemporaryFolder folder_;
  std::unique_ptr<media::FrameWriter> original_;
  std::unique_ptr<media::FrameWriter> decoded_;
};

Result<std::unique_ptr<SequenceMeter>> VmafMeter::Create(const VmafTool& tool,
                                                         const media::VideoInfo& video, int threads,
                                                         const media::CancelFn& cancelled) {
  auto meter = std::make_unique<VmafMeter>();
  meter->tool_ = tool;
  meter->threads_ = PoolThreads(threads);
  meter->cancelled_ = cancelled;
  media::MediaInfo info;
  info.video = video;
  FURL_ASSIGN_OR_RETURN(meter->folder_, TemporaryFolder::Create());
  const std::string base = meter->folder_.path() + "/";
  FURL_ASSIGN_OR_RETURN(meter->original_, media::OpenY4mWriter(base + kOriginal, info, {}));
  FURL_ASSIGN_OR_RETURN(meter->decoded_, media::OpenY4mWriter(base + kDistorted, info, {}));
  return std::unique_ptr<SequenceMeter>(std::move(meter));
}

Status VmafMeter::Add(const Frame& original, const Frame& decoded) {
  ++frames_;
  FURL_RETURN_IF_ERROR(original_->WriteFrame(original, 1));
  return decoded_->WriteFrame(decoded, 1);
}

Result<SequenceScores> VmafMeter::Finish() {
  FURL_RETURN_IF_ERROR(original_->Finish());
  FURL_RETURN_IF_ERROR(decoded_->Finish());
  FURL_ASSIGN_OR_RETURN(const std::string output,
                        RunChild(Arguments(tool_, threads_), folder_.path(), cancelled_));
  std::ifstream file(folder_.path() + "/" + kLog, std::ios::binary);
  if (!file) return IoError(tool_.program + " wrote no log: " + output);
  const std::string log((std::istreambuf_iterator<char>(file)), std::istreambuf_iterator<char>());
  FURL_ASSIGN_OR_RETURN(SequenceScores scores, ParseVmafLog(log));
  if (scores.frames.size() != frames_) {
    return InvalidStream(tool_.program + " measured " + std::to_string(scores.frames.size()) +
                         " of " + std::to_string(frames_) + " frames");
  }
  return scores;
}

}  // namespace

Result<SequenceScores> ParseVmafLog(std::string_view json) {
  const auto log = nlohmann::json::parse(json, nullptr, /*allow_exceptions=*/false);
  if (!log.is_object() || !log.contains("frames") || !log["frames"].is_array()) {
    return InvalidStream("the VMAF log is not a JSON object with frames");
  }
  SequenceScores scores;
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

Result<SequenceMetric> OpenVmaf(int threads, const media::CancelFn& cancelled) {
  FURL_ASSIGN_OR_RETURN(const VmafTool tool, FindVmaf(cancelled));
  SequenceMetric metric;
  metric.program = tool.program;
  metric.start = [=](const media::VideoInfo& video) {
    return VmafMeter::Create(tool, video, threads, cancelled);
  };
  return metric;
}

}  // namespace furl::session
