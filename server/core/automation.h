#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <utility>
#include <vector>

#include "server/core/address_prefix.h"
#include "shared/base/geometry.h"
#include "shared/base/ids.h"
#include "shared/canvas/palette.h"

/// Signs that a program places for an account, for staff to judge: nothing is ever done because of them. What is looked at are the
/// marks that analyses of r/place found telling: even intervals, hours without a pause, cells in reading order, and several
/// accounts that draw one template together, all the more from one address.
namespace tessera {

/// A placement, as far as it tells of automation.
struct Mark {
  AccountId account{};
  std::uint32_t time_ms = 0;  ///< since the window began
  Cell cell;
  ColorIndex color = empty_color;
};
static_assert(sizeof(Mark) == 16, "millions of them are held at once");

enum class AutomationSign : std::uint8_t { RegularTiming, NoPauses, ReadingOrder, SameTemplate, SameAddress };
std::string_view code(AutomationSign sign);

struct FoundSign {
  AutomationSign sign{};
  double value = 0;      ///< how strong it is, above 0 to 1
  std::string evidence;  ///< a line for people, in English
  std::vector<std::pair<const char*, double>> numbers;
  std::vector<AccountId> accounts{};  ///< who is in it beside this one
};

struct Suspect {
  AccountId account{};
  std::size_t placements = 0;
  double score = 0;  ///< of all signs together, 0 to 1
  std::vector<FoundSign> signs;
};

struct AutomationRules {
  std::size_t least_placements = 200;  ///< who has fewer in the window is not looked at
  /// How long one charge of that account takes to come back, 0 without a limit: what follows faster was saved up, and is one stroke.
  std::function<std::uint32_t(AccountId)> refill_ms = [](AccountId) { return 0u; };
  /// Where they were seen. An address that many share tells nothing by itself: it counts among those who draw one template.
  AddressesOf addresses{};
};

/// Leaves the marks of those who have placed enough to be looked at; who they are, by id.
std::vector<AccountId> drop_quiet(std::vector<Mark>& marks, std::size_t least_placements);

/// The accounts with any sign, the likeliest first. `marks` are in the order of their placement. A pure function for workers: its
/// time grows with the marks, its memory is about 32 bytes for each.
std::vector<Suspect> find_automation(std::vector<Mark> marks, const AutomationRules& rules);

}  // namespace tessera
