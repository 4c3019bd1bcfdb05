#include "crypto/credential/commitment.h"

#include "crypto/hash/sha256.h"
#include "crypto/json/canonical.h"

namespace chancery::credential {

Hash document_hash(const json::Value& document) {
    if (document.find("proof") == nullptr) return sha256(bytes_of(json::canonical(document)));
    json::Value bare = document;
    bare.erase("proof");
    return sha256(bytes_of(json::canonical(bare)));
}

Hash jwt_document_hash(std::string_view compact_form) { return sha256(bytes_of(compact_form)); }

Hash sd_jwt_document_hash(std::string_view compact_form) {
    return sha256(bytes_of(compact_form.substr(0, compact_form.find('~'))));
}

Hash commitment(const Hash& salt, const Hash& document_hash) {
    constexpr std::uint8_t end_of_tag = 0;
    Writer message;
    message.text("chancery/credential/v1").u8(end_of_tag).bytes(salt).bytes(document_hash);
    return sha256(message.written());
}

}  // namespace chancery::credential
