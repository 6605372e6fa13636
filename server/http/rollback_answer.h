#pragma once

#include "server/core/staff.h"
#include "server/http/call.h"

namespace tessera {

/// Answers with the rollback as it is, or why there is none. The call has the parameter `canvas`.
void answer_rollback(const CallPtr& call, const Changed<RollbackView>& reply, unsigned status);

}  // namespace tessera
