#pragma once

#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <vector>

#include "app/model/report_questions.h"

/// A player's reports as the HTTP API writes them.
namespace tessera {

nlohmann::json write_report(const ask::MakeReport& report);
/// Nothing: it is not what it should be. Words are made one line that can be shown.
std::optional<OwnReport> read_own_report(const nlohmann::json& report, const std::string& canvas);
/// A page of them; what is none is left out.
std::optional<std::vector<OwnReport>> read_own_reports(const nlohmann::json& page, const std::string& canvas);

}  // namespace tessera
