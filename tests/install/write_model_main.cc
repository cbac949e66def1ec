// Writes the untrained test model to the file named on the command line.
#include <cstdint>
#include <fstream>
#include <vector>

#include "support/dct_model.h"

int main(int argc, char** argv) {
  if (argc != 2) return 2;
  const std::vector<uint8_t> file = furl::test::MakeDctModelFile(1);
  std::ofstream out(argv[1], std::ios::binary);
  out.write(reinterpret_cast<const char*>(file.data()), static_cast<std::streamsize>(file.size()));
  return out.flush() ? 0 : 1;
}
