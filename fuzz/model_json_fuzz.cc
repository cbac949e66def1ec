// The JSON of model files, by time: texts of up to 256 KiB, which libFuzzer's limit for an input
// must suffice for.
//
// Input: kind (bit 0: the directory of a file, or the text of its graphs), a text (long_text.h).

#include "fuzz/fuzz_util.h"
#include "fuzz/long_text.h"
#include "model/decoder_part.h"
#include "model/graph_description.h"
#include "model/model_file.h"

namespace furl {
namespace {

// A file that begins with `directory`, and some data.
Bytes FileOf(const std::string& directory) {
  Bytes file;
  for (int i = 0; i < 8; ++i) file.push_back(static_cast<uint8_t>(directory.size() >> (8 * i)));
  file.insert(file.end(), directory.begin(), directory.end());
  file.resize(file.size() + 256);
  return file;
}

}  // namespace
}  // namespace furl

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  furl::FuzzInput input(data, size);
  const bool directory = input.Byte() % 2 != 0;
  const std::string text = furl::LongText(&input);
  if (directory) {
    (void)furl::model::Model::Parse(furl::FileOf(text));
    (void)furl::model::IdentifyFile(furl::FileOf(text));
    return 0;
  }
  const auto architecture = furl::model::ParseArchitecture(text);
  if (!architecture.ok()) {
    FUZZ_CHECK(!architecture.status().message().empty());
    return 0;
  }
  // What is written of it is read again.
  const std::string written =
      furl::model::WriteGraphs(architecture->graphs, architecture->encoder_graphs);
  FUZZ_CHECK(furl::model::ParseArchitecture(written).ok());
  return 0;
}
