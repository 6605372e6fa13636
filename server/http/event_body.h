#pragma once

#include <nlohmann/json.hpp>

#include "server/core/staff.h"
#include "shared/base/result.h"

/// The bodies of what events need. An error names the field and what is wrong with it.
namespace tessera {

/// `{"at","action","params"}`: the params have the shapes of the bodies that do the same at once; a name that a reset gives must be `canvas`.
Result<NewSchedule> read_new_schedule(const nlohmann::json& body, const std::string& canvas);

/// `{"name"}` of a snapshot.
Result<std::string> read_new_snapshot(const nlohmann::json& body);

struct ConfirmedBody {
  Confirmation confirmation;
  bool wait = true;  ///< for the drawing, for a while
};
/// `{"name","reason","wait"}`: the canvas's name, to confirm what changes all of it.
Result<ConfirmedBody> read_confirmed(const nlohmann::json& body);

}  // namespace tessera
