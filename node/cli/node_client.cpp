#include "node/cli/node_client.h"

#include "crypto/base/encoding.h"
#include "crypto/credential/trust.h"
#include "crypto/json/canonical.h"
#include "crypto/json/fields.h"
#include "crypto/json/members.h"
#include "crypto/json/parse.h"

namespace chancery::cli {
namespace {

using ledger::CredentialStatus;
using node::errc_named;

constexpr json::Limits answer_limits{.bytes_max = node::answer_bytes_max,
                                     .elements_max = 4'000'000};

std::string path_of(const CredentialKey& key) {
    return "/v1/credentials/" + std::to_string(key.member) + "/" + to_hex(key.commitment);
}

std::optional<std::uint64_t> number_of(const json::Value& value, std::string_view name) {
    const json::Value* found = value.find(name);
    const std::int64_t* number = found == nullptr ? nullptr : found->as_integer();
    if (number == nullptr || *number < 0) return std::nullopt;
    return static_cast<std::uint64_t>(*number);
}

// Whether what was submitted, a batch or an act, is sealed.
Result<bool> is_sealed_in(const json::Value& document, const std::string& what) {
    const std::string_view outcome = json::text_in(document, "outcome");
    if (outcome == "pending") return false;
    if (outcome == "sealed") return true;
    if (outcome == "refused") {
        const json::Value* refusal = document.find("refusal");
        const Errc code = refusal == nullptr
                              ? Errc::invalid
                              : errc_named(json::text_in(*refusal, "code")).value_or(Errc::invalid);
        return Error{code,
                     what + " refused: " +
                         std::string(refusal == nullptr ? "" : json::text_in(*refusal, "detail"))};
    }
    return Error{Errc::unavailable, "the answer does not say what became of the " + what};
}

Result<ActPlacement> act_placement_of(const json::Value& document) {
    const auto is_sealed = is_sealed_in(document, "act");
    if (!is_sealed) return is_sealed.error();
    if (!*is_sealed) return ActPlacement{};
    const auto position = number_of(document, "position");
    if (!position) return Error{Errc::unavailable, "the answer does not say where the act stands"};
    return ActPlacement{true, *position};
}

Result<Placement> placement_of(const json::Value& document) {
    const auto is_sealed = is_sealed_in(document, "batch");
    if (!is_sealed) return is_sealed.error();
    if (!*is_sealed) return Placement{};
    const auto first = number_of(document, "first");
    const auto count = number_of(document, "count");
    if (!first || !count || *count > ledger::batch_records_max)
        return Error{Errc::unavailable, "the answer does not say what became of the batch"};
    return Placement{true, *first, static_cast<std::uint32_t>(*count)};
}

std::string submission_of(ByteView bulk, const std::vector<std::string>& contents) {
    json::Array list;
    for (const std::string& content : contents)
        list.push_back(to_base64(bytes_of(content)));
    return json::canonical(json::Object{{"batch", to_base64(bulk)}, {"contents", std::move(list)}});
}

Result<std::vector<Hash>> path_from(const json::Array& values) {
    std::vector<Hash> path;
    for (const json::Value& value : values) {
        const std::string* hex = value.as_string();
        const auto hash = hash_from_hex(hex == nullptr ? "" : *hex);
        if (!hash) return hash.error();
        path.push_back(*hash);
    }
    return path;
}

Result<FetchedProofs> proofs_from(const json::Value& value, const std::string& checkpoint) {
    FetchedProofs fetched;
    const json::Value* missing = value.find("missing");
    if (missing != nullptr && !missing->is_null()) {
        fetched.missing =
            Error{errc_named(json::text_in(*missing, "code")).value_or(Errc::not_found),
                  std::string(json::text_in(*missing, "detail"))};
        return fetched;
    }
    const json::Value* receipt = value.find("receipt");
    const json::Value* status = value.find("status");
    if (receipt == nullptr || status == nullptr || status->as_object() == nullptr)
        return Error{Errc::invalid, "proof without receipt or status"};
    json::Fields fields(*receipt, "/receipt");
    fetched.receipt.index = fields.integer("index");
    fetched.receipt.entry = fields.base64("entry");
    const json::Array& path_values = fields.array("path");
    if (auto wrong = fields.finish()) return *wrong;
    auto path = path_from(path_values);
    if (!path) return path.error();
    fetched.receipt.path = *std::move(path);
    fetched.receipt.checkpoint = checkpoint;
    json::Value whole = *status;
    whole.set("format", "chancery-status/v1");
    whole.set("checkpoint", checkpoint);
    auto proof = credential::status_proof_from(whole);
    if (!proof) return proof.error();
    fetched.status = *std::move(proof);
    return fetched;
}

// Whatever they prove, they are to be of this credential.
Result<void> check_of(const CredentialKey& key, const FetchedProofs& fetched) {
    if (fetched.missing) return {};
    const auto entry = ledger::decode(fetched.receipt.entry);
    const auto* credential = entry ? std::get_if<ledger::CredentialEntry>(&*entry) : nullptr;
    const bool is_asked = credential != nullptr && credential->member == key.member &&
                          credential->commitment == key.commitment;
    const bool is_one = fetched.status.credential.index == fetched.receipt.index &&
                        fetched.status.credential.entry == fetched.receipt.entry;
    if (is_asked && is_one) return {};
    return Error{Errc::corrupt, "the node answered with proofs of another credential"};
}

// What every node has: whoever has it not is something else, such as a node's admin listener.
template <typename T>
Result<T> must_be_there(Result<T> answer, const std::string& url) {
    if (answer || answer.error().code != Errc::not_found) return answer;
    const Error& error = answer.error();
    return Error{Errc::unavailable, error.detail + "; is " + url + " a node's public address?"};
}

}  // namespace

Result<NodeClient> NodeClient::to(const ClientContext& context) {
    if (context.nodes.empty())
        return Error{Errc::invalid,
                     "--node is missing: the node's URL, as in http://127.0.0.1:8443"};
    auto remote = node::Remote::to(context.nodes, context.reach(), context.network_id);
    if (!remote) return remote.error();
    return NodeClient(*std::move(remote));
}

Result<NodeClient> NodeClient::to(const std::string& url, const node::Reach& reach) {
    auto remote = node::Remote::to(url, reach);
    if (!remote) return remote.error();
    return NodeClient(*std::move(remote));
}

Result<json::Value> NodeClient::get_json(const std::string& target) {
    const auto body = remote_.get(target, "application/json");
    if (!body) return body.error();
    auto value = json::parse(*body, answer_limits);
    if (!value) return remote_.unreadable(value.error());
    return value;
}

Result<std::string> NodeClient::checkpoint() { return NodeLog(*this).checkpoint(); }

Result<Bytes> NodeClient::tile(const merkle::TileId& tile) { return NodeLog(*this).tile(tile); }

Result<std::string> NodeClient::trust_file() {
    return must_be_there(NodeLog(*this).trust(), url());
}

Result<Standing> NodeClient::credential(const CredentialKey& key) {
    const auto document = get_json(path_of(key));
    if (!document) return document.error();
    const auto position = number_of(*document, "position");
    const auto status = ledger::status_named(json::text_in(*document, "status"));
    if (!position || !status)
        return remote_.unreadable(Error{Errc::invalid, "record without position or status"});
    Standing standing{*position, *status, ledger::no_position};
    if (const json::Value* change = document->find("change"); change != nullptr)
        standing.changed_at = number_of(*change, "position").value_or(ledger::no_position);
    return standing;
}

Result<credential::Receipt> NodeClient::receipt(const CredentialKey& key) {
    const auto text = remote_.get(path_of(key) + "/receipt", "text/plain");
    if (!text) return text.error();
    auto receipt = credential::parse_receipt(*text);
    if (!receipt) return remote_.unreadable(receipt.error());
    return receipt;
}

Result<credential::StatusProof> NodeClient::status_proof(const CredentialKey& key) {
    const auto text = remote_.get(path_of(key) + "/status", "application/json");
    if (!text) return text.error();
    auto proof = credential::parse_status_proof(*text);
    if (!proof) return remote_.unreadable(proof.error());
    return proof;
}

Result<std::vector<FetchedProofs>> NodeClient::proofs(const std::vector<CredentialKey>& keys) {
    CHECK(!keys.empty() && keys.size() <= proofs_per_request_max);
    json::Array wanted;
    for (const CredentialKey& key : keys)
        wanted.push_back(
            json::Object{{"member", key.member}, {"commitment", to_hex(key.commitment)}});
    rpc::ClientRequest request;
    request.method = rpc::Method::post;
    request.target = "/v1/proofs";
    request.fields = {rpc::ResponseField{"Content-Type", "application/json"},
                      rpc::ResponseField{"Accept", "application/json"}};
    request.body = json::canonical(json::Object{{"credentials", std::move(wanted)}});
    const auto answer = remote_.ask(request);
    if (!answer) return answer.error();
    if (answer->status != 200) return remote_.problem_of(*answer);
    const auto document = json::parse(answer->body, answer_limits);
    if (!document) return remote_.unreadable(document.error());
    const json::Value* proofs = document->find("proofs");
    if (proofs == nullptr || proofs->as_array() == nullptr ||
        proofs->as_array()->size() != keys.size())
        return remote_.unreadable(Error{Errc::invalid, "not one proof for each credential"});
    const std::string checkpoint(json::text_in(*document, "checkpoint"));
    std::vector<FetchedProofs> fetched;
    for (std::size_t i = 0; i < keys.size(); ++i) {
        auto one = proofs_from((*proofs->as_array())[i], checkpoint);
        if (!one) return remote_.unreadable(one.error());
        if (const auto good = check_of(keys[i], *one); !good) return good.error();
        fetched.push_back(*std::move(one));
    }
    return fetched;
}

Result<Placement> NodeClient::submit(ByteView bulk,
                                     std::chrono::seconds wait,
                                     const std::vector<std::string>& contents) {
    rpc::ClientRequest request;
    request.target = "/v1/batches";
    request.fields = {rpc::ResponseField{
        "Content-Type", contents.empty() ? "application/octet-stream" : "application/json"}};
    request.body = contents.empty() ? chancery::text_of(bulk) : submission_of(bulk, contents);
    const auto document = post_once(std::move(request), wait);
    if (!document) return document.error();
    return placement_of(*document);
}

// A submission: at the present node and no other.
Result<json::Value> NodeClient::post_once(rpc::ClientRequest request, std::chrono::seconds wait) {
    request.method = rpc::Method::post;
    request.fields.push_back(rpc::ResponseField{"Accept", "application/json"});
    request.fields.push_back(rpc::ResponseField{"Prefer", "wait=" + std::to_string(wait.count())});
    const auto answer = remote_.ask_once(request);
    if (!answer) {
        // It may have arrived before the connection broke.
        const bool may_have_arrived = answer.error().code == Errc::io;
        const Error error = remote_.unreachable(answer.error());
        return Error{may_have_arrived ? Errc::timeout : error.code, error.detail};
    }
    if (answer->status < 200 || answer->status > 202) return remote_.problem_of(*answer);
    auto document = json::parse(answer->body);
    if (!document) return remote_.unreadable(document.error());
    return document;
}

Result<ActPlacement> NodeClient::submit_act(ByteView submission, std::chrono::seconds wait) {
    rpc::ClientRequest request;
    request.target = "/v1/governance";
    request.fields = {rpc::ResponseField{"Content-Type", "application/octet-stream"}};
    request.body = chancery::text_of(submission);
    const auto document = post_once(std::move(request), wait);
    if (!document) return document.error();
    return act_placement_of(*document);
}

Result<ActPlacement> NodeClient::act(ledger::MemberNumber member, std::uint64_t sequence) {
    const auto document =
        get_json("/v1/governance/" + std::to_string(member) + "/" + std::to_string(sequence));
    if (!document) return document.error();
    return act_placement_of(*document);
}

Result<std::uint64_t> NodeClient::last_act(ledger::MemberNumber member) {
    const auto document = get_json("/v1/governance/" + std::to_string(member));
    if (!document) return document.error();
    const auto last = number_of(*document, "last");
    if (!last) return remote_.unreadable(Error{Errc::invalid, "no last sequence"});
    return *last;
}

Result<std::vector<ListedAct>> NodeClient::acts(ledger::MemberNumber member, std::uint64_t after) {
    const auto document =
        get_json("/v1/governance/" + std::to_string(member) + "?after=" + std::to_string(after));
    if (!document) return document.error();
    const json::Value* const list = document->find("acts");
    if (list == nullptr || list->as_array() == nullptr)
        return remote_.unreadable(Error{Errc::invalid, "no list of acts"});
    std::vector<ListedAct> acts;
    for (const json::Value& one : *list->as_array()) {
        const auto sequence = number_of(one, "sequence");
        const auto position = number_of(one, "position");
        const json::Value* const act = one.find("act");
        if (!sequence || !position || act == nullptr)
            return remote_.unreadable(Error{Errc::invalid, "an act without sequence or position"});
        acts.push_back({*sequence, *position, std::string(json::text_in(one, "time")), *act});
    }
    return acts;
}

Result<Placement> NodeClient::batch(ledger::MemberNumber member, const ledger::Nonce& nonce) {
    const auto document = get_json("/v1/batches/" + std::to_string(member) + "-" + to_hex(nonce));
    if (!document) return document.error();
    return placement_of(*document);
}

Result<json::Value> NodeClient::status() { return must_be_there(get_json("/v1/status"), url()); }

Result<json::Value> NodeClient::about() {
    return must_be_there(get_json("/.well-known/chancery.json"), url());
}

Result<std::string> NodeClient::readiness() {
    rpc::ClientRequest request;
    request.target = "/readyz";
    request.fields = {rpc::ResponseField{"Accept", "application/json"}};
    const auto answer = remote_.ask_once(request);
    if (!answer) return remote_.unreachable(answer.error());
    if (answer->status == 200) return std::string();
    std::string findings;
    const auto document = json::parse(answer->body);
    const json::Value* list = document ? document->find("findings") : nullptr;
    if (list != nullptr && list->as_array() != nullptr)
        for (const json::Value& finding : *list->as_array())
            if (const std::string* text = finding.as_string())
                findings += (findings.empty() ? "" : "; ") + *text;
    return findings.empty() ? "HTTP " + std::to_string(answer->status) : findings;
}

Result<std::string> NodeLog::checkpoint() { return must_be_there(NodeSource::checkpoint(), url_); }

}  // namespace chancery::cli
