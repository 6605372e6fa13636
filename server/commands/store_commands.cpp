#include <CLI/CLI.hpp>
#include <algorithm>
#include <cstdio>

#include "server/commands/commands.h"
#include "server/commands/export.h"
#include "server/commands/import.h"
#include "server/commands/input_file.h"
#include "server/commands/progress.h"
#include "server/storage/open_store.h"
#include "server/storage/verify.h"
#include "shared/base/text.h"

namespace tessera {
namespace {

constexpr std::uint64_t max_picture_bytes = 256u << 20;

int fail(const std::string& message) {
  std::fprintf(stderr, "tessera-server: %s\n", message.c_str());
  return 1;
}

struct ImportCommand {
  std::string canvas, format, base, origin, file;
  std::uint64_t max_cells = 16'000'000;
};

struct ExportCommand {
  std::string canvas, format, at, out;
};

Result<IndexedImage> read_picture(const std::string& path) {
  const auto file = read_whole(path, max_picture_bytes);
  if (!file) return file.error();
  const auto image = read_png(*file, PngLimits{});
  if (!image) return Error{path + ": " + image.error().message};
  auto indexed = to_indexed(*image);
  if (!indexed) return Error{path + ": " + indexed.error().message};
  return indexed;
}

/// Feeds a whole file to a parser; nothing where it was stopped.
template <typename Parser>
Result<Dataset> parse_file(const std::string& path, const Clock& clock) {
  auto input = InputFile::open(path);
  if (!input) return input.error();
  Parser parser;
  ProgressBar bar("Reading", clock);
  while (true) {
    const auto text = input->read();
    if (!text) return text.error();
    if (text->empty()) break;
    parser.feed(*text);
    bar.show(input->position(), input->size());
    if (stop_requested().load(std::memory_order_relaxed)) return Error{"Stopped; nothing was imported."};
  }
  auto dataset = parser.finish();
  if (!dataset) return Error{path + ": " + dataset.error().message};
  return dataset;
}

std::optional<ImportOptions::Origin> parse_origin(const std::string& text) {
  ImportOptions::Origin origin;
  char after = 0;
  if (std::sscanf(text.c_str(), "%d,%d%c", &origin.x, &origin.y, &after) != 2) return std::nullopt;
  return origin;
}

void print_report(const ImportReport& report, const std::string& canvas, double seconds) {
  std::printf("%llu placements in %.2f s into %s canvas '%s', which is at seq %llu\n",
              static_cast<unsigned long long>(report.placements), seconds, report.created ? "the new" : "the",
              canvas.c_str(), static_cast<unsigned long long>(report.last_seq));
  std::uint64_t skipped = 0;
  for (const auto& [reason, lines] : report.skipped) skipped += lines.count;
  std::printf("%llu lines skipped\n", static_cast<unsigned long long>(skipped));
  for (const auto& [reason, lines] : report.skipped) {
    std::printf("  %llu: %s", static_cast<unsigned long long>(lines.count), reason.c_str());
    if (lines.first_line > 0) std::printf(" (first in line %llu)", static_cast<unsigned long long>(lines.first_line));
    std::printf("\n");
  }
}

int run_import(const ImportCommand& command, const StoreChoice& choice) {
  const SystemClock clock;
  SystemRandom random;
  const TimePoint begun = clock.now();
  stop_on_signals();
  ImportOptions options;
  options.canvas = command.canvas;
  options.max_cells = command.max_cells;
  options.stop = &stop_requested();
  if (!command.origin.empty()) {
    options.origin = parse_origin(command.origin);
    if (!options.origin) return fail("--origin takes two whole numbers, as in --origin -500,-500");
  }
  if (!command.base.empty()) {
    auto base = read_picture(command.base);
    if (!base) return fail(base.error().message);
    options.base = std::move(*base);
  }
  // What is to be read is read before the store is touched, so that a bad file changes nothing.
  Dataset dataset;
  std::optional<IndexedImage> picture;
  if (command.format == "png") {
    auto image = read_picture(command.file);
    if (!image) return fail(image.error().message);
    picture = std::move(*image);
  } else {
    auto parsed = command.format == "ndjson" ? parse_file<NdjsonParser>(command.file, clock)
                                             : parse_file<RedditCsvParser>(command.file, clock);
    if (!parsed) return fail(parsed.error().message);
    dataset = std::move(*parsed);
  }
  auto opened = open_store(choice.url(), StoreAccess::Write, random);
  if (!opened) return fail(opened.error().message);
  for (const std::string& notice : opened->notices) std::fprintf(stderr, "%s\n", notice.c_str());
  ProgressBar bar("Writing", clock);
  options.progress = [&](std::uint64_t done, std::uint64_t all) { bar.show(done, all); };
  const auto report = picture ? import_picture(*opened->store, *picture, "import", options, clock, random)
                              : import_dataset(*opened->store, std::move(dataset), options, clock, random);
  if (!report) return fail(report.error().message);
  opened->store.reset();  // closing belongs to the time that is told
  print_report(*report, command.canvas, std::chrono::duration<double>(clock.now() - begun).count());
  if (!report->stopped) return 0;
  std::fprintf(stderr, "Stopped. What was written is whole; run the same command again (without --base) to go on.\n");
  return exit_stopped;
}

int run_export(const ExportCommand& command, const StoreChoice& choice) {
  const SystemClock clock;
  SystemRandom random;
  stop_on_signals();
  ExportOptions options;
  options.canvas = command.canvas;
  options.format = command.format == "png"      ? ExportFormat::Png
                   : command.format == "ndjson" ? ExportFormat::Ndjson
                                                : ExportFormat::RedditCsv;
  options.compress = zlib_compressor(6);
  options.stop = &stop_requested();
  if (!command.at.empty()) {
    options.at_seq = parse_number(command.at);
    if (!options.at_seq) options.at_time = parse_time(command.at);
    if (!options.at_seq && !options.at_time) return fail("--at takes a seq (a whole number) or a time such as 2022-04-04T12:30:00Z");
  }
  auto opened = open_store(choice.url(), StoreAccess::Read, random);
  if (!opened) return fail(opened.error().message);
  auto output = OutputFile::create(command.out);
  if (!output) return fail(output.error().message);
  ProgressBar bar("Writing", clock);
  options.progress = [&](std::uint64_t done, std::uint64_t all) { bar.show(done, all); };
  const auto exported =
      export_canvas(*opened->store, options, clock.wall(), [&](ByteSpan bytes) { return output->write(bytes); });
  if (!exported) {
    fail(exported.error().message);
    return stop_requested() ? exit_stopped : 1;
  }
  if (auto finished = output->finish(); !finished) return fail(finished.error().message);
  return 0;
}

int run_verify(const StoreChoice& choice) {
  const SystemClock clock;
  stop_on_signals();
  ProgressBar bar("Verifying", clock);
  const auto report = verify_store(choice.url(), [&](std::uint64_t done, std::uint64_t all) {
    bar.show(done, all);
    return !stop_requested().load(std::memory_order_relaxed);
  });
  if (!report) return fail(report.error().message);
  for (const std::string& damage : report->damage) std::printf("damaged: %s\n", damage.c_str());
  if (report->stopped) {
    std::fprintf(stderr, "Stopped before the end; nothing was changed.\n");
    return exit_stopped;
  }
  std::printf("%s: %llu canvases, %llu placements in %llu rows, %llu checkpoints, %llu accounts\n",
              report->ok() ? "ok" : "DAMAGED", static_cast<unsigned long long>(report->canvases),
              static_cast<unsigned long long>(report->placements), static_cast<unsigned long long>(report->rows),
              static_cast<unsigned long long>(report->checkpoints), static_cast<unsigned long long>(report->accounts));
  std::printf("audit log: %llu entries, head %s\n", static_cast<unsigned long long>(report->audit_entries),
              to_hex(ByteSpan(report->audit_head)).c_str());
  return report->ok() ? 0 : 1;
}

}  // namespace

void StoreChoice::add_options(CLI::App& command, const std::shared_ptr<StoreChoice>& choice) {
  command.add_option("--data", choice->data, "Data directory")->envname("TESSERA_DATA")->capture_default_str();
  command.add_option("--store", choice->store, "Store URL, such as sqlite:///var/lib/tessera; goes before --data")
      ->envname("TESSERA_STORE");
}

std::string StoreChoice::url() const { return store.empty() ? data_directory_url(data) : store; }

void register_import(CLI::App& app, int& exit_code) {
  auto* command = app.add_subcommand("import", "Write a dataset or a picture into a canvas");
  auto choice = std::make_shared<StoreChoice>();
  auto options = std::make_shared<ImportCommand>();
  StoreChoice::add_options(*command, choice);
  command->add_option("--canvas", options->canvas, "Canvas; created where it is missing")->required();
  command->add_option("--format", options->format, "Form of the file")
      ->required()
      ->check(CLI::IsMember({"reddit-csv", "ndjson", "png"}));
  command->add_option("--base", options->base, "PNG that a new canvas begins with")->check(CLI::ExistingFile);
  command->add_option("--origin", options->origin, "Coordinates X,Y of the file that are the canvas's (0, 0)");
  command->add_option("--max-cells", options->max_cells, "Most cells of a new canvas")
      ->transform(CLI::AsSizeValue(true))
      ->capture_default_str();
  command->add_option("file", options->file, "File, gzipped or not; '-' is standard input")->required();
  command->callback([choice, options, &exit_code] { exit_code = run_import(*options, *choice); });
}

void register_export(CLI::App& app, int& exit_code) {
  auto* command = app.add_subcommand("export", "Write a canvas as a picture, or its journal as text");
  auto choice = std::make_shared<StoreChoice>();
  auto options = std::make_shared<ExportCommand>();
  StoreChoice::add_options(*command, choice);
  command->add_option("--canvas", options->canvas, "Canvas")->required();
  command->add_option("--format", options->format, "Form of the file")
      ->required()
      ->check(CLI::IsMember({"png", "ndjson", "reddit-csv"}));
  command->add_option("--at", options->at, "As it was just after this seq, or at this time");
  command->add_option("out", options->out, "File to write; '-' is standard output")->required();
  command->callback([choice, options, &exit_code] { exit_code = run_export(*options, *choice); });
}

void register_verify(CLI::App& app, int& exit_code) {
  auto* command = app.add_subcommand("verify", "Check everything that is stored; exits 1 on damage");
  auto choice = std::make_shared<StoreChoice>();
  StoreChoice::add_options(*command, choice);
  command->callback([choice, &exit_code] { exit_code = run_verify(*choice); });
}

}  // namespace tessera
