#include "crypto/credential/receipt.h"

#include <algorithm>
#include <set>

#include "crypto/base/encoding.h"
#include "crypto/credential/date_time.h"
#include "crypto/json/fields.h"
#include "crypto/json/members.h"

namespace chancery::credential {
namespace {

constexpr std::string_view receipt_cryptosuite = "chancery-receipt-2026";
constexpr std::string_view receipt_type = "DataIntegrityProof";
constexpr std::string_view receipt_purpose = "assertionMethod";
constexpr std::size_t entry_bytes_min = 2;  // Format and kind.

// "registry.example/europe" -> "did:web:registry.example:europe#registry"
std::string verification_method(const std::string& origin) {
    std::string method = "did:web:";
    for (const char character : origin) {
        if (character == '/') {
            method += ':';
        } else if (character == ':') {
            method += "%3A";  // A port's colon, as did:web writes it.
        } else {
            method += character;
        }
    }
    return method + "#registry";
}

Result<Receipt> receipt_in(const json::Value& element) {
    json::Fields fields(element, "/proof");
    const std::string type = fields.string("type");
    (void)fields.string("cryptosuite");
    (void)fields.string("created");
    (void)fields.string("verificationMethod");
    const std::string purpose = fields.string("proofPurpose");
    const std::string value = fields.string("proofValue");
    if (auto wrong = fields.finish()) return *wrong;
    if (type != receipt_type || purpose != receipt_purpose) {
        return Error{Errc::invalid,
                     "receipt has another type or purpose, want DataIntegrityProof and "
                     "assertionMethod"};
    }
    if (!value.starts_with('u')) {
        return Error{Errc::invalid, "receipt's proofValue does not begin with u"};
    }
    const Result<Bytes> text = from_base64url(std::string_view(value).substr(1));
    if (!text) return text.error();
    return parse_receipt(text_of(*text));
}

Result<std::string> origin_of(const Receipt& receipt) {
    const Result<note::SignedCheckpoint> checkpoint = parse_proof_checkpoint(receipt.checkpoint);
    if (!checkpoint) return checkpoint.error();
    return checkpoint->checkpoint.origin;
}

// The place of an earlier receipt of `origin` among the proofs; their number if there is none.
Result<std::size_t> place_for(const json::Array& proofs, const std::string& origin) {
    for (std::size_t i = 0; i < proofs.size(); ++i) {
        if (!is_receipt_element(proofs[i])) continue;
        const Result<Receipt> earlier = receipt_in(proofs[i]);
        if (!earlier) return earlier.error();
        const Result<std::string> its_origin = origin_of(*earlier);
        if (!its_origin) return its_origin.error();
        if (*its_origin == origin) return i;
    }
    return proofs.size();
}

}  // namespace

Result<note::SignedCheckpoint> parse_proof_checkpoint(std::string_view note) {
    Result<note::SignedCheckpoint> parsed = note::parse_checkpoint(note);
    if (!parsed) return parsed;
    std::set<std::string_view> names;
    std::size_t cosignatures = 0;
    for (const note::SignatureLine& line : parsed->note.signatures) {
        if (!names.insert(line.name).second) {
            return Error{Errc::invalid, "checkpoint of a proof has two lines of one name, want 1"};
        }
        if (line.name != parsed->checkpoint.origin) ++cosignatures;
    }
    if (cosignatures > checkpoint_cosignatures_max) {
        return Error{Errc::invalid,
                     "checkpoint of a proof has " + std::to_string(cosignatures) +
                         " cosignatures, want at most 15"};
    }
    return parsed;
}

Result<Receipt> parse_receipt(std::string_view text) {
    if (text.size() > receipt_bytes_max) {
        return Error{Errc::invalid,
                     "receipt has " + std::to_string(text.size()) + " bytes, want at most 65536"};
    }
    Result<note::TlogProof> proof = note::parse_proof(text);
    if (!proof) return proof.error();
    Receipt receipt;
    if (!proof->extra || proof->extra->size() < sizeof(Hash) + entry_bytes_min) {
        return Error{Errc::invalid,
                     "receipt has " + std::to_string(proof->extra ? proof->extra->size() : 0) +
                         " extra bytes, want a salt of 32 and an entry"};
    }
    Reader extra(*proof->extra);
    receipt.salt = extra.array<32>();
    receipt.entry.assign(extra.rest().begin(), extra.rest().end());
    receipt.index = proof->index;
    receipt.path = std::move(proof->path);
    receipt.checkpoint = std::move(proof->checkpoint);
    const Result<note::SignedCheckpoint> checkpoint = parse_proof_checkpoint(receipt.checkpoint);
    if (!checkpoint) return checkpoint.error();
    return receipt;
}

std::string to_text(const Receipt& receipt) {
    return note::to_text({.extra = Writer().bytes(receipt.salt).bytes(receipt.entry).take(),
                          .index = receipt.index,
                          .path = receipt.path,
                          .checkpoint = receipt.checkpoint});
}

bool lacks_salt(const Receipt& receipt) { return receipt.salt == Hash{}; }

Result<json::Value> proof_element(const Receipt& receipt) {
    constexpr ledger::TimeMs ms_per_second = 1'000;
    const Result<ledger::Entry> entry = ledger::decode(receipt.entry);
    if (!entry) return entry.error();
    const auto* credential = std::get_if<ledger::CredentialEntry>(&*entry);
    if (credential == nullptr) {
        return Error{Errc::invalid, "receipt is of another entry than a credential's"};
    }
    const Result<std::string> origin = origin_of(receipt);
    if (!origin) return origin.error();
    return json::Value(json::Object{
        {"type", receipt_type},
        {"cryptosuite", receipt_cryptosuite},
        {"created", to_date_time(credential->time / ms_per_second)},
        {"verificationMethod", verification_method(*origin)},
        {"proofPurpose", receipt_purpose},
        {"proofValue", "u" + to_base64url(bytes_of(to_text(receipt)))},
    });
}

bool is_receipt_element(const json::Value& element) {
    return json::text_in(element, "cryptosuite") == receipt_cryptosuite;
}

Result<std::vector<const json::Value*>> proofs_of(const json::Value& document) {
    std::vector<const json::Value*> proofs;
    const json::Value* proof = document.find("proof");
    if (proof == nullptr) return proofs;
    for (const json::Value& element : json::one_or_several(*proof)) {
        if (element.as_object() == nullptr) {
            return Error{Errc::invalid,
                         "/proof: got " + std::string(type_name(element)) + ", want objects"};
        }
        proofs.push_back(&element);
    }
    return proofs;
}

Result<void> embed(json::Value& document, const Receipt& receipt) {
    if (document.as_object() == nullptr) {
        return Error{Errc::invalid,
                     "document is " + std::string(type_name(document)) + ", want object"};
    }
    Result<json::Value> element = proof_element(receipt);
    if (!element) return element.error();
    const Result<std::string> origin = origin_of(receipt);
    if (!origin) return origin.error();
    const Result<std::vector<const json::Value*>> present = proofs_of(document);
    if (!present) return present.error();
    json::Array proofs;
    for (const json::Value* proof : *present)
        proofs.push_back(*proof);
    const Result<std::size_t> place = place_for(proofs, *origin);
    if (!place) return place.error();
    if (*place < proofs.size()) {
        proofs[*place] = std::move(*element);
    } else {
        proofs.push_back(std::move(*element));
    }
    document.set("proof", std::move(proofs));
    return {};
}

Result<std::vector<Receipt>> receipts_in(const json::Value& document) {
    const Result<std::vector<const json::Value*>> proofs = proofs_of(document);
    if (!proofs) return proofs.error();
    std::vector<Receipt> receipts;
    for (const json::Value* element : *proofs) {
        if (!is_receipt_element(*element)) continue;
        Result<Receipt> receipt = receipt_in(*element);
        if (!receipt) return receipt.error();
        receipts.push_back(std::move(*receipt));
    }
    return receipts;
}

}  // namespace chancery::credential
