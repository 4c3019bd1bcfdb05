// A journal of arbitrary bytes, arbitrary payloads, and a good journal damaged at will: it is
// refused, or what it gives back is a beginning of what was written.
#include <memory>
#include <vector>

#include "crypto/base/check.h"
#include "storage/journal.h"
#include "storage/journal_format.h"
#include "tests/support/memory_disk.h"

namespace {

using namespace chancery;           // NOLINT(google-build-using-namespace): a program of its own.
using namespace chancery::storage;  // NOLINT(google-build-using-namespace)

constexpr std::uint64_t segment_bytes = 32 * 1024;

Journal::Options small_segments() {
    Journal::Options options;
    options.segment_bytes = segment_bytes;
    options.tail_bytes = 0;
    return options;
}

struct Written {
    std::unique_ptr<test::MemoryDisk> disk = std::make_unique<test::MemoryDisk>();
    std::vector<raft::Entry> entries;
};

const Written& written() {
    static const Written made = [] {
        Written result;
        CHECK(Journal::create(*result.disk, {}, small_segments()));
        auto opened = Journal::open(*result.disk, {}, small_segments());
        CHECK(opened);
        Hash chain{};
        for (raft::Index index = 1; index <= 12; ++index) {
            raft::Entry entry;
            entry.id = {1, index};
            entry.payload = std::make_shared<const Bytes>(Bytes(index * 300, 7));
            entry.chain = raft::chain_hash(chain, entry.id, entry.kind, *entry.payload);
            chain = entry.chain;
            result.entries.push_back(entry);
            Turn turn;
            turn.entries = {entry};
            turn.must_sync = index % 3 != 0;
            CHECK(opened->journal.write(turn));
        }
        return result;
    }();
    return made;
}

void scan(ByteView bytes) {
    if (bytes.size() < block_bytes) return;
    const auto header = parse_segment_header(bytes.first(block_bytes));
    SegmentScan scanned(bytes, header ? header->number : 1);
    while (true) {
        const auto turn = scanned.next();
        if (!turn || !*turn) break;
        CHECK((*turn)->end > (*turn)->begin);
    }
    CHECK(scanned.durable_evidence() == 0 || scanned.torn_bytes() > 0);
}

void parse_payloads(ByteView bytes) {
    static_cast<void>(parse_vote(bytes));
    static_cast<void>(parse_entry(bytes));
    static_cast<void>(parse_content(bytes));
    static_cast<void>(parse_cosigned(bytes));
    static_cast<void>(parse_sealed(bytes));
    static_cast<void>(parse_base(bytes));
    static_cast<void>(parse_expected(bytes));
}

void open_damaged(ByteView edits) {
    const auto disk = written().disk->copy();
    const std::vector<std::string> files = disk->files();
    Reader in(edits);
    while (!in.rest().empty()) {
        Bytes& bytes = disk->bytes(files[in.u8() % files.size()]);
        const std::size_t at = in.u32() % bytes.size();
        bytes[at] = in.u8();
    }
    const auto opened = Journal::open(*disk, {}, small_segments());
    if (!opened) {
        CHECK(opened.error().code == Errc::corrupt);
        return;
    }
    const auto& got = opened->recovered.entries;
    CHECK(got.size() <= written().entries.size());
    for (std::size_t i = 0; i < got.size(); ++i)
        CHECK(got[i] == written().entries[i]);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    if (size == 0) return 0;
    const ByteView rest(data + 1, size - 1);
    if (data[0] % 3 == 0) scan(rest);
    if (data[0] % 3 == 1) parse_payloads(rest);
    if (data[0] % 3 == 2) open_damaged(rest);
    return 0;
}
