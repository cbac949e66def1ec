// The vae family: conditional variational autoencoder with a hyperprior
// (docs/vae.md). One file per task: vae_model (networks and tables),
// vae_symbols (order and meaning of symbols), vae_hyper (syntax of z),
// vae_quantizer and vae_trellis (encoder's choice), vae_statistics (counts of it),
// vae_frame (a frame both ways), vae_filter (the loop filter behind it).

#ifndef FURL_CODEC_FAMILIES_VAE_VAE_FAMILY_H_
#define FURL_CODEC_FAMILIES_VAE_VAE_FAMILY_H_

#include "codec/common/family.h"
#include "codec/families/vae/vae_statistics.h"

namespace furl::vae {

// Fails with kInvalidStream where the model lacks what the family needs.
Result<FamilyPtr> CreateFamily(model::ModelPtr model);

// The same with somebody who is told what every encoded frame is made of.
Result<FamilyPtr> CreateObservedFamily(model::ModelPtr model, FrameObserver observer);

}  // namespace furl::vae

#endif  // FURL_CODEC_FAMILIES_VAE_VAE_FAMILY_H_
