/* furl_sense.h must stand alone as C99. */
#include <furl/furl_sense.h>

int furl_sense_header_compiles_as_c(void) { return FURL_SENSE_OK; }
