// Any document: it is refused, or what it says has one form whatever its members' order; and none
// of its proofs verifies by a key that signed nothing.
#include <algorithm>
#include <array>

#include "crypto/base/bytes.h"
#include "crypto/base/check.h"
#include "crypto/credential/data_integrity.h"
#include "crypto/credential/receipt.h"
#include "crypto/json/parse.h"
#include "crypto/rdf/canonicalize.h"
#include "crypto/rdf/json_ld.h"

using namespace chancery;

namespace {

json::Value reversed(const json::Value& value) {
    json::Value copy = value;
    if (json::Object* const object = copy.as_object()) {
        std::ranges::reverse(*object);
        for (json::Member& member : *object)
            member.value = reversed(member.value);
    }
    return copy;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const auto document = json::parse(text_of({data, size}));
    if (!document) return 0;
    const auto dataset = rdf::to_dataset(*document);
    const auto other = rdf::to_dataset(reversed(*document));
    CHECK(bool(dataset) == bool(other));
    if (dataset) {
        const auto form = rdf::canonicalize(*dataset);
        const auto same = rdf::canonicalize(*other);
        CHECK(bool(form) == bool(same));
        if (form) CHECK(form->n_quads == same->n_quads);
    }
    const auto proofs = credential::proofs_of(*document);
    if (!proofs) return 0;
    static const std::array<credential::ProofKey, 1> silent = {
        keys::Ed25519Key::from_seed(Hash{1}).public_key()};
    for (const json::Value* const proof : *proofs) {
        if (!credential::suite_of(*proof)) continue;
        CHECK(credential::fault_of(*document, *proof, silent, 0));
    }
    return 0;
}
