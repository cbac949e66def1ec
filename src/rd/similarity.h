// The scale of curves over SSIM and MS-SSIM.

#ifndef FURL_RD_SIMILARITY_H_
#define FURL_RD_SIMILARITY_H_

namespace furl {

// -10 log10(1 - similarity), at most 100: the scale on which curves of SSIM and
// MS-SSIM are drawn and their BD-rates computed. NaN stays NaN.
double SimilarityToDb(double similarity);

}  // namespace furl

#endif  // FURL_RD_SIMILARITY_H_
