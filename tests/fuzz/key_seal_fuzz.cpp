// Key files from strangers are refused in time: nothing aborts, nothing opens unless sealed so.
#include "crypto/base/check.h"
#include "crypto/json/parse.h"
#include "crypto/keys/key_seal.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view text = chancery::text_of({data, size});
    // A file may ask for a gigabyte and seconds by right; a fuzzer has no time for that.
    if (const auto document = chancery::json::parse(text)) {
        const auto* kdf = document->find("kdf");
        const auto* n = kdf == nullptr ? nullptr : kdf->find("n");
        if (n != nullptr && n->as_integer() != nullptr && *n->as_integer() > 1024) return 0;
    }
    const auto opened = chancery::keys::open_key(text, "correct horse");
    if (opened) {
        CHECK(!opened->secret.empty());
    } else {
        CHECK(opened.error().code == chancery::Errc::invalid ||
              opened.error().code == chancery::Errc::forbidden);
    }
    return 0;
}
