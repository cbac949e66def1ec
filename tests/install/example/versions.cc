// Uses the C++ wrapper and the decoder-only library.
#include <cstdio>
#include <furl/furl.hpp>

int main() {
  furl::api::Model model;
  const furl_status status = furl::api::Model::FromFile("/nonexistent", &model);
  std::printf("furl %s, interface %d, bitstream %d: %s\n", furl_version(), furl_api_version(),
              furl_bitstream_version(), furl_status_name(status));
  return status == FURL_ERROR_IO && furl_api_version() == FURL_API_VERSION ? 0 : 1;
}
