#include "crypto/credential/proof_fields.h"
#include "crypto/credential/trust.h"
#include "crypto/json/fields.h"
#include "crypto/json/parse.h"

namespace chancery::credential {
namespace {

constexpr std::string_view trust_format = "chancery-trust/v1";
constexpr json::Limits trust_limits{
    .bytes_max = trust_bytes_max, .depth_max = 16, .elements_max = 200'000};

Result<TrustStep> step_from(const json::Value& value, const std::string& where) {
    json::Fields fields(value, where);
    TrustStep step;
    step.checkpoint = fields.string("checkpoint");
    const json::Value& state = fields.any("state");
    const json::Value& members = fields.any("members");
    if (auto wrong = fields.finish()) return *wrong;
    Result<StateProof> state_proof = state_proof_from(state, fields.pointer("state"));
    if (!state_proof) return state_proof.error();
    step.state_entry = std::move(state_proof->entry);
    step.state_path = std::move(state_proof->path);
    Result<ledger::Members> parsed = ledger::parse_members(members, fields.pointer("members"));
    if (!parsed) return parsed.error();
    step.members = std::move(*parsed);
    return step;
}

json::Value to_json(const TrustStep& step) {
    return json::Object{
        {"checkpoint", step.checkpoint},
        {"state", state_proof_to_json({.entry = step.state_entry, .path = step.state_path})},
        {"members", ledger::to_json(step.members)}};
}

}  // namespace

Result<TrustFile> parse_trust_file(std::string_view text) {
    const Result<json::Value> value = json::parse(text, trust_limits);
    if (!value) return value.error();
    json::Fields fields(*value);
    const std::string format = fields.string("format");
    const json::Value& genesis_value = fields.any("genesis");
    const json::Array& step_values = fields.array("steps");
    if (auto wrong = fields.finish()) return *wrong;
    if (format != trust_format) return Error{Errc::invalid, "/format: want chancery-trust/v1"};
    Result<ledger::Genesis> genesis = ledger::genesis_from(genesis_value, "/genesis");
    if (!genesis) return genesis.error();
    TrustFile file{.genesis = std::move(*genesis), .steps = {}};
    for (std::size_t i = 0; i < step_values.size(); ++i) {
        Result<TrustStep> step = step_from(step_values[i], "/steps/" + std::to_string(i));
        if (!step) return step.error();
        file.steps.push_back(std::move(*step));
    }
    return file;
}

json::Value to_json(const TrustFile& file) {
    json::Array steps;
    for (const TrustStep& step : file.steps)
        steps.push_back(to_json(step));
    return json::Object{{"format", trust_format},
                        {"genesis", ledger::to_json(file.genesis)},
                        {"steps", std::move(steps)}};
}

}  // namespace chancery::credential
