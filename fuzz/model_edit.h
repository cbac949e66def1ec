// Changes of a whole model, told in a few bytes. Tables and weights of a model that is accepted
// take hundreds of kilobytes, in which a fuzzer would search for ever; where and how it differs
// from a good one is short.

#ifndef FURL_FUZZ_MODEL_EDIT_H_
#define FURL_FUZZ_MODEL_EDIT_H_

#include <cstdint>
#include <map>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "fuzz/fuzz_util.h"
#include "model/model_file.h"

namespace furl {

class ModelEditor {
 public:
  explicit ModelEditor(const model::Model& good);

  // The file of the good model after the changes that `input` tells, at most kMaxEdits.
  std::vector<uint8_t> Edit(FuzzInput* input) const;
  static constexpr int kMaxEdits = 8;

 private:
  struct Draft;
  struct OwnedTensor {
    model::DType dtype = model::DType::kU8;
    std::vector<int64_t> shape;
    std::vector<uint8_t> data;
  };
  void EditTensor(FuzzInput* input, Draft* draft) const;
  void EditGraphs(FuzzInput* input, Draft* draft) const;
  void AddNodes(FuzzInput* input, Draft* draft) const;

  std::map<std::string, std::string> metadata_;
  std::map<std::string, OwnedTensor> tensors_;
  std::vector<std::string> tensor_names_;
  nlohmann::json graphs_;
  std::vector<nlohmann::json::json_pointer> places_;  // of all values in graphs_
};

}  // namespace furl

#endif  // FURL_FUZZ_MODEL_EDIT_H_
