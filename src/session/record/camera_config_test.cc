#include "session/record/camera_config.h"

#include <gtest/gtest.h>

#include "model/foreign_json.h"

namespace furl::session {
namespace {

Result<std::vector<CameraSettings>> Parse(const std::string& text) {
  FURL_ASSIGN_OR_RETURN(const nlohmann::json json, model::ParseForeignJson(text));
  CameraSettings usual;
  usual.crf = 33;
  return ParseCameras(json, usual);
}

std::string ErrorOf(const std::string& members) {
  const auto cameras = Parse(R"({"cameras": [{"name": "front", )" + members + "}]}");
  return cameras.ok() ? "" : cameras.status().message();
}

TEST(CameraConfig, CamerasSayWhatIsNotUsual) {
  const auto cameras = Parse(R"({"cameras": [
    {"name": "front", "input": "rtsp://front/s", "mode": "events", "sensitivity": 70, "pre": 8,
     "quiet_fps": 2, "zones": [
       {"name": "window", "for": "mask", "polygon": [[0, 0], [0.2, 0], [0.2, 0.3]]}]},
    {"name": "yard", "input": "/dev/video0", "format": "v4l2"}]})");
  ASSERT_TRUE(cameras.ok()) << cameras.status().message();
  ASSERT_EQ(cameras->size(), 2u);
  EXPECT_EQ((*cameras)[0].mode, RecordMode::kEvents);
  EXPECT_EQ((*cameras)[0].sensitivity, 70);
  EXPECT_EQ((*cameras)[0].pre_seconds, 8);
  EXPECT_EQ((*cameras)[0].crf, 33);
  EXPECT_TRUE((*cameras)[0].zones.Has(watch::ZoneUse::kMask));
  EXPECT_EQ((*cameras)[1].format, "v4l2");
  EXPECT_EQ((*cameras)[1].mode, RecordMode::kAlways);
  EXPECT_TRUE((*cameras)[1].zones.zones.empty());
  EXPECT_TRUE(CheckCameras(*cameras).ok());
}

TEST(CameraConfig, ErrorsSayWhereAndWhy) {
  EXPECT_EQ(ErrorOf(R"("input": 3)"), "cameras[0].input: is no text");
  EXPECT_EQ(ErrorOf(R"("input": "a", "mode": "motion")"),
            "cameras[0].mode: \"motion\" is neither always nor events");
  EXPECT_EQ(ErrorOf(R"("input": "a", "crf": 64)"), "cameras[0].crf: 64.0 is out of 0.0 to 63.0");
  EXPECT_EQ(ErrorOf(R"("input": "a", "zones": [{"name": "z"}])"),
            "cameras[0].zones[0].for: is missing");
  EXPECT_EQ(Parse(R"({"cameras": [{"name": "../x", "input": "a"}]})").status().message(),
            "cameras[0].name: must be letters, digits, \"-\", \"_\" and \".\", none in front");
  EXPECT_NE(ErrorOf(R"("input": "a", "sensivity": 3)").find("cameras[0].sensivity: is not known"),
            std::string::npos);
}

TEST(CameraConfig, NamesAreFolders) {
  EXPECT_TRUE(IsCameraName("front-2_b.c"));
  for (const char* name : {"", ".", "..", ".hidden", "a/b", "a b", "a%d", "caf\xc3\xa9"}) {
    EXPECT_FALSE(IsCameraName(name)) << name;
  }
  EXPECT_FALSE(IsCameraName(std::string(65, 'a')));
}

TEST(CameraConfig, CamerasAreCheckedTogether) {
  CameraSettings camera;
  camera.name = "front";
  EXPECT_FALSE(CheckCameras({}).ok());
  EXPECT_TRUE(CheckCameras({camera}).ok());
  EXPECT_EQ(CheckCameras({camera, camera}).message(), "there are two cameras of the name front");
  camera.quiet_crf = camera.crf - 1;
  EXPECT_EQ(CheckCameras({camera}).code(), StatusCode::kInvalidArgument);
}

}  // namespace
}  // namespace furl::session
