// The one list of families that can be trained, and how to find one's way in it.

#ifndef FURL_TRAIN_FAMILIES_FAMILIES_H_
#define FURL_TRAIN_FAMILIES_FAMILIES_H_

#include <span>
#include <string>
#include <vector>

#include "base/status.h"
#include "train/family/family.h"

namespace furl::train {

std::span<const TrainFamily* const> TrainFamilies();

// kUnsupported if no row has that name.
Result<const TrainFamily*> FindTrainFamily(const std::string& name);

// The part of that name, or the family's first for "". kInvalidArgument names those that exist.
Result<const TrainPart*> FindPart(const TrainFamily& family, const std::string& name);

// Options from the words of a command line, "--name value" or "--flag"; without words, those that
// hold by default. kInvalidArgument names what the family doesn't know. Null if `add` is null.
Result<FamilyOptionsPtr> ParseFamilyOptions(AddFamilyOptions add, std::vector<std::string> words);

// The options as --help shows them, or "" if there are none.
std::string DescribeFamilyOptions(const TrainFamily& family, AddFamilyOptions add);

}  // namespace furl::train

#endif  // FURL_TRAIN_FAMILIES_FAMILIES_H_
