#include "node/cli/key_act_call.h"

#include <filesystem>

namespace chancery::cli {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view governance_file_name = "governance.key";

}  // namespace

std::string keys_folder(const Session& session) {
    const std::string parent = fs::path(session.context.key).parent_path().string();
    return parent.empty() ? "." : parent;
}

Result<OwnKeys> open_own_keys(Session& session, const Invocation& call) {
    if (session.context.passphrase_file.empty())
        return Error{Errc::invalid, "--passphrase-file is missing: what opens the keys"};
    std::string file = call.text("governance-key");
    if (file.empty() && !session.context.key.empty())
        file = keys_folder(session) + "/" + std::string(governance_file_name);
    if (file.empty())
        return Error{Errc::invalid, "--governance-key is missing: what signs a member's acts"};
    const std::string passphrase = call.has("governance-passphrase-file")
                                       ? call.text("governance-passphrase-file")
                                       : session.context.passphrase_file;
    return OwnKeys::open(session, {file, passphrase});
}

Result<FolderLock> lock_keys(const std::string& file) {
    const std::string parent = fs::path(file).parent_path().string();
    return FolderLock::take(parent.empty() ? "." : parent, "another key command");
}

Result<void> make_key_file(Session& session,
                           const std::string& path,
                           const keystore::SecretPlan& plan,
                           const std::string& slug) {
    std::error_code error;
    if (fs::exists(path, error)) return {};
    const auto passphrase = keystore::read_passphrase(session.context.passphrase_file);
    if (!passphrase) return passphrase.error();
    const keystore::StoredKey key({plan.use, slug}, keystore::random_secret(plan));
    const auto made = keystore::create_key_file(path, key.label(), key.secret(), *passphrase);
    if (!made) return made.error();
    session.out.note("made " + path);
    return {};
}

json::Object standing_json(const KeyStanding& standing) {
    const auto& until = standing.in_force.until;
    return {{"use", ledger::name_of(standing.use)},
            {"number", standing.number},
            {"key", standing.key},
            {"from", standing.in_force.from},
            {"until", until ? json::Value(*until) : json::Value()}};
}

std::string name_of_key(const KeyStanding& standing) {
    return std::string(ledger::name_of(standing.use)) + " key " + std::to_string(standing.number);
}

Option own_use_option() {
    return {
        "use", ValueKind::choice, "USE", "what the key is for", {"issuer", "assertion", "anchor"}};
}

void add_governance(std::vector<Option>& options) {
    options.push_back({"governance-key",
                       ValueKind::path,
                       "FILE",
                       "what signs the act; governance.key beside --key if not said"});
    options.push_back({"governance-passphrase-file",
                       ValueKind::path,
                       "FILE",
                       "what opens it, if not what opens the others"});
}

}  // namespace chancery::cli
