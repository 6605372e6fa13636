#include "app/platform/keyring.h"

namespace tessera {

std::shared_ptr<Keyring> open_keyring() { return nullptr; }

}  // namespace tessera
