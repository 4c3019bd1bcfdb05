// Any bytes as a signed note: what is accepted writes itself back byte for byte, and verifying it
// never does more than answer.
#include <cstddef>

#include "crypto/base/check.h"
#include "crypto/note/cosignature.h"

using namespace chancery;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    static const auto key = keys::Ed25519Key::from_seed({});
    const std::string_view text = text_of({data, size});
    if (const auto note = note::parse_note(text)) {
        CHECK(note::to_text(*note) == text);
        for (const auto type : {note::KeyType::ed25519, note::KeyType::cosignature}) {
            const note::VerifierKey verifier{
                .name = note->signatures.front().name, .type = type, .key = key.public_key()};
            (void)note::is_signed_by(*note, verifier);
            (void)note::cosigned_at(*note, verifier);
        }
    }
    if (const auto vkey = note::parse_vkey(text)) CHECK(note::to_vkey(*vkey) == text);
    return 0;
}
