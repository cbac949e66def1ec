// Writes the untrained test model of the transform family, or with "squeeze" behind it the fixed
// one of that family, to the file named on the command line.
#include <cstdint>
#include <fstream>
#include <string_view>
#include <vector>

#include "support/dct_model.h"
#include "support/squeeze_model.h"

int main(int argc, char** argv) {
  const bool squeeze = argc == 3 && std::string_view(argv[2]) == "squeeze";
  if (argc != 2 && !squeeze) return 2;
  const std::vector<uint8_t> file =
      squeeze ? furl::test::MakeSqueezeModelFile() : furl::test::MakeDctModelFile(1);
  std::ofstream out(argv[1], std::ios::binary);
  out.write(reinterpret_cast<const char*>(file.data()), static_cast<std::streamsize>(file.size()));
  return out.flush() ? 0 : 1;
}
