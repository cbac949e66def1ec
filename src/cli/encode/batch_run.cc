#include "cli/encode/batch_run.h"

#include <fmt/format.h>

#include <filesystem>
#include <utility>

#include "cli/exit_codes.h"
#include "cli/interrupt.h"
#include "cli/run_apart.h"

namespace furl::cli {
namespace {

namespace fs = std::filesystem;

int64_t BytesOf(const std::string& path) {
  std::error_code error;
  const auto size = fs::file_size(path, error);
  return error ? 0 : static_cast<int64_t>(size);
}

// Most messages begin with the file already.
std::string WithFile(const std::string& file, const std::string& message) {
  return message.starts_with(file) ? message : file + ": " + message;
}

Status MakeFolderOf(const std::string& output) {
  const fs::path folder = fs::path(output).parent_path();
  std::error_code error;
  if (!folder.empty()) fs::create_directories(folder, error);
  return error ? IoError(folder.string() + ": " + error.message()) : OkStatus();
}

}  // namespace

Status BatchRun::Run(const std::vector<BatchItem>& items, Details* details) {
  Status status;
  for (size_t i = 0; i < items.size() && status.ok(); ++i) {
    console_.Say(fmt::format("{} of {}: {}", i + 1, items.size(), items[i].input));
    status = RunItem(items[i]);
  }
  Summarize(items.size(), details);
  if (!status.ok()) {
    return {status.code(),
            fmt::format("interrupted; {} of {} files are done", done_, items.size())};
  }
  if (failures_.empty()) return OkStatus();
  return {failures_.front().code,
          fmt::format("{} of {} files failed", failures_.size(), items.size())};
}

Status BatchRun::RunItem(const BatchItem& item) {
  std::error_code error;
  if (options_.skip_existing && fs::exists(item.output, error)) {
    Tell(item, State::kSkipped, OkStatus(), Details::object());
    return OkStatus();
  }
  Details details = Details::object();
  const Status status =
      Interrupted() ? Status(StatusCode::kCancelled, "interrupted") : Encode(item, &details);
  if (status.code() == StatusCode::kCancelled) return status;
  Tell(item, status.ok() ? State::kDone : State::kFailed, status, std::move(details));
  return OkStatus();
}

// Each file in a process of its own: it can read this input alone and make this output alone, so
// one that takes its reader over reaches no other, and one that ends its reader ends nothing else.
Status BatchRun::Encode(const BatchItem& item, Details* details) {
  EncodeOptions options = options_;
  options.input = item.input;
  options.output = item.output;
  FURL_RETURN_IF_ERROR(CheckOutput(item.input, item.output, options.overwrite));
  FURL_RETURN_IF_ERROR(MakeFolderOf(item.output));
  return RunApart(
      [this, &options](Console& console, Details* d) { return encode_(options, console, d); },
      console_, details);
}

void BatchRun::Tell(const BatchItem& item, State state, const Status& status, Details details) {
  constexpr const char* kNames[] = {"done", "skipped", "failed"};
  Details object = {{"type", "file"},
                    {"input", item.input},
                    {"output", item.output},
                    {"state", kNames[static_cast<int>(state)]}};
  if (state == State::kDone) {
    ++done_;
    const int64_t in = BytesOf(item.input);
    bytes_in_ += in;
    bytes_out_ += BytesOf(item.output);
    object["input_bytes"] = in;
  } else if (state == State::kSkipped) {
    ++skipped_;
    console_.Say(item.output + " exists: skipped");
  } else {
    failures_.push_back({WithFile(item.input, status.message()), status.code()});
    console_.Problem(failures_.back().text);
    object["error"] = StatusCodeName(status.code());
    object["message"] = status.message();
    object["exit_code"] = ExitCodeOf(status);
  }
  object.update(details);
  console_.Json(object);
}

void BatchRun::Summarize(size_t files, Details* details) {
  (*details)["files"] = files;
  (*details)["done"] = done_;
  (*details)["skipped"] = skipped_;
  (*details)["failed"] = failures_.size();
  (*details)["bytes_in"] = bytes_in_;
  (*details)["bytes_out"] = bytes_out_;
  console_.Say(fmt::format("{} done, {} skipped, {} failed; {} became {}", done_, skipped_,
                           failures_.size(), HumanBytes(static_cast<double>(bytes_in_)),
                           HumanBytes(static_cast<double>(bytes_out_))));
  for (const Failure& failure : failures_) console_.Say("failed: " + failure.text);
}

}  // namespace furl::cli
