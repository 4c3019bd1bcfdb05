// Any text as the file of an unfinished batch: it is refused, or what is taken up from it is whole
// and is written the same again.
#include "crypto/base/bytes.h"
#include "crypto/base/check.h"
#include "crypto/credential/commitment.h"
#include "node/cli/issue_journal.h"

using namespace chancery;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const auto batch = cli::parse_planned_batch(text_of({data, size}));
    if (!batch) {
        CHECK(batch.error().code == Errc::invalid && !batch.error().detail.empty());
        return 0;
    }
    CHECK(!batch->rows.empty());
    for (const cli::Row& row : batch->rows)
        CHECK(row.file.empty() ||
              row.commitment == credential::commitment(row.salt, row.document_hash));
    const std::string text = cli::to_text(*batch);
    const auto again = cli::parse_planned_batch(text);
    CHECK(again && cli::to_text(*again) == text && again->batch.bulk == batch->batch.bulk);
    return 0;
}
