#include "codec/families/vae/vae_family.h"

#include <utility>

#include "codec/hyperprior/hyperprior_family.h"

namespace furl::vae {

Result<FamilyPtr> CreateFamily(model::ModelPtr model) {
  return hyperprior::CreateFamily(std::move(model));
}

}  // namespace furl::vae
