#include "server/core/audit_text.h"

#include "server/core/json_text.h"
#include "shared/base/text.h"

namespace tessera {
std::string account_text(const AccountInfo& account) {
  return JsonObject()
      .number("id", static_cast<std::uint32_t>(account.id))
      .text("name", account.name)
      .text("kind", code(account.kind))
      .text("role", code(account.role))
      .str();
}

std::string audit_text(std::uint64_t id, const AuditRecord& record) {
  const auto text_or_null = [](const std::string& text) { return text.empty() ? "null" : json_string(text); };
  return JsonObject()
      .number("id", static_cast<std::int64_t>(id))
      .text("time", format_time(record.time))
      .json("actor", record.actor ? account_text(*record.actor) : "null")
      .text("action", record.action)
      .json("canvas", text_or_null(record.canvas))
      .json("target", text_or_null(record.target))
      .json("detail", record.detail)
      .str();
}

}  // namespace tessera
