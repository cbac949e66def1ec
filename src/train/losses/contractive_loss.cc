#include "train/losses/loss_functions.h"
#include "train/losses/planes.h"

namespace furl::train {

// S. Rifai, P. Vincent, X. Muller, X. Glorot, Y. Bengio, "Contractive auto-encoders: explicit
// invariance during feature extraction", ICML 2011. There the norm of a one-layer encoder has a
// closed form. Of any other it is the mean of |v^T J|^2 over random v with independent elements of
// variance 1; one v per item and step, signs, which vary least (M. F. Hutchinson, 1989).
Tensor ContractiveLoss(const LossInputs& inputs) {
  const auto signs = torch::randint(0, 2, inputs.code.sizes(), inputs.code.options()) * 2 - 1;
  const auto projected = (inputs.code * signs).sum();
  const auto rows = torch::autograd::grad({projected}, {inputs.seen}, {}, /*retain_graph=*/true,
                                          /*create_graph=*/true)[0];
  // Operators fused for bfloat16 have no second derivatives, and would silently not train this.
  TORCH_CHECK(rows.requires_grad(),
              "the contractive loss needs an encoder that runs without bfloat16 (RunOptions)");
  return SumItems(rows.square());
}

}  // namespace furl::train
