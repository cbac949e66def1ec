/* furl.h must stand alone as C99. */
#include <furl/furl.h>

int furl_header_compiles_as_c(void) { return FURL_API_VERSION; }
