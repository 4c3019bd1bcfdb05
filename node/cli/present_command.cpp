// chancery present: the holder of an SD-JWT chooses what it shows, and signs to whom.
#include <algorithm>

#include "crypto/credential/key_binding.h"
#include "crypto/json/canonical.h"
#include "crypto/json/pointer.h"
#include "node/cli/commands.h"
#include "node/cli/credential_evidence.h"
#include "node/cli/credential_file.h"
#include "node/cli/session.h"
#include "node/cli/verdict_text.h"
#include "node/local_file.h"
#include "node/signing_key.h"

namespace chancery::cli {
namespace {

constexpr std::size_t shown_bytes_max = 60;

struct Held {
    CredentialFile file;
    credential::SdJwt sd_jwt;
    credential::DisclosedClaims disclosed;
};

Result<Held> read_held(const std::string& path) {
    auto file = read_credential(path);
    if (!file) return file.error();
    auto sd_jwt = credential::parse_sd_jwt(file->container.text);
    if (file->container.form != Form::compact || !sd_jwt)
        return Error{Errc::invalid, path + ": is no SD-JWT, which alone can be shown in parts"};
    auto disclosed = credential::disclosed_claims(*sd_jwt);
    if (!disclosed) return Error{Errc::invalid, path + ": " + disclosed.error().detail};
    return Held{*std::move(file), *std::move(sd_jwt), *std::move(disclosed)};
}

// A pointer as it is, or the one that ends so: "name" of "/credentialSubject/name".
Result<std::string> pointer_of(const std::string& word,
                               const std::vector<credential::Place>& places) {
    std::vector<std::string> found;
    for (const credential::Place& place : places)
        if (place.pointer == word || place.pointer.ends_with("/" + word))
            found.push_back(place.pointer);
    if (found.size() == 1) return found.front();
    if (std::ranges::find(found, word) != found.end()) return word;
    std::string names;
    for (const std::string& one : found)
        names += (names.empty() ? "" : " and ") + one;
    return Error{Errc::invalid,
                 found.empty() ? "--show: nothing was concealed at one of the pointers; --list "
                                 "tells what was"
                               : "--show: " + names + " end alike; want the whole pointer"};
}

Result<std::vector<std::string>> chosen(const Invocation& call, const Held& held) {
    const auto& places = held.disclosed.places;
    std::vector<std::string> pointers;
    if (call.has("all"))
        for (const credential::Place& place : places)
            pointers.push_back(place.pointer);
    if (!call.has("show")) return pointers;
    for (const std::string& word : call.texts("show")) {
        auto pointer = pointer_of(word, places);
        if (!pointer) return pointer.error();
        pointers.push_back(*std::move(pointer));
    }
    return pointers;
}

// Cut between characters of UTF-8.
std::string shortened(const std::string& text) {
    if (text.size() <= shown_bytes_max) return text;
    std::size_t end = shown_bytes_max;
    while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xc0U) == 0x80U)
        --end;
    return text.substr(0, end) + "…";
}

Result<Exit> list(Session& session, const Held& held) {
    json::Array claims;
    for (const credential::Place& place : held.disclosed.places) {
        const json::Value* const value = json::at(held.disclosed.claims, place.pointer);
        const std::string text = value == nullptr ? std::string() : json::canonical(*value);
        session.out.line("  " + printable(place.pointer) + "  " + printable(shortened(text)));
        claims.push_back(json::Object{{"pointer", place.pointer},
                                      {"value", value == nullptr ? json::Value() : *value}});
    }
    if (claims.empty()) session.out.note("nothing in it can be kept back");
    session.out.document(json::Object{{"claims", std::move(claims)}});
    return Exit::done;
}

Result<std::string> bound(const Session& session,
                          const Invocation& call,
                          const Held& held,
                          std::string presentation) {
    if (!call.has("holder-key")) return presentation;
    const auto key = keystore::load_signing_key(
        {call.text("holder-key"), session.context.passphrase_file}, keystore::Use::holder);
    if (!key) return key.error();
    const auto* const p256 = std::get_if<keys::P256Key>(&*key);
    if (p256 == nullptr)
        return Error{Errc::invalid,
                     call.text("holder-key") + ": is an Ed25519 key, want one of P-256"};
    auto text = credential::bind_key(
        presentation, {call.text("audience"), call.text("nonce"), session.clock.now_s()}, *p256);
    if (!text) return text.error();
    // What no verifier would take is not made.
    const auto read = credential::parse_sd_jwt(*text);
    if (!read) return read.error();
    if (const auto good = credential::read_key_binding(*read, *text); !good)
        return Error{Errc::forbidden, held.file.path + ": " + good.error().detail};
    return text;
}

// The same receipt and status are those of every presentation.
Result<void> write_beside(const Held& held, const std::string& out) {
    const auto receipt = receipt_of(held.file);
    if (!receipt) return receipt.error();
    const auto status = status_beside(held.file.path);
    if (!status) return status.error();
    node::StagedFiles files;
    if (*receipt)
        if (const auto added = add_receipt(files, out, **receipt); !added) return added.error();
    if (*status)
        if (const auto added = add_status(files, out, **status); !added) return added.error();
    return files.commit();
}

Result<void> check_words(const Invocation& call) {
    if (call.has("list")) return {};
    if (int(call.has("all")) + int(call.has("none")) + int(call.has("show")) != 1)
        return Error{Errc::invalid,
                     "want one of --show, --all and --none; --list tells what there is"};
    const bool is_asked = call.has("audience") && call.has("nonce");
    if (call.has("holder-key") != is_asked || call.has("audience") != call.has("nonce"))
        return Error{Errc::invalid,
                     "--holder-key, --audience and --nonce go together: who signs, for whom, and "
                     "what that one gave to sign"};
    return {};
}

Result<Exit> present(Session& session, const Invocation& call) {
    if (const auto good = check_words(call); !good) return good.error();
    const auto held = read_held(call.argument(0));
    if (!held) return held.error();
    if (call.has("list")) return list(session, *held);
    const std::string out = call.text("out");
    if (!out.empty() && receipt_path(out) == receipt_path(held->file.path))
        return Error{Errc::invalid,
                     "--out: want a name of its own, or the whole credential would be gone"};
    const auto pointers = chosen(call, *held);
    if (!pointers) return pointers.error();
    auto shown = credential::present_sd_jwt(held->file.container.text, *pointers);
    if (!shown) return shown.error();
    const auto text = bound(session, call, *held, *std::move(shown));
    if (!text) return text.error();
    json::Object about{{"shown", pointers->size()}, {"of", held->disclosed.places.size()}};
    if (out.empty()) {
        session.out.line(*text);
        about.push_back({"presentation", *text});
    } else {
        const auto written = node::replace_file(out, *text, node::private_mode);
        if (!written) return written.error();
        if (const auto beside = write_beside(*held, out); !beside) return beside.error();
        session.out.line(out);
        session.out.note("hand over what lies beside it too: " + receipt_path(out) + ", " +
                         status_path(out));
        about.push_back({"file", out});
    }
    session.out.document(std::move(about));
    return Exit::done;
}

}  // namespace

Command present_command() {
    return {
        .name = "present",
        .summary = "show chosen parts of an SD-JWT, signed for who asked",
        .examples = {{"chancery present ana.sd-jwt --list", "what can be kept back"},
                     {"chancery present ana.sd-jwt --show name,creditsEarned --out shown.sd-jwt",
                      "these, and what was never concealed"},
                     {"chancery present ana.sd-jwt --none --holder-key ana.key --audience "
                      "https://employer.example --nonce n-0S6 --out shown.sd-jwt",
                      "nobody else can use it, and nobody later"}},
        .arguments = {{.name = "FILE", .help = "the SD-JWT, or an image with it inside"}},
        .options = {{"list", ValueKind::flag, "", "print what can be shown or kept, and stop"},
                    {"show",
                     ValueKind::text,
                     "NAME",
                     "show this: a JSON pointer, or its end if no other ends so",
                     {},
                     true},
                    {"all", ValueKind::flag, "", "show everything"},
                    {"none", ValueKind::flag, "", "show nothing that can be kept"},
                    {"holder-key",
                     ValueKind::path,
                     "FILE",
                     "sign with the holder's key of P-256, to which the issuer bound it"},
                    {"audience", ValueKind::text, "TEXT", "for whom; as that one calls itself"},
                    {"nonce", ValueKind::text, "TEXT", "what that one gave to sign"},
                    {"out", ValueKind::path, "FILE", "write it there, its proofs beside it"}},
        .run = present};
}

}  // namespace chancery::cli
