// furl.hpp must stand alone as C++.
#include <furl/furl.hpp>

int FurlHeaderCompilesAsCpp() { return FURL_API_VERSION; }
