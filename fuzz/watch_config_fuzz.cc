// Files that say which cameras are recorded, and what of their pictures is meant for what: any
// JSON. Zones that are accepted fit every picture, cameras folders and ranges.
//
// Input: a text (long_text.h).

#include "fuzz/fuzz_util.h"
#include "fuzz/long_text.h"
#include "model/foreign_json.h"
#include "session/record/camera_config.h"
#include "watch/zones.h"

namespace furl {
namespace {

using watch::ZoneUse;

void Zones(const nlohmann::json& root) {
  const auto zones = watch::ParseZones(root);
  if (!zones.ok()) return;
  FUZZ_CHECK(zones->zones.size() <= watch::kMostZones);
  FUZZ_CHECK(zones->lines.size() <= watch::kMostLines);
  const auto lattice = watch::Lattice::OfBlocks(97, 61, 8);
  for (const ZoneUse use : {ZoneUse::kMotion, ZoneUse::kIgnore, ZoneUse::kMask}) {
    const watch::Cells cells = zones->CellsFor(use, lattice);
    FUZZ_CHECK(cells.size() == lattice.size());
    const bool any = cells != watch::Cells(cells.size());
    FUZZ_CHECK(use != ZoneUse::kMask || any == zones->Has(use));
  }
  for (const watch::Line& line : zones->lines) {
    const auto there = line.CrossedBy({0.2, 0.3}, {0.7, 0.6});
    const auto back = line.CrossedBy({0.7, 0.6}, {0.2, 0.3});
    FUZZ_CHECK(there == watch::Crossing::kNone || there != back);
  }
}

void Cameras(const nlohmann::json& root) {
  const auto cameras = session::ParseCameras(root, {});
  if (!cameras.ok()) return;
  FUZZ_CHECK(cameras->size() <= session::kMostCameras);
  for (const session::CameraSettings& camera : *cameras) {
    FUZZ_CHECK(session::IsCameraName(camera.name) && !camera.input.empty());
    FUZZ_CHECK(camera.crf >= 0 && camera.crf <= 63 && camera.quiet_seconds >= 1);
  }
  (void)session::CheckCameras(*cameras);
}

}  // namespace
}  // namespace furl

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  furl::FuzzInput input(data, size);
  const auto root = furl::model::ParseForeignJson(furl::LongText(&input));
  if (!root.ok()) return 0;
  furl::Zones(*root);
  furl::Cameras(*root);
  return 0;
}
