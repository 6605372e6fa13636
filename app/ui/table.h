#pragma once

#include <cstddef>
#include <functional>
#include <optional>
#include <span>

#include "app/ui/brush.h"
#include "app/ui/surfaces.h"
#include "app/ui/type.h"

/// A list with columns, of any length: only the rows in sight are drawn.
namespace tessera {

struct Column {
  Text name{};
  float width = 0;      ///< in units; 0: shares what is left
  bool right = false;   ///< numbers
  int sort = -1;        ///< what sorting by it is called; -1: it cannot be sorted by
};

struct TableLook {
  const char* id = "";
  std::span<const Column> columns;
  std::size_t rows = 0;
  float width = 0, height = 0;  ///< on the screen; it scrolls within
  int sort = -1;                ///< the column's `sort` by which it is sorted
  bool rising = false;
  bool more = false;    ///< further rows will come
  bool waits = false;   ///< they are on their way
  bool names = true;    ///< the columns' names stand above
  Text empty{};         ///< said where there are no rows
  float row_units = 40;
};

struct TableUse {
  std::optional<std::size_t> opened;  ///< a row was clicked, or Enter pressed on it
  std::optional<int> sorted;          ///< a column's name was
  bool wants_more = false;            ///< its end is near
};

/// Draws cell `column` of `row` into its box (without padding).
using DrawCell = std::function<void(std::size_t row, std::size_t column, const Box& box)>;

/// Tab reaches it once: then arrows, Page Up and Down, Home and End choose a row, Enter opens it.
TableUse table(const Brush& brush, const TableLook& look, const DrawCell& draw);

/// For cells: one line in the middle of the box's height, cut to it.
void cell_text(const Brush& brush, const Box& box, std::string_view text, Tone tone = Tone::Text, Type type = Type::Text, bool right = false);

}  // namespace tessera
