// What users ask furl eval for: a codec of the list, of furl also which model, and the name that
// the results shall have.
//
//   [NAME=]CODEC[:MODEL]       furl, furl:squeeze, new=furl-fast:out/exported.furlmodel

#ifndef FURL_EVAL_CODECS_CODEC_REQUEST_H_
#define FURL_EVAL_CODECS_CODEC_REQUEST_H_

#include <string>
#include <vector>

#include "base/status.h"

namespace furl::eval {

struct CodecRequest {
  std::string name;   // of the results: their file, columns of tables, curves of plots
  std::string codec;  // of AllCodecs()
  // Of furl's codecs, as ModelStore::Named takes it: a family, a model's name or id, or a file.
  // Empty: the default.
  std::string model;
  bool optional = false;  // left out with a notice where this machine can't do it
};

// Without NAME= the results of CODEC have its name, those of CODEC:MODEL are called CODEC-MODEL,
// with a file's name without folder and extension. kInvalidArgument: there is no such codec, it has
// no models, or the name can't be one of a result file or is that of another codec.
Result<CodecRequest> ParseCodecRequest(const std::string& text);

// The text that ParseCodecRequest makes `request` of.
std::string ToText(const CodecRequest& request);

// Takes `request` into `requests` unless it is there. kInvalidArgument where another one has its
// name.
Status AddRequest(CodecRequest request, std::vector<CodecRequest>* requests);

}  // namespace furl::eval

#endif  // FURL_EVAL_CODECS_CODEC_REQUEST_H_
