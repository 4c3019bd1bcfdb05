// A fence of arbitrary bytes is refused or reads back as it was; a good one damaged at will gives a
// record that was written, or none.
#include "crypto/base/check.h"
#include "storage/fence.h"
#include "tests/support/memory_disk.h"

namespace {

using namespace chancery;           // NOLINT(google-build-using-namespace): a program of its own.
using namespace chancery::storage;  // NOLINT(google-build-using-namespace)

constexpr std::size_t fence_bytes = 8192;

FenceRecord record_of(raft::Term term) {
    FenceRecord record;
    record.vote = {term, 2};
    record.end.place = term * 4096;
    record.cosigned = CosignedRecord{};
    record.cosigned->height = term;
    record.cosigned->origin = "registry.example/test";
    return record;
}

void open_bytes(ByteView bytes) {
    test::MemoryDisk disk;
    auto file = disk.open(fence_path, Disk::Open::create_new);
    CHECK(file && (*file)->write_at(0, bytes));
    const auto fence = Fence::open(disk, {});
    if (!fence) return;
    const auto again = Fence::open(disk, {});
    CHECK(again && again->record() == fence->record());
}

void open_damaged(ByteView edits) {
    test::MemoryDisk disk;
    auto fence = Fence::create(disk, record_of(1));
    CHECK(fence && fence->write(record_of(2)));
    Bytes& bytes = disk.bytes(fence_path);
    Reader in(edits);
    while (!in.rest().empty()) {
        const std::size_t at = in.u16() % fence_bytes;
        bytes[at] = in.u8();
    }
    const auto opened = Fence::open(disk, {});
    CHECK(!opened || opened->record() == record_of(2));
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    if (size == 0) return 0;
    const ByteView rest(data + 1, size - 1);
    if (data[0] % 2 == 0) open_bytes(rest);
    if (data[0] % 2 == 1) open_damaged(rest);
    return 0;
}
