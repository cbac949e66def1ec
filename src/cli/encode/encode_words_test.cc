#include "cli/encode/encode_words.h"

#include <gtest/gtest.h>

#include <map>
#include <set>

#include "cli/commands.h"
#include "cli/encode/encode_settings.h"

namespace furl::cli {
namespace {

// A value of each setting, "" of flags, and the words that it can't be without.
struct Sample {
  std::string value;
  Words needs;
};

const std::map<std::string, Sample> kSamples = {
    {"--crf", {"41.5", {}}},
    {"--preset", {"slow", {}}},
    {"--tune", {"ms-ssim", {}}},
    {"--gop", {"1.5", {}}},
    {"--low-delay", {"", {}}},
    {"--no-temporal-filter", {"", {}}},
    {"--model", {"some models/a.furlmodel", {}}},
    {"--family", {"squeeze", {}}},
    {"--target", {"ssim=0.98", {}}},
    {"--bitrate", {"800k", {}}},
    {"--size", {"20M", {}}},
    {"--vbv", {"1M:2M", {"--bitrate", "800k"}}},
    {"--samples", {"7", {"--target", "psnr=38"}}},
    {"--sample-seconds", {"3", {"--size", "20M"}}},
    {"--best-effort", {"", {"--size", "20M"}}},
    {"--start", {"1:02:00", {}}},
    {"--duration", {"30", {}}},
    {"--frames", {"12", {}}},
    {"--crop", {"640x480+2+4", {}}},
    {"--scale", {"-1x720", {}}},
    {"--fps", {"30000/1001", {}}},
    {"--input-fps", {"12", {}}},
    {"--deinterlace", {"fields", {}}},
    {"--filter", {"drawtext=text='it''s', \"here\"", {}}},
    {"--denoise", {"light", {}}},
    {"--tone-map", {"", {}}},
    {"--turn-upright", {"", {}}},
    {"--audio", {"eng,opus:96k", {}}},
    {"--subtitles", {"none", {}}},
    {"--base", {"x264", {}}},
    {"--base-scale", {"2/3", {"--base", "x265"}}},
    {"--base-crf", {"30", {"--base", "av1"}}},
    {"--enhance", {"filter", {"--base", "x264"}}},
    {"--raw-size", {"352x288", {}}},
    {"--raw-format", {"nv12", {"--raw-size", "352x288"}}},
    {"--raw-fps", {"30", {"--raw-size", "352x288"}}},
};

Words NamesOf(const CLI::App& app) {
  Words names;
  for (const CLI::Option* option : app.get_options()) names.push_back(option->get_name());
  return names;
}

void AddSample(const std::string& name, const Sample& sample, Words* words) {
  if (sample.value.empty()) {
    words->push_back(name);
  } else if (sample.value.front() == '-') {
    words->push_back(name + "=" + sample.value);
  } else {
    words->insert(words->end(), {name, sample.value});
  }
}

// As `furl encode in.mp4 -o out.mkv WORDS` has them.
Words GivenBy(const Words& words) {
  CLI::App app;
  const RunFn run = AddEncode(&app);  // holds what is parsed
  Words line = {"in.mp4", "-o", "out.mkv"};
  line.insert(line.end(), words.begin(), words.end());
  app.parse(Words(line.rbegin(), line.rend()));
  return GivenWords(app);
}

// A new option of furl encode must be one or the other.
TEST(EncodeWordsTest, EveryOptionIsASettingOrKnownNotToBeOne) {
  const std::set<std::string> others = {"--help",        "--input",        "--output",
                                        "--overwrite",   "--threads",      "--no-sandbox",
                                        "--encrypt",     "--key-file",     "--passphrase-file",
                                        "--dry-run",     "--recursive",    "--skip-existing",
                                        "--preset-file", "--list-presets", "--plan",
                                        "--chunk",       "--chunks",       "--resume",
                                        "--jobs"};
  CLI::App app;
  const RunFn run = AddEncode(&app);  // holds what is parsed
  std::set<std::string> found;
  for (const std::string& name : NamesOf(app)) {
    if (!kSamples.contains(name)) found.insert(name);
  }
  EXPECT_EQ(found, others);
}

TEST(EncodeWordsTest, EverySettingComesBack) {
  for (const std::string& name : SettingNames()) {
    ASSERT_TRUE(kSamples.contains(name)) << name << " has no sample here";
    const Sample& sample = kSamples.at(name);
    Words words = sample.needs;
    AddSample(name, sample, &words);
    const Words given = GivenBy(words);
    EXPECT_EQ(std::multiset(given.begin(), given.end()), std::multiset(words.begin(), words.end()));
    const auto parsed = ParseEncodeWords(given);
    EXPECT_TRUE(parsed.ok()) << name << ": " << parsed.status().message();
    EXPECT_EQ(GivenBy(given), given) << name;
  }
}

TEST(EncodeWordsTest, MeanWhatTheySay) {
  const auto parsed =
      ParseEncodeWords({"--crf", "41", "--preset", "slow", "--low-delay", "--scale=-1x720",
                        "--audio", "opus:96k", "--filter", "a b"});
  ASSERT_TRUE(parsed.ok()) << parsed.status().message();
  EXPECT_EQ(parsed->crf, 41);
  EXPECT_EQ(parsed->preset, Preset::kSlow);
  EXPECT_TRUE(parsed->low_delay);
  EXPECT_EQ(parsed->scale, "-1x720");
  EXPECT_EQ(parsed->audio, "opus:96k");
  EXPECT_EQ(parsed->filter, "a b");
  EXPECT_EQ(parsed->subtitles, EncodeOptions().subtitles);
  EXPECT_EQ(parsed->threads, EncodeOptions().threads);
}

TEST(EncodeWordsTest, AreInOneOrderAndSpelling) {
  const Words words = {"--crf", "41", "--preset", "slow", "--low-delay"};
  EXPECT_EQ(GivenBy({"--low-delay", "--preset=SLOW", "--crf=41"}), words);
  EXPECT_EQ(GivenBy({"--low-delay=false", "--filter", "", "--crf", "41"}), Words({"--crf", "41"}));
}

TEST(EncodeWordsTest, LeaveOutWhatIsNoSetting) {
  EXPECT_EQ(GivenBy({"-y", "--threads", "3", "--no-sandbox", "--encrypt", "--key-file", "k",
                     "--crf", "20"}),
            Words({"--crf", "20"}));
  EXPECT_EQ(GivenBy({"--target", "psnr=38", "--dry-run"}), Words({"--target", "psnr=38"}));
}

TEST(EncodeWordsTest, LoseThoseOfSomeSettings) {
  const Words words = {"--crf", "41", "--low-delay", "--scale=-1x720", "--audio", "none"};
  EXPECT_EQ(WithoutSettings(words, {"--crf", "--scale"}),
            Words({"--low-delay", "--audio", "none"}));
  EXPECT_EQ(WithoutSettings(words, {"--low-delay", "--audio"}),
            Words({"--crf", "41", "--scale=-1x720"}));
  EXPECT_EQ(WithoutSettings(words, {}), words);
}

TEST(EncodeWordsTest, WrongOnesAreRefused) {
  const auto refused = [](const Words& words) {
    const Status status = ParseEncodeWords(words).status();
    return status.code() == StatusCode::kInvalidArgument && !status.message().empty();
  };
  EXPECT_TRUE(refused({"--crf", "64"}));
  EXPECT_TRUE(refused({"--crf"}));
  EXPECT_TRUE(refused({"--no-such", "1"}));
  EXPECT_TRUE(refused({"--threads", "1"}));
  EXPECT_TRUE(refused({"--crf", "30", "--size", "20M"}));
  EXPECT_TRUE(refused({"--samples", "3"}));
  EXPECT_TRUE(refused({"--base-crf", "30"}));
  EXPECT_TRUE(refused({"stray"}));
  EXPECT_TRUE(refused({"--help"}));
}

TEST(EncodeWordsTest, GoOnTopOfWhatIsThere) {
  EncodeOptions options;
  options.input = "in.mp4";
  options.threads = 2;
  options.crf = 20;
  ASSERT_TRUE(TakeEncodeWords({"--low-delay", "--preset=FAST"}, &options).ok());
  EXPECT_EQ(options.words, Words({"--preset", "fast", "--low-delay"}));
  EXPECT_EQ(options.input, "in.mp4");
  EXPECT_EQ(options.threads, 2);
  EXPECT_EQ(options.crf, 20);
  EXPECT_EQ(options.preset, Preset::kFast);
}

}  // namespace
}  // namespace furl::cli
