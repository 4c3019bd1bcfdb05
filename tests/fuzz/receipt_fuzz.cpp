// Any text as a receipt: what is read is written back to the same text, and judging it never ends
// in anything but a verdict short of valid.
#include <cstddef>

#include "crypto/credential/verdict.h"

using namespace chancery;
using namespace chancery::credential;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view text = text_of({data, size});
    const Result<Receipt> receipt = parse_receipt(text);
    if (!receipt) return 0;
    CHECK(to_text(*receipt) == text);
    Evidence evidence;
    evidence.document = json::Object{{"issuer", "did:web:uni-a.example"}};
    evidence.receipt = *receipt;
    CHECK(judge(evidence).headline != Headline::valid);
    if (!proof_element(*receipt)) return 0;
    CHECK(embed(evidence.document, *receipt));
    CHECK(receipts_in(evidence.document).value() == std::vector<Receipt>{*receipt});
    return 0;
}
