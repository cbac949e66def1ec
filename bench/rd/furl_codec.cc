// Adapter of furl itself: runs the command-line tool, as a user would.

#include <unistd.h>

#include <cstdio>
#include <filesystem>

#include "rd/codec.h"

namespace furl::rd {
namespace {

std::string Quoted(const std::string& text) {
  std::string result = "'";
  for (const char c : text) {
    if (c == '\'') {
      result += "'\\''";
    } else {
      result += c;
    }
  }
  return result + "'";
}

struct PipeClose {
  void operator()(FILE* pipe) const { pclose(pipe); }
};
using Pipe = std::unique_ptr<FILE, PipeClose>;

std::string FirstLine(const std::string& command) {
  const Pipe pipe(popen(command.c_str(), "r"));
  char line[256] = {};
  if (!pipe || !std::fgets(line, sizeof(line), pipe.get())) return "unknown";
  std::string text = line;
  while (!text.empty() && text.back() == '\n') text.pop_back();
  return text;
}

// A file name of our own that is removed at the end of the scope.
class TemporaryFile {
 public:
  explicit TemporaryFile(const std::string& extension) {
    path_ = (std::filesystem::temp_directory_path() /
             ("furl-rd-" + std::to_string(getpid()) + extension))
                .string();
  }
  ~TemporaryFile() {
    std::error_code ignored;
    std::filesystem::remove(path_, ignored);
  }
  TemporaryFile(const TemporaryFile&) = delete;
  TemporaryFile& operator=(const TemporaryFile&) = delete;
  const std::string& path() const { return path_; }

 private:
  std::string path_;
};

std::string LevelText(double level) {
  char text[32];
  std::snprintf(text, sizeof(text), "%g", level);
  return text;
}

class FurlCodec : public Codec {
 public:
  explicit FurlCodec(const FurlSpec& spec) : spec_(spec) {}

  std::string name() const override { return spec_.name; }
  std::string description() const override { return "furl encode, options as in settings"; }
  std::string level_name() const override { return "crf"; }
  std::vector<double> levels() const override { return spec_.levels; }

  nlohmann::json settings() const override {
    return {{"encoder", "furl"}, {"options", spec_.encode_options}};
  }

  nlohmann::json versions() const override {
    return {{"furl", FirstLine(Quoted(spec_.binary) + " --version 2>/dev/null")}};
  }

  Result<int64_t> Run(const Clip& clip, double level, const FrameSink& sink) override {
    const TemporaryFile coded(".mkv");
    std::string encode = Quoted(spec_.binary) + " encode " + Quoted(clip.path) + " -o " +
                         Quoted(coded.path()) + " -y --crf " + LevelText(level);
    for (const std::string& option : spec_.encode_options) encode += " " + Quoted(option);
    if (std::system((encode + " > /dev/null 2>&1").c_str()) != 0)
      return IoError("failed: " + encode);
    // "-" is YUV4MPEG2 on standard output.
    const std::string decode =
        Quoted(spec_.binary) + " decode " + Quoted(coded.path()) + " -o - 2> /dev/null";
    const Pipe pipe(popen(decode.c_str(), "r"));
    if (!pipe) return IoError("cannot run: " + decode);
    const std::string url = "pipe:" + std::to_string(fileno(pipe.get()));
    const Status decoded = DecodeUrl(url, "yuv4mpegpipe", sink);
    if (!decoded.ok()) return decoded.WithContext(decode);
    return VideoStreamBytes(coded.path());
  }

 private:
  FurlSpec spec_;
};

}  // namespace

std::unique_ptr<Codec> MakeFurlCodec(const FurlSpec& spec) {
  return std::make_unique<FurlCodec>(spec);
}

}  // namespace furl::rd
