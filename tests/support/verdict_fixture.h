// A credential on a small network with everything that proves it valid, for tests to spoil.
#pragma once

#include <functional>

#include <gtest/gtest.h>

#include "crypto/credential/verdict.h"
#include "tests/support/small_network.h"

namespace chancery::test {

inline credential::StepReport step_of(const credential::Verdict& verdict, credential::Step which) {
    return verdict.steps.at(static_cast<std::size_t>(which));
}

inline credential::StepResult result_of(const credential::Verdict& verdict,
                                        credential::Step which) {
    return step_of(verdict, which).result;
}

inline json::Value a_document(std::string_view issuer) {
    return json::Object{{"issuer", issuer}, {"name", "Data analysis"}};
}

// A network in which member 1 registered one document and member 2 another.
class VerdictTest : public testing::Test {
protected:
    explicit VerdictTest(std::uint8_t members = 4) : network(members) {
        document = a_document("did:web:m1.example");
        position = network.register_credential(
            1, credential::commitment(salt, credential::document_hash(document)));
        other_document = a_document("did:web:m2.example");
        other_position = network.register_credential(
            2, credential::commitment(salt, credential::document_hash(other_document)));
        network.end_block();
        trust = credential::Trust::from_members(network.members);
    }

    // Everything that proves the document valid, as the network stands now.
    credential::Evidence evidence() const {
        credential::Evidence all;
        all.document = document;
        all.receipt = network.receipt(position, salt);
        all.status = network.status_proof(position);
        all.trust = &*trust;
        all.now_s = now_s;
        return all;
    }

    // Registers another document of member 1 and judges that one from now on.
    void register_document(json::Value another) {
        document = std::move(another);
        position = network.register_credential(
            1, credential::commitment(salt, credential::document_hash(document)));
        network.end_block();
    }

    credential::Headline headline(const std::function<void(credential::Evidence&)>& change) const {
        credential::Evidence changed = evidence();
        change(changed);
        return credential::judge(changed).headline;
    }

    static constexpr std::uint64_t now_s = SmallNetwork::time_s + 60;
    SmallNetwork network;
    Hash salt = filled_hash(9);
    json::Value document;
    json::Value other_document;
    ledger::Position position = 0;
    ledger::Position other_position = 0;
    std::optional<credential::Trust> trust;
};

}  // namespace chancery::test
