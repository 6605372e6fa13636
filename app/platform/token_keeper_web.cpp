#include "app/platform/token_keeper.h"

namespace tessera {

struct TokenKeeper::Impl {};

TokenKeeper::TokenKeeper(Setup, std::function<void(Action)>) {}
TokenKeeper::~TokenKeeper() = default;
std::optional<std::vector<SavedToken>> TokenKeeper::read() { return std::vector<SavedToken>{}; }
void TokenKeeper::write(const std::vector<SavedToken>&) {}

}  // namespace tessera
