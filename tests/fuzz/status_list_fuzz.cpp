// A document's places in status lists, and a list itself: refused, or the same when written again.
#include "crypto/base/bytes.h"
#include "crypto/base/check.h"
#include "crypto/credential/status_list.h"
#include "crypto/json/parse.h"

using namespace chancery;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view text = text_of({data, size});
    if (const auto bits = credential::StatusBits::decode(text)) {
        const auto again = credential::StatusBits::decode(bits->encode());
        CHECK(again && *again == *bits);
    }
    const auto document = json::parse(text);
    if (!document) return 0;
    if (const auto entries = credential::status_entries_of(*document)) {
        json::Array written;
        for (const credential::StatusListEntry& entry : *entries)
            written.push_back(credential::to_json(entry));
        const auto again =
            credential::status_entries_of(json::Object{{"credentialStatus", std::move(written)}});
        CHECK(again && *again == *entries);
    }
    const json::Value* const id = document->find("id");
    if (id == nullptr || id->as_string() == nullptr) return 0;
    static_cast<void>(credential::bits_of_list(
        *document, *id->as_string(), credential::StatusPurpose::revocation));
    return 0;
}
