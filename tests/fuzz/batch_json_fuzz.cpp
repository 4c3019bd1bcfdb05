// Any bytes as the bodies of POST: within the limits, or refused.
#include <cstddef>

#include "crypto/base/check.h"
#include "crypto/hash/sha256.h"
#include "rpc/submission_parse.h"

using namespace chancery;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view text = text_of({data, size});
    if (const auto submission = rpc::parse_submission(text)) {
        CHECK(submission->contents.size() <= rpc::contents_max);
        for (const auto& [hash, content] : submission->contents) {
            CHECK(content.size() <= rpc::content_bytes_max);
            CHECK(sha256(content) == hash);
        }
    } else {
        CHECK(submission.error().code == Errc::invalid);
    }
    if (const auto wanted = rpc::parse_wanted_proofs(text)) {
        CHECK(!wanted->empty() && wanted->size() <= rpc::proofs_max);
        for (const rpc::WantedProof& one : *wanted) {
            const auto* const number = std::get_if<ledger::MemberNumber>(&one.member);
            CHECK(number == nullptr ? ledger::is_slug(std::get<std::string>(one.member))
                                    : *number > 0);
        }
    }
    return 0;
}
