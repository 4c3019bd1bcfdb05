// A Multikey or did:key that is read is written the same again, and nothing else aborts.
#include "crypto/keys/multikey.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const chancery::ByteView bytes(data, size);
    const std::string_view text = chancery::text_of(bytes);
    if (const auto key = chancery::keys::ed25519_from_multikey(text)) {
        CHECK(chancery::keys::multikey(*key) == text);
        CHECK(!key->verifies(bytes, bytes));
    }
    if (const auto key = chancery::keys::member_key_from_multikey(text)) {
        CHECK(chancery::keys::multikey(*key) == text);
    }
    if (const auto key = chancery::keys::ed25519_from_did_key(text)) {
        CHECK(chancery::keys::did_key(*key) == text);
    }
    if (const auto key = chancery::keys::Ed25519PublicKey::parse(bytes)) {
        CHECK(chancery::equal(key->bytes(), bytes));
    }
    if (const auto key = chancery::keys::MemberPublicKey::parse(bytes)) {
        CHECK(!key->verifies(key->x(), bytes));
    }
    return 0;
}
