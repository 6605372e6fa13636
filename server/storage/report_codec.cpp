#include "server/storage/report_codec.h"

#include "server/storage/packing.h"

namespace tessera {

Bytes pack_report(const ReportRecord& record) {
  Packer out;
  out.number(static_cast<std::uint32_t>(record.canvas));
  for (const std::uint32_t side : {record.area.x, record.area.y, record.area.width, record.area.height}) out.number(side);
  out.text(record.reason);
  out.number(record.seq);
  out.number(static_cast<std::uint32_t>(record.reporter));
  out.time(record.created);
  out.byte(static_cast<std::uint8_t>(record.state));
  out.number(static_cast<std::uint32_t>(record.handler));
  out.text(record.outcome);
  out.time(record.changed);
  out.number(record.version);
  return out.take();
}

std::optional<ReportRecord> unpack_report(ReportId id, ByteSpan body) {
  Unpacker in(body);
  ReportRecord record;
  record.id = id;
  record.canvas = CanvasId{in.number32()};
  for (std::uint32_t* side : {&record.area.x, &record.area.y, &record.area.width, &record.area.height}) *side = in.number32();
  record.reason = in.text();
  record.seq = in.number(UINT64_MAX);
  record.reporter = AccountId{in.number32()};
  record.created = in.time();
  record.state = static_cast<ReportState>(in.choice(report_state_count));
  record.handler = AccountId{in.number32()};
  record.outcome = in.text();
  record.changed = in.time();
  record.version = in.number32();
  if (!in.done()) return std::nullopt;
  return record;
}

}  // namespace tessera
