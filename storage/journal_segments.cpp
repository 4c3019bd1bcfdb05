#include "storage/journal_segments.h"

#include <algorithm>

#include "crypto/base/check.h"
#include "crypto/base/encoding.h"
#include "storage/checksum.h"
#include "storage/crash_point.h"

namespace chancery::storage {
namespace {

const std::string directory = "journal";
const std::string next_path = directory + "/next";
constexpr std::size_t name_digits = 8;
constexpr std::size_t zeros_bytes = 1024 * 1024;

// 0 for a file that is no segment.
std::uint32_t number_of(const std::string& name) {
    if (name.size() != name_digits) return 0;
    const auto bytes = from_hex(name);
    if (!bytes) return 0;
    return Reader(*bytes).u32();
}

Error in_file(const std::string& path, const Error& error) {
    return Error{error.code, path + ": " + error.detail};
}

}  // namespace

std::string SegmentFiles::path_of(std::uint32_t number) {
    Writer out;
    out.u32(number);
    return directory + "/" + to_hex(out.written());
}

Result<std::vector<std::uint32_t>> SegmentFiles::list() const {
    const auto names = disk_->list(directory);
    if (!names) return names.error();
    std::vector<std::uint32_t> numbers;
    for (const std::string& name : *names) {
        const std::uint32_t number = number_of(name);
        if (number == 0) continue;
        if (!numbers.empty() && numbers.back() + 1 != number) {
            return Error{Errc::corrupt, path_of(numbers.back() + 1) + ": this segment is missing"};
        }
        numbers.push_back(number);
    }
    return numbers;
}

Result<SegmentFiles::Loaded> SegmentFiles::load(std::uint32_t number) const {
    const std::string path = path_of(number);
    const auto file = disk_->open(path, Disk::Open::existing);
    if (!file) return file.error();
    const auto size = (*file)->size();
    if (!size) return size.error();
    if (*size < block_bytes || *size > segment_bytes_max) {
        return Error{Errc::corrupt, path + ": has " + std::to_string(*size) + " bytes"};
    }
    auto bytes = (*file)->read_at(0, static_cast<std::size_t>(*size));
    if (!bytes) return bytes.error();
    const auto header = parse_segment_header(ByteView(*bytes).first(block_bytes));
    if (!header) return in_file(path, header.error());
    if (header->number != number) {
        return Error{Errc::corrupt,
                     path + ": says it is segment " + std::to_string(header->number)};
    }
    if (header->bytes != *size) {
        return Error{Errc::corrupt,
                     path + ": has " + std::to_string(*size) + " bytes, want " +
                         std::to_string(header->bytes)};
    }
    return Loaded{*header, std::move(*bytes)};
}

Result<void> SegmentFiles::make_directory() {
    auto made = disk_->make_directory(directory);
    if (!made && made.error().code != Errc::conflict) return made;
    return disk_->sync_directory("");
}

Result<void> SegmentFiles::prepare(std::uint64_t bytes, std::uint64_t step_bytes) {
    auto file = disk_->open(next_path, Disk::Open::existing);
    if (!file && file.error().code == Errc::not_found) {
        file = disk_->open(next_path, Disk::Open::create_new);
    }
    if (!file) return file.error();
    const auto size = (*file)->size();
    if (!size) return size.error();
    const std::uint64_t end = std::min(bytes, *size + step_bytes);
    const Bytes zeros(static_cast<std::size_t>(std::min<std::uint64_t>(zeros_bytes, step_bytes)));
    for (std::uint64_t at = *size; at < end;) {
        const auto count =
            static_cast<std::size_t>(std::min<std::uint64_t>(zeros.size(), end - at));
        if (auto done = (*file)->write_at(at, ByteView(zeros).first(count)); !done) return done;
        at += count;
    }
    return {};
}

Result<SegmentFiles::Begun> SegmentFiles::begin(SegmentHeader header,
                                                const Carried& carried,
                                                std::uint64_t room_bytes) {
    TurnWriter sizing({});
    sizing.add(carried);
    const std::uint64_t carried_bytes = sizing.finish().bytes.size();
    const std::uint64_t least = std::max(header.bytes, block_bytes + carried_bytes + room_bytes);
    CHECK(least <= segment_bytes_max);
    if (auto done = prepare(least, least); !done) return done.error();

    auto file = disk_->open(next_path, Disk::Open::existing);
    if (!file) return file.error();
    const auto size = (*file)->size();
    if (!size) return size.error();
    header.bytes = *size;

    Bytes front = encode(header);
    const Place place = place_of(header.number, block_bytes);
    const Hash start = chain_start(front);
    const std::uint32_t segment_crc = crc_of(start);
    TurnWriter first({place, header.previous_end, start, segment_crc});
    first.add(carried);
    const auto turn = first.finish();
    front.insert(front.end(), turn.bytes.begin(), turn.bytes.end());
    if (auto done = (*file)->write_at(0, front); !done) return done.error();
    if (auto done = (*file)->sync(); !done) return done.error();
    crash_point(CrashPoint::segment_filled);
    if (auto done = disk_->rename(next_path, path_of(header.number)); !done) return done.error();
    crash_point(CrashPoint::segment_named);
    if (auto done = sync_names(); !done) return done.error();
    const Place end = place + turn.bytes.size();
    return Begun{std::move(*file), header, end, turn.chain, segment_crc};
}

Result<std::unique_ptr<File>> SegmentFiles::open(std::uint32_t number) {
    return disk_->open(path_of(number), Disk::Open::existing);
}

Result<void> SegmentFiles::retire(std::uint32_t number) {
    const auto next = disk_->open(next_path, Disk::Open::existing);
    if (next) return disk_->remove(path_of(number));
    if (next.error().code != Errc::not_found) return next.error();
    return disk_->rename(path_of(number), next_path);
}

Result<void> SegmentFiles::sync_names() { return disk_->sync_directory(directory); }

}  // namespace chancery::storage
