#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "server/core/staff_records.h"

namespace tessera {

/// What stands beside an entry's text to search by; it borrows its words.
struct AuditColumns {
  std::uint64_t id = 0;
  WallTime time{};
  AccountId actor{};  ///< nobody: the server itself
  std::string_view action;
  std::string_view canvas;
  std::string_view target;
};

AuditColumns columns_of(std::uint64_t id, const AuditRecord& record);

/// Whether these columns are those of an entry with this text (audit_text.h). `scratch`: memory to use again.
bool columns_fit(const AuditColumns& columns, std::string_view text, std::string& scratch);

/// Whether the query asks for such an entry. Looks at its text last.
bool wanted(const AuditQuery& query, const AuditColumns& columns, std::string_view text);

/// Whether `action` is the one wanted, or begins with it and a dot.
bool action_wanted(std::string_view wanted, std::string_view action);

/// Whether `text` has `part` in it, ASCII letters being the same in either case.
bool has_text(std::string_view text, std::string_view part);

}  // namespace tessera
