// Any text as a trust file: what is read is written back to the same text, and following its steps
// never aborts.
#include <cstddef>

#include "crypto/credential/trust.h"
#include "crypto/json/canonical.h"

using namespace chancery;
using namespace chancery::credential;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const Result<TrustFile> file = parse_trust_file(text_of({data, size}));
    if (!file) return 0;
    const std::string text = json::canonical(to_json(*file));
    const Result<TrustFile> again = parse_trust_file(text);
    CHECK(again && json::canonical(to_json(*again)) == text);
    (void)Trust::from_file(*file, ledger::network_id(file->genesis));
    Trust trust = Trust::from_members(ledger::members_from(file->genesis));
    for (const TrustStep& step : file->steps)
        (void)trust.accept(step);
    return 0;
}
