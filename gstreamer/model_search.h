// Where the elements find models: the file or folder that the property `model` names, the folders
// of FURL_MODEL_PATH (separated by colons), the model built into the library, and the installed
// ones.

#ifndef FURL_GSTREAMER_MODEL_SEARCH_H_
#define FURL_GSTREAMER_MODEL_SEARCH_H_

#include <string>

#include "gstreamer/handles.h"

namespace furl::gstreamer {

// The model with that id (hexadecimal). Null where there is none; `error` then says where was
// searched.
ModelPtr FindModel(const std::string& named, const std::string& id, std::string* error);

// The model to encode with: the file `named`, or for "" the built-in one. Null where there is
// none; `error` then says why.
ModelPtr DefaultModel(const std::string& named, std::string* error);

}  // namespace furl::gstreamer

#endif  // FURL_GSTREAMER_MODEL_SEARCH_H_
