// Any bytes as a proof that stands alone: what is accepted writes itself back byte for byte.
#include <cstddef>

#include "crypto/base/check.h"
#include "crypto/note/tlog_proof.h"

using namespace chancery;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view text = text_of({data, size});
    const auto proof = note::parse_proof(text);
    if (!proof) return 0;
    CHECK(note::to_text(*proof) == text);
    CHECK(proof->path.size() <= merkle::path_length_max);
    if (const auto checkpoint = note::parse_checkpoint(proof->checkpoint)) {
        (void)merkle::verify_inclusion({}, proof->index, checkpoint->checkpoint.head, proof->path);
    }
    return 0;
}
