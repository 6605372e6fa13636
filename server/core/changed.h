#pragma once

#include <optional>
#include <string>

#include "shared/protocol/refusal.h"

namespace tessera {

/// What became of a change: `current` is the record as it now is, also where the change was refused as stale.
template <typename Record>
struct Changed {
  std::optional<Refusal> refused;
  bool stale = false;  ///< refused because `version` is not the record's
  std::string detail;
  std::optional<Record> current;
};

template <typename Record>
Changed<Record> changed_to(Record record) {
  return {.refused = std::nullopt, .stale = false, .detail = {}, .current = std::move(record)};
}

template <typename Record>
Changed<Record> refusal(Refusal reason, std::string detail, std::optional<Record> current = std::nullopt) {
  return {.refused = reason, .stale = false, .detail = std::move(detail), .current = std::move(current)};
}

template <typename Record>
Changed<Record> stale_change(std::string detail, Record current) {
  return {.refused = Refusal::Invalid, .stale = true, .detail = std::move(detail), .current = std::move(current)};
}

template <typename Record>
Changed<Record> busy_change() {
  return refusal<Record>(Refusal::Busy, "the server is busy; try again");
}

}  // namespace tessera
