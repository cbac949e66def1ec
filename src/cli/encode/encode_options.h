// The options of furl encode and furl enhance, and the request that they make.

#ifndef FURL_CLI_ENCODE_ENCODE_OPTIONS_H_
#define FURL_CLI_ENCODE_ENCODE_OPTIONS_H_

#include <optional>
#include <string>
#include <vector>

#include "base/status.h"
#include "cli/console.h"
#include "cli/options/keys.h"
#include "codec/enc/encoder.h"
#include "session/encode_run.h"

namespace furl::cli {

struct EncodeOptions {
  std::vector<std::string> inputs;  // of furl encode; may mean several files (batch_inputs.h)
  bool recursive = false;           // folders among them
  bool skip_existing = false;
  std::string preset_file;  // name or path
  bool list_presets = false;

  std::string input;
  std::string base_file;  // as EncodeRequest has it
  std::string output;
  bool overwrite = false;
  double crf = EncoderSettings().crf;
  Preset preset = Preset::kMedium;
  Tune tune = Tune::kPsnr;
  double gop_seconds = 0;  // as EncodeRequest has it
  bool low_delay = false;
  bool no_temporal_filter = false;
  int threads = 0;
  std::string model;
  std::string family;  // codec family; "": that of the default model
  std::string start;
  std::string duration;
  int64_t frames = 0;
  std::string scale;
  std::string fps;
  std::string crop;
  std::string audio = "copy";
  std::string subtitles = "copy";
  std::string input_fps;  // of image sequences
  media::Deinterlace deinterlace = media::Deinterlace::kAuto;
  std::string filter;
  media::Denoise denoise = media::Denoise::kNo;
  bool tone_map = false;
  bool turn_upright = false;
  std::string raw_size;
  std::string raw_format = "yuv420p";
  std::string raw_fps = "25";

  // A base below the video (docs/hybrid.md).
  std::string base;        // its encoder; "": none
  std::string base_scale;  // "": by what is added
  int base_crf = -1;       // by crf
  BaseUse base_use = BaseUse::kAuto;

  // Instead of crf, at most one of these (target_encode.h).
  std::string target;   // "psnr=38"
  std::string bitrate;  // "800k"
  std::string vbv;      // "1M" or "1M:2M"; with bitrate, and then in one pass
  std::string size;     // "20M"
  int samples = 0;      // 0: by the length of the video
  double sample_seconds = 2;
  bool dry_run = false;
  bool best_effort = false;
  bool encrypt = false;
  KeyOptions keys;
  seal::SecretPtr secret;  // of the output, if that is encrypted
  bool sandbox = true;
  // The settings as words (encode_words.h), where the output tells them.
  std::optional<std::vector<std::string>> words;

  bool searches_crf() const {
    return !target.empty() || (!bitrate.empty() && vbv.empty()) || !size.empty();
  }
};

// All but the crf, as a run takes it. kInvalidArgument with the option's text where one makes no
// sense. The reader's notices go to the console, and Ctrl-C stops it.
Result<session::EncodeRequest> RequestOf(const EncodeOptions& options, Console& console);

}  // namespace furl::cli

#endif  // FURL_CLI_ENCODE_ENCODE_OPTIONS_H_
