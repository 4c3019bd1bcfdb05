// chancery anchor check FILE: a Blockcerts document against its own proof, its chain and its
// issuer's profile.
#include <algorithm>

#include "crypto/base/encoding.h"
#include "crypto/blockcerts/document.h"
#include "crypto/json/members.h"
#include "crypto/json/parse.h"
#include "node/cli/anchor_commands.h"
#include "node/cli/anchor_findings_text.h"
#include "node/cli/anchor_setup.h"
#include "node/local_file.h"

namespace chancery::cli {
namespace {

constexpr json::Limits blockcerts_limits{.bytes_max = std::size_t{1} << 20};

Result<json::Value> read_json(const std::string& path) {
    const auto text = node::read_file(path, blockcerts_limits.bytes_max);
    if (!text) return text.error();
    auto document = json::parse(*text, blockcerts_limits);
    if (!document) return invalid_at(path, document.error().detail);
    return document;
}

// Whether the profile is of the document's issuer and names this address.
bool names_sender(const json::Value& profile,
                  const json::Value& document,
                  const keys::EvmAddress& sender) {
    const json::Value* const keys = profile.find("publicKey");
    const json::Value* const issuer = document.find("issuer");
    if (keys == nullptr || issuer == nullptr) return false;
    const std::string_view id =
        issuer->as_string() != nullptr ? *issuer->as_string() : json::text_in(*issuer, "id");
    if (id.empty() || json::text_in(profile, "id") != id) return false;
    const std::string wanted = "ecdsa-koblitz-pubkey:" + sender.text();
    return std::ranges::any_of(json::one_or_several(*keys), [&](const json::Value& one) {
        return json::text_in(one, "id") == wanted;
    });
}

Result<void> check_profile(const Invocation& call,
                           const json::Value& document,
                           AnchorFindings& findings) {
    using enum AnchorStep::Outcome;
    if (!findings.sender) {
        findings.add("sender", unknown, "it was not seen who sent it");
        return {};
    }
    const std::string address = findings.sender->text();
    if (!call.has("profile")) {
        findings.add("sender", unknown, address + " sent it; whose that is, --profile says");
        return {};
    }
    const auto profile = read_json(call.text("profile"));
    if (!profile) return profile.error();
    const bool is_named = names_sender(*profile, document, *findings.sender);
    findings.add("sender",
                 is_named ? pass : fail,
                 address + (is_named ? " is named by the issuer's profile"
                                     : " is not named by a profile of the issuer"));
    return {};
}

}  // namespace

Result<Exit> check_blockcerts_file(Session& session, const Invocation& call) {
    const std::string path = call.argument(0);
    const auto document = read_json(path);
    if (!document) return document.error();
    const auto proof = blockcerts::check_document(*document);
    if (!proof && proof.error().code != Errc::forbidden)
        return invalid_at(path, proof.error().detail);
    AnchorFindings findings;
    if (!proof) {
        findings.add("document", AnchorStep::Outcome::fail, proof.error().detail);
        return show_findings(session, findings, {{"file", path}});
    }
    findings.add("document", AnchorStep::Outcome::pass, "its hash leads to the proof's root");
    const auto options = anchor_options(call, proof->network);
    if (!options) return options.error();
    const auto chain = open_chain(session, call);
    if (!chain) return chain.error();
    const auto looked = check_on_chain(chain->get(),
                                       {proof->root, proof->network, proof->transaction},
                                       options->confirmations,
                                       findings);
    if (!looked) return looked.error();
    const auto checked = check_profile(call, *document, findings);
    if (!checked) return checked.error();
    return show_findings(session,
                         findings,
                         {{"file", path},
                          {"chain", "eip155:" + std::to_string(proof->network)},
                          {"root", to_hex(proof->root)},
                          {"transaction", "0x" + to_hex(proof->transaction)}});
}

}  // namespace chancery::cli
