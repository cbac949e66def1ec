// What the tests of families' parts have in common.

#ifndef FURL_TRAIN_FAMILY_TEST_PARTS_H_
#define FURL_TRAIN_FAMILY_TEST_PARTS_H_

#include <gtest/gtest.h>

#include <string>
#include <utility>
#include <vector>

#include "model/model_file.h"
#include "train/export/export.h"
#include "train/export/parity.h"
#include "train/family/family.h"

namespace furl::train {

inline Architecture RecipeOf(const std::string& file) {
  auto arch = ReadArchitecture(std::string(FURL_SOURCE_DIR) + "/recipes/" + file);
  EXPECT_TRUE(arch.ok()) << arch.status().message();
  return std::move(arch).value();
}

// Smooth pictures with some noise, mid grey predicted, at QPs from 0 to below `qps`.
inline Batch SmoothPictures(int64_t items, int64_t side, int qps) {
  Batch batch;
  const auto ramp = torch::linspace(-1, 1, side).reshape({1, 1, side, 1});
  const auto mean = 4 + ramp * torch::rand({items, 1, 1, 1}) + torch::rand({items, 1, 1, 1});
  batch.original = (mean + 0.3 * torch::randn({items, kPackedChannels, side, side}) / 8)
                       .contiguous(torch::MemoryFormat::ChannelsLast);
  batch.pred = torch::full_like(batch.original, 4.0);
  batch.qp = torch::floor(torch::rand({items}) * qps);
  return batch;
}

// The model file of started parts, each with the batches that it is measured on; checks that the
// runtime computes what the export says.
struct MeasuredPart {
  const PartModel& part;
  std::function<Batch()> next;
};
inline Result<model::ModelPtr> ExportedModel(const std::vector<MeasuredPart>& parts,
                                             const std::string& name) {
  ExportContent content{parts[0].part.arch(), {}, {}, "{}"};
  for (const MeasuredPart& measured : parts) {
    const auto open = [&](uint64_t) -> Result<BatchSource> {
      return BatchSource([&](int) { return measured.next(); });
    };
    FURL_ASSIGN_OR_RETURN(PartExport exported, measured.part.Export({open, 2}));
    content.convs.merge(exported.convs);
    content.tables.merge(exported.tables);
  }
  const std::string path = testing::TempDir() + "/" + name + ".furlmodel";
  FURL_RETURN_IF_ERROR(ExportModel(path, content));
  FURL_RETURN_IF_ERROR(CheckParity(path));
  return model::LoadModel(path);
}

}  // namespace furl::train

#endif  // FURL_TRAIN_FAMILY_TEST_PARTS_H_
