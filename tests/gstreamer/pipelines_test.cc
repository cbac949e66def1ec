// Whole pipelines: seeking in bare streams, and how errors reach the application.

#include <gst/gst.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "coded_clip.h"

namespace furl::gstreamer {
namespace {

using test::CodedClip;
using test::MakeCodedClip;
using test::ModelPath;
using test::WriteFile;

constexpr GstClockTime kFrame = GST_SECOND / 25;
constexpr GstClockTime kPatience = 60 * GST_SECOND;

// A pipeline whose element "out" is a fakesink: it keeps the times of what came there.
class Pipeline {
 public:
  explicit Pipeline(const std::string& description) {
    gst_init(nullptr, nullptr);
    pipeline_ = gst_parse_launch(description.c_str(), nullptr);
    GstElement* out = gst_bin_get_by_name(GST_BIN(pipeline_), "out");
    g_signal_connect(out, "handoff", G_CALLBACK(&Pipeline::Take), this);
    gst_object_unref(out);
  }
  ~Pipeline() {
    gst_element_set_state(pipeline_, GST_STATE_NULL);
    gst_object_unref(pipeline_);
  }
  Pipeline(const Pipeline&) = delete;
  Pipeline& operator=(const Pipeline&) = delete;

  GstElement* get() const { return pipeline_; }
  const std::vector<GstClockTime>& times() const { return times_; }

  void SetState(GstState state) {
    gst_element_set_state(pipeline_, state);
    gst_element_get_state(pipeline_, nullptr, nullptr, kPatience);
  }

  // Plays to the end: "", or the first error.
  std::string Run() {
    gst_element_set_state(pipeline_, GST_STATE_PLAYING);
    GstBus* bus = gst_element_get_bus(pipeline_);
    GstMessage* message = gst_bus_timed_pop_filtered(
        bus, kPatience, static_cast<GstMessageType>(GST_MESSAGE_EOS | GST_MESSAGE_ERROR));
    gst_object_unref(bus);
    if (message == nullptr) return "nothing happened";
    std::string text;
    if (GST_MESSAGE_TYPE(message) == GST_MESSAGE_ERROR) {
      GError* error = nullptr;
      gst_message_parse_error(message, &error, nullptr);
      text = error->message;
      g_error_free(error);
    }
    gst_message_unref(message);
    return text;
  }

 private:
  static void Take(GstElement*, GstBuffer* buffer, GstPad*, Pipeline* self) {
    self->times_.push_back(GST_BUFFER_PTS(buffer));
  }

  GstElement* pipeline_ = nullptr;
  std::vector<GstClockTime> times_;
};

std::string Playing(const std::string& file, const std::string& model) {
  return "filesrc location=" + file + " ! furlparse ! furldec model=" + model +
         " ! fakesink name=out signal-handoffs=true";
}

TEST(Pipelines, ABareStreamPlaysFromItsTypeAlone) {
  const CodedClip clip = MakeCodedClip(64, 48, 8, 20);
  const std::string file = WriteFile("plain.furl", clip.bare);
  Pipeline pipeline("filesrc location=" + file + " ! typefind ! furlparse ! furldec model=" +
                    ModelPath() + " ! fakesink name=out signal-handoffs=true");
  EXPECT_EQ(pipeline.Run(), "");
  ASSERT_EQ(pipeline.times().size(), 20u);
  for (size_t i = 0; i < 20; ++i) EXPECT_EQ(pipeline.times()[i], i * kFrame);
}

// After a seek the pictures from the wanted time on come, and none of the end is missing.
TEST(Pipelines, BareStreamsSeek) {
  const CodedClip clip = MakeCodedClip(64, 48, 8, 96);
  const std::string file = WriteFile("long.furl", clip.bare);
  for (const int to : {0, 16, 45, 90}) {
    Pipeline pipeline(Playing(file, ModelPath()));
    pipeline.SetState(GST_STATE_PAUSED);
    ASSERT_TRUE(gst_element_seek_simple(
        pipeline.get(), GST_FORMAT_TIME,
        static_cast<GstSeekFlags>(GST_SEEK_FLAG_FLUSH | GST_SEEK_FLAG_ACCURATE), to * kFrame));
    gst_element_get_state(pipeline.get(), nullptr, nullptr, kPatience);
    const size_t before = pipeline.times().size();
    EXPECT_EQ(pipeline.Run(), "");
    // One is shown while paused, before playing goes on.
    std::vector<GstClockTime> times(pipeline.times().begin() + static_cast<ptrdiff_t>(before),
                                    pipeline.times().end());
    ASSERT_FALSE(times.empty());
    EXPECT_EQ(times.back(), 95 * kFrame) << "to " << to;
    EXPECT_LE(times.front(), (to + 1) * kFrame) << "to " << to;
    EXPECT_GE(times.front(), to * kFrame) << "to " << to;
  }
}

TEST(Pipelines, AMissingModelIsNamed) {
  const CodedClip clip = MakeCodedClip(64, 48, 8, 3);
  const std::string file = WriteFile("wants.furl", clip.bare);
  const std::string error = Pipeline(Playing(file, "/nowhere/at/all")).Run();
  EXPECT_NE(error.find("needs the model"), std::string::npos) << error;
  EXPECT_NE(error.find("/nowhere/at/all"), std::string::npos) << error;
  EXPECT_NE(error.find("wants.furl"), std::string::npos) << error;
}

TEST(Pipelines, ADamagedStreamPlaysOnAndAWrongHeaderIsAnError) {
  const CodedClip clip = MakeCodedClip(64, 48, 8, 32);
  std::vector<uint8_t> bytes = clip.bare;
  bytes[bytes.size() / 2] ^= 0x55;
  Pipeline hurt(Playing(WriteFile("hurt.furl", bytes), ModelPath()));
  EXPECT_EQ(hurt.Run(), "");
  EXPECT_GE(hurt.times().size(), 24u);
  bytes[10] ^= 0x55;
  const std::string error = Pipeline(Playing(WriteFile("wrong.furl", bytes), ModelPath())).Run();
  EXPECT_NE(error.find("wrong.furl"), std::string::npos) << error;
}

}  // namespace
}  // namespace furl::gstreamer
