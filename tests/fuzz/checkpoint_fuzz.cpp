// Any bytes as a checkpoint, bare or signed: what is accepted writes itself back byte for byte.
#include <cstddef>

#include "crypto/base/check.h"
#include "crypto/note/checkpoint.h"

using namespace chancery;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view text = text_of({data, size});
    if (const auto checkpoint = note::parse_checkpoint_text(text)) {
        CHECK(note::checkpoint_text(*checkpoint) == text);
    }
    if (const auto checkpoint = note::parse_checkpoint(text)) {
        CHECK(note::checkpoint_text(checkpoint->checkpoint) == checkpoint->note.text);
        CHECK(note::to_text(checkpoint->note) == text);
    }
    return 0;
}
