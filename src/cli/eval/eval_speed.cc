// furl eval --speed: encode and decode speed, CPU time and memory.

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <filesystem>
#include <thread>

#include "base/file.h"
#include "cli/eval/eval_codecs.h"
#include "cli/eval/eval_options.h"
#include "cli/interrupt.h"
#include "eval/results/result_file.h"
#include "eval/speed/speed.h"
#include "model/foreign_json.h"
#include "session/child_process.h"
#include "session/model_store.h"

namespace furl::cli {
namespace {

namespace fs = std::filesystem;

constexpr char kResultName[] = "result.json";
constexpr size_t kMaxJobBytes = size_t{1} << 20;

std::span<const uint8_t> Bytes(const std::string& text) {
  return {reinterpret_cast<const uint8_t*>(text.data()), text.size()};
}

std::string ClipName(const std::string& path) { return fs::path(path).stem().string(); }

class SpeedRun {
 public:
  SpeedRun(const EvalOptions& options, Console& console) : options_(options), console_(console) {
    settings_.rounds = options.rounds;
    settings_.threads = options.threads > 0
                            ? options.threads
                            : static_cast<int>(std::max(1u, std::thread::hardware_concurrency()));
    settings_.frames = options.frames;
  }

  Status Run(Details* details) {
    FURL_ASSIGN_OR_RETURN(requests_, EvalRequests(options_));
    anchor_ = requests_[0].name;
    FURL_ASSIGN_OR_RETURN(codecs_, MakeEvalCodecs(options_, requests_, console_));
    FURL_RETURN_IF_ERROR(ChooseLevels());
    FURL_ASSIGN_OR_RETURN(scratch_, session::TemporaryFolder::Create());
    settings_.scratch = scratch_.path();
    settings_.on_sample = [this](const eval::SpeedJob& job, const eval::SpeedSample& sample) {
      ShowSample(job, sample);
    };
    machine_ = eval::DescribeMachine();
    for (const auto& [path, codecs] : levels_) jobs_per_round_ += 2 * codecs.size();
    start_ = std::chrono::steady_clock::now();
    auto results = eval::MeasureSpeed(
        levels_, settings_, [this](const eval::SpeedJob& job) { return RunInChild(job); });
    if (!results.ok()) return results.status();
    PrintTable(*results);
    return Write(*results, details);
  }

 private:
  // Levels of equal quality, from the result files of an evaluation.
  Status ChooseLevels() {
    for (const std::string& path : options_.inputs) {
      if (!options_.levels.empty()) {
        for (const auto& codec : codecs_) {
          levels_[fs::absolute(path)][codec->name()] = options_.levels[0];
        }
        continue;
      }
      double quality = 0;
      for (const auto& codec : codecs_) {
        auto result = ResultOf(*codec, path);
        if (!result.ok() && codec != codecs_[0]) {
          // Like mpeg2video, which has no 10 bit.
          console_.Notice(result.status().message() + "; it is left out");
          continue;
        }
        if (!result.ok()) return result.status();
        const eval::ClipResult& clip = *result;
        if (codec == codecs_[0]) quality = MiddleQuality(clip);
        FURL_ASSIGN_OR_RETURN(const double level,
                              eval::LevelAt(clip, options_.metrics[0], quality));
        levels_[fs::absolute(path)][codec->name()] = level;
      }
      qualities_[ClipName(path)] = quality;
    }
    return OkStatus();
  }

  double MiddleQuality(const eval::ClipResult& anchor) const {
    if (!anchor.targets.empty()) return anchor.targets[anchor.targets.size() / 2];
    if (anchor.points.empty()) return 0;
    return eval::CurveQuality(anchor.points[anchor.points.size() / 2], options_.metrics[0]);
  }

  Result<eval::ClipResult> ResultOf(const eval::Codec& codec, const std::string& path) const {
    const std::string name = options_.out + "/" + codec.name() + ".json";
    const auto file = eval::ReadResultFile(name);
    if (!file.ok() || !file->clips.contains(ClipName(path))) {
      return InvalidArgument("speed is measured at equal quality, but " + name +
                             " has no results of " + ClipName(path) +
                             "; run furl eval without --speed first, or give --levels");
    }
    return file->clips.at(ClipName(path));
  }

  // A second furl does the job, writes the outcome beside it and is gone.
  Result<eval::SpeedSample> RunInChild(const eval::SpeedJob& job) {
    if (Interrupted()) return Status(StatusCode::kCancelled, "interrupted");
    nlohmann::json json = eval::ToJson(job);
    json["result"] = scratch_.path() + "/" + kResultName;
    const std::string job_path = scratch_.path() + "/job.json";
    FURL_RETURN_IF_ERROR(WriteFile(job_path, Bytes(json.dump())));
    std::error_code error;
    const fs::path self = fs::read_symlink("/proc/self/exe", error);
    if (error) return IoError("/proc/self/exe: " + error.message());
    std::vector<std::string> command = {self.string(), "eval", "--worker", job_path};
    for (eval::CodecRequest request : requests_) {
      if (request.name != job.codec) continue;
      if (session::IsModelPath(request.model)) request.model = fs::absolute(request.model);
      command.insert(command.end(), {"--codec", eval::ToText(request)});
    }
    if (!options_.model.empty()) {
      command.insert(command.end(), {"--model", fs::absolute(options_.model).string()});
    }
    FURL_RETURN_IF_ERROR(session::RunChild(command, scratch_.path(), Interrupted).status());
    FURL_ASSIGN_OR_RETURN(const nlohmann::json result,
                          model::ReadForeignJson(json["result"], kMaxJobBytes));
    return eval::OutcomeFromJson(result);
  }

  size_t AllJobs() const { return jobs_per_round_ * static_cast<size_t>(settings_.rounds); }

  // Rounds are alike, so one tells how long the others take.
  std::string EtaText() const {
    if (jobs_ < jobs_per_round_ || jobs_ == AllJobs()) return "";
    const double seconds =
        std::chrono::duration<double>(std::chrono::steady_clock::now() - start_).count();
    const auto left = static_cast<double>(AllJobs() - jobs_);
    return "  ETA " + HumanTime(seconds / static_cast<double>(jobs_) * left);
  }

  void ShowSample(const eval::SpeedJob& job, const eval::SpeedSample& sample) {
    const char* what = job.decode ? "decode" : "encode";
    const double fps = eval::MedianFps({sample});
    ++jobs_;
    console_.Say(fmt::format("{} of {}  {:20} {:24} {} {:8.2f} fps{}", jobs_, AllJobs(), job.codec,
                             ClipName(job.clip), what, fps, EtaText()));
    nlohmann::ordered_json json = {
        {"type", "speed"}, {"codec", job.codec}, {"clip", ClipName(job.clip)}, {"level", job.level},
        {"what", what},    {"jobs", jobs_},      {"all_jobs", AllJobs()},      {"fps", fps}};
    json.update(eval::ToJson(sample));
    console_.Json(json);
  }

  // "12.3 fps, 81 ms, 120 MiB"
  static std::string Figures(const std::vector<eval::SpeedSample>& samples) {
    const int64_t peak = eval::PeakBytes(samples);
    return fmt::format("{:8.2f}{:9.1f}{:>7}", eval::MedianFps(samples), eval::MedianCpuMs(samples),
                       peak < 0 ? "?" : std::to_string(peak >> 20));
  }

  void PrintTable(const eval::SpeedResults& results) {
    console_.Print(
        fmt::format("Threads: {}, rounds: {}; CPU in ms per frame, peak memory in MiB, x: times as "
                    "fast as {}\n",
                    settings_.threads, settings_.rounds, anchor_));
    console_.Print(fmt::format("{:24}{:20}{:>8}{:>8}{:>9}{:>7}{:>7}{:>8}{:>9}{:>7}{:>7}\n", "clip",
                               "codec", "level", "encode", "CPU", "MiB", "x", "decode", "CPU",
                               "MiB", "x"));
    for (const auto& [path, codecs] : results) {
      const eval::ClipSpeed& anchor = codecs.at(anchor_);
      for (const auto& [name, speed] : codecs) {
        console_.Print(
            fmt::format("{:24}{:20}{:8g}{}{:7.2f}{}{:7.2f}\n", ClipName(path), name, speed.level,
                        Figures(speed.encode), eval::MedianRatio(anchor.encode, speed.encode),
                        Figures(speed.decode), eval::MedianRatio(anchor.decode, speed.decode)));
      }
    }
  }

  static nlohmann::ordered_json SamplesJson(const std::vector<eval::SpeedSample>& anchor,
                                            const std::vector<eval::SpeedSample>& samples) {
    nlohmann::ordered_json json = {{"fps", eval::MedianFps(samples)},
                                   {"cpu_ms_per_frame", eval::MedianCpuMs(samples)},
                                   {"peak_bytes", eval::PeakBytes(samples)},
                                   {"ratio", eval::MedianRatio(anchor, samples)}};
    for (const eval::SpeedSample& sample : samples) {
      json["rounds"].push_back(nlohmann::ordered_json(eval::ToJson(sample)));
    }
    return json;
  }

  nlohmann::ordered_json Conditions() const {
    return {{"command", fmt::format("furl eval CLIPS --speed --anchor {} --threads {} --rounds {}",
                                    anchor_, settings_.threads, settings_.rounds)},
            {"machine", machine_},
            {"threads", settings_.threads},
            {"rounds", settings_.rounds},
            {"anchor", anchor_},
            {"metric", options_.metrics[0]},
            {"qualities", qualities_},
            {"how",
             "a process per encode and decode, codecs interleaved within each round; pictures "
             "and packets in memory; median over rounds; peak_bytes: largest resident "
             "memory above that before the work (VmHWM, VmRSS of /proc/self/status)"}};
  }

  nlohmann::ordered_json CodecJson(const eval::Codec& codec,
                                   const eval::SpeedResults& results) const {
    eval::RunOptions run;
    run.reproducible = false;
    run.threads = settings_.threads;
    nlohmann::ordered_json json = {{"settings", codec.settings(run)},
                                   {"versions", codec.versions()},
                                   {"clips", nlohmann::ordered_json::object()}};
    if (!codec.cost().is_null()) json["cost"] = codec.cost();
    for (const auto& [path, codecs] : results) {
      if (!codecs.contains(codec.name())) continue;
      const eval::ClipSpeed& speed = codecs.at(codec.name());
      const eval::ClipSpeed& anchor = codecs.at(anchor_);
      json["clips"][ClipName(path)] = {{"level", speed.level},
                                       {"encode", SamplesJson(anchor.encode, speed.encode)},
                                       {"decode", SamplesJson(anchor.decode, speed.decode)}};
    }
    return json;
  }

  Status Write(const eval::SpeedResults& results, Details* details) {
    nlohmann::ordered_json root = {{"conditions", Conditions()}};
    for (const auto& codec : codecs_) root["codecs"][codec->name()] = CodecJson(*codec, results);
    // A folder of its own: *.json in --out are result files.
    const std::string folder = options_.out + "/speed";
    std::error_code error;
    fs::create_directories(folder, error);
    if (error) return IoError(folder + ": " + error.message());
    const std::string path = folder + "/speed.json";
    (*details)["codecs"] = codecs_.size();
    (*details)["clips"] = results.size();
    (*details)["output"] = path;
    return WriteFile(path, Bytes(eval::ReadableJson(root)));
  }

  const EvalOptions& options_;
  Console& console_;
  eval::SpeedSettings settings_;
  session::TemporaryFolder scratch_;
  std::vector<eval::CodecRequest> requests_;
  std::string anchor_;  // name of its results
  std::vector<eval::CodecPtr> codecs_;
  eval::SpeedLevels levels_;
  std::map<std::string, double> qualities_;
  nlohmann::ordered_json machine_;
  size_t jobs_ = 0;  // done
  size_t jobs_per_round_ = 0;
  std::chrono::steady_clock::time_point start_;
};

}  // namespace

Status RunEvalSpeed(const EvalOptions& options, Console& console, Details* details) {
  return SpeedRun(options, console).Run(details);
}

// Success means that the outcome was written, be it a failure: so the process that
// waits for it gets the cause and its code, not words about a child process.
Status RunEvalWorker(const EvalOptions& options, Console& console) {
  FURL_ASSIGN_OR_RETURN(const nlohmann::json json,
                        model::ReadForeignJson(options.worker, kMaxJobBytes));
  FURL_ASSIGN_OR_RETURN(const eval::SpeedJob job, eval::JobFromJson(json));
  const auto run = [&]() -> Result<eval::SpeedSample> {
    if (options.codecs.size() != 1) return InternalError("a job of one codec needs one --codec");
    FURL_ASSIGN_OR_RETURN(const eval::CodecRequest request,
                          eval::ParseCodecRequest(options.codecs[0]));
    FURL_ASSIGN_OR_RETURN(const auto codecs, MakeEvalCodecs(options, {&request, 1}, console));
    return eval::RunSpeedJob(*codecs[0], job, Interrupted);
  };
  return WriteFile(json.value("result", ""), Bytes(eval::OutcomeToJson(run()).dump()));
}

}  // namespace furl::cli
